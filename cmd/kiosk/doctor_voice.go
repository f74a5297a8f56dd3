package main

import (
	"os"
	"path/filepath"

	"badgekiosk/display/signal/clip"
	"badgekiosk/display/signal/espeak"
)

// voice looks whether a kiosk that is to speak can: at its clips and for a
// sound card.
func (d *doctor) voice() {
	folder := d.config.Signals.Voice
	if folder == "" || d.findSound == nil {
		return
	}
	all, missing := 0, 0
	for lang, sentences := range allSayable() {
		for _, text := range sentences {
			all++
			if _, err := os.Stat(filepath.Join(folder, lang, clip.Name(text))); err != nil {
				missing++
			}
		}
	}
	switch {
	case missing == 0:
		d.well("voice", "%s has %s, in %s", folder, counted(all, "clip"), counted(len(sayable()), "language"))
	case missing == all && espeak.Find() != "":
		d.well("voice", "espeak-ng reads; there are no clips in %s", folder)
	default:
		d.ill("voice", "", "make them anew with kiosk speech "+folder, "%d of %s are missing in %s", missing, counted(all, "clip"), folder)
	}
	if name, err := d.findSound(); err != nil {
		d.ill("sound", "", "plug in a USB sound card; a Pi's own jack needs dtparam=audio=on in config.txt", "%v", err)
	} else {
		d.well("sound", "it speaks by %s", name)
	}
}
