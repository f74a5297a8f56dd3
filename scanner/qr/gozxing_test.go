package qr

import (
	"image"
	"math"

	"badgekiosk/scanner"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// An oracle reads with gozxing, from the frame's own memory.
type oracle struct{}

// Read returns the codes of a frame, the best first; none if there is none.
func (oracle) Read(f *scanner.Frame) []scanner.Symbol {
	if f.Rect.Dx() < 11 || f.Rect.Dy() < 11 {
		return nil
	}
	bm, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(&lumaSource{Gray: f.Gray}))
	if err != nil {
		return nil
	}
	black, err := bm.GetBlackMatrix()
	if err != nil {
		return nil
	}
	found, err := detector.NewDetector(black).Detect(nil)
	if err != nil {
		return nil
	}
	dec, err := decoder.NewDecoder().Decode(found.GetBits(), nil)
	if err != nil {
		return nil
	}
	version := (found.GetBits().GetWidth() - 17) / 4
	m, err := parse(dec.GetRawBytes(), version)
	if err != nil {
		return nil
	}
	return []scanner.Symbol{{Text: m.text, Bytes: m.bytes, Version: version, Append: m.append,
		Corners: oracleCorners(found.GetPoints(), version)}}
}

// oracleCorners extrapolates from the finder centres, bottom left, top left and
// top right, to the outer corners.
func oracleCorners(p []gozxing.ResultPoint, version int) (out [4]image.Point) {
	if len(p) < 3 {
		return
	}
	k := 3.5 / float64(10+4*version)
	tl, ux, uy, vx, vy := p[1], p[2].GetX()-p[1].GetX(), p[2].GetY()-p[1].GetY(), p[0].GetX()-p[1].GetX(), p[0].GetY()-p[1].GetY()
	at := func(a, b float64) image.Point {
		return image.Pt(int(math.Round(tl.GetX()+a*ux+b*vx)), int(math.Round(tl.GetY()+a*uy+b*vy)))
	}
	return [4]image.Point{at(-k, -k), at(1+k, -k), at(1+k, 1+k), at(-k, 1+k)}
}

// A lumaSource hands a frame's own memory to gozxing.
type lumaSource struct {
	gozxing.LuminanceSourceBase
	image.Gray
}

func (s *lumaSource) GetWidth() int  { return s.Rect.Dx() }
func (s *lumaSource) GetHeight() int { return s.Rect.Dy() }

func (s *lumaSource) GetRow(y int, _ []byte) ([]byte, error) {
	return s.Pix[y*s.Stride : y*s.Stride+s.Rect.Dx()], nil
}

// GetMatrix returns the picture's own rows where they are contiguous.
func (s *lumaSource) GetMatrix() []byte {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	if s.Stride == w {
		return s.Pix[:w*h]
	}
	out := make([]byte, 0, w*h)
	for y := range h {
		out = append(out, s.Pix[y*s.Stride:y*s.Stride+w]...)
	}
	return out
}

func (s *lumaSource) Invert() gozxing.LuminanceSource { return gozxing.LuminanceSourceInvert(s) }
func (s *lumaSource) String() string                  { return "frame" }
