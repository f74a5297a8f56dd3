package main

import (
	"bytes"
	"context"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/verify/reason"
)

// TestTurnedAway counts devices, not their interfaces.
func TestTurnedAway(t *testing.T) {
	root := t.TempDir()
	for name, authorized := range map[string]string{"usb1": "1", "1-1": "1", "1-1.2": "0", "1-1.3": "0\n", "1-1.2:1.0": "0", "1-1:1.0": "0"} {
		dir := filepath.Join(root, "sys/bus/usb/devices", name)
		must(t, os.MkdirAll(dir, 0o700))
		must(t, os.WriteFile(filepath.Join(dir, "authorized"), []byte(authorized), 0o600))
	}
	if n := turnedAway(root); n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
	if n := turnedAway(t.TempDir()); n != 0 {
		t.Errorf("counted %d where there is none", n)
	}
}

// TestPorts plugs in what is turned away: the glass says so once, the menu
// until it is pulled, and the journal by its code.
func TestPorts(t *testing.T) {
	c, _ := installed(t)
	synctest.Test(t, func(t *testing.T) {
		kind, err := panelNamed(c.Panel.Name)
		must(t, err)
		panel, face, err := kind.emulated(glass.Options{})
		must(t, err)
		var camera socket
		camera.plug()
		var log bytes.Buffer
		var away atomic.Int32
		a := appliance{config: c, errs: &log, log: newJournal(&log), board: board{openCamera: camera.open,
			openPanel: func(panelConfig) (display.Panel, error) { return panel, nil }, turnedAway: func() int { return int(away.Load()) }}}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.run(ctx) }()
		look := func(wait time.Duration) *image.Paletted {
			time.Sleep(wait)
			synctest.Wait()
			return face.Picture()
		}
		resting := look(30 * time.Second)
		away.Store(1)
		said := look(3 * portsLook)
		var parts []part
		a.call(ctx, func() { parts = a.selfTest() })
		if parts[0] != (part{"usb", reason.HUSB}) && !slices.Contains(parts, part{"usb", reason.HUSB}) {
			t.Errorf("the self-test says %v", parts)
		}
		later := look(2 * time.Minute)
		away.Store(0)
		look(3 * portsLook)
		a.call(ctx, func() { parts = a.selfTest() })
		if slices.Contains(parts, part{"usb", reason.HUSB}) {
			t.Errorf("it is gone, and the self-test says %v", parts)
		}
		if slices.Equal(said.Pix, resting.Pix) || !slices.Equal(later.Pix, resting.Pix) {
			t.Error("the glass does not say that a device was turned away, or says it for ever")
		}
		cancel()
		must(t, <-ended)
		if n := strings.Count(log.String(), "fault H-USB: a USB device was turned away"); n != 1 || !strings.Contains(log.String(), "healed H-USB") {
			t.Errorf("the journal says it %d times:\n%s", n, log.String())
		}
	})
}
