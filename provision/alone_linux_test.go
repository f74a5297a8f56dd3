package provision

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/verify/reason"
)

// TestTwoProcesses has two stores in one folder, as kiosk run and kiosk bundle
// install have: neither makes the other believe less than it did.
func TestTwoProcesses(t *testing.T) {
	zips, anchor := editions(t, 3)
	dir := t.TempDir()
	open := func() *Store {
		s, err := OpenStore(dir, anchor)
		must(t, err)
		return s
	}
	runs := open()
	_, err := runs.Install(zips[0])
	must(t, err)
	other := open()
	_, err = other.Install(zips[2])
	must(t, err)
	must(t, other.Passed(start.Add(time.Hour)))
	if _, err := runs.Install(zips[1]); reason.CodeOf(err, "") != reason.BRollback {
		t.Errorf("an older bundle than the other process installed: %v", err)
	}
	if edition(runs) != 3 {
		t.Errorf("edition %d after trying, the other process installed 3", edition(runs))
	}
	must(t, runs.Count("2026-11-21", map[string]int{"verified": 2}))
	runs.logSize = -1 // the log is written anew
	must(t, runs.Count("2026-11-21", map[string]int{"verified": 1}))
	must(t, other.Count("2026-11-21", map[string]int{"check": 1}))
	got := open().State()
	if n := got.Days["2026-11-21"]; n["verified"] != 3 || n["check"] != 1 || !got.Time.Equal(start.Add(time.Hour)) || len(got.Floors) == 0 {
		t.Errorf("after both wrote: %+v", got)
	}
}

// TestFolderInUse opens and writes while another process holds the folder: it
// waits so long, says who, and has what it knew in memory.
func TestFolderInUse(t *testing.T) {
	zips, anchor := editions(t, 2)
	dir := t.TempDir()
	s, err := OpenStore(dir, anchor)
	must(t, err)
	_, err = s.Install(zips[0])
	must(t, err)
	unlock, err := osDisk(dir).lock(0)
	must(t, err)
	if b := Peek(dir, anchor, nil); b == nil {
		t.Error("looking waits for a lock")
	}
	me := fmt.Sprintf("is in use by process %d (", os.Getpid())
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		b, err := s.Install(zips[1])
		if b == nil || reason.CodeOf(err, "") != reason.HDisk || !strings.Contains(err.Error(), me) || time.Since(began) < LockWait {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		again, err := OpenStore(dir, anchor)
		if err == nil || !strings.Contains(err.Error(), me) || edition(again) != 1 {
			t.Errorf("opened: %v, edition %d", err, edition(again))
		}
		if err := s.Passed(start.Add(time.Hour)); err == nil {
			t.Error("wrote what another process holds")
		}
	})
	unlock()
	must(t, s.Passed(start.Add(2*time.Hour)))
	again, err := OpenStore(dir, anchor)
	must(t, err)
	if !again.State().Time.Equal(start.Add(2 * time.Hour)) {
		t.Errorf("the time floor is %v", again.State().Time)
	}
}
