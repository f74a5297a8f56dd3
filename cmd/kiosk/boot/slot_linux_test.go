package boot

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/image/fat32"
	"badgekiosk/provision"
)

// putters are a board's processes that write slots.
type putters struct {
	args   [][]string
	slots  []string // the devices that they got
	status string   // how each ends, after takes
	takes  time.Duration
	says   string // in the file for it
	tried  int
}

func (b *board) put(args []string, slot, status *os.File) (int, error) {
	b.pid++
	pid := b.pid
	p := &b.putters
	p.args, p.slots = append(p.args, args), append(p.slots, filepath.Base(slot.Name()))
	if p.says != "" {
		if _, err := status.WriteAt([]byte(p.says), 0); err != nil {
			return 0, err
		}
	}
	if p.status != "" {
		go func() {
			time.Sleep(p.takes)
			b.events <- event{exited: pid, status: p.status}
		}()
	}
	return pid, nil
}

func (b *board) try() error {
	b.putters.tried++
	return errRefused
}

// twoSlots is a board whose card usually starts slot A, as a first process
// started from slot finds it.
func twoSlots(t *testing.T, b *board, slot string) *first {
	t.Helper()
	f := &first{kernel: b, files: t.TempDir(), log: t.Output(), watchdog: b, disk: "/dev/mmcblk0p"}
	for name, data := range map[string]string{
		argumentsFile:    "quiet kiosk.slot=" + slot + "\n",
		"/dev/mmcblk0p1": "", "/dev/mmcblk0p2": "slot a", "/dev/mmcblk0p3": "slot b", "/dev/mmcblk0p4": "state",
	} {
		if err := os.MkdirAll(filepath.Dir(f.path(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.path(name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := os.OpenFile(f.path("/dev/mmcblk0p1"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // of a test
	if err := d.Truncate(fat32.MinSize); err != nil {
		t.Fatal(err)
	}
	text := "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"
	if err := (fat32.Volume{Label: "KIOSK", Size: fat32.MinSize}).Write(d, []fat32.File{{Name: "autoboot.txt", Data: []byte(text)}}); err != nil {
		t.Fatal(err)
	}
	return f
}

// usual is the slot that the card starts, and told what the kiosk was told.
func (f *first) usual(t *testing.T) string {
	t.Helper()
	part, err := f.part(1)
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close() //nolint:errcheck // of a test
	c, err := provision.ReadChoice(part)
	if err != nil {
		t.Fatal(err)
	}
	return c.Usual.String()
}

func (f *first) told() string {
	s, p := provision.ReadSlots(f.files)
	return fmt.Sprintf("%s %t %s %s", s.Slot, s.Trial, p.Step, p.Code)
}

// say has a kiosk say something every few seconds, from and to.
func (b *board) say(e event, from, to time.Duration) {
	go func() {
		time.Sleep(from)
		for at := from; at < to; at += 5 * time.Second {
			b.events <- e
			time.Sleep(5 * time.Second)
		}
	}()
}

// lives has a first process live in its slot until it ends by itself, or is
// told to stop after long.
func (f *first) lives(b *board, long time.Duration, during ...func()) (off bool, lived time.Duration) {
	b.begun, b.events = time.Now(), make(chan event, 1000)
	f.events = b.events
	f.findSlots()
	for _, do := range during {
		do()
	}
	go func() {
		time.Sleep(long)
		b.events <- event{stop: true, off: true}
	}()
	off = f.supervise()
	lived = b.since()
	time.Sleep(2 * time.Hour) // every child's own clock has run out
	return off, lived
}

// TestKept: a system on trial whose kiosk does well is the one that starts
// from then on, and may write to the state.
func TestKept(t *testing.T) {
	b := &board{}
	f := twoSlots(t, b, "b")
	synctest.Test(t, func(t *testing.T) {
		off, _ := f.lives(b, 2*trialTime, func() {
			if got := f.told(); got != "b true  " || !f.slots.trial {
				t.Errorf("at first the kiosk is told %q", got)
			}
			b.say(event{well: true}, 10*time.Second, 20*time.Minute)
		})
		if !off || f.usual(t) != "b" || f.told() != "b false  " {
			t.Errorf("off %t, %s usually starts, told %q", off, f.usual(t), f.told())
		}
		last := b.mounts[len(b.mounts)-1]
		if last.flags&syscall.MS_REMOUNT == 0 || last.flags&syscall.MS_RDONLY != 0 || last.target != stateFolder {
			t.Errorf("the state is mounted as %+v", last)
		}
		if b.putters.tried > 0 {
			t.Error("another system is tried")
		}
	})
}

// TestGoesBack: one that does not do well, or not for long enough at a time,
// or that the card does not take, goes back by a plain restart.
func TestGoesBack(t *testing.T) {
	for name, c := range map[string]struct {
		kiosk  board
		during func(*first, *board)
	}{
		"silent": {board{}, func(*first, *board) {}},
		"dies":   {board{lives: 90 * time.Second}, func(_ *first, b *board) { b.say(event{well: true}, 0, time.Hour) }},
		"has breaks": {board{}, func(_ *first, b *board) {
			for at := time.Duration(0); at < time.Hour; at += 150 * time.Second {
				b.say(event{well: true}, at, at+100*time.Second)
			}
		}},
		"well too late":             {board{}, func(_ *first, b *board) { b.say(event{well: true}, trialTime-proven+30*time.Second, time.Hour) }},
		"gets on, and says no more": {board{speaks: time.Hour}, func(*first, *board) {}},
		"a card that cannot be written": {board{}, func(f *first, b *board) {
			b.say(event{well: true}, 0, time.Hour)
			if err := os.Remove(f.path("/dev/mmcblk0p1")); err != nil {
				t.Error(err)
			}
		}},
	} {
		b := &c.kiosk
		f := twoSlots(t, b, "b")
		synctest.Test(t, func(t *testing.T) {
			off, lived := f.lives(b, time.Hour, func() { c.during(f, b) })
			if off || lived < trialTime || lived > trialTime+farewell+2*time.Second || f.slots.try || !f.slots.trial {
				t.Errorf("%s: off %t after %s, on trial %t", name, off, lived, f.slots.trial)
			}
			if f.has("/dev/mmcblk0p1") && f.usual(t) != "a" {
				t.Errorf("%s: slot %s usually starts", name, f.usual(t))
			}
			if b.fed < lived-farewell-3*time.Second {
				t.Errorf("%s: the watchdog went hungry at %s of %s", name, b.fed, lived)
			}
		})
	}
}

// TestUsualSlot: the slot that usually starts is on no trial, however badly it
// does.
func TestUsualSlot(t *testing.T) {
	b := &board{}
	f := twoSlots(t, b, "a")
	synctest.Test(t, func(t *testing.T) {
		if off, lived := f.lives(b, 3*trialTime); !off || lived < 3*trialTime || f.usual(t) != "a" || f.told() != "a false  " {
			t.Errorf("off %t after %s, told %q", off, lived, f.told())
		}
	})
}

// TestPutsSystem: what the kiosk asks for is written to the other slot, and
// started only once it is whole and the kiosk says so.
func TestPutsSystem(t *testing.T) {
	ask := func(b *board, e event, at time.Duration) {
		go func() {
			time.Sleep(at)
			b.events <- e
		}()
	}
	for name, c := range map[string]struct {
		slot, status, says string
		want               string // what the kiosk was told last
		puts, tried        int
	}{
		"whole":      {"a", "exit 0", `{"step":"whole"} `, "a false whole ", 1, 1},
		"refused":    {"a", "exit 1", `{"step":"refused","code":"B-SIGN"} `, "a false refused B-SIGN", 1, 0},
		"dies":       {"a", "ended by signal killed", `{"step":"write"} `, "a false refused B-SYSTEM", 1, 0},
		"hangs":      {"a", "", "", "a false refused B-SYSTEM", 1, 0},
		"on trial":   {"b", "exit 0", "", "b true refused H-DISK", 0, 0},
		"in no slot": {"x", "exit 0", "", "? false refused H-DISK", 0, 0},
	} {
		b := &board{putters: putters{status: c.status, says: c.says, takes: time.Minute}}
		f := twoSlots(t, b, c.slot)
		synctest.Test(t, func(t *testing.T) {
			long := 9 * time.Minute
			if name == "hangs" {
				long = putTime + time.Minute
			}
			off, _ := f.lives(b, long, func() {
				ask(b, event{try: true}, time.Second) // nothing is there yet
				ask(b, event{put: true}, 2*time.Second)
				ask(b, event{put: true}, 3*time.Second) // a nervous finger
				ask(b, event{try: true}, 4*time.Second)
				ask(b, event{try: true}, 5*time.Minute)
			})
			if f.slots.try != (c.tried > 0) || len(b.putters.args) != c.puts || c.tried > 0 && off {
				t.Errorf("%s: to be tried %t, written %d times, off %t", name, f.slots.try, len(b.putters.args), off)
			}
			if got := f.told(); got != c.want {
				t.Errorf("%s: the kiosk was told %q, want %q", name, got, c.want)
			}
			if c.puts > 0 {
				if got := strings.Join(b.putters.args[0], " "); !slices.Equal(b.putters.slots, []string{"mmcblk0p3"}) ||
					got != "system-put --root /boot/root.json --state /var/lib/badge-kiosk" {
					t.Errorf("%s: %s for %v", name, got, b.putters.slots)
				}
			}
			if f.usual(t) != "a" {
				t.Errorf("%s: slot %s usually starts, before it was tried", name, f.usual(t))
			}
		})
	}
}

// TestCutShort: after a power cut while a slot was written, what usually
// starts starts, on no trial; the other slot is tried only once it was written
// anew, however often the kiosk asks.
func TestCutShort(t *testing.T) {
	b := &board{}
	f := twoSlots(t, b, "a")
	synctest.Test(t, func(t *testing.T) {
		f.lives(b, time.Minute, func() {
			go func() {
				time.Sleep(time.Second)
				b.events <- event{put: true}
			}()
		})
		if got := f.told(); got != "a false check " || len(b.putters.slots) != 1 {
			t.Fatalf("before the cut the kiosk is told %q, %d slots are written", got, len(b.putters.slots))
		}
		// What was in memory is gone; the slot's first sector is empty.
		if err := os.RemoveAll(f.path("/run")); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.path("/dev/mmcblk0p3"), make([]byte, 512), 0o600); err != nil {
			t.Fatal(err)
		}
		again := &first{kernel: b, files: f.files, log: f.log, watchdog: b, disk: f.disk}
		off, lived := again.lives(b, 3*trialTime, func() {
			b.say(event{try: true}, time.Second, time.Hour)
			b.say(event{well: true}, time.Second, time.Hour)
		})
		if !off || lived < 3*trialTime || again.slots.try || again.told() != "a false  " || again.usual(t) != "a" {
			t.Errorf("off %t after %s, to be tried %t, told %q, %s usually starts", off, lived, again.slots.try, again.told(), again.usual(t))
		}
	})
}

// TestTrialState: a system on trial writes nothing to the state, and never
// makes it anew.
func TestTrialState(t *testing.T) {
	for slot, want := range map[string]struct {
		readOnly bool
		remade   int
	}{"a": {false, 1}, "b": {true, 0}} {
		b := &board{fails: syscall.EUCLEAN}
		f := twoSlots(t, b, slot)
		synctest.Test(t, func(t *testing.T) {
			f.mountCard()
			for _, m := range b.mounts {
				if m.kind == "ext4" && (m.flags&syscall.MS_RDONLY != 0) != want.readOnly {
					t.Errorf("slot %s mounts the state as %+v", slot, m)
				}
			}
			if len(b.remade) != want.remade {
				t.Errorf("slot %s made %v anew", slot, b.remade)
			}
		})
	}
}

// TestTryboot: both drivers that read what a restart is asked for find their
// part of it.
func TestTryboot(t *testing.T) {
	var part int
	if n, err := fmt.Sscanf(tryboot, "%d", &part); n != 1 || part != 0 || !strings.Contains(tryboot, " tryboot") {
		t.Errorf("%q is part %d (%v)", tryboot, part, err)
	}
}

// TestSlotWords are what the kiosk says of systems.
func TestSlotWords(t *testing.T) {
	got := fmt.Sprint(heard("X_SYSTEM=1\nX_TRY=1\nX_WELL=1\nX_TRY=2\n"))
	if want := fmt.Sprint([]event{{put: true}, {try: true}, {well: true}}); got != want {
		t.Errorf("heard %s", got)
	}
}
