package journal

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/verify/reason"
)

var errStuck = errors.New("the panel stays busy")

// TestJournal is what somebody reads who comes to a kiosk that had trouble.
func TestJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		j := New(20, &out, errStuck)
		j.Event(Started, 0, 0)
		j.Event(Ready, 0, 1234*time.Millisecond)
		for range 41 {
			j.Fault(reason.HPanel, fmt.Errorf("ssd1680: learner Ada: %w: %w", errStuck, syscall.EIO))
			time.Sleep(2 * time.Second)
		}
		j.Fault(reason.HCam, fmt.Errorf("/dev/video0: %w", syscall.ENODEV))
		j.Fault(reason.HDisk, errors.New("disk of Ada Lovelace"))
		j.Healed(reason.HPanel)
		j.Healed(reason.HPanel)
		j.Healed(reason.HClock)
		j.Fault(reason.HPanel, errStuck)
		j.Fault("X-ADA", nil)
		j.Event(Installed, 42, 0)
		j.Event(Event(99), 0, 0)

		var got []string
		for _, l := range j.Lines() {
			got = append(got, strings.TrimPrefix(l.String(), l.First.UTC().Format(time.RFC3339)+" "))
		}
		want := []string{
			"started", "ready in 1.234s",
			"fault H-PANEL: the panel stays busy (input/output error), 41 times until 2000-01-01T00:01:20Z",
			"fault H-CAM (no such device)", "fault H-DISK", "healed H-PANEL", "fault H-PANEL: the panel stays busy",
			"fault", "installed 42", "event 99",
		}
		if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
			t.Errorf("kept:\n%s\nwant:\n%s", a, b)
		}
		if strings.Contains(out.String(), "Ada") || strings.Count(out.String(), "H-PANEL") != 4 {
			t.Errorf("written:\n%s", out.String()) // at once, the tenth, healed, and again
		}
		var codes []reason.Code
		for _, l := range j.Codes(3) {
			codes = append(codes, l.Code)
		}
		if fmt.Sprint(codes) != "[H-PANEL H-DISK H-CAM]" {
			t.Errorf("newest codes: %v", codes)
		}

		// after an hour a fault is news again
		time.Sleep(2 * time.Hour)
		j.Fault(reason.HPanel, errStuck)
		if l := j.Lines(); l[len(l)-1].Times != 1 || !l[len(l)-1].Last.Equal(time.Now()) {
			t.Errorf("after two hours: %s", l[len(l)-1])
		}
	})
}

// TestBounded: the oldest lines go, and all may write at once.
func TestBounded(t *testing.T) {
	j := New(100, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 1000 {
				j.Event(Installed, int64(i*1000+k), 0)
				j.Fault(reason.HCam, syscall.Errno(k%50))
				j.Codes(10)
			}
		})
	}
	wg.Wait()
	if n := len(j.Lines()); n != 100 {
		t.Errorf("%d lines are kept", n)
	}
}
