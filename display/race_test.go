package display

import (
	"bytes"
	"image"
	"sync"
	"testing"
)

// TestRenderTogether draws one screen from several goroutines at once: under
// the race detector nothing is shared that should not be.
func TestRenderTogether(t *testing.T) {
	s := Screen{Mark: Verified, Word: "VERIFIED", Title: "Soudure, niveau I"}
	f := Format{Size: image.Pt(400, 300), PPI: 120, Inks: BlackAndWhite()}
	want := Render(s, f)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := Render(s, f); !bytes.Equal(got.Pix, want.Pix) {
				t.Error("the same screen is drawn differently")
			}
		})
	}
	all.Wait()
}
