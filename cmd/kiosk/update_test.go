package main

import (
	"context"
	"errors"
	"image"
	"image/color"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/provision"
	"badgekiosk/provision/stick"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// A counter is an appliance with a person in front of it, who has badges,
// sticks and three buttons.
type counter struct {
	*testing.T
	app     *appliance
	eye     eye
	buttons chan press.Press
	sticks  chan fs.FS // nil: pulled
}

// attend runs test in front of the appliance that c configures, in virtual
// time. more is what it has beside camera, panel, buttons and sticks.
func attend(t *testing.T, c config, test func(*counter), more ...func(*counter)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := &counter{T: t, eye: make(eye), buttons: make(chan press.Press), sticks: make(chan fs.FS)}
		n.app = &appliance{config: c, errs: t.Output(), log: newJournal(t.Output()), board: board{
			openPanel:   func(panelConfig) (display.Panel, error) { return blankBoard{}, nil },
			openCamera:  func(cameraConfig) (scanner.Camera, error) { return n.eye, nil },
			watchSticks: n.plugged,
		}}
		for _, add := range more {
			add(n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- n.app.run(ctx) }()
		defer func() { cancel(); must(t, <-ended) }()
		n.wait(time.Second)
		n.ask(func() { n.app.kiosk.Presses = n.buttons })
		n.wait(time.Second)
		test(n)
	})
}

func (n *counter) ask(do func()) { n.app.call(n.Context(), do) }

// tells looks for faults in the kiosk's journal that were not healed.
func (n *counter) tells(when string, want ...reason.Code) {
	n.Helper()
	ill := map[reason.Code]bool{}
	for _, l := range n.app.log.Lines() {
		if l.Event == journal.Fault {
			ill[l.Code] = true
		} else if l.Event == journal.Healed {
			delete(ill, l.Code)
		}
	}
	if got := slices.Sorted(maps.Keys(ill)); !slices.Equal(got, want) {
		n.Errorf("%s: faults %q, want %q", when, got, want)
	}
}

// plugged is a watch over sticks that are folders.
func (n *counter) plugged(ctx context.Context, judge func(stick.Contents) provision.Outcome) (<-chan provision.StickEvent, error) {
	out := make(chan provision.StickEvent)
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case files := <-n.sticks:
				if files == nil {
					out <- provision.StickEvent{Step: provision.StickGone}
					continue
				}
				out <- provision.StickEvent{Step: provision.StickIn}
				time.Sleep(time.Second)
				c, err := stick.Read(files)
				must(n.T, err)
				out <- provision.StickEvent{Step: provision.StickCopied, Copied: c}
				out <- provision.StickEvent{Step: provision.StickJudged, Copied: c, Outcome: judge(c)}
			}
		}
	}()
	return out, nil
}

func (n *counter) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (n *counter) hold(badge []byte) {
	n.eye <- scanner.Frame{Text: badge, At: time.Now()}
	synctest.Wait()
}

func (n *counter) press(all ...press.Button) {
	for _, b := range all {
		n.buttons <- press.Press{Button: b, Down: true, At: time.Now()}
		n.buttons <- press.Press{Button: b, At: time.Now()}
		synctest.Wait()
	}
}

// choose goes down a menu to the line that begins with text, and takes it.
func (n *counter) choose(text string) {
	n.Helper()
	for range 20 {
		if s := n.screen(); len(s.Choices) > 0 && strings.HasPrefix(s.Choices[s.Chosen], text) {
			n.press(press.Menu)
			return
		}
		n.press(press.Next)
	}
	n.Fatalf("there is no choice %q in %q", text, n.screen().Choices)
}

// enter enters a PIN.
func (n *counter) enter(pin string) {
	for _, digit := range pin + "k" {
		for range int(digit-'0') % len(wheel) {
			if digit == 'k' {
				break
			}
			n.press(press.Next)
		}
		for digit == 'k' && !strings.HasSuffix(n.screen().Title, "OK") {
			n.press(press.Next)
		}
		n.press(press.Menu)
		for digit != 'k' && !strings.HasSuffix(n.screen().Title, "0") { // the wheel stays where it is
			n.press(press.Back)
		}
	}
}

