// Vmtest starts what is on a built card on an emulated board, and holds that
// it does what a kiosk must: make vmtest.
//
// Kernel, device tree, initramfs and arguments are read out of the image, as
// the board's firmware would; differences.go has all that the emulated board
// is told otherwise. A camera, a panel and a USB stick made of software are
// plugged in, and what the panel shows is put together from what the board's
// processor writes to its bus.
//
// It needs qemu-system-aarch64 9.1 or newer, and takes some minutes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	repository := flag.String("in", ".", "the repository")
	log := flag.String("log", "", "write the boards' words to this file too")
	keep := flag.String("keep", "", "use this folder, and leave it")
	only := flag.String("only", "", "only these steps, by name, with a comma between, and what they need")
	image := flag.String("start", "", "only start what is in this image, and print its words, until stopped")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *image != "" {
		err = startImage(ctx, *image)
	} else {
		err = test(ctx, *repository, *log, *keep, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "vmtest:", err)
		os.Exit(1)
	}
}

func test(ctx context.Context, repository, log, keep, only string) (err error) {
	t := &trial{dir: keep, log: io.Discard}
	if keep == "" {
		if t.dir, err = os.MkdirTemp("", "vmtest-"); err != nil {
			return err
		}
		defer os.RemoveAll(t.dir) //nolint:errcheck // a folder of temporary files
	}
	if log != "" {
		f, err := os.Create(log)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // a log
		t.log = f
	}
	chosen, err := choose(steps(), only)
	if err != nil {
		return err
	}
	t.repository, t.built = repository, t.dir
	return t.all(ctx, chosen)
}

// startImage starts a copy of an image, and prints what the board says until
// it goes off or ctx ends.
func startImage(ctx context.Context, image string) error {
	dir, err := os.MkdirTemp("", "vmtest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder of temporary files
	t := &trial{dir: dir, card: filepath.Join(dir, "card"), log: os.Stdout}
	defer t.off()
	if err := copySparse(t.card, image); err != nil {
		return err
	}
	if err := t.equip(t.card); err != nil {
		return err
	}
	if err := t.on(ctx, false); err != nil {
		return err
	}
	<-t.board.exited
	return nil
}
