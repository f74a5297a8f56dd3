// Image makes what goes on a board: the image of a card to flash, or one
// archive of the program for each kind of processor. Both are byte for byte
// the same whenever and wherever they are made of the same things.
//
// The card has four parts: a small one that every computer reads, with
// kiosk.json and which slot to start; slots A and B, each a whole system
// (firmware, kernel, device trees, initramfs); and the kiosk's state.
//
// It is a program, so its name never shadows the standard library's image.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	var o options
	flag.StringVar(&o.version, "version", "dev", "the version in the archives' names, and what a system says of itself")
	flag.Int64Var(&o.number, "number", 0, "the system's number, higher than any before; without it, it cannot be signed as an update")
	from := flag.String("from", "build", "folder with the binaries that make build wrote")
	flag.StringVar(&o.board, "board", "", "make a card for this board: "+boardNames()+"; without it, archives")
	flag.StringVar(&o.panel, "panel", "kms", "the panel: "+panelNames())
	flag.StringVar(&o.camera, "camera", "usb", "what reads the codes: usb (a camera) or hand (a scanner that types)")
	flag.StringVar(&o.root, "root", "", "root.json that bundles must come from; without it the card trusts nobody")
	flag.StringVar(&o.bundle, "bundle", "", "sealed bundle that the card begins with")
	flag.StringVar(&o.lock, "lock", "image/inputs.lock", "what is fetched, by its hash")
	old := flag.Bool("outdated", false, "only list inputs of the lock that have a newer version")
	to := flag.String("to", "build/image", "the image to write; for archives, their folder")
	flag.Parse()
	o.binary = filepath.Join(*from, "kiosk-linux-arm64")
	o.to, o.fonts, o.speech = *to, filepath.Join(*from, fontsFolder), filepath.Join(*from, speechFolder)

	var err error
	if flag.NArg() > 0 {
		err = fmt.Errorf("%q is no flag", flag.Arg(0))
	} else if *old {
		err = outdated(os.Stdout, o.lock, newest)
	} else if o.board == "" {
		err = archives(o.version, *from, *to)
	} else {
		err = makeCard(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}
