package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"badgekiosk/image/fat32"
)

// slotName is the image of a slot, for whoever signs it as an update. It lies
// beside the card's image.
const slotName = "badge-kiosk-slot.img.gz"

// aboutName is where a system says what it is: in its slot's root folder, for
// who signs it, and in its first root folder, for itself.
const aboutName = "kiosk-system.json"

// slotLabel is that of both slots: they hold the same bytes, so that what was
// signed is what stands there.
const slotLabel = "SYSTEM"

// An about is what a system says of itself.
type about struct {
	// Number is higher the newer the system is: the minute of its last
	// change, 202611220340. A system without one (0) is no update.
	Number int64    `json:"number"`
	Boards []string `json:"boards"` // as their device trees name them
	Build  string   `json:"build"`
}

// about is what the system that o asks for says of itself.
func (o options) about() ([]byte, error) {
	names, err := compatible(o.board)
	if err != nil {
		return nil, err
	}
	if o.number < 0 {
		return nil, fmt.Errorf("number %d is below 0", o.number)
	}
	b, err := json.MarshalIndent(about{Number: o.number, Boards: names, Build: "kiosk " + o.version}, "", "  ")
	return append(b, '\n'), err
}

// saveSlot writes the image of the card's slots to the folder to, as far as
// its files reach: what is behind them is free, whatever it holds.
func (c card) saveSlot(to string, size sizes) error {
	f, err := os.CreateTemp(to, "."+slotName+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // of no use any more
	defer f.Close()           //nolint:errcheck // read again
	if err := c.slotVolume(size.slot).Write(f, c.system); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, f); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, slotName), b.Bytes(), 0o644)
}

// slotVolume is a slot's file system. It does not say where on the disk it
// is: it is the same in both slots.
func (c card) slotVolume(size int64) fat32.Volume { return fat32.Volume{Label: slotLabel, Size: size} }
