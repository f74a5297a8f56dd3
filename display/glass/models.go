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
	gateOrder     byte // that driver output control must set

	full, fast, partial time.Duration
	powerOn, powerOff   time.Duration

	// Of LCDs.
	memory    image.Point // the controller's, upright
	mirrored  bool        // memory column 0 is on the right
	bgr, wide bool        // wired blue first; behind 16-bit registers
	inverted  bool        // the glass shows the opposite

	build func(*Panel) chip
}

func ssd(pixelX bool) func(*Panel) chip {
	return func(p *Panel) chip { return newSSD16xx(p, pixelX) }
}

func uc(p *Panel) chip { return newUC81xx(p) }

const ms = time.Millisecond

// models are the panels. Times are the means that users have measured.
var models = map[string]model{
	"epd-1in54": {size: image.Pt(200, 200), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		full: 2000 * ms, fast: 1200 * ms, partial: 500 * ms, build: ssd(false)},
	"epd-2in7-v2": {size: image.Pt(176, 264), turns: 1, inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		full: 1700 * ms, fast: 1200 * ms, partial: 500 * ms, build: ssd(false)},
	"epd-2in9-v2": {size: image.Pt(128, 296), turns: 1, inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		full: 1750 * ms, fast: 1200 * ms, partial: 400 * ms, build: ssd(false)},
	"epd-4in2-v2": {size: image.Pt(400, 300), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		full: 1200 * ms, fast: 900 * ms, partial: 400 * ms, build: ssd(false)},
	"epd-4in26": {size: image.Pt(800, 480), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		gateOrder: 2, gatesReversed: true, full: 1600 * ms, fast: 1200 * ms, partial: 600 * ms, build: ssd(true)},
	"epd-5in83": {size: image.Pt(648, 480), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.Low,
		full: 3500 * ms, fast: 1200 * ms, partial: 500 * ms, powerOn: 130 * ms, powerOff: 40 * ms, build: uc},
	"epd-2in13-v4": {size: image.Pt(122, 250), turns: 1, inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.High,
		full: 1700 * ms, fast: 1000 * ms, partial: 500 * ms, build: ssd(false)},
	"epd-7in5-v2": {size: image.Pt(800, 480), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.Low,
		full: 3500 * ms, fast: 1200 * ms, partial: 450 * ms, powerOn: 140 * ms, powerOff: 42 * ms, build: uc},
	"epd-7in5-v2-old": {size: image.Pt(800, 480), inks: blackAndWhite, clock: 20 * physic.MegaHertz, busyLevel: gpio.Low,
		full: 4200 * ms, powerOn: 140 * ms, powerOff: 42 * ms, build: uc},
	"epd-7in3-spectra": {size: image.Pt(800, 480), inks: spectraInks, clock: 20 * physic.MegaHertz, busyLevel: gpio.Low,
		full: 15 * time.Second, powerOn: 150 * ms, powerOff: 50 * ms, build: newSpectra},
	"lcd-ili9341": {size: image.Pt(240, 320), memory: image.Pt(240, 320), mirrored: true, bgr: true, clock: 40 * physic.MegaHertz, build: newMIPI},
	"lcd-st7789":  {size: image.Pt(240, 240), memory: image.Pt(240, 320), inverted: true, clock: 62500 * physic.KiloHertz, build: newMIPI},
	"lcd-st7796":  {size: image.Pt(320, 480), memory: image.Pt(320, 480), turns: 1, mirrored: true, bgr: true, clock: 40 * physic.MegaHertz, build: newMIPI},
	"lcd-ili9486": {size: image.Pt(320, 480), memory: image.Pt(320, 480), turns: 1, mirrored: true, bgr: true, wide: true, clock: 20 * physic.MegaHertz, build: newMIPI},
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

// turn returns img turned clockwise by n quarters, a copy if n is not 0.
func turn(img *image.Paletted, n int) *image.Paletted {
	out := img
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
