package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"debug/elf"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"badgekiosk/image/cpio"
)

// The kernel of a Pi has drivers for its own screens and no emulated one, and
// QEMU's Pi has no screen that it could drive. So the kernel's interface for
// screens is tried on QEMU's own board, with a kernel of Debian's and its
// drivers laid over the initramfs: all else is the card's, and the program
// above all.
const (
	debianPackage = "debian-installer-12-netboot-arm64"
	debianVersion = "20230607+deb12u15"
	debianSum     = "bed5bc20d8f0234fa831cce4dc4ca6ae1647ddabbddeee7c112ca479e181ad17"
	debianFolder  = "text/debian-installer/arm64/" // of what is in it
)

// drivers are what that kernel has in modules: for the screen, the card, its
// file system, the USB, a hand scanner's line and Ethernet.
func drivers() []string {
	return []string{"virtio_pci", "virtio_gpu", "sdhci_pci", "nls_cp437", "nls_ascii", "vfat", "xhci_pci", "ftdi_sio", "cdc_ether"}
}

// A spare is a kernel of Debian's and its drivers.
type spare struct {
	kernel  []byte
	drivers []cpio.File
}

// spareKernel fetches Debian's kernel, once for all runs in this repository.
func (t *trial) spareKernel(ctx context.Context) (s spare, err error) {
	file, err := t.debian(ctx)
	if err != nil {
		return s, err
	}
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", file)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return s, err
	}
	var packedModules []byte
	for r := tar.NewReader(out); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", file, err)
		}
		for name, to := range map[string]*[]byte{"linux": &s.kernel, "initrd.gz": &packedModules} {
			if strings.HasSuffix(h.Name, debianFolder+name) {
				if *to, err = io.ReadAll(r); err != nil {
					return s, err
				}
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		return s, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packedModules))
	if err != nil {
		return s, fmt.Errorf("%s: %w", debianPackage, err)
	}
	archive, err := io.ReadAll(z)
	if err != nil {
		return s, err
	}
	s.drivers, err = modulesIn(archive, drivers())
	return s, err
}

// debian is the file of Debian's package, whose hash is right.
func (t *trial) debian(ctx context.Context) (string, error) {
	dir := filepath.Join(t.repository, "build", "vmtest")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	file := filepath.Join(dir, debianPackage+"_"+debianVersion+"_all.deb")
	right := func() bool {
		data, err := os.ReadFile(file)
		return err == nil && fmt.Sprintf("%x", sha256.Sum256(data)) == debianSum
	}
	if right() {
		return file, nil
	}
	cmd := exec.CommandContext(ctx, "apt-get", "download", "-qq", debianPackage+"="+debianVersion)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err == nil && !right() {
		err = errors.New("it has another hash than the one that is known")
	}
	if err != nil {
		return "", fmt.Errorf("%s %s, which has a kernel for QEMU's screens: %w: %s; it comes from Debian 12: run apt-get update first", debianPackage, debianVersion, err, out)
	}
	return file, nil
}

// modulesIn takes modules out of an archive, with those that they need before
// them, named so that the card's first process loads them in that order. What
// the archive has not is in its kernel.
func modulesIn(archive []byte, want []string) (files []cpio.File, err error) {
	all := map[string][]byte{}
	err = members(archive, func(name string, data []byte) {
		if strings.HasSuffix(name, ".ko") {
			all[moduleName(name)] = data
		}
	})
	if err != nil {
		return nil, err
	}
	files = []cpio.File{{Name: "modules", Mode: cpio.Dir | 0o755}}
	done := map[string]bool{}
	var load func(string) error
	load = func(name string) error {
		data, there := all[name]
		if done[name] || !there {
			return nil
		}
		done[name] = true
		needs, err := needs(data)
		if err != nil {
			return fmt.Errorf("module %s: %w", name, err)
		}
		for _, n := range needs {
			if err := load(n); err != nil {
				return err
			}
		}
		files = append(files, cpio.File{Name: fmt.Sprintf("modules/spare-%02d-%s.ko", len(files), name), Mode: cpio.Regular | 0o644, Data: data})
		return nil
	}
	for _, name := range want {
		if all[name] == nil {
			return nil, fmt.Errorf("%s has no module %s", debianPackage, name)
		}
		if err := load(name); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func moduleName(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(path.Base(file), ".ko"), "-", "_")
}

// needs are the modules that one needs: "depends" in its section .modinfo.
func needs(module []byte) (names []string, err error) {
	f, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		return nil, err
	}
	s := f.Section(".modinfo")
	if s == nil {
		return nil, errors.New("it says nothing of itself")
	}
	info, err := s.Data()
	for line := range strings.SplitSeq(string(info), "\x00") {
		if list, ok := strings.CutPrefix(line, "depends="); ok && list != "" {
			for _, n := range strings.Split(list, ",") {
				names = append(names, moduleName(n))
			}
		}
	}
	return names, err
}

// members calls each for every file in an archive of cpio's.
// Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
func members(archive []byte, each func(name string, data []byte)) error {
	const head, sizeAt, nameAt, align = 110, 54, 94, 4
	for b := archive; len(b) >= head && string(b[:6]) == "070701"; {
		size, err := strconv.ParseUint(string(b[sizeAt:sizeAt+8]), 16, 31)
		long, err2 := strconv.ParseUint(string(b[nameAt:nameAt+8]), 16, 16)
		if err := errors.Join(err, err2); err != nil {
			return fmt.Errorf("cpio: %w", err)
		}
		data := (head + int(long) + align - 1) &^ (align - 1)
		next := data + (int(size)+align-1)&^(align-1)
		if long == 0 || next > len(b) {
			break
		}
		name := string(b[head : head+int(long)-1])
		if name == "TRAILER!!!" {
			return nil
		}
		each(name, b[data:data+int(size)])
		b = b[next:]
	}
	return errors.New("cpio: the archive has no end")
}

