package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"badgekiosk/image/cpio"
)

// fresh is the card as it was built: no board has run from it.
func (t *trial) fresh() string { return filepath.Join(t.dir, "fresh.img") }

// keepFresh keeps it, for those who make a card of their own from it.
func keepFresh(_ context.Context, t *trial) error { return copySparse(t.fresh(), t.card) }

// choices are what a step's own kiosk.json says, and whether the board has a
// battery clock.
type choices struct {
	panel, camera, audience string
	clock                   bool
}

// own makes a card as it came from the image's builder a coalition's own, as
// its administrator would, with a kiosk.json that says so.
func (t *trial) own(ctx context.Context, c *coalition, s choices) (string, error) {
	config := map[string]any{"lang": "en", "panel": map[string]any{"name": s.panel}, "camera": map[string]any{"kind": s.camera},
		"state": "/var/lib/badge-kiosk", "root": "/boot/root.json"}
	if s.audience != "" {
		config["audience"] = s.audience
	}
	data, err := json.Marshal(config)
	if err != nil {
		return "", err
	}
	name := "kiosk-" + s.panel + ".json"
	if err := os.WriteFile(c.file(name), data, 0o600); err != nil {
		return "", err
	}
	to := filepath.Join(t.dir, "card-"+s.panel+".img")
	_, err = c.kiosk(ctx, "prepare", t.fresh(), "--root", rootFile, "--bundle", bundleFile, "--config", name, "--to", to)
	return to, err
}

// scanner is where a hand scanner's line ends on this computer.
func (t *trial) scanner() string { return filepath.Join(t.dir, "scanner") }

// plugScanner plugs a hand scanner into an emulator, at a place.
func (t *trial) plugScanner(where string) []string {
	return []string{"-chardev", "socket,id=scanner,server=on,wait=off,path=" + t.scanner(), "-device", "usb-serial,chardev=scanner," + where}
}

// scan has a hand scanner type a code, again if the kiosk was still opening
// it, and waits until the kiosk has judged so many badges.
func (w *witness) scan(line net.Conn, code string, sum int) (err error) {
	for range 3 {
		if _, err = fmt.Fprintf(line, "%s\r\n", code); err != nil {
			return err
		}
		if _, err = w.ask(lookTime, "counts", strconv.Itoa(sum), "20"); err == nil {
			return nil
		}
	}
	return err
}

// counts is how many badges the kiosk has judged, by verdict.
func (w *witness) counts() (map[string]int, error) { return w.judged(0) }

// judged waits until the kiosk has judged so many badges.
func (w *witness) judged(sum int) (map[string]int, error) {
	said, err := w.ask(lookTime, "counts", strconv.Itoa(sum), "60")
	counts := map[string]int{}
	for _, line := range said {
		name, n, _ := strings.Cut(line, ": ")
		counts[name], _ = strconv.Atoi(n) // the witness wrote it
	}
	return counts, err
}

// verified waits until the kiosk has judged so many badges, all VERIFIED.
func (w *witness) verified(sum int) error {
	counts, err := w.judged(sum)
	if err != nil {
		return err
	}
	for verdict, n := range counts {
		if verdict == "verified" && n != sum || verdict != "verified" && n != 0 {
			return fmt.Errorf("the kiosk has judged %v, want %d verified", counts, sum)
		}
	}
	return nil
}

// A desk is a board with a screen that the kernel drives, a hand scanner and a
// witness.
type desk struct {
	t *trial
	c *coalition
	choices
	cable bool // it has a port for one, and none is in

	w     *witness
	line  net.Conn
	sum   int // badges that it has judged
	spare spare
}

// begin switches it on, with more files.
func (d *desk) begin(ctx context.Context, more ...cpio.File) (err error) {
	if d.spare.kernel == nil {
		if d.spare, err = d.t.spareKernel(ctx); err != nil {
			return err
		}
	}
	e, err := d.t.witnessed(more...)
	if err != nil {
		return err
	}
	if d.t.card, err = d.t.own(ctx, d.c, d.choices); err != nil {
		return err
	}
	var ports []string
	if d.cable {
		ports = []string{"-netdev", "user,id=cable,restrict=off", "-device", "usb-net,netdev=cable,bus=usb.0"}
	}
	if err := d.t.virtual(ctx, d.spare, screenSizes()[d.panel], e, ports...); err != nil {
		return err
	}
	if d.cable {
		if err := d.t.cable(false); err != nil {
			return err
		}
	}
	d.w, d.line, err = d.t.atDesk()
	return err
}

// scans has the hand scanner type a badge's code, and waits until it is judged.
func (d *desk) scans(ctx context.Context, badge string) error {
	code, err := d.c.code(ctx, badge)
	if err != nil {
		return err
	}
	d.sum++
	return d.w.scan(d.line, code, d.sum)
}

// judges has a badge scanned that must get this verdict, here and there, and
// holds the whole screen against what it must be.
func (d *desk) judges(ctx context.Context, badge, verdict string) error {
	if err := d.c.agrees(ctx, badge, verdict); err != nil {
		return err
	}
	want, err := d.c.see(ctx, d.choices, bundleFile, badge)
	if err == nil {
		err = d.scans(ctx, badge)
	}
	if err != nil {
		return err
	}
	return d.t.lights(badge, want)
}

// again has a badge scanned that was scanned before, which the screen says
// too, and holds that one more got that verdict.
func (d *desk) again(ctx context.Context, badge, verdict string) error {
	before, err := d.w.counts()
	if err != nil {
		return err
	}
	if err := d.scans(ctx, badge); err != nil {
		return err
	}
	now, err := d.w.counts()
	if err == nil && now[verdict] != before[verdict]+1 {
		err = fmt.Errorf("%s: the kiosk has judged %v, before it %v", badge, now, before)
	}
	return err
}