func (n *counter) screen() (s display.Screen) {
	n.ask(func() { s = n.app.kiosk.screen() })
	return s
}

func (n *counter) reads(when string, want ...string) {
	n.Helper()
	got := readAloud(n.screen())
	for _, w := range want {
		if !strings.Contains(got, w) {
			n.Errorf("%s the glass reads\n%s\nwithout %q", when, got, w)
		}
	}
}

// noted holds that the journal tells of each event.
func (n *counter) noted(events ...journal.Event) {
	n.Helper()
	for _, e := range events {
		if !slices.ContainsFunc(n.app.log.Lines(), func(l journal.Line) bool { return l.Event == e }) {
			n.Errorf("the journal tells of no %s", e)
		}
	}
}

// TestStick: an update on a stick is offered, taken and said to be done; what
// cannot be taken says why.
func TestStick(t *testing.T) {
	c, badge := installed(t)
	must(t, os.MkdirAll("old", 0o700))
	must(t, os.Rename("co/"+bundleName, "old/"+bundleName))
	say(t, exitAll, "bundle", "remove", "co", "elm")
	say(t, exitAll, "bundle", "add", "district", "co", "oak", "--name", "Oak District")
	say(t, exitAll, "bundle", "seal", "co")
	must(t, os.MkdirAll("new", 0o700))
	must(t, os.Rename("co/"+bundleName, "new/"+bundleName))
	must(t, os.MkdirAll("empty", 0o700))
	must(t, os.MkdirAll("torn", 0o700))
	must(t, os.WriteFile("torn/"+bundleName, contents(t, "new/"+bundleName)[:2000], 0o600))
	attend(t, c, func(n *counter) {
		n.reads("at first", "Show your badge", "Elm District")
		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
		for _, c := range []struct{ folder, want string }{
			{"empty", "No update found"}, {"torn", "B-BROKEN"}, {"old", "B-SAME"},
		} {
			n.sticks <- os.DirFS(c.folder)
			n.wait(10 * time.Millisecond)
			n.reads("with a stick", "Reading the stick")
			n.wait(2 * time.Second)
			n.reads("with the stick "+c.folder, c.want)
			n.sticks <- nil
			n.wait(time.Minute)
			n.reads("after it", "Show your badge", "Elm District")
		}
		n.sticks <- os.DirFS("new")
		n.wait(2 * time.Second)
		n.reads("with the update", "Update found", "Oak District")
		n.press(press.Back)
		n.reads("declined", "Show your badge", "Elm District")
		n.sticks <- os.DirFS("new")
		n.wait(2 * time.Second)
		n.reads("with the update again", "Update found")
		n.wait(10 * time.Second)
		n.reads("taken without a press", "Update done")
		n.wait(time.Minute)
		n.reads("after the update", "Show your badge", "Oak District")
		n.hold(badge)
		n.reads("with a badge of a member that left", "CAN'T TELL")
		n.noted(journal.Started, journal.Ready, journal.Fault, journal.Installed)
	})
}

// TestInstalledBeside: what another program installs is in use within a minute
// or so, and nothing is said of it before.
func TestInstalledBeside(t *testing.T) {
	c, badge := installed(t)
	say(t, exitAll, "bundle", "remove", "co", "elm")
	say(t, exitAll, "bundle", "add", "district", "co", "oak", "--name", "Oak District")
	say(t, exitAll, "bundle", "seal", "co")
	must(t, os.Rename("co/"+bundleName, bundleName)) // away from the root: it is no factory's
	attend(t, c, func(n *counter) {
		n.wait(10 * time.Minute)
		n.reads("before", "Elm District")
		say(t, exitAll, "bundle", "install", bundleName, "--root", "co/root.json", "--state", "state")
		n.wait(2 * time.Minute)
		n.reads("after it", "Oak District")
		n.hold(badge)
		n.reads("with a badge of a member that left", "CAN'T TELL")
	})
}

