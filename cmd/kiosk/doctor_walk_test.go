package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/qr"
	"badgekiosk/scanner"
)

// An answerer answers the doctor's questions, and looks at the panel before each
// answer.
type answerer struct {
	answers []string
	look    func()
}

func (p *answerer) Read(b []byte) (int, error) {
	p.look()
	if len(p.answers) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.answers[0]+"\n")
	p.answers = p.answers[1:]
	return n, nil
}

// A filmed is a camera that sees one picture after the other, the last for good.
type filmed struct {
	every time.Duration
	shots [][]byte
	taken int
	shut  bool
}

func (l *filmed) Next(ctx context.Context, f *scanner.Frame) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(l.every):
	}
	f.Pix, f.Stride, f.Rect, f.At = append(f.Pix[:0], l.shots[min(l.taken, len(l.shots)-1)]...), filmSize.X, image.Rectangle{Max: filmSize}, time.Now()
	l.taken++
	return nil
}

func (l *filmed) Close() error { l.shut = true; return nil }

// A walked is a board with one panel, which a person is taken through.
type walked struct {
	walk
	said    bytes.Buffer
	tried   []string
	seen    [][]byte // on the glass, at each question
	cameras map[string]scanner.Camera
}

// walkWith takes a person through the wiring of a board with that panel.
func walkWith(t *testing.T, panel string, cameras map[string]scanner.Camera, configured string, answers ...string) *walked {
	t.Helper()
	b := &walked{cameras: cameras}
	synctest.Test(t, func(t *testing.T) {
		var face face
		b.config = defaults()
		b.Panel.Name = configured
		b.openPanel = func(c panelConfig) (display.Panel, error) {
			b.tried = append(b.tried, c.Name)
			if c.Name != panel {
				return nil, fmt.Errorf("%w (%s)", display.ErrNeverBusy, c.SPI)
			}
			kind, err := panelNamed(c.Name)
			must(t, err)
			p, f, err := kind.emulated(glass.Options{})
			face = f
			return p, err
		}
		b.openCamera = func(c cameraConfig) (scanner.Camera, error) {
			if camera := b.cameras[c.Kind]; camera != nil {
				return camera, nil
			}
			return nil, errors.New("no " + c.Kind + " is plugged in")
		}
		b.in = bufio.NewReaderSize(&answerer{answers, func() {
			var pix []byte
			if face != nil {
				pix = face.Picture().Pix
			}
			b.seen = append(b.seen, pix)
		}}, 16)
		b.out = &b.said
		must(t, b.run(t.Context()))
		if face != nil && !blank(face.Picture()) {
			t.Error("something stays on the glass")
		}
	})
	return b
}

func (b *walked) says(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(b.said.String(), w) {
			t.Errorf("no %q in\n%s", w, b.said.String())
		}
	}
}

// codeShot is a camera's picture of a code, or of none.
func codeShot(t *testing.T, text string) []byte {
	t.Helper()
	dice := rand.New(rand.NewPCG(7, 7))
	if text == "" {
		return shot(nil, dice)
	}
	code, err := qr.New([]byte(text), qr.Low)
	must(t, err)
	return shot(code, dice)
}

