package glass

import (
	"image"
	"time"
)

// A waveform is how a refresh drives the pixels.
type waveform int

const (
	full      waveform = iota // through the opposite, ink and paper: no ghost stays
	fast                      // through the opposite
	partial                   // only those that change
	colourful                 // many times to and fro, the colours one by one
)

// A step of a waveform: the share of its time after which it shows.
type step struct {
	after float64
	ink   func(from, to uint8) uint8
}

func opposite(_, to uint8) uint8 { return to ^ 1 }
func allYellow(_, _ uint8) uint8 { return 2 }
func allInk(_, _ uint8) uint8    { return 1 }
func allPaper(_, _ uint8) uint8  { return 0 }
func target(_, to uint8) uint8   { return to }

var waveforms = map[waveform][]step{
	full:    {{.02, opposite}, {.25, allInk}, {.45, allPaper}, {.65, opposite}, {.85, target}},
	fast:    {{.02, opposite}, {.5, target}},
	partial: {{.3, target}},
	colourful: {
		{.02, allInk}, {.08, allPaper}, {.16, allInk}, {.24, allPaper}, {.34, allYellow}, {.46, allInk}, {.6, allPaper}, {.85, target},
	},
}

// maxInks is more inks than any e-paper has.
const maxInks = 8

// maxFrames bounds the history that Frames returns.
const maxFrames = 24

// drive starts a refresh that takes d. want is what the controller's memories
// ask for each pixel; ok is false for one that is not driven.
func (p *Panel) drive(w waveform, d time.Duration, want func(i int) (ink uint8, ok bool)) {
	from := clone(p.shown)
	driven := make([]bool, len(from.Pix))
	for i := range from.Pix {
		ink, ok := want(i)
		driven[i] = ok
		switch {
		case !ok:
		case w == partial:
			if p.shown.Pix[i] != ink {
				p.ghosts[i]++
			}
			p.shown.Pix[i] = ink
		default:
			p.ghosts[i] = 0
			p.shown.Pix[i] = ink
		}
	}
	start := time.Now()
	p.driven = start
	p.work(d)
	took := p.clock.until.Sub(start)
	for _, s := range waveforms[w] {
		var ink [maxInks][maxInks]uint8
		for a := range ink {
			for b := range ink[a] {
				ink[a][b] = s.ink(uint8(a), uint8(b))
			}
		}
		img := clone(from)
		for i, ok := range driven {
			if ok {
				img.Pix[i] = ink[from.Pix[i]%maxInks][p.shown.Pix[i]%maxInks]
			}
		}
		p.plan(start.Add(time.Duration(s.after*float64(took))), img, false)
	}
	p.plan(p.clock.until, clone(p.shown), true)
}

// plan lets the glass show native, which is the plan's from then on.
func (p *Panel) plan(at time.Time, native *image.Paletted, last bool) {
	p.frames = append(p.frames, Frame{at, p.model.turned(native), last})
	if n := len(p.frames) - maxFrames; n > 0 {
		p.frames = append(p.frames[:0], p.frames[n:]...)
	}
	close(p.more)
	p.more = make(chan struct{})
}

// halt stops a refresh where it is, as losing power does.
func (p *Panel) halt() {
	now := time.Now()
	for i, f := range p.frames {
		if f.At.After(now) {
			p.frames = p.frames[:i]
			break
		}
	}
	if p.clock.until.After(now) && len(p.frames) > 0 {
		p.shown = p.model.native(clone(p.frames[len(p.frames)-1].Picture))
	}
	p.clock.until, p.clock.begun = time.Time{}, false
}
