package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"

	"github.com/spf13/cobra"
)

// A walk takes a person through the wiring, step by step: a test picture on
// each panel that it may be until they see one, what the camera sees, and a
// hand scanner. It changes no file: what is to be written it says.
type walk struct {
	config
	openPanel  func(panelConfig) (display.Panel, error)
	openCamera func(cameraConfig) (scanner.Camera, error)
	in         *bufio.Reader
	out        io.Writer
	draw       *display.Renderer
}

const (
	walkPicture = 90 * time.Second // a picture on the slowest panel, and more
	walkLook    = time.Minute      // for somebody to hold up a code
	walkLively  = 300 * time.Millisecond
	walkPaper   = 5 * time.Second // between two pictures of what the camera sees
)

// What a person may type: the first letter of a line counts, small.
const (
	walkOn   = 0 // Enter
	walkYes  = 'y'
	walkNext = 's'
	walkEnd  = 'q' // the end of the input too
)

// walkThrough walks through the wiring of this board. Without a kiosk.json that
// can be read, it is the usual one: the examination says what is wrong with it.
func walkThrough(cmd *cobra.Command, file string) error {
	c, err := configFrom(file)
	if err != nil {
		c = defaults()
	}
	w := walk{config: c, openPanel: openPanel, openCamera: openCamera, in: bufio.NewReader(cmd.InOrStdin()), out: cmd.OutOrStdout()}
	return w.run(cmd.Context())
}

func (w *walk) say(format string, args ...any) { fmt.Fprintf(w.out, format+"\n", args...) }

// ask waits for a line.
func (w *walk) ask(format string, args ...any) byte {
	fmt.Fprintf(w.out, format+" ", args...)
	line, err := w.in.ReadString('\n')
	if line = strings.ToLower(strings.TrimSpace(line)); line != "" {
		return line[0]
	}
	if err != nil {
		w.say("")
		return walkEnd
	}
	return walkOn
}

// run is the whole walk.
func (w *walk) run(ctx context.Context) (err error) {
	if w.draw, err = newRenderer(""); err != nil {
		return err
	}
	glass, kind := w.findPanel(ctx)
	w.seeCamera(ctx, glass, kind)
	w.hearScanner(ctx)
	if glass != nil {
		err = glass.Close()
	}
	w.say("")
	return err
}

// candidates are the panels that it may be: the one in kiosk.json first, then
// the quickest to try. Of screens that the kernel drives there is one, as they
// say themselves how large they are.
func (w *walk) candidates() []panelKind {
	configured, err := panelNamed(w.Panel.Name)
	kernel := err == nil && configured.connect == nil
	all := slices.DeleteFunc(panelKinds(), func(k panelKind) bool {
		if k.connect != nil {
			return k.name == configured.name
		}
		again := kernel
		kernel = true
		return again
	})
	late := func(k panelKind) int {
		switch {
		case k.connect == nil:
			return 0
		case k.poster:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b panelKind) int { return cmp.Compare(late(a), late(b)) })
	if err == nil {
		all = slices.Insert(all, 0, configured)
	}
	return all
}

// findPanel draws on each panel until one is seen, which stays open; nil, if
// none is.
func (w *walk) findPanel(ctx context.Context) (*display.Governor, panelKind) {
	w.say("Panel. For each that it may be: Enter draws a test picture, s is the next one, q ends this step.")
	var dead error // what keeps every panel on wires from being tried
	for _, k := range w.candidates() {
		if dead != nil && k.connect != nil {
			continue
		}
		a := w.ask("%s, %s?", k.label, k.name)
		if a == walkNext {
			continue
		}
		if a == walkEnd {
			break
		}
		glass, err := w.test(ctx, k)
		if err != nil {
			w.say("  Nothing answers: %v", err)
			if errors.Is(err, display.ErrBus) || errors.Is(err, display.ErrPin) {
				dead = err
				w.say("  So no panel on wires can be tried. Look that dtparam=spi=on is in config.txt, and at the lines in kiosk.json.")
			}
			continue
		}
		if w.ask("  Do you see TEST and %s, whole and upright? y or n:", k.name) == walkYes {
			w.say("  This is for kiosk.json: \"panel\": {\"name\": %q}", k.name)
			return glass, k
		}
		if err := glass.Close(); err != nil {
			w.say("  %v", err)
		}
	}
	w.say("  No panel was seen. Look at its cable and at the lines in kiosk.json, then do this again.")
	return nil, panelKind{}
}

