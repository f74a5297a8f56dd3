package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"badgekiosk/image/fat32"
)

// stand are inputs small enough for a test, with the names of the real ones.
func stand() sources {
	kernel := fstest.MapFS{
		"vmlinuz":                             {Data: []byte("a kernel")},
		"overlays/vc4-kms-v3d.dtbo":           {Data: []byte("an overlay")},
		"overlays/overlay_map.dtb":            {Data: []byte("a map")},
		"lib/modules/6.1-test/modules.dep":    {Data: []byte("kernel/uvcvideo.ko: kernel/video-buf.ko kernel/uvc.ko\nkernel/video-buf.ko: kernel/base.ko\nkernel/base.ko:\nkernel/uvc.ko:\nkernel/other.ko:\n")},
		"lib/modules/6.1-test/kernel/base.ko": {Data: []byte("base")}, "lib/modules/6.1-test/kernel/uvc.ko": {Data: []byte("uvc")},
		"lib/modules/6.1-test/kernel/video-buf.ko": {Data: []byte("buf")}, "lib/modules/6.1-test/kernel/uvcvideo.ko": {Data: []byte("camera")},
	}
	trees, _ := treesOf(everyBoard)
	for _, name := range trees {
		kernel[name] = &fstest.MapFile{Data: []byte(name)}
	}
	firmware := fstest.MapFS{}
	for _, name := range firmwareFiles() {
		firmware[name] = &fstest.MapFile{Data: []byte(name)}
	}
	roots := fstest.MapFS{rootsFile: {Data: authority()}}
	return sources{kernelInput: kernel, firmwareInput: firmware, rootsInput: roots}
}