// virtual switches on QEMU's own board with a card, a screen of that size, a
// hand scanner, a witness and more. Its firmware's place is taken by us, as
// ever: kernel and drivers are the spare ones, if there are, the rest is from
// the card. The screen does not say how large it is, and the kiosk takes it for
// one of those that it is made with.
func (t *trial) virtual(ctx context.Context, s spare, size image.Point, e equipment, more ...string) error {
	real, err := t.handsOver(false)
	if err != nil {
		return err
	}
	laid, err := packed(s.drivers)
	if err != nil {
		return err
	}
	if s.kernel == nil {
		s.kernel = real.kernel
	}
	told := start{kernel: s.kernel, initramfs: slices.Concat(real.initramfs, laid, e.files)}
	words := slices.DeleteFunc(strings.Fields(real.arguments), func(w string) bool {
		return w == "quiet" || strings.HasPrefix(w, "loglevel=") || strings.HasPrefix(w, "console=")
	})
	for _, d := range e.told {
		words = append(words, d.is)
	}
	told.arguments = strings.Join(append(words, "console=ttyAMA0"), " ")
	screen := fmt.Sprintf("virtio-gpu-pci,id=screen,edid=off,xres=%d,yres=%d", size.X, size.Y)
	return t.power(ctx, setup{start: told, emulator: slices.Concat([]string{"-M", "virt", "-cpu", "cortex-a53", "-m", "1G", "-icount", "shift=0", "-device", screen,
		"-device", "sdhci-pci", "-drive", "id=card,if=none,format=raw,file=" + t.card, "-device", "sd-card,drive=card", "-device", "qemu-xhci,id=usb"},
		t.plugScanner("bus=usb.0"), more)})
}

// dump is what the screen of the board shows.
func (t *trial) dump() (image.Image, error) {
	file := filepath.Join(t.dir, "screen.png")
	if _, err := t.board.monitor.do("screendump", map[string]any{"filename": file, "device": "screen", "head": 0, "format": "png"}); err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return png.Decode(f)
}

// lights waits until the screen shows exactly want. If it never does, it
// keeps the picture that came nearest.
func (t *trial) lights(what string, want image.Image) error {
	var nearest image.Image
	var trouble error
	fewest := want.Bounds().Dx()*want.Bounds().Dy() + 1
	err := t.until("on the screen: "+what, lookTime, func() bool {
		var got image.Image
		if got, trouble = t.dump(); trouble != nil {
			return true
		}
		if n := differing(got, want); n < fewest {
			fewest, nearest = n, got
		}
		return fewest == 0
	})
	if err := errors.Join(err, trouble); err != nil {
		if nearest == nil {
			return err
		}
		return errors.Join(err, fmt.Errorf("%d pixels of %v differ", fewest, nearest.Bounds().Size()), t.keep("got.png", nearest), t.keep("want.png", want))
	}
	return nil
}

// screenSizes are the sizes of the screens that a kiosk is made with.
func screenSizes() map[string]image.Point {
	return map[string]image.Point{"kms-800x480": image.Pt(800, 480), "kms-1024x600": image.Pt(1024, 600)}
}

// drawn has a genuine and a forged badge judged on boards with screens that
// the kernel drives, and holds what is on them against what it must be.
func drawn(ctx context.Context, t *trial) error {
	s, err := t.spareKernel(ctx)
	if err != nil {
		return err
	}
	for panel, size := range screenSizes() {
		t.off() // the one before
		d := desk{t: t, c: t.coalition, choices: choices{panel: panel, camera: "hand", clock: true}, spare: s}
		err := d.begin(ctx)
		if err == nil {
			err = errors.Join(d.judges(ctx, genuineFile, "verified"), d.judges(ctx, forgedFile, "not-verified"), d.line.Close())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", panel, err)
		}
		t.note("%s by the kernel's interface for screens (Debian's kernel, virtio-gpu): VERIFIED and NOT VERIFIED as kiosk screen draws them, each of %d pixels", panel, size.X*size.Y)
	}
	return nil
}

// atDesk waits until a board with a witness and a hand scanner judges.
func (t *trial) atDesk() (*witness, net.Conn, error) {
	w, err := t.witness()
	if err != nil {
		return nil, nil, err
	}
	line, err := dial(t.scanner()) // that plugs it in
	if err != nil {
		return nil, nil, err
	}
	for end := time.Now().Add(bootTime); ; time.Sleep(time.Second) {
		open, err := w.listens()
		if open {
			break
		}
		if time.Now().After(end) {
			return nil, nil, fmt.Errorf("the kiosk did not open its hand scanner (%w)", err)
		}
	}
	return w, line, nil
}

// listens tells whether the kiosk has its hand scanner's line open, and
// answers who asks how it is.
func (w *witness) listens() (bool, error) {
	kiosk, _, err := w.processes()
	if err != nil {
		return false, err
	}
	held, err := w.links(kiosk + "/fd/*")
	if err != nil {
		return false, err
	}
	for _, to := range held {
		if strings.HasPrefix(to[0], "/dev/tty") {
			_, err := w.ask(answerTime, "counts", "0", "10")
			return err == nil, err
		}
	}
	return false, nil
}