// testPicture is what stands on a panel that is tried.
func testPicture(k panelKind) display.Screen {
	return display.Screen{Word: "TEST", Say: k.name, Title: k.label, Lang: "en"}
}

// test draws on one panel.
func (w *walk) test(ctx context.Context, k panelKind) (*display.Governor, error) {
	c := w.Panel
	c.Name = k.name
	p, err := w.openPanel(c)
	if err != nil {
		return nil, err
	}
	glass := display.Govern(display.Turned(p, display.Turn(c.Turn/90)), w.draw)
	ctx, cancel := context.WithTimeout(ctx, walkPicture)
	defer cancel()
	if err := glass.Put(ctx, testPicture(k)); err != nil {
		return nil, errors.Join(err, glass.Close())
	}
	return glass, nil
}

// seeCamera tries the camera in kiosk.json, then any other kind.
func (w *walk) seeCamera(ctx context.Context, glass *display.Governor, kind panelKind) {
	w.say("Camera.")
	kinds := []string{"usb", "ribbon"}
	if w.Camera.Kind == "ribbon" {
		slices.Reverse(kinds)
	}
	for _, name := range kinds {
		camera, err := w.openCamera(w.cameraOf(name))
		if err != nil {
			w.say("  %s: %v", name, err)
			continue
		}
		w.say("  A %s camera answers. Hold any code before it.", name)
		if w.look(ctx, camera, glass, kind) {
			w.say("  This is for kiosk.json: \"camera\": {\"kind\": %q}", name)
			return
		}
	}
}

// cameraOf are the settings of that kind: those of kiosk.json, if they are for
// it.
func (w *walk) cameraOf(kind string) cameraConfig {
	c := w.Camera
	if c.Kind != kind {
		c = defaults().Camera
		c.Kind, c.Layout = kind, w.Camera.Layout
	}
	return c
}

// hearScanner waits for a hand scanner's first code, if there is one.
func (w *walk) hearScanner(ctx context.Context) {
	w.say("Hand scanner.")
	hand, err := w.openCamera(w.cameraOf("hand"))
	if err != nil {
		w.say("  %v", err)
		return
	}
	w.say("  One is plugged in. Scan any code with it.")
	w.look(ctx, hand, nil, panelKind{})
}

// look shows on the glass what a camera sees, until it has read a code. What
// the code says is told to nobody.
func (w *walk) look(ctx context.Context, camera scanner.Camera, glass *display.Governor, kind panelKind) (read bool) {
	ctx, cancel := context.WithTimeout(ctx, walkLook)
	defer cancel()
	s := scanner.Scanner{Camera: camera, Reader: &qr.Reader{Live: true}, Preview: previewSize}
	defer camera.Close() //nolint:errcheck // it has said what it saw
	defer s.Wipe()
	every := walkLively
	if isPaper(kind) {
		every = walkPaper
	}
	advice, frames := scanner.NoAdvice, 0
	var steady scanner.Steady
	for next := time.Now(); ; frames++ {
		x, err := s.Look(ctx)
		switch {
		case ctx.Err() != nil && frames == 0:
			w.say("  Nothing came from it in %s.", walkLook)
			return false
		case ctx.Err() != nil:
			w.say("  It gave %d pictures in %s, and no code was read: %s", frames, walkLook, hint(advice, "en").Word)
			return false
		case err != nil:
			w.say("  It fails: %v", err)
			return false
		case len(x.Payloads) > 0:
			w.say("  It read a code of %d bytes.", len(x.Payloads[0].Data))
			return true
		}
		if a := steady.Add(x); a != scanner.NoAdvice {
			advice = a
		}
		if glass == nil || kind.poster || x.Small == nil || time.Now().Before(next) {
			continue
		}
		if err := glass.Put(ctx, withPreview(hint(advice, "en"), x.Small)); err != nil && ctx.Err() == nil {
			w.say("  The panel fails: %v", err)
			glass = nil
		}
		next = time.Now().Add(every)
	}
}
