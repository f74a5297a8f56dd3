package main

import (
	"os"
	"path/filepath"

	"badgekiosk/display"
)

// newRenderer draws with the font pack in folder or, if that is empty, in the
// folder "fonts" beside this program. Without a pack the screen shows what
// the built-in fonts can.
func newRenderer(folder string) (*display.Renderer, error) {
	r, err := display.NewRenderer()
	if err != nil {
		return nil, err
	}
	if folder == "" {
		program, err := os.Executable()
		if err != nil {
			return r, nil
		}
		folder = filepath.Join(filepath.Dir(program), "fonts")
	}
	r.UseFonts(os.DirFS(folder))
	return r, nil
}
