package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"badgekiosk/verify"
)

// Memory of the judge's process, which is a kiosk's second.
const (
	judgeMost  = 48 << 20 // bytes, at its largest
	judgeGrows = 4 << 20  // bytes that a day's badges may add
)

// TestSoakJudge is the judge's day, in real time: its process judges whatever
// comes, stays as small as it was and keeps nothing open.
func TestSoakJudge(t *testing.T) {
	badges := 600
	if os.Getenv("SOAK") != "" {
		badges = 10_000
	}
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "example", "ex")
	c := defaults()
	c.Panel.Name, c.State, c.Root = "epd-2in13-v4", "state", "ex/root.json"
	say(t, exitAll, "bundle", "install", "ex/"+bundleName, "--root", c.Root, "--state", c.State)
	var payloads [][]byte
	var wants []string
	for line := range strings.Lines(string(contents(t, "ex/badges/cases.tsv"))) {
		if file, want, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && file[0] != '#' {
			payloads, wants = append(payloads, contents(t, "ex/badges/"+file)), append(wants, want)
		}
	}
	before := children(t)
	j := asleep(t, c)
	now := slices.DeleteFunc(children(t), func(pid int) bool { return slices.Contains(before, pid) })
	if len(now) != 1 {
		t.Fatalf("the judge is %d processes", len(now))
	}
	judge := func(n int) {
		for i := range n {
			p := payloads[i%len(payloads)]
			r, err := j.Judge(p, verify.Ask{At: verify.At(time.Now()), Audience: verify.Employer})
			if err != nil {
				t.Fatalf("badge %d, which is %s: %v", i, wants[i%len(wants)], err)
			}
			if verdict, _, _ := strings.Cut(wants[i%len(wants)], " "); r.Verdict.String() != verdict {
				t.Fatalf("%s was judged %s", wants[i%len(wants)], r.String())
			}
		}
	}
	judge(badges / 3)
	warm, files := held(t, now[0], "VmRSS"), openFiles(t, now[0])
	judge(badges)
	after, most := held(t, now[0], "VmRSS"), held(t, now[0], "VmHWM")
	t.Logf("%d badges: the judge holds %d kB, then %d kB, at most %d kB, and %d files", badges, warm>>10, after>>10, most>>10, openFiles(t, now[0]))
	if after > warm+judgeGrows || most > judgeMost || openFiles(t, now[0]) > files {
		t.Errorf("%d badges: from %d to %d bytes, at most %d; from %d files to %d", badges, warm, after, most, files, openFiles(t, now[0]))
	}
}

// children are this process's.
func children(t *testing.T) (pids []int) {
	all, err := os.ReadDir("/proc")
	must(t, err)
	for _, e := range all {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		about, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(about[strings.LastIndexByte(string(about), ')')+1:])) // proc(5)
		if fields[1] == strconv.Itoa(os.Getpid()) && fields[0] != "Z" {
			pids = append(pids, pid)
		}
	}
	return pids
}

// held is one line of a process's status, in bytes.
func held(t *testing.T, pid int, which string) int {
	t.Helper()
	for line := range strings.Lines(string(contents(t, fmt.Sprintf("/proc/%d/status", pid)))) {
		if value, ok := strings.CutPrefix(line, which+":"); ok {
			kB, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
			must(t, err)
			return kB << 10
		}
	}
	t.Fatalf("process %d has no %s", pid, which)
	return 0
}

func openFiles(t *testing.T, pid int) int {
	t.Helper()
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	must(t, err)
	return len(all)
}
