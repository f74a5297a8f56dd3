package main

import (
	"context"
	"time"
)

// keyTime is how long a keyboard, and what its keys ask for, may take.
const keyTime = 3 * time.Minute

// keyboardPort is where a keyboard is plugged into the hub.
const keyboardPort = "1.3"

// peaks tells the board to stop as anybody with a keyboard can, by
// Ctrl-Alt-Del, once its camera is out: it says what memory its processes have
// held at most, and ends in order.
func peaks(_ context.Context, t *trial) error {
	from := len(t.board.all())
	// What a camera is asked for when a board restarts is asked anew: see fault.
	if _, err := t.board.monitor.do("device_del", map[string]any{"id": "camera"}); err != nil {
		return err
	}
	if _, _, err := t.board.wait(`fault H-CAM`, from, keyTime); err != nil {
		return err
	}
	if _, err := t.board.monitor.do("device_add", map[string]any{"driver": "usb-kbd", "id": "keys", "port": keyboardPort}); err != nil {
		return err
	}
	// The kernel drops keys while it opens a keyboard: it says this after.
	if _, _, err := t.board.wait(`hid-generic .*Keyboard`, from, keyTime); err != nil {
		return err
	}
	if err := t.keys("ctrl", "alt", "delete"); err != nil {
		return err
	}
	for _, who := range []string{"run", "judge"} {
		g, _, err := t.board.wait(`init: memory: at most (\d+ kB) by \S+ `+who+`\b`, from, keyTime)
		if err != nil {
			return err
		}
		t.note("memory held at most by kiosk %s: %s", who, g[1])
	}
	_, _, err := t.board.wait(`reboot: Restarting system`, from, keyTime)
	t.off()
	return err
}

// keys presses keys together.
func (t *trial) keys(names ...string) error {
	var all []map[string]any
	for _, n := range names {
		all = append(all, map[string]any{"type": "qcode", "data": n})
	}
	_, err := t.board.monitor.do("send-key", map[string]any{"keys": all})
	return err
}
