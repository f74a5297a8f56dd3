package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"badgekiosk/image/fat32"
)

// bundleName is what a bundle is called on a stick.
const bundleName = "badge-kiosk-bundle.zip"

// stickSize is that of the emulated stick, in bytes.
const stickSize = 64 << 20

// plugStick plugs a stick into the board that holds file, under name.
func (t *trial) plugStick(name, file string) error {
	path := filepath.Join(t.dir, "stick")
	if err := makeStick(path, name, file); err != nil {
		return err
	}
	_, err := t.board.monitor.do("blockdev-add", map[string]any{"node-name": "stick", "driver": "file", "filename": path, "read-only": true})
	port := stickPort
	if t.blind {
		port = rootPort
	}
	if err == nil {
		_, err = t.board.monitor.do("device_add", map[string]any{"driver": "usb-storage", "id": "stick", "drive": "stick", "port": port})
	}
	return err
}

// makeStick writes the file system of a stick with one file.
func makeStick(path, name, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	v := fat32.Volume{Label: "STICK", Size: stickSize}
	return errors.Join(f.Truncate(stickSize), v.Write(f, []fat32.File{{Name: name, Data: data}}), f.Close())
}

// unplugTime is how long the emulator may take to let a stick go.
const unplugTime = 5 * time.Second

// pullStick pulls it out.
func (t *trial) pullStick() error {
	if _, err := t.board.monitor.do("device_del", map[string]any{"id": "stick"}); err != nil {
		return err
	}
	for end := time.Now().Add(unplugTime); ; time.Sleep(poll) {
		_, err := t.board.monitor.do("blockdev-del", map[string]any{"node-name": "stick"})
		if err == nil || !strings.Contains(err.Error(), "in use") || time.Now().After(end) {
			return err
		}
	}
}

// onCard tells whether bytes are anywhere on a card.
func onCard(card string, bytesOf []byte) (bool, error) {
	f, err := os.Open(card)
	if err != nil {
		return false, err
	}
	defer f.Close() //nolint:errcheck // only read
	b := make([]byte, 4<<20)
	for at := int64(0); ; at += int64(len(b) - len(bytesOf)) {
		n, err := f.ReadAt(b, at)
		if bytes.Contains(b[:n], bytesOf) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// copySparse copies a card, leaving out what is zero.
func copySparse(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	info, err := in.Stat()
	if err == nil {
		err = out.Truncate(info.Size())
	}
	b, zeros := make([]byte, 1<<20), make([]byte, 1<<20)
	for at := int64(0); err == nil; at += int64(len(b)) {
		var n int
		if n, err = in.ReadAt(b, at); !bytes.Equal(b[:n], zeros[:n]) {
			if _, e := out.WriteAt(b[:n], at); e != nil {
				err = e
			}
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, out.Close())
}
