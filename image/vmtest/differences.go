package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"badgekiosk/image/vmtest/fdt"
)

// A difference is one thing that the emulated board is told otherwise than a
// real one, and why. Those below are all there are: [verifyDifferences] compares what
// the firmware would have handed over with what the emulator is handed.
type difference struct {
	node, property string // of the device tree
	value          []byte // nil takes the property away
	was, is        string // or a word of the kernel's arguments; no was adds, no is takes away
	why            string
}

func differences() []difference {
	const spi, usb = "/soc/spi@7e204000", "/soc/usb@7e980000"
	return []difference{
		{node: spi, property: "dmas", why: "the emulated SPI has no DMA, and longer transfers never end"},
		{node: spi, property: "dma-names", why: "likewise"},
		{node: usb, property: "compatible", value: fdt.String("brcm,bcm2835-usb"), why: "the board's own USB driver (dwc_otg) never rests on the emulated controller; dwc2 is in the same kernel"},
		{node: usb, property: "dr_mode", value: fdt.String("host"), why: "dwc2 must be told"},
		{was: "console=ttyS0,115200", is: "console=ttyAMA0,115200", why: "the serial line that is left when Bluetooth is off: here someone reads it"},
		{was: "quiet", why: "the test reads the kernel's log"},
		{was: "loglevel=3", why: "likewise"},
		{is: "maxcpus=1", why: "four emulated processors are slower than one"},
		{is: "usbcore.autosuspend=-1", why: "the emulated USB controller loses a camera that it lets sleep"},
		{is: "initcall_blacklist=bcm2835_wdt_driver_init", why: "the emulated watchdog fires at once"},
	}
}

// differ makes the differences, and those of a step's equipment. s keeps what
// the firmware would have handed over.
func (s start) differ(e equipment) (start, error) {
	d := s
	var err error
	if d.tree, err = fdt.Parse(s.tree.Bytes()); err != nil {
		return d, err
	}
	d.initramfs = slices.Concat(s.initramfs, e.files)
	words := strings.Fields(s.arguments)
	for _, c := range append(differences(), e.told...) {
		switch at := slices.Index(words, c.was); {
		case c.node != "":
			n := d.tree.Find(c.node)
			if n == nil {
				return d, fmt.Errorf("the board's device tree has no %s", c.node)
			}
			if c.value == nil {
				n.Delete(c.property)
			} else {
				n.Set(c.property, c.value)
			}
		case c.was == "":
			words = append(words, c.is)
		case at < 0:
			return d, fmt.Errorf("the kernel's arguments have no %s: %s", c.was, s.arguments)
		case c.is == "":
			words = slices.Delete(words, at, at+1)
		default:
			words[at] = c.is
		}
	}
	d.arguments = strings.Join(words, " ")
	return d, nil
}

// verifyDifferences holds that what the emulator is handed differs from what
// the board would be handed in nothing but the differences above and
// those of the step's equipment. The kernel's arguments, which the firmware puts into the tree and the emulator takes
// apart from it, are compared word by word.
func verifyDifferences(board, emulator start, e equipment) error {
	var want []string
	for _, d := range append(differences(), e.told...) {
		if d.node != "" {
			want = append(want, d.node+" "+d.property)
		}
		if d.was != "" {
			want = append(want, "-"+d.was)
		}
		if d.is != "" {
			want = append(want, "+"+d.is)
		}
	}
	got := compared("", board.tree, emulator.tree)
	b, a := strings.Fields(board.arguments), strings.Fields(emulator.arguments)
	for _, w := range b {
		if !slices.Contains(a, w) {
			got = append(got, "-"+w)
		}
	}
	for _, w := range a {
		if !slices.Contains(b, w) {
			got = append(got, "+"+w)
		}
	}
	if !bytes.Equal(board.kernel, emulator.kernel) || !bytes.Equal(slices.Concat(board.initramfs, e.files), emulator.initramfs) {
		got = append(got, "kernel or initramfs")
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("the emulated board differs in\n%s\nand is allowed to differ in\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return nil
}

// compared names every property that differs between two trees.
func compared(path string, a, b *fdt.Node) (out []string) {
	if a == nil {
		a = &fdt.Node{}
	}
	if b == nil {
		b = &fdt.Node{}
	}
	names := map[string]bool{}
	for _, p := range append(slices.Clone(a.Properties), b.Properties...) {
		names[p.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		va, in := a.Get(name)
		vb, out2 := b.Get(name)
		if in != out2 || !bytes.Equal(va, vb) {
			out = append(out, path+" "+name)
		}
	}
	nodes := map[string]bool{}
	for _, c := range append(slices.Clone(a.Children), b.Children...) {
		nodes[c.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		ca, cb := a.Find(name), b.Find(name)
		if ca == nil || cb == nil {
			out = append(out, path+"/"+name+" as a whole")
			continue
		}
		out = append(out, compared(path+"/"+name, ca, cb)...)
	}
	return out
}
