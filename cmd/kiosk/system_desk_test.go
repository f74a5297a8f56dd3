package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/cmd/kiosk/notify"
	"badgekiosk/cmd/kiosk/status"
	"badgekiosk/display/press"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// A firstProcess is what a kiosk on a card of its own talks to.
type firstProcess struct {
	mu    sync.Mutex
	slots provision.Slots
	put   provision.Put
	heard []string
	boss  *notify.Supervisor
}

func newFirstProcess(t *testing.T) *firstProcess {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	p := &firstProcess{slots: provision.Slots{Slot: "a"}, boss: notify.FromEnv()}
	go func() {
		b := make([]byte, 100)
		for {
			n, err := l.Read(b)
			if err != nil {
				return
			}
			p.mu.Lock()
			p.heard = append(p.heard, string(b[:n]))
			p.mu.Unlock()
		}
	}()
	return p
}

func (p *firstProcess) says(slots provision.Slots, put provision.Put) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slots, p.put = slots, put
}

// hears tells whether the kiosk has said word. What it says comes in real
// time: who asks while the kiosk lives may be early.
func (p *firstProcess) hears(word string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.heard, word)
}

// hadHeard is hears once the kiosk has ended.
func (p *firstProcess) hadHeard(word string) bool {
	for range 3000 {
		if p.hears(word) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func (p *firstProcess) serve(running int64) func(*counter) {
	return func(n *counter) {
		n.app.boss = p.boss
		n.app.sys.running = provision.Running{Number: running, Board: "raspberrypi,3-model-b"}
		n.app.system = func() (provision.Slots, provision.Put) {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.slots, p.put
		}
	}
}

// systemMakers is a kiosk of a coalition that makes systems, with the files of
// some, each alone in a folder of its number.
func systemMakers(t *testing.T, numbers ...int64) (c config, badge []byte) {
	t.Helper()
	c, badge = installed(t)
	must(t, os.WriteFile("pin.txt", []byte("2580\n"), 0o600))
	say(t, exitAll, "bundle", "settings", "co", "--pin-file", "pin.txt")
	say(t, exitAll, "bundle", "add", "system", "co")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	for _, n := range numbers {
		dir := fmt.Sprint(n)
		must(t, os.Mkdir(dir, 0o700))
		say(t, exitAll, "bundle", "system", "co", slotFile(t, "systems", n), "--to", dir+"/badge-kiosk-system.zip")
	}
	return c, badge
}

// TestSystemAtTheDesk: a system on a stick is taken by nobody but staff, and
// the kiosk works on until it starts again.
func TestSystemAtTheDesk(t *testing.T) {
	c, badge := systemMakers(t, 6, 7, 8)
	p := newFirstProcess(t)
	attend(t, c, func(n *counter) {
		for folder, want := range map[string]string{"6": "B-ROLLBACK", "7": "B-SAME"} {
			n.sticks <- os.DirFS(folder)
			n.wait(2 * time.Second)
			n.reads("with system "+folder, want, "Number: "+folder)
			n.sticks <- nil
			n.wait(time.Minute)
		}
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("with the stick", "New system found", "Number: 8", "Five Rivers")
		n.wait(3 * time.Minute)
		n.reads("when nobody came", "Show your badge")
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.press(press.Back)
		n.reads("declined", "Show your badge")
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.press(press.Menu)
		n.enter("1111")
		n.reads("with a wrong PIN", "Wrong PIN")
		if p.hears("X_SYSTEM=1") {
			t.Error("taken without the PIN")
		}
		n.press(press.Menu)
		n.enter("2580")
		n.reads("taken", "New system", "Do not turn the kiosk off")
		p.says(p.slots, provision.Put{Step: provision.StepWrite, Done: 50, Of: 100, Number: 8})
		n.wait(4 * time.Second)
		if s := n.screen(); s.Done != 5 || s.Of != 10 {
			t.Errorf("half-way through writing the glass says %d of %d", s.Done, s.Of)
		}
		n.hold(badge)
		n.reads("with a badge meanwhile", "VERIFIED")
		n.wait(time.Minute)
		n.reads("after it", "Do not turn the kiosk off")
		p.says(p.slots, provision.Put{Step: provision.StepWhole, Number: 8})
		n.wait(2 * time.Second)
		n.reads("when it is whole", "Starting again")
		n.wait(10 * time.Second)
		n.reads("until it ends", "Starting again")
	}, p.serve(7))
	if !p.hadHeard("X_SYSTEM=1") || !p.hadHeard("X_TRY=1") || p.hears("X_WELL=1") {
		t.Errorf("the first process heard %q", p.heard)
	}
	if s := provision.PeekState("state"); s.Trial.Number != 8 || s.Floors[bundle.SystemRole].Version != 7 {
		t.Errorf("written down: %+v, floors %v", s.Trial, s.Floors)
	}
}

// TestSystemWithoutButtons: a kiosk that nobody can press anything at takes a
// system from a stick that is left in, and from none that is pulled.
func TestSystemWithoutButtons(t *testing.T) {
	c, badge := systemMakers(t, 8)
	p := newFirstProcess(t)
	attend(t, c, func(n *counter) {
		n.ask(func() { n.app.kiosk.Presses = nil })
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("with the stick", "New system found", "Leave the stick in")
		n.wait(time.Minute)
		n.sticks <- nil
		n.wait(time.Second)
		n.reads("pulled", "Show your badge")
		n.wait(5 * time.Minute)
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
		n.wait(5 * time.Minute)
		n.reads("somebody was there, and it was not seen to the end", "Show your badge")
		n.sticks <- nil
		n.sticks <- os.DirFS("8")
		n.wait(systemWait + 3*time.Second)
		n.reads("left in", "Do not turn the kiosk off")
	}, p.serve(7))
	if !p.hadHeard("X_SYSTEM=1") {
		t.Errorf("the first process heard %q", p.heard)
	}
}

// TestSystemRefused: what the process that writes refuses is said with its
// code.
func TestSystemRefused(t *testing.T) {
	c, _ := systemMakers(t, 8)
	for _, code := range []reason.Code{reason.BBroken, reason.HStick, reason.BSystem} {
		p := newFirstProcess(t)
		p.put = provision.Put{Step: provision.StepRefused, Code: code} // of the time before
		attend(t, c, func(n *counter) {
			n.sticks <- os.DirFS("8")
			n.wait(2 * time.Second)
			n.press(press.Menu)
			n.enter("2580")
			n.wait(time.Second)
			n.reads("taken", "Do not turn the kiosk off")
			n.wait(5 * time.Second)
			n.reads("refused", string(code))
			n.wait(2 * time.Minute)
			n.reads("after it", "Show your badge")
		}, p.serve(7))
		if p.hears("X_TRY=1") || provision.PeekState("state").Trial.Number != 0 {
			t.Errorf("%s: tried nevertheless", code)
		}
	}
}

// TestSystemOnTrial: under a new system the kiosk says that it does well only
// while it does, and once it is kept the old one is refused.
func TestSystemOnTrial(t *testing.T) {
	c, badge := systemMakers(t, 9)
	store, err := provision.OpenStore(c.State, contents(t, c.Root))
	must(t, err)
	must(t, store.Try(provision.Trial{Number: 8}))
	p := newFirstProcess(t)
	p.slots = provision.Slots{Slot: "b", Trial: true}
	attend(t, c, func(n *counter) {
		n.ask(func() { n.app.feel(reason.HPanel, os.ErrClosed) })
		n.hold(badge)
		n.wait(time.Minute)
		if p.hears("X_WELL=1") {
			t.Error("it does well without a panel")
		}
		n.ask(func() { n.app.feel(reason.HPanel, nil); n.app.feel(reason.HDisk, os.ErrPermission) })
		n.wait(time.Minute)
		n.reads("on trial", "Show your badge")
		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
		n.wait(2 * beat)
		n.sticks <- os.DirFS("9")
		n.wait(2 * time.Second)
		n.reads("with a stick", "New system on trial")
		p.says(provision.Slots{Slot: "b"}, provision.Put{})
		n.wait(2 * time.Second)
		n.reads("kept", "New system works", "Number: 8")
		n.wait(time.Minute)
		n.reads("after it", "Show your badge")
	}, p.serve(8))
	if !p.hadHeard("X_WELL=1") {
		t.Errorf("the first process heard %q", p.heard)
	}
	if s := provision.PeekState("state"); s.Trial.Number != 0 || s.Floors[bundle.SystemRole].Version != 8 {
		t.Errorf("written down: %+v, floors %v", s.Trial, s.Floors)
	}
	attend(t, c, func(n *counter) { n.reads("the next day", "Is this today?") }, p.serve(8))
}

// A statusSocket is one that can be made unless something is in its way.
type statusSocket struct {
	mu     sync.Mutex
	inWay  error
	answer func() status.Status // nil: nobody listens
}

func (s *statusSocket) listen(_ string, get func() status.Status) (io.Closer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inWay != nil {
		return nil, s.inWay
	}
	s.answer = get
	return s, nil
}

func (s *statusSocket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = nil
	return nil
}

// set puts something in its way, or clears it.
func (s *statusSocket) set(inWay error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inWay = inWay
}

// answers is the number of the bundle that whoever asks is told, 0 if nobody
// listens.
func (s *statusSocket) answers() int64 {
	s.mu.Lock()
	get := s.answer
	s.mu.Unlock()
	if get == nil {
		return 0
	}
	return get().Serial
}

// TestStatusOnTrial: a system on trial cannot make its socket, as it may write
// nothing, which is no fault; it does when the system is kept. Another kiosk
// that cannot says what it is that nobody can do, and can when the disk can.
func TestStatusOnTrial(t *testing.T) {
	c, _ := systemMakers(t)
	readOnly := fmt.Errorf("status: %w", syscall.EROFS)
	p, s := newFirstProcess(t), &statusSocket{inWay: readOnly}
	p.slots = provision.Slots{Slot: "b", Trial: true}
	attend(t, c, func(n *counter) {
		n.wait(5 * time.Minute)
		n.tells("on trial")
		if s.answers() != 0 {
			t.Error("somebody is answered on trial")
		}
		s.set(nil)
		p.says(provision.Slots{Slot: "b"}, provision.Put{})
		n.wait(answerAgain + 2*time.Second)
		n.tells("kept")
		if s.answers() == 0 {
			t.Error("nobody is answered once the system is kept")
		}
	}, p.serve(8), func(n *counter) { n.app.listen = s.listen })
	if s.answer != nil {
		t.Error("a kiosk that was stopped listens")
	}
	s.set(readOnly)
	attend(t, c, func(n *counter) {
		n.wait(5 * time.Minute)
		line := lastFault(n.app.log)
		if want := "fault: there is no socket for kiosk status (read-only file system)"; !strings.Contains(line, want) {
			t.Errorf("the journal says %q, want %q", line, want)
		}
		s.set(nil)
		n.wait(answerAgain + time.Second)
		if s.answers() == 0 {
			t.Error("nobody is answered once the disk can be written")
		}
	}, func(n *counter) { n.app.listen = s.listen })
}

// lastFault is the last line of a journal that tells of a fault.
func lastFault(j *journal.Journal) string {
	for _, l := range slices.Backward(j.Lines()) {
		if l.Event == journal.Fault {
			return l.String()
		}
	}
	return ""
}

// TestSystemBack: a kiosk that finds itself under the old system again says
// so, once, and would take the new one mended.
func TestSystemBack(t *testing.T) {
	c, _ := systemMakers(t, 8)
	store, err := provision.OpenStore(c.State, contents(t, c.Root))
	must(t, err)
	must(t, store.Try(provision.Trial{Number: 8}))
	p := newFirstProcess(t)
	attend(t, c, func(n *counter) {
		n.reads("at first", "Old system is back")
		var codes string
		n.ask(func() { codes = fmt.Sprint(n.app.status().Codes) })
		if !strings.Contains(codes, "B-SYSTEM") {
			t.Errorf("the status names %q", codes)
		}
		n.press(press.Menu)
		n.reads("seen", "Is this today?")
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("with the stick again", "New system found")
	}, p.serve(7))
	attend(t, c, func(n *counter) { n.reads("the next day", "Is this today?") }, p.serve(7))
	if s := provision.PeekState("state"); s.Floors[bundle.SystemRole].Version != 7 {
		t.Errorf("floors %v", s.Floors)
	}
}

// TestSystemCutShort: after a power cut while a system was written, the kiosk
// is as it was. It tries and counts nothing, speaks of no system by itself, and
// offers it anew to whoever puts the stick in.
func TestSystemCutShort(t *testing.T) {
	c, badge := systemMakers(t, 8)
	before := newFirstProcess(t)
	attend(t, c, func(n *counter) {
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.press(press.Menu)
		n.enter("2580")
		before.says(before.slots, provision.Put{Step: provision.StepWrite, Done: 50, Of: 100, Number: 8})
		n.wait(4 * time.Second)
		n.reads("half-way", "Do not turn the kiosk off")
	}, before.serve(7))
	p := newFirstProcess(t)
	attend(t, c, func(n *counter) {
		n.reads("with power again", "Is this today?")
		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
		n.wait(5 * time.Minute)
		n.reads("after it", "Show your badge")
		n.tells("with power again")
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("with the stick again", "New system found", "Number: 8")
		n.press(press.Back)
	}, p.serve(7))
	if p.hears("X_TRY=1") || p.hears("X_SYSTEM=1") || p.hears("X_WELL=1") {
		t.Errorf("the first process heard %q", p.heard)
	}
	if s := provision.PeekState("state"); s.Trial.Number != 0 || s.Floors[bundle.SystemRole].Version != 7 {
		t.Errorf("written down: %+v, floors %v", s.Trial, s.Floors)
	}
}

// TestSystemAfterBundle: of a stick with both, the bundle comes first, as it
// says who signs systems. Elsewhere than on a card of its own a kiosk speaks
// of no system.
func TestSystemAfterBundle(t *testing.T) {
	c, _ := systemMakers(t, 8)
	say(t, exitAll, "bundle", "add", "district", "co", "oak", "--name", "Oak District")
	say(t, exitAll, "bundle", "seal", "co")
	must(t, os.Rename("co/"+bundleName, "8/"+bundleName))
	p := newFirstProcess(t)
	attend(t, c, func(n *counter) {
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("with the stick", "Update found", "Oak District")
		n.press(press.Menu)
		n.wait(3 * time.Second)
		n.reads("taken", "Update done")
		n.press(press.Menu)
		n.reads("then", "New system found")
		n.press(press.Back)
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("the same again", "New system found")
	}, p.serve(7))
	attend(t, c, func(n *counter) {
		n.sticks <- os.DirFS("8")
		n.wait(2 * time.Second)
		n.reads("on a computer of one's own", "B-SAME")
	})
}
