package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"badgekiosk/image/cpio"
)

// isJailed is the equipment of [jailed].
func isJailed(t *trial) (equipment, error) {
	tests, err := t.compile("jail.test", "test", "-c", "-trimpath", "-ldflags", "-s -w", "./cmd/kiosk/jail")
	if err != nil {
		return equipment{}, err
	}
	return t.witnessed(
		cpio.File{Name: "bin", Mode: cpio.Dir | 0o755},
		cpio.File{Name: "bin/true", Mode: cpio.Regular | 0o755, Data: []byte("#!/init\n")}, // for a judge to be kept from
		cpio.File{Name: "etc", Mode: cpio.Dir | 0o755},
		cpio.File{Name: "etc/passwd", Mode: cpio.Regular | 0o644, Data: []byte("root:x:0:0::/:/init\n")}, // likewise
		cpio.File{Name: jailTests, Mode: cpio.Regular | 0o755, Data: tests})
}

// jailTests is where the jail's own tests lie in the initramfs.
const jailTests = "jail.test"

// jailed has a judge that was taken over try what must not be, on the board's
// kernel, started as the card starts the kiosk and as root; and looks at the
// card's own kiosk and judge from outside.
func jailed(_ context.Context, t *trial) error {
	w, err := t.witness()
	if err != nil {
		return err
	}
	tests := []string{"TestWalls", "TestEachWall", "TestSeenFromOutside", "TestNothingStays", "TestFilter"}
	for _, as := range []string{"kiosk", "root"} {
		began := time.Now()
		said, err := w.ask(5*answerTime, "run", as, "/"+jailTests, "-test.v", "-test.run", "^("+strings.Join(tests, "|")+")$")
		if err == nil {
			err = passed(said, tests...)
		}
		if err != nil {
			return fmt.Errorf("as %s: %w", as, err)
		}
		t.note("the jail's tests pass on the board as %s: %s, in %.1f s", as, strings.Join(tests, ", "), time.Since(began).Seconds())
	}
	return w.seesWalls(t)
}

// seesWalls holds what the board's kernel says of the card's own kiosk and
// judge, and of all sockets that there are.
func (w *witness) seesWalls(t *trial) error {
	kiosk, judge, err := w.processes()
	if err != nil {
		return err
	}
	status, err := w.read(judge + "/status")
	if err != nil {
		return err
	}
	if err := walled(status[judge+"/status"]); err != nil {
		return fmt.Errorf("the judge: %w", err)
	}
	held, err := w.links(judge + "/fd/*")
	if err != nil {
		return err
	}
	for name, to := range held {
		if !strings.HasPrefix(to[0], "pipe:") && to[0] != "/dev/null" && to[0] != "anon_inode:[eventpoll]" && to[0] != "anon_inode:[eventfd]" {
			return fmt.Errorf("the judge holds %s: %s", name, to[0])
		}
	}
	networks, err := w.networks(kiosk, judge)
	if err != nil {
		return err
	}
	for _, of := range []string{kiosk, "/proc/1"} {
		tables, err := w.read(of + "/net/*")
		if err != nil {
			return err
		}
		open, err := openIn(tables, of+"/net/", of == kiosk)
		if err != nil {
			return fmt.Errorf("sockets in the network of %s: %w", of, err)
		}
		t.note("sockets that listen in the network of %s: %s", map[bool]string{true: "kiosk and judge", false: "the first process"}[of == kiosk], strings.Join(open, ", "))
	}
	t.note("networks on the board: %d", networks)
	return nil
}

// networks counts the networks on the board; the kiosk and its judge have one
// to themselves.
func (w *witness) networks(kiosk, judge string) (int, error) {
	all, err := w.links("/proc/[0-9]*/ns/net")
	if err != nil {
		return 0, err
	}
	of := map[string][]string{}
	for name, to := range all {
		of[to[0]] = append(of[to[0]], strings.TrimSuffix(name, "/ns/net"))
	}
	mine := of[all[kiosk+"/ns/net"][0]]
	slices.Sort(mine)
	want := []string{kiosk, judge}
	slices.Sort(want)
	if !slices.Equal(mine, want) {
		return 0, fmt.Errorf("in the kiosk's network are %v, want %v", mine, want)
	}
	return len(of), nil
}

// walled holds that a process has no rights left.
// Source: proc_pid_status(5).
func walled(status []string) (err error) {
	text := strings.Join(status, "\n") + "\n"
	for _, want := range []string{"NoNewPrivs:\t1\n", "Seccomp:\t2\n", "CapEff:\t0000000000000000\n", "CapPrm:\t0000000000000000\n", "CapAmb:\t0000000000000000\n"} {
		if !strings.Contains(text, want) {
			err = errors.Join(err, fmt.Errorf("its status has no %q", want))
		}
	}
	if strings.Contains(text, "Uid:\t0\t") {
		err = errors.Join(err, errors.New("it is root's"))
	}
	return err
}

// statusSocket is the name that the socket of the kiosk's status was bound
// by; it is renamed then, to status.
const statusSocket = "/var/lib/badge-kiosk/status.new"

// openIn is what listens in one network, by its tables in /proc, each with
// the lines that are there. Nothing but local sockets may; and an empty
// network has no address, no route, and no interface but its own loop.
// Source: proc_pid_net(5).
func openIn(tables map[string][]string, folder string, empty bool) (open []string, err error) {
	for _, name := range []string{"tcp", "tcp6", "udp", "udp6", "udplite", "raw", "raw6", "icmp", "packet"} {
		lines, there := tables[folder+name]
		if there && len(lines) > 1 { // one is the heading
			err = errors.Join(err, fmt.Errorf("%s: %s", name, strings.Join(lines[1:], "; ")))
		}
	}
	if _, there := tables[folder+"tcp"]; !there {
		return nil, errors.New("there is no table of them")
	}
	for _, line := range tables[folder+"unix"] {
		const accepts = "00010000" // SO_ACCEPTCON
		if f := strings.Fields(line); len(f) > 3 && f[3] == accepts {
			open = append(open, f[len(f)-1])
		}
	}
	if !empty {
		return open, err
	}
	for name, most := range map[string]int{"route": 1, "if_inet6": 0, "fib_trie": 0} {
		if lines := tables[folder+name]; len(lines) > most {
			err = errors.Join(err, fmt.Errorf("%s: %s", name, strings.Join(lines, "; ")))
		}
	}
	for _, line := range tables[folder+"ipv6_route"] {
		if !strings.HasSuffix(strings.TrimSpace(line), " lo") { // to nowhere, which is always there
			err = errors.Join(err, fmt.Errorf("ipv6_route: %s", line))
		}
	}
	for _, line := range tables[folder+"dev"][min(2, len(tables[folder+"dev"])):] {
		if name, _, _ := strings.Cut(strings.TrimSpace(line), ":"); name != "lo" {
			err = errors.Join(err, fmt.Errorf("interface %s", name))
		}
	}
	for _, at := range open {
		if at != statusSocket {
			err = errors.Join(err, fmt.Errorf("%s listens", at))
		}
	}
	return open, err
}
