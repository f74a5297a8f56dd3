package qr

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// TestPhotographs reads zxing's photographs at four rotations: at least as
// many as the best other reader, and nothing wrongly. SCAN_ALL=1 takes all
// of them, else every third.
func TestPhotographs(t *testing.T) {
	var r Reader
	files, err := filepath.Glob(filepath.Join(sharedFile(t, "qr"), "qrcode-*", "*.png"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no photograph: %v", err)
	}
	all, read := 0, 0
	for i, f := range files {
		if i%3 != 0 && os.Getenv("SCAN_ALL") == "" {
			continue
		}
		want, err := os.ReadFile(strings.TrimSuffix(f, ".png") + ".txt")
		if err != nil {
			continue // said in bytes, not text
		}
		m := openPicture(t, f)
		for turn := range 4 {
			all++
			got := r.Read(&scanner.Frame{Gray: *scansim.Turned(m, turn)})
			if len(got) == 0 {
				continue
			}
			read++
			if s := string(got[0].Data()); !sameText(s, string(want)) && !slices.ContainsFunc(got, func(y scanner.Symbol) bool { return sameText(y.Text, string(want)) }) {
				t.Errorf("%s turned %d: says %.60q, want %.60q", f, 90*turn, s, want)
			}
		}
	}
	if share := float64(read) / float64(all); share < .94 {
		t.Errorf("%d of %d read", read, all)
	}
}

// sameText forgives line ends and, where other than ASCII, the character set
// that a reader has to guess.
func sameText(a, b string) bool {
	ascii := func(s string) string {
		return strings.TrimSpace(strings.Map(func(r rune) rune {
			if r == '\r' || r >= 0x80 {
				return -1
			}
			return r
		}, s))
	}
	return ascii(a) == ascii(b)
}

// TestNoCode reads nothing where there is no code.
func TestNoCode(t *testing.T) {
	var r Reader
	files, err := filepath.Glob(filepath.Join(sharedFile(t, "qr/no-code"), "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no picture: %v", err)
	}
	for _, f := range files {
		m := openPicture(t, f)
		for turn := range 4 {
			for _, y := range r.Read(&scanner.Frame{Gray: *scansim.Turned(m, turn)}) {
				t.Errorf("%s turned %d: read %q", f, 90*turn, y.Data())
			}
		}
	}
}

// TestScreens reads badges on a phone as the simulator shows them; v25-L at
// half of a 1280x720 frame's height is the design target.
func TestScreens(t *testing.T) {
	var r Reader
	frame := image.Pt(1280, 720)
	for _, s := range []scansim.Scene{
		{Quality: scansim.Typical, Version: 15, Level: 'L', Module: 4.2, Frame: image.Pt(640, 480), Seed: 1},
		{Quality: scansim.Typical, Version: 25, Level: 'L', Module: 2.88, Frame: frame, Seed: 2},
		{Quality: scansim.Typical, Version: 30, Level: 'L', Module: 2.48, Frame: frame, Seed: 4},
		{Kind: scansim.Paper, Quality: scansim.Typical, Version: 10, Level: 'M', Module: 4, Frame: image.Pt(640, 480), Seed: 5},
		{Quality: scansim.Hard, Version: 10, Level: 'M', Module: 4, Frame: image.Pt(640, 480), Seed: 6},
	} {
		m, want, err := s.Render()
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Read(&scanner.Frame{Gray: *m}); len(got) != 1 || got[0].Text != want {
			t.Errorf("%v: %d codes", s, len(got))
		}
	}
}

// paste draws a picture into another.
func paste(onto, m *image.Gray, at image.Point) {
	for y := range m.Rect.Dy() {
		copy(onto.Pix[(at.Y+y)*onto.Stride+at.X:], m.Pix[y*m.Stride:y*m.Stride+m.Rect.Dx()])
	}
}

// TestSeveral reads all codes in a frame, each once.
func TestSeveral(t *testing.T) {
	wall := scansim.Room(1280, 720, 3)
	want := map[string]bool{}
	for i := range 8 {
		text := strings.Repeat(string(rune('a'+i)), 20+9*i)
		m, err := scansim.Text(text, 'M')
		if err != nil {
			t.Fatal(err)
		}
		paste(wall, scansim.Turned(m.Print(4), i), image.Pt(20+310*(i%4), 20+350*(i/4)))
		want[text] = true
	}
	var r Reader
	got := r.Read(&scanner.Frame{Gray: *wall})
	for _, y := range got {
		if !want[y.Text] {
			t.Errorf("read %q again or wrongly", y.Text)
		}
		delete(want, y.Text)
	}
	if len(want) > 0 {
		t.Errorf("%d of 8 codes not read", len(want))
	}
}

// TestSheet reads every label of a sheet, each once, though the finders of
// neighbours stand to one another as those of a label do.
func TestSheet(t *testing.T) {
	const side = 160 // pixels of a label
	for _, size := range []image.Point{{X: 4, Y: 4}, {X: 6, Y: 5}, {X: 12, Y: 10}} {
		sheet := image.NewGray(image.Rectangle{Max: size.Mul(side)})
		for i := range sheet.Pix {
			sheet.Pix[i] = scansim.Light
		}
		want := map[string]bool{}
		for i := range size.X * size.Y {
			text := fmt.Sprintf("label %03d of a sheet", i)
			m, err := scansim.Text(text, 'M')
			if err != nil {
				t.Fatal(err)
			}
			paste(sheet, m.Print(4), image.Pt(i%size.X, i/size.X).Mul(side))
			want[text] = true
		}
		var r Reader
		for _, y := range r.Read(&scanner.Frame{Gray: *sheet}) {
			if !want[y.Text] {
				t.Errorf("%v labels: read %q again or wrongly", size, y.Text)
			}
			delete(want, y.Text)
		}
		if len(want) > 0 {
			t.Errorf("%v labels: %d not read", size, len(want))
		}
	}
}

// TestRefused finds no code in Micro QR and model 1, which look alike.
func TestRefused(t *testing.T) {
	// a Micro QR symbol has one finder pattern
	m, err := scansim.Text("WELDING", 'L')
	if err != nil {
		t.Fatal(err)
	}
	micro := m.Print(6)
	for y := range micro.Rect.Dy() {
		for x := range micro.Rect.Dx() {
			if x > 6*15 || y > 6*15 {
				micro.Pix[y*micro.Stride+x] = scansim.Light
			}
		}
	}
	// model 1 has another mask on its format information
	const modelOneMask = 0x2825
	for i := range formatBits {
		if (formatMask^modelOneMask)>>i&1 == 1 {
			flipFormat(m, i)
		}
	}
	var r Reader
	for name, picture := range map[string]*image.Gray{"micro": micro, "model 1": m.Print(6)} {
		if got := r.Read(&scanner.Frame{Gray: *picture}); len(got) > 0 {
			t.Errorf("%s: read %q", name, got[0].Data())
		}
	}
}

// flipFormat inverts both copies of a bit of the format information.
func flipFormat(m scansim.Modules, bit int) {
	n := len(m)
	flip := func(x, y int) { m[y][x] = !m[y][x] }
	switch {
	case bit < 6:
		flip(8, bit)
	case bit < 8:
		flip(8, bit+1)
	case bit == 8:
		flip(7, 8)
	default:
		flip(14-bit, 8)
	}
	if bit < 8 {
		flip(n-1-bit, 8)
	} else {
		flip(8, n-15+bit)
	}
}

// TestApproach brings a code nearer, frame by frame: until it is read the
// advice is to hold it closer, from then on there is none.
func TestApproach(t *testing.T) {
	r := Reader{Live: true}
	first, advised, other := 0, 0, 0
	for i := range 7 {
		s := scansim.Scene{Quality: scansim.Typical, Version: 10, Level: 'L', Module: 1 + .25*float64(i), Frame: image.Pt(640, 480), Seed: 11}
		m, want, err := s.Render()
		if err != nil {
			t.Fatal(err)
		}
		got := r.Read(&scanner.Frame{Gray: *m})
		h := r.Hint()
		switch {
		case len(got) > 0:
			if got[0].Text != want || h != (scanner.Hint{}) {
				t.Errorf("%.1f pixels: %d codes, %+v", s.Module, len(got), h)
			}
			if first == 0 {
				first = i + 1
			}
		case h.Advice == scanner.HoldCloser:
			advised++
		case h.Advice != scanner.NoAdvice:
			other++
			t.Logf("%.1f pixels: %+v", s.Module, h)
		}
	}
	t.Logf("read in frame %d, advised %d times", first, advised)
	if first == 0 || first > 5 || other > 0 {
		t.Errorf("read in frame %d, advised %d times to hold it closer and %d times otherwise", first, advised, other)
	}
}

// FuzzRead reads random frames: no panic, and no code but what is one.
func FuzzRead(f *testing.F) {
	m, err := scansim.Text("Welding I", 'Q')
	if err != nil {
		f.Fatal(err)
	}
	p := m.Print(2)
	f.Add(uint16(p.Rect.Dx()), p.Pix)
	f.Add(uint16(64), make([]byte, 64*64))
	f.Add(uint16(11), make([]byte, 121))
	var r Reader
	f.Fuzz(func(t *testing.T, width uint16, pix []byte) {
		w := max(1, int(width))
		h := len(pix) / w
		if h == 0 || len(pix) > 1<<20 {
			return
		}
		for _, y := range r.Read(&scanner.Frame{Gray: image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}}) {
			if y.Version < minVersion || y.Version > maxVersion || len(y.Bytes) == 0 {
				t.Errorf("%+v", y)
			}
		}
		if r.effort < -2*stillBase {
			t.Errorf("overspent by %d", -r.effort)
		}
	})
}

// TestNoise reads nothing in noise, and never spends much more than it may.
func TestNoise(t *testing.T) {
	r := Reader{Live: true}
	rnd := rand.New(rand.NewPCG(9, 9))
	m := image.NewGray(image.Rect(0, 0, 640, 480))
	for range 5 {
		scale := 1 + rnd.IntN(5)
		for i := range m.Pix {
			if i%scale == 0 || i < scale {
				m.Pix[i] = uint8(255 * rnd.IntN(2))
			} else {
				m.Pix[i] = m.Pix[i-1]
			}
		}
		if got := r.Read(&scanner.Frame{Gray: *m}); len(got) > 0 {
			t.Errorf("read %q in noise", got[0].Data())
		}
		if most := liveBase + int(livePerPixel*float64(len(m.Pix))); r.effort < -most {
			t.Errorf("overspent by %d, more than %d", -r.effort, most)
		}
	}
}
