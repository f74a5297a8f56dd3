package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"badgekiosk/image/ext4"
	"badgekiosk/image/fat32"
	"badgekiosk/image/mbr"
)

// options say which card is to be made.
type options struct {
	board, panel, camera string
	root, bundle         string // files, or empty
	lock, binary, to     string // files
	version              string // of the program
	number               int64  // of the system; 0: it is no update
	fonts, speech        string // the folders of the font pack and of the clips; they may not be there
}

// sizes are those of a card's parts, in bytes.
type sizes struct{ first, slot, state int64 }

// cardSizes leave a slot twice the room that a system needs today, and the
// state as much as ext4's one group has. The whole fits any card of 512 MB.
func cardSizes() sizes { return sizes{first: 40 << 20, slot: 160 << 20, state: 64 << 20} }

// makeCard writes the image that o asks for, its hash, and beside it the
// licences and the list of all that is in it.
func makeCard(o options) error {
	data, err := os.ReadFile(o.lock)
	if err != nil {
		return err
	}
	inputs, err := readLock(data)
	if err != nil {
		return fmt.Errorf("%s: %w", o.lock, err)
	}
	inputs = onCard(inputs)
	s, err := fetchAll(inputs)
	if err != nil {
		return err
	}
	c, err := o.card(s)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.to), 0o755); err != nil {
		return err
	}
	if err := c.save(o.to, cardSizes()); err != nil {
		return err
	}
	if err := c.saveSlot(filepath.Dir(o.to), cardSizes()); err != nil {
		return err
	}
	fmt.Println(o.to)
	if _, err := os.Stat(o.fonts); err != nil {
		fmt.Println("without a font pack: names in Arabic, Chinese and other scripts show as boxes; make fonts first")
	}
	if clips, _, err := speechOf(o.speech); err == nil && len(clips) == 0 {
		fmt.Println("without clips: the kiosk does not speak; make speech first")
	}
	if o.root == "" {
		fmt.Println("without -root: this card trusts nobody until a root.json is put beside its kiosk.json")
	}
	return beside(o, inputs, s)
}

// A card is what its parts hold.
type card struct{ first, system []fat32.File }

// card gathers the files of a card.
func (o options) card(s sources) (c card, err error) {
	trees, err := treesOf(o.board)
	if err != nil {
		return c, err
	}
	panel, err := panelNamed(o.panel)
	if err != nil {
		return c, err
	}
	clips, _, err := speechOf(o.speech)
	if err != nil {
		return c, err
	}
	config, err := kioskSettings(panel, o.camera, len(clips) > 0)
	if err != nil {
		return c, err
	}
	kiosk, err := os.ReadFile(o.binary)
	if errors.Is(err, os.ErrNotExist) {
		return c, fmt.Errorf("no %s: run make build first", o.binary)
	} else if err != nil {
		return c, err
	}
	start, err := s.read(firmwareInput, bootcode)
	if err != nil {
		return c, err
	}
	c.first = []fat32.File{{Name: "autoboot.txt", Data: []byte(autoboot)}, {Name: bootcode, Data: start}, {Name: configName, Data: config}}
	for _, f := range []struct{ name, from string }{{rootName, o.root}, {bundleName, o.bundle}} {
		if f.from == "" {
			continue
		}
		data, err := os.ReadFile(f.from)
		if err != nil {
			return c, err
		}
		c.first = append(c.first, fat32.File{Name: f.name, Data: data})
	}
	pack, err := fontPack(o.fonts)
	if err != nil {
		return c, err
	}
	what, err := o.about()
	if err != nil {
		return c, err
	}
	c.system, err = slot(s, trees, kiosk, what, pack)
	c.system = append(c.system, clips...)
	return c, err
}

// save writes the card to path, and its SHA-256 beside it. The file appears
// when it is whole.
func (c card) save(path string, size sizes) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone, once it has its name
	sum := sha256.New()
	err = c.write(f, size)
	if _, e := f.Seek(0, io.SeekStart); err == nil && e == nil {
		_, err = io.Copy(sum, f)
	}
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return os.WriteFile(path+".sha256", fmt.Appendf(nil, "%x  %s\n", sum.Sum(nil), filepath.Base(path)), 0o644)
}

// write writes the parts and the table. The disk's number comes from what is
// on it.
func (c card) write(f *os.File, size sizes) error {
	parts, whole := size.table()
	if err := f.Truncate(whole); err != nil {
		return err
	}
	for i, p := range []struct {
		volume fat32.Volume
		files  []fat32.File
	}{
		{fat32.Volume{Label: "KIOSK", Size: size.first, Start: parts[0].Start}, c.first},
		{c.slotVolume(size.slot), c.system},
		{c.slotVolume(size.slot), c.system},
	} {
		if err := p.volume.Write(io.NewOffsetWriter(f, int64(parts[i].Start)*mbr.Sector), p.files); err != nil {
			return err
		}
	}
	last := parts[len(parts)-1]
	if err := ext4.Write(io.NewOffsetWriter(f, int64(last.Start)*mbr.Sector), int64(last.Count)*mbr.Sector, stateLabel); err != nil {
		return err
	}
	record, err := mbr.Record(c.number(), parts)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(record, 0)
	return err
}

// table is where the parts are, and how long the whole is in bytes.
func (s sizes) table() (parts []mbr.Partition, whole int64) {
	next := uint32(mbr.Align)
	for i, size := range []int64{s.first, s.slot, s.slot, s.state} {
		p := mbr.Partition{Type: mbr.FAT32, Start: next, Count: uint32(size / mbr.Sector)}
		if i == 3 {
			p.Type = mbr.Linux
		}
		parts = append(parts, p)
		next += p.Count
	}
	return parts, int64(next) * mbr.Sector
}

// number is the disk's.
func (c card) number() uint32 {
	all := sha256.New()
	for _, f := range append(append([]fat32.File(nil), c.first...), c.system...) {
		sum := sha256.Sum256(f.Data)
		all.Write(bytes.Join([][]byte{[]byte(f.Name), sum[:]}, nil))
	}
	return binary.LittleEndian.Uint32(all.Sum(nil))
}