func order(t *testing.T) options {
	t.Helper()
	o := options{board: everyBoard, panel: "kms", camera: "usb", fonts: t.TempDir()}
	for name, words := range map[string]string{"hani.otf": "a Chinese font", "arab.ttf": "an Arabic font", "COPYRIGHT-any": "their licence"} {
		if err := os.WriteFile(filepath.Join(o.fonts, name), []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, at := range map[string]*string{"kiosk": &o.binary, "any.json": &o.root, "any.zip": &o.bundle} {
		*at = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(*at, []byte("the "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// small is the least that the formats allow.
func small() sizes { return sizes{first: 36 << 20, slot: 36 << 20, state: 8 << 20} }

func build(t *testing.T) string {
	t.Helper()
	o := order(t)
	c, err := o.card(stand())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "card.img")
	if err := c.save(path, small()); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCardRepeats makes a card twice in different folders from files of
// different dates: the bytes are the same, and the hash beside them is
// theirs.
func TestCardRepeats(t *testing.T) {
	var sums [2][32]byte
	for i := range sums {
		path := build(t)
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		sums[i] = [32]byte(h.Sum(nil))
		said, err := os.ReadFile(path + ".sha256")
		if want := fmt.Sprintf("%x  card.img\n", sums[i]); err != nil || string(said) != want {
			t.Errorf("the hash beside the image is %q (%v), want %q", said, err, want)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	if sums[0] != sums[1] {
		t.Error("two cards of the same files differ")
	}
}

// TestCardHolds looks for the parts where the table has them and for their
// file systems' own marks. What they hold is the concern of their packages.
func TestCardHolds(t *testing.T) {
	f, err := os.Open(build(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	at := func(offset int64, n int) []byte {
		b := make([]byte, n)
		if _, err := f.ReadAt(b, offset); err != nil {
			t.Fatal(err)
		}
		return b
	}
	record := at(0, 512)
	for i, label := range []string{"KIOSK", "SYSTEM", "SYSTEM"} {
		start := int64(binary.LittleEndian.Uint32(record[446+16*i+8:]))
		boot := at(start*512, 512)
		if got := strings.TrimSpace(string(boot[71:82])); got != label || string(boot[82:87]) != "FAT32" {
			t.Errorf("part %d is %q, want %q in FAT32", i+1, got, label)
		}
		if hidden := int64(binary.LittleEndian.Uint32(boot[28:])); i == 0 && hidden != start {
			t.Errorf("part %d begins at %d, but says %d", i+1, start, hidden)
		}
	}
	size := int(small().slot)
	if a := int64(binary.LittleEndian.Uint32(record[446+16+8:])) * 512; !bytes.Equal(at(a, size), at(a+int64(size), size)) {
		t.Error("the slots differ: what was signed for one would not stand in the other")
	}
	start := int64(binary.LittleEndian.Uint32(record[446+16*3+8:]))
	if got := at(start*512+1024+56, 2); !bytes.Equal(got, []byte{0x53, 0xef}) {
		t.Errorf("part 4 is no ext4: % x", got)
	}
}

// TestCardFiles looks at what is to be on the parts.
func TestCardFiles(t *testing.T) {
	c, err := order(t).card(stand())
	if err != nil {
		t.Fatal(err)
	}
	var first, system []string
	for _, f := range c.first {
		first = append(first, f.Name)
	}
	for _, f := range c.system {
		system = append(system, f.Name)
	}
	if want := []string{"autoboot.txt", "bootcode.bin", "kiosk.json", "root.json", "badge-kiosk-bundle.zip"}; !slices.Equal(first, want) {
		t.Errorf("the first part holds %v, want %v", first, want)
	}
	for _, want := range []string{"vmlinuz", "initramfs.cpio.gz", "config.txt", "start.elf", "start4.elf", "overlays/vc4-kms-v3d.dtbo",
		"bcm2710-rpi-3-b.dtb", "bcm2711-rpi-4-b.dtb", "bcm2710-rpi-zero-2-w.dtb"} {
		if !slices.Contains(system, want) {
			t.Errorf("a slot lacks %s", want)
		}
	}
}

// TestInitramfs unpacks the first root folder: the program is its init, a
// module stands behind all that it needs, and none that nobody asked for.
func TestInitramfs(t *testing.T) {
	c, err := order(t).card(stand())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(c.system, func(f fat32.File) bool { return f.Name == "initramfs.cpio.gz" })
	z, err := gzip.NewReader(bytes.NewReader(c.system[i].Data))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for _, name := range []string{"dev/console\x00", "dev/null\x00", "init\x00", "modules/00-base.ko\x00", "modules/01-video_buf.ko\x00",
		"modules/02-uvc.ko\x00", "modules/03-uvcvideo.ko\x00", "etc/ssl\x00", "etc/ssl/certs\x00", "etc/ssl/certs/ca-certificates.crt\x00",
		"-----BEGIN CERTIFICATE-----\n", "fonts\x00", "fonts/arab.ttf\x00", "an Arabic font", "fonts/hani.otf\x00", "TRAILER!!!\x00"} {
		at := bytes.Index(data, []byte(name))
		if at <= last {
			t.Errorf("%q is at %d, not behind the one before it", name, at)
		}
		last = at
	}
	if bytes.Contains(data, []byte("other.ko")) {
		t.Error("a module that nobody asked for is in it")
	}
}

// TestOrders refuses what cannot be made and says what can.
func TestOrders(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*options)
		want   string
	}{
		"board":  {func(o *options) { o.board = "pi-9" }, "pi-4"},
		"panel":  {func(o *options) { o.panel = "paper" }, "epd-7in5-v2"},
		"camera": {func(o *options) { o.camera = "eye" }, "hand"},
		"binary": {func(o *options) { o.binary = "nowhere" }, "make build"},
		"root":   {func(o *options) { o.root = "nowhere" }, "nowhere"},
		"bundle": {func(o *options) { o.bundle = "nowhere" }, "nowhere"},
		"fonts":  {func(o *options) { _ = os.Remove(filepath.Join(o.fonts, "COPYRIGHT-any")) }, "COPYRIGHT"},
	} {
		o := order(t)
		c.change(&o)
		if _, err := o.card(stand()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("another %s: %v, want advice with %q", name, err, c.want)
		}
	}
	for _, gone := range []string{"vmlinuz", "bcm2711-rpi-4-b.dtb", "lib/modules/6.1-test/modules.dep", "lib/modules/6.1-test/kernel/uvc.ko"} {
		s := stand()
		delete(s[kernelInput].(fstest.MapFS), gone)
		if _, err := order(t).card(s); err == nil {
			t.Errorf("made without %s", gone)
		}
	}
}

// TestPanels holds our names of panels to those that the kiosk knows.
func TestPanels(t *testing.T) {
	source, err := os.ReadFile("../cmd/kiosk/panels.go")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, m := range regexp.MustCompile(`\b(?:spi|hdmi)\("([^"]+)"`).FindAllSubmatch(source, -1) {
		known = append(known, string(m[1]))
	}
	ours := slices.Concat(screens(), spiPanels())
	slices.Sort(known)
	slices.Sort(ours)
	if !slices.Equal(known, ours) {
		t.Errorf("panels here are %v, the kiosk's %v", ours, known)
	}
}

// TestInputs opens a module's zip by its hash, and not by another.
func TestInputs(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"m@v1/b", "m@v1/a"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte("in " + name))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	// printf 'in m@v1/a' | sha256sum, both, sorted by name, hashed again.
	in := input{module: "m", version: "v1", hash: "h1:HASH"}
	_, err := in.open(b.Bytes())
	if err == nil || !strings.Contains(err.Error(), "do not use it") {
		t.Errorf("another hash: %v", err)
	}
	in.hash = "h1:BdF+y8qCL6wwE29KB9EtmEVdS8yJwQ+8M1lQHivL0lg="
	files, err := in.open(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	s := sources{"m": files}
	if got, err := s.read("m", "a"); err != nil || string(got) != "in m@v1/a" {
		t.Errorf("a is %q (%v)", got, err)
	}
	if _, err := s.read("n", "a"); err == nil {
		t.Error("read from an input that nobody named")
	}
}

// TestLock reads the lock that is committed, and refuses others.
func TestLock(t *testing.T) {
	data, err := os.ReadFile("inputs.lock")
	if err != nil {
		t.Fatal(err)
	}
	all, err := readLock(data)
	if err != nil || len(all) != 8 || all[0].licence != "GPL-2.0-only" || len(all[1].notices) != 2 {
		t.Errorf("read %+v, %v", all, err)
	}
	if on := onCard(all); len(on) != 3 || on[2].module != all[2].module {
		t.Errorf("on the card are %+v", on)
	}
	for _, bad := range []string{"", "# nothing\n", "m v1 h1:x GPL", "m v1 sha256:x GPL LICENSE", "debian/m v1 h1:x GPL LICENSE", "m v1 h1:x GPL A B"} {
		if _, err := readLock([]byte(bad)); err == nil {
			t.Errorf("%q: read", bad)
		}
	}
}

// TestStateLabel holds the state's label to the one that a board gives it when
// it makes the part anew.
func TestStateLabel(t *testing.T) {
	source, err := os.ReadFile("../provision/remake.go")
	if err != nil || !strings.Contains(string(source), `StateLabel = "`+stateLabel+`"`) {
		t.Errorf("a remade part is not labelled %q (%v)", stateLabel, err)
	}
}

// TestNamesOnBoard holds the names that the card has to those that the first
// process looks for.
func TestNamesOnBoard(t *testing.T) {
	source, err := os.ReadFile("../cmd/kiosk/boot/boot_linux.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`bootFolder   = "` + bootFolder + `"`, `stateFolder  = "` + stateFolder + `"`,
		`bootFolder + "/` + configName + `"`, `bootFolder + "/` + rootName + `"`, `bootFolder + "/` + bundleName + `"`, `modules      = "/` + modulesFolder + `"`} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the first process does not say %s", want)
		}
	}
}
