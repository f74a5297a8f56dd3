package display

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"

	"badgekiosk/display/qr"
)

// illustrate draws what the camera sees, the screen's code or its picture
// into r: the first of these that it has.
func (p *page) illustrate(r image.Rectangle) {
	switch {
	case p.screen.Preview != nil:
		p.preview(r)
	case p.screen.QR != "":
		p.code(r)
	default:
		p.picture(r)
	}
}

// code draws the QR code as large as whole modules allow. Its quiet zone may
// run over r: there is only paper around it.
func (p *page) code(r image.Rectangle) {
	c, err := qr.New([]byte(p.screen.QR), qr.Low)
	if err != nil {
		return // a text no code holds; the words stay
	}
	size := moduleIn(r, c)
	if size == 0 {
		return
	}
	at := r.Min.Add(image.Pt((r.Dx()-size*c.Size())/2, (r.Dy()-size*c.Size())/2))
	p.fill(r, paper)
	for y := range c.Size() {
		for x := range c.Size() {
			if c.Black(x, y) {
				p.fill(image.Rect(x*size, y*size, (x+1)*size, (y+1)*size).Add(at), ink)
			}
		}
	}
}

// moduleIn is the side, in pixels, of the squares of a code in r.
func moduleIn(r image.Rectangle, c *qr.Code) int { return min(r.Dx(), r.Dy()) / (c.Size() + qr.Quiet) }

// module is that of the screen's code; of a text that no code holds, 0.
func (p *page) module(r image.Rectangle) int {
	c, err := qr.New([]byte(p.screen.QR), qr.Low)
	if err != nil {
		return 0
	}
	return moduleIn(r, c)
}

// MaxPicture is the longest side, in pixels, of a badge's picture.
const MaxPicture = 4096

// picture draws the badge's picture into r, whole, its proportions kept.
func (p *page) picture(r image.Rectangle) {
	from := p.screen.Picture.Bounds()
	if from.Empty() || from.Dx() > MaxPicture || from.Dy() > MaxPicture {
		return
	}
	w, h := r.Dx(), r.Dx()*from.Dy()/from.Dx()
	if h > r.Dy() {
		w, h = r.Dy()*from.Dx()/from.Dy(), r.Dy()
	}
	if w == 0 || h == 0 {
		return
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(small, small.Rect, image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(small, small.Rect, p.screen.Picture, from, draw.Over, nil)
	p.dither(small, r.Min.Add(image.Pt((r.Dx()-w)/2, (r.Dy()-h)/2)))
}

// dither draws src at a point, spreading what each pixel's ink is off by over
// its neighbours still to come.
//
// Source: Floyd and Steinberg, 1976: 7/16 right, 3, 5 and 1 below.
func (p *page) dither(src *image.RGBA, at image.Point) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	find := newInkFinder(p.format.Inks)
	row, below := make([][3]int, w+2), make([][3]int, w+2)
	for y := range h {
		clear(below)
		for x := range w {
			var want, off [3]int
			for c := range want {
				want[c] = min(max(int(src.Pix[y*src.Stride+x*4+c])+row[x+1][c]/16, 0), 255)
			}
			ink := find.nearest(want)
			for c := range want {
				off[c] = want[c] - find.rgb[ink][c]
				row[x+2][c] += off[c] * 7
				below[x][c] += off[c] * 3
				below[x+1][c] += off[c] * 5
				below[x+2][c] += off[c]
			}
			p.img.SetColorIndex(at.X+x, at.Y+y, ink)
		}
		row, below = below, row
	}
}

// An inkFinder remembers which ink is nearest to each of 4,096 colours.
type inkFinder struct {
	rgb  [][3]int
	near [4096]int16
}

func newInkFinder(inks color.Palette) *inkFinder {
	f := &inkFinder{}
	for _, c := range inks {
		r, g, b, _ := c.RGBA()
		f.rgb = append(f.rgb, [3]int{int(r >> 8), int(g >> 8), int(b >> 8)})
	}
	return f
}

func (f *inkFinder) nearest(want [3]int) uint8 {
	key := want[0]>>4<<8 | want[1]>>4<<4 | want[2]>>4
	if f.near[key] == 0 {
		best := 1 << 30
		for i, c := range f.rgb {
			d := 0
			for j := range c {
				e := c[j] - want[j]>>4*17
				d += e * e * lumaWeight[j]
			}
			if d < best {
				best, f.near[key] = d, int16(i+1)
			}
		}
	}
	return uint8(f.near[key] - 1)
}

// lumaWeight is how much the eye sees of each colour's error.
var lumaWeight = [3]int{3, 6, 1}