// TestWalk: a person who does not know which panel they have sees a test
// picture with its name on it when its turn comes, then what the camera sees;
// a code is read, and what it says is told to nobody.
func TestWalk(t *testing.T) {
	const panel = "lcd-st7789"
	camera := &filmed{every: time.Second / pace, shots: [][]byte{codeShot(t, ""), codeShot(t, ""), codeShot(t, "")}}
	for range 20 {
		camera.shots = append(camera.shots, codeShot(t, ""))
	}
	camera.shots = append(camera.shots, codeShot(t, "https://elm.example/Ada"))
	hand := make(eye, 1)
	hand <- scanner.Frame{Text: []byte("Ada Lovelace"), At: time.Now()}
	before := slices.IndexFunc((&walk{config: defaults()}).candidates(), func(k panelKind) bool { return k.name == panel })
	b := walkWith(t, panel, map[string]scanner.Camera{"usb": camera, "hand": hand}, "", append(slices.Repeat([]string{""}, before+1), "y")...)
	b.says(t, `"panel": {"name": "lcd-st7789"}`, "A usb camera answers", "It read a code of 23 bytes", `"camera": {"kind": "usb"}`, "One is plugged in", "It read a code of 12 bytes", "Nothing answers: the panel does not answer")
	if strings.Contains(b.said.String(), "Ada") || !camera.shut {
		t.Errorf("the camera is closed: %t; said\n%s", camera.shut, &b.said)
	}
	if b.tried[0] != "kms-800x480" || slices.Contains(b.tried, "kms-1024x600") || !slices.Contains(b.tried, "epd-7in5-v2") || b.tried[len(b.tried)-1] != panel {
		t.Errorf("tried %q", b.tried)
	}
	kind, err := panelNamed(panel)
	must(t, err)
	p, _, err := kind.emulated(glass.Options{})
	must(t, err)
	if want := display.Render(testPicture(kind), p.Format()).Pix; !bytes.Equal(b.seen[len(b.seen)-1], want) {
		t.Error("when the person is asked whether they see the test picture, it is not on the glass")
	}
}

// TestWalkOn: a panel that nobody sees is wiped and the next one is tried;
// without any the walk goes on, and says what the camera lacks.
func TestWalkOn(t *testing.T) {
	const panel = "epd-2in13-v4"
	b := walkWith(t, panel, map[string]scanner.Camera{"ribbon": &filmed{every: 4 * time.Second, shots: [][]byte{codeShot(t, "")}}}, panel, "", "n", "s", "q")
	if !slices.Equal(b.tried, []string{panel}) {
		t.Errorf("tried %q", b.tried)
	}
	b.says(t, "No panel was seen", "usb: no usb is plugged in", "A ribbon camera answers", "no code was read", "no hand is plugged in")
	if strings.Contains(b.said.String(), "kiosk.json: ") {
		t.Errorf("what was not seen is to be written down:\n%s", &b.said)
	}
	first := func(configured string) string {
		w := walk{config: defaults()}
		w.Panel.Name = configured
		all := w.candidates()
		for i, k := range all {
			if i > 0 && k.connect == nil && all[0].connect == nil || k.name == all[0].name && i > 0 {
				t.Errorf("%s is tried after %s", k.name, all[0].name)
			}
		}
		return all[0].name
	}
	for configured, want := range map[string]string{"": "kms-800x480", "epd-4in26": "epd-4in26", "kms-1024x600": "kms-1024x600"} {
		if got := first(configured); got != want {
			t.Errorf("with %q in kiosk.json %s is tried first, want %s", configured, got, want)
		}
	}
	b = walkWith(t, panel, nil, panel) // nobody answers
	b.says(t, "No panel was seen")
	if len(b.tried) > 0 {
		t.Errorf("tried %q for nobody", b.tried)
	}
}

// TestWalkWithoutBus: a board whose bus is off says so once.
func TestWalkWithoutBus(t *testing.T) {
	var said bytes.Buffer
	tried := 0
	w := walk{config: defaults(), out: &said, in: bufio.NewReader(strings.NewReader(strings.Repeat("\n", 40))),
		openPanel: func(panelConfig) (display.Panel, error) {
			tried++
			return nil, fmt.Errorf("%w (SPI0.0)", display.ErrBus)
		},
		openCamera: func(cameraConfig) (scanner.Camera, error) { return nil, errPulled }}
	must(t, w.run(t.Context()))
	if tried > 2 || !strings.Contains(said.String(), "dtparam=spi=on") {
		t.Errorf("tried %d times:\n%s", tried, &said)
	}
}

// TestWalkCommand: on a computer without any part the walk ends, and the
// examination follows; a program cannot be asked.
func TestWalkCommand(t *testing.T) {
	said := sayAny(t, "doctor", "--walk", "--config", "none.json")
	for _, want := range []string{"Panel. For each", "No panel was seen", "FAULT settings"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	say(t, exitUsage, "doctor", "--walk", "--json")
}
