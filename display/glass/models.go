package glass

import (
	"image"
	"image/color"
	"maps"
	"slices"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
)

// A model is what is known of a panel one can buy.
type model struct {
	size          image.Point // as the controller counts pixels
	turns         int         // quarter turns clockwise from there to how a person sees it
	inks          color.Palette
	clock         physic.Frequency
	busyLevel     gpio.Level
	gatesReversed bool // memory line 0 is at the bottom

	full, fast, partial time.Duration
	powerOn, powerOff   time.Duration

	build func(*Panel) chip
}

func ssd(pixelX bool) func(*Panel) chip {
	return func(p *Panel) chip { return newSSD16xx(p, pixelX) }
}

func uc(p *Panel) chip { return newUC81xx(p) }

const ms = time.Millisecond

// models are the panels. Times are the means that users have measured.
var models = map[string]model{
	"epd-2in13-v4": {size: image.Pt(122, 250), turns: 1, inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		full: 1700 * ms, fast: 1000 * ms, partial: 500 * ms, build: ssd(false)},
	"epd-7in5-v2": {size: image.Pt(800, 480), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.Low,
		full: 3500 * ms, fast: 1200 * ms, partial: 450 * ms, powerOn: 140 * ms, powerOff: 42 * ms, build: uc},
	"epd-7in5-v2-old": {size: image.Pt(800, 480), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.Low,
		full: 4200 * ms, powerOn: 140 * ms, powerOff: 42 * ms, build: uc},
}

// Names are the panels that New knows, in order.
func Names() []string { return slices.Sorted(maps.Keys(models)) }

// maxPartials is how many partial refreshes glass stands before its ghosts
// need a full one.
const maxPartials = 15

// tired notes a refresh that the glass should be spared.
func (p *Panel) tired(w waveform) {
	if w != partial {
		p.partials = 0
		return
	}
	if p.partials++; p.partials > maxPartials {
		p.fault("%d partial refreshes since a full one", p.partials)
	}
}

func (m model) seen(size image.Point) image.Point {
	if m.turns%2 == 1 {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// turned is a native picture as a person sees it.
func (m model) turned(img *image.Paletted) *image.Paletted { return turn(img, m.turns) }

// native undoes turned.
func (m model) native(img *image.Paletted) *image.Paletted { return turn(img, (4-m.turns)%4) }

// turn returns a copy turned clockwise by n quarters.
func turn(img *image.Paletted, n int) *image.Paletted {
	out := clone(img)
	for range n {
		w, h := out.Rect.Dx(), out.Rect.Dy()
		next := image.NewPaletted(image.Rect(0, 0, h, w), img.Palette)
		for y := range h {
			for x := range w {
				next.Pix[x*h+h-1-y] = out.Pix[y*w+x]
			}
		}
		out = next
	}
	return out
}
