package main

import (
	"strings"
	"testing"
)

const jailedStatus = `Name:	kiosk
Uid:	1000	1000	1000	1000
CapPrm:	0000000000000000
CapEff:	0000000000000000
CapAmb:	0000000000000000
NoNewPrivs:	1
Seccomp:	2`

// TestWalled: a process with any right left is not taken for a judge behind
// its walls.
func TestWalled(t *testing.T) {
	if err := walled(strings.Split(jailedStatus, "\n")); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ was, is string }{
		{"Uid:\t1000\t", "Uid:\t0\t"}, {"CapEff:\t0000000000000000", "CapEff:\t0000000002000000"}, {"CapPrm:\t0000000000000000\n", ""},
		{"CapAmb:\t0000000000000000", "CapAmb:\t0000000002000000"}, {"NoNewPrivs:\t1", "NoNewPrivs:\t0"}, {"Seccomp:\t2", "Seccomp:\t0"},
	} {
		if walled(strings.Split(strings.Replace(jailedStatus, c.was, c.is, 1), "\n")) == nil {
			t.Errorf("%q was taken", c.is)
		}
	}
}

// emptyNetwork is what an empty network has in /proc, and the status socket.
func emptyNetwork() map[string][]string {
	return map[string][]string{
		"/proc/9/net/tcp":   {"  sl  local_address rem_address"},
		"/proc/9/net/udp":   {"   sl  local_address rem_address"},
		"/proc/9/net/route": {"Iface\tDestination"},
		"/proc/9/net/dev":   {"Inter-|   Receive", " face |bytes", "    lo:       0       0"},
		"/proc/9/net/unix": {"Num       RefCount Protocol Flags    Type St Inode Path",
			"0000000000000000: 00000002 00000000 00010000 0001 01  2402 /var/lib/badge-kiosk/status.new",
			"0000000000000000: 00000003 00000000 00000000 0001 03  2403"},
	}
}

// TestOpenIn: whatever listens, or leads out, is found.
func TestOpenIn(t *testing.T) {
	open, err := openIn(emptyNetwork(), "/proc/9/net/", true)
	if err != nil || len(open) != 1 || open[0] != "/var/lib/badge-kiosk/status.new" {
		t.Errorf("%v (%v)", open, err)
	}
	for table, line := range map[string]string{
		"tcp":        "   0: 00000000:1F90 00000000:0000 0A",
		"udp":        "   0: 00000000:0044 00000000:0000 07",
		"raw":        "header",
		"route":      "eth0\t00000000",
		"if_inet6":   "fe80000000000000 02 40 20 80 eth0",
		"fib_trie":   "Main:",
		"ipv6_route": "00000000 00 00000000 00 fe80 00000400 1 0 00000003 eth0",
		"dev":        "  eth0:       0       0",
		"unix":       "0000000000000000: 00000002 00000000 00010000 0001 01  2404 @back-door",
	} {
		n := emptyNetwork()
		name := "/proc/9/net/" + table
		n[name] = append(n[name], line)
		if table == "raw" { // a table that is not there has no heading either
			n[name] = append(n[name], "   1: 00000000:0001")
		}
		if _, err := openIn(n, "/proc/9/net/", true); err == nil {
			t.Errorf("%s: %q was not found", table, line)
		}
	}
	if _, err := openIn(nil, "/proc/9/net/", false); err == nil {
		t.Error("no tables at all were taken for no sockets")
	}
}

// TestPassed: a test that failed, was left out or was not run is told.
func TestPassed(t *testing.T) {
	good := []string{"=== RUN   TestWalls", "--- PASS: TestWalls (0.58s)", "--- PASS: TestEachWall (0.1s)", "PASS"}
	if err := passed(good, "TestWalls", "TestEachWall"); err != nil {
		t.Error(err)
	}
	for _, bad := range [][]string{good[:2], append([]string{"--- SKIP: TestMore (0s)"}, good...), append([]string{"--- FAIL: TestMore (0s)"}, good...), nil} {
		if passed(bad, "TestWalls", "TestEachWall") == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
