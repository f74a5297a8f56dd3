package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/scanner"
)

// A socket is where a camera may be plugged in. One that is pulled fails.
type socket struct {
	mu     sync.Mutex
	camera *plugged
}

type plugged struct {
	gone  chan struct{}
	codes chan []byte
}

var errPulled = errors.New("the camera was pulled")

func (p *plugged) Next(ctx context.Context, f *scanner.Frame) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-p.gone:
		return errPulled
	case text := <-p.codes:
		*f = scanner.Frame{Text: text, At: time.Now()}
		return nil
	}
}

func (p *plugged) Close() error { return nil }

func (s *socket) open(cameraConfig) (scanner.Camera, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.camera == nil {
		return nil, errPulled
	}
	return s.camera, nil
}

func (s *socket) plug() *plugged {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.camera = &plugged{make(chan struct{}), make(chan []byte)}
	return s.camera
}

func (s *socket) pull() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.camera.gone)
	s.camera = nil
}

// installed makes a kiosk's state with one issuer in it, and a badge of that
// issuer, all in the current folder.
func installed(t testing.TB) (c config, badge []byte) {
	t.Helper()
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	say(t, exitAll, "bundle", "add", "district", "co", "elm", "--name", "Elm District")
	say(t, exitAll, "issue", "key", "elm.jwk", "--id", "did:web:elm.example")
	say(t, exitAll, "bundle", "add", "issuer", "co", "elm", "elm.jwk", "--name", "Elm Academy")
	say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--out", "badge.jwt")
	say(t, exitAll, "bundle", "seal", "co") // after the badge, which has then certainly begun
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	badge, err := os.ReadFile("badge.jwt")
	must(t, err)
	c = defaults()
	c.Panel.Name, c.State, c.Root = "epd-2in13-v4", "state", filepath.Join("co", "root.json")
	return c, badge
}

// TestRun lives a kiosk's day on emulated glass, in virtual time: no camera,
// a camera, a badge, the camera pulled and back, and switched off.
func TestRun(t *testing.T) {
	c, badge := installed(t)
	synctest.Test(t, func(t *testing.T) {
		kind, err := panelNamed(c.Panel.Name)
		must(t, err)
		panel, face, err := kind.emulated(glass.Options{})
		must(t, err)
		var usb socket
		var log bytes.Buffer
		a := appliance{config: c, errs: &log, log: newJournal(&log), board: board{openCamera: usb.open,
			openPanel: func(panelConfig) (display.Panel, error) { return panel, nil }}}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.run(ctx) }()

		look := func(when string, wait time.Duration) *image.Paletted {
			t.Helper()
			time.Sleep(wait)
			synctest.Wait()
			picture := face.Picture()
			if blank(picture) {
				t.Errorf("%s: the glass is blank", when)
			}
			return picture
		}
		noCamera := look("without a camera", 30*time.Second)
		camera := usb.plug()
		ready := look("with a camera", 30*time.Second)
		camera.codes <- badge
		verified := look("with a badge", 5*time.Second)
		again := look("after the badge", time.Minute)
		usb.pull()
		pulled := look("with the camera pulled", 10*time.Second)
		camera = usb.plug()
		time.Sleep(10 * time.Second) // less than two minutes after it was shown first
		camera.codes <- badge
		second := look("with the badge again", 5*time.Second)

		for what, same := range map[string]bool{
			"the screen without a camera comes back when it is pulled": slices.Equal(noCamera.Pix, pulled.Pix),
			"the badge leaves the glass":                               slices.Equal(ready.Pix, again.Pix),
			"the badge looks the same again":                           slices.Equal(verified.Pix, second.Pix),
			"a badge looks different from none":                        !slices.Equal(verified.Pix, ready.Pix),
		} {
			if !same {
				t.Errorf("not so: %s", what)
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("switched off: %v", err)
		}
		if !blank(face.Picture()) {
			t.Error("something stays on the glass after the kiosk was switched off")
		}
		if faults := face.Faults(); len(faults) > 0 {
			t.Errorf("the driver did wrong: %v", faults)
		}
		if said := log.String(); !strings.Contains(said, "H-CAM") || strings.Contains(said, "Welding") {
			t.Errorf("the log says %s", said)
		}
	})
}

func blank(p *image.Paletted) bool {
	return !slices.ContainsFunc(p.Pix, func(i uint8) bool { return i != p.Pix[0] })
}

// TestRunWithoutPanel: a panel that is missing is asked for again, and the
// kiosk ends when it is told to.
func TestRunWithoutPanel(t *testing.T) {
	c, badge := installed(t)
	synctest.Test(t, func(t *testing.T) {
		kind, err := panelNamed(c.Panel.Name)
		must(t, err)
		panel, face, err := kind.emulated(glass.Options{})
		must(t, err)
		var usb socket
		camera := usb.plug()
		asked := 0
		var log bytes.Buffer
		a := appliance{config: c, errs: &log, log: newJournal(&log), board: board{openCamera: usb.open, openPanel: func(panelConfig) (display.Panel, error) {
			if asked++; asked < 5 {
				return nil, display.ErrBus
			}
			return panel, nil
		}}}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.run(ctx) }()
		camera.codes <- badge
		time.Sleep(12 * time.Second)
		synctest.Wait()
		if asked != 5 || blank(face.Picture()) {
			t.Errorf("asked for the panel %d times; blank %v", asked, blank(face.Picture()))
		}
		cancel()
		must(t, <-ended)
		if !strings.Contains(log.String(), "H-PANEL") {
			t.Errorf("the log says %s", &log)
		}
	})
}