// TestFirstRoot: a kiosk that knows nobody takes its root from a stick only
// from who holds OK for seconds.
func TestFirstRoot(t *testing.T) {
	c, badge := installed(t)
	must(t, os.MkdirAll("stick", 0o700))
	must(t, os.WriteFile("stick/root.json", contents(t, c.Root), 0o600))
	must(t, os.WriteFile("stick/"+bundleName, contents(t, "co/"+bundleName), 0o600))
	inspected := say(t, exitAll, "bundle", "inspect", "stick/"+bundleName, "--root", c.Root)
	c.Root, c.State = filepath.Join("nowhere", "root.json"), "fresh"
	attend(t, c, func(n *counter) {
		n.reads("at first", "Not set up yet", "B-ROOT")
		n.sticks <- os.DirFS("stick")
		n.wait(2 * time.Second)
		n.reads("with the stick", "Compare six words")
		if words := n.screen().Title; !strings.Contains(inspected, words) {
			t.Errorf("the words %q are not those of bundle inspect:\n%s", words, inspected)
		}
		n.buttons <- press.Press{Button: press.Menu, Down: true}
		n.wait(time.Second)
		n.buttons <- press.Press{Button: press.Menu}
		n.wait(10 * time.Second)
		n.reads("let go early", "Compare six words")
		n.buttons <- press.Press{Button: press.Menu, Down: true}
		n.wait(gripStep*gripSteps + time.Second)
		n.reads("held", "Update found", "Elm District")
		n.wait(10 * time.Second)
		n.buttons <- press.Press{Button: press.Menu}
		n.wait(time.Minute)
		n.reads("after the update", "Show your badge", "Elm District")
		n.hold(badge)
		n.reads("with a badge", "VERIFIED")
	})
	attend(t, c, func(n *counter) { n.reads("started again", "Show your badge", "Elm District") })
}

// A blankBoard is a small panel that shows everything at once.
type blankBoard struct{}

func (blankBoard) Format() display.Format {
	return display.Format{Size: image.Pt(400, 300), PPI: 120, Inks: color.Palette{color.White, color.Black}}
}
func (blankBoard) Show(context.Context, *image.Paletted, display.Refresh) error { return nil }
func (blankBoard) Close() error                                                 { return nil }

func (n *counter) moment() (m verify.Moment) {
	n.ask(func() { m = n.app.clock.Moment() })
	return m
}

// TestSyncAtTheDesk: what came over the network is in use at once, and the
// screen between two badges says so.
func TestSyncAtTheDesk(t *testing.T) {
	c, _ := installed(t)
	say(t, exitAll, "bundle", "settings", "co", "--sync", "https://bundle.elm.example/")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	say(t, exitAll, "bundle", "add", "district", "co", "oak", "--name", "Oak District")
	say(t, exitAll, "bundle", "seal", "co")
	fresh, asked := contents(t, "co/"+bundleName), atomic.Int64{}
	attend(t, c, func(n *counter) {
		n.reads("at first", "Elm District")
		for asked.Load() == 0 {
			n.wait(time.Second)
		}
		n.tells("while the host is ill", "H-NET")
		n.wait(time.Hour)
		n.reads("with the network", "Elm District, Oak District")
		n.tells("when it is well")
	}, func(n *counter) {
		n.app.fetch = func(_ context.Context, w provision.Wish) (provision.Fetched, error) {
			if w.URL != "https://bundle.elm.example/" {
				t.Errorf("asked %q", w.URL)
			}
			if asked.Add(1) == 1 {
				return provision.Fetched{}, errors.New("https://bundle.elm.example/timestamp.json answers 500")
			}
			return provision.Fetched{Zipped: fresh}, nil
		}
	})
}
