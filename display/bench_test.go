package display

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/fogleman/gg"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/golang/freetype/truetype"
	"golang.org/x/image/draw"
)

// card is a full screen: the texts of a badge with everything.
func card() Screen {
	return Screen{
		Mark: Verified, Word: "VERIFIED", Say: "Badge is genuine. Who holds it: not checked",
		Title: "Data Literacy: Community Surveys",
		Fields: []Field{
			{Label: "Issued by", Text: "Riverbend Unified School District"}, {Label: "Level", Text: "2 of 3"},
			{Label: "Skills", Text: "Asking good questions, reading charts"}, {Label: "Issued", Text: "14 Mar 2025"},
			{Label: "Valid until", Text: "14 Mar 2028"},
		},
		Notes: []string{"Not withdrawn as of 20 Nov 2026."}, Code: "R-NONE", Lang: "en",
	}
}

func benchmarkRender(b *testing.B, size image.Point) {
	f := Format{Size: size, PPI: 125, Inks: BlackAndWhite()}
	b.ReportAllocs()
	for b.Loop() {
		Pack(Render(card(), f))
	}
}

func BenchmarkRender800x480(b *testing.B) { benchmarkRender(b, image.Pt(800, 480)) }
func BenchmarkRender250x122(b *testing.B) { benchmarkRender(b, image.Pt(250, 122)) }

// BenchmarkRenderColour480x320 draws smooth text on an LCD.
func BenchmarkRenderColour480x320(b *testing.B) {
	f := Format{Size: image.Pt(480, 320), PPI: 165, Inks: Colours()}
	b.ReportAllocs()
	for b.Loop() {
		Render(card(), f)
	}
}

// BenchmarkPreview draws the scanning screen anew for a frame of 640x480, as an
// LCD does ten times a second, without its bus.
func BenchmarkPreview480x320(b *testing.B) {
	r, err := NewRenderer()
	if err != nil {
		b.Fatal(err)
	}
	f := Format{Size: image.Pt(480, 320), PPI: 165, Inks: Colours()}
	s := Screen{Word: "Hold it closer", Say: "The code looks too small.", Preview: image.NewGray(image.Rect(0, 0, 640, 480)), Lang: "en"}
	b.ReportAllocs()
	for b.Loop() {
		r.Render(s, f)
	}
}

// BenchmarkPeer draws the same texts as a programmer would with gg alone:
// its own text, then Floyd-Steinberg dithering to one bit, then packing.
func BenchmarkPeer800x480(b *testing.B) { benchmarkPeer(b, 800, 480) }
func BenchmarkPeer250x122(b *testing.B) { benchmarkPeer(b, 250, 122) }

func benchmarkPeer(b *testing.B, w, h int) {
	ttf, err := truetype.Parse(dejavusansbold.TTF)
	if err != nil {
		b.Fatal(err)
	}
	big := truetype.NewFace(ttf, &truetype.Options{Size: float64(h) / 7})
	plain := truetype.NewFace(ttf, &truetype.Options{Size: float64(h) / 20})
	s := card()
	b.ReportAllocs()
	for b.Loop() {
		c := gg.NewContext(w, h)
		c.SetColor(color.White)
		c.Clear()
		c.SetColor(color.Black)
		c.DrawCircle(float64(h)/6, float64(h)/6, float64(h)/8)
		c.Fill()
		c.SetFontFace(big)
		c.DrawString(s.Word, float64(h)/3, float64(h)/5)
		c.SetFontFace(plain)
		y := float64(h) / 3
		for _, text := range append([]string{s.Say, s.Title, s.Notes[0]}, s.Code) {
			c.DrawString(text, 10, y)
			y += float64(h) / 14
		}
		for _, f := range s.Fields {
			c.DrawString(f.Label, 10, y)
			c.DrawString(f.Text, float64(w)/4, y)
			y += float64(h) / 14
		}
		img := image.NewPaletted(image.Rect(0, 0, w, h), BlackAndWhite())
		draw.FloydSteinberg.Draw(img, img.Rect, c.Image(), image.Point{})
		var packed bytes.Buffer
		for i := 0; i < len(img.Pix); i += 8 {
			var o byte
			for _, ink := range img.Pix[i:min(i+8, len(img.Pix))] {
				o = o<<1 | ink
			}
			packed.WriteByte(o)
		}
	}
}
