package scansim

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
)

// A Kind is what shows the code.
type Kind int

// Phone screens glow, glare and make moiré; paper bends and takes the room's
// light.
const (
	Screen Kind = iota
	Paper
)

func (k Kind) String() string { return [...]string{"screen", "paper"}[k] }

// A Quality is how good the circumstances are.
type Quality int

// From a steady hand in good light to a hurried one in bad.
const (
	Clean Quality = iota
	Typical
	Hard
)

func (q Quality) String() string { return [...]string{"clean", "typical", "hard"}[q] }

// A Scene is a code in front of a camera. The same scene is the same picture.
type Scene struct {
	Kind    Kind
	Quality Quality
	Version int
	Level   byte
	Module  float64     // pixels of the frame, in the mean
	Frame   image.Point // size in pixels
	Seed    uint64
	Says    string // what the code says; without it, a token that fills it
}

// Holding is s with a code that says text, of the smallest version that has
// room for it.
func (s Scene) Holding(text string) (Scene, error) {
	m, err := Text(text, s.Level)
	s.Says, s.Version = text, (len(m)-17)/4
	return s, err
}

func (s Scene) String() string {
	return fmt.Sprintf("%v %v version %d-%c, %.2f pixels, %dx%d, seed %d", s.Kind, s.Quality, s.Version, s.Level, s.Module, s.Frame.X, s.Frame.Y, s.Seed)
}

// A span is the ends between which a quality's parameter is drawn.
type span [2]float64

func (s span) draw(r *rand.Rand) float64 { return s[0] + (s[1]-s[0])*r.Float64() }

// circumstances are the spans of one quality. Angles are in degrees, lengths
// in pixels of the frame, brightness in grey levels.
type circumstances struct {
	tilt, turn, blur, motion, noise, moire, black, white, quiet, bend span
	light, glare, dim                                                 float64
	jpeg                                                              int
}

var qualities = [...]circumstances{
	Clean: {tilt: span{0, 4}, turn: span{-5, 5}, blur: span{.35, .5}, motion: span{0, .5}, noise: span{1.5, 3}, moire: span{0, .02},
		black: span{15, 30}, white: span{200, 235}, quiet: span{4, 4}, bend: span{0, .01}, light: .9, jpeg: 92},
	Typical: {tilt: span{3, 12}, turn: span{-20, 20}, blur: span{.5, .8}, motion: span{0, 1.2}, noise: span{3, 6}, moire: span{.02, .06},
		black: span{25, 60}, white: span{150, 230}, quiet: span{3, 4}, bend: span{0, .03}, light: .7, glare: .3, dim: .2, jpeg: 80},
	Hard: {tilt: span{8, 22}, turn: span{-180, 180}, blur: span{.7, 1.1}, motion: span{.5, 2.2}, noise: span{5, 10}, moire: span{.04, .12},
		black: span{40, 90}, white: span{120, 200}, quiet: span{1, 4}, bend: span{.02, .06}, light: .5, glare: .7, dim: .5, jpeg: 65},
}

// Render shows the scene: the frame, and what its code says. The error says
// that the code does not fit into the frame.
func (s Scene) Render() (*image.Gray, string, error) {
	c, text, err := s.camera()
	if err != nil {
		return nil, "", err
	}
	return c.shoot(), text, nil
}

// Fits tells whether the code fits into the frame.
func (s Scene) Fits() bool {
	_, _, err := s.camera()
	return err == nil
}

func (s Scene) camera() (*camera, string, error) {
	text := s.text()
	m, err := Code{Version: s.Version, Level: s.Level, Mask: int(s.Seed % 8), Stream: Stream{}.Bytes(s.Version, []byte(text))}.Modules()
	if err != nil {
		return nil, "", err
	}
	rnd := rand.New(rand.NewPCG(s.Seed, uint64(s.Version)<<16|uint64(s.Quality)<<8|uint64(s.Kind)))
	c := newCamera(s, m, rnd)
	c.place()
	if !c.fits() {
		return nil, "", fmt.Errorf("%v does not fit into the frame", s)
	}
	return c, text, nil
}

// text fills the symbol to the last byte, as a token does.
func (s Scene) text() string {
	if s.Says != "" {
		return s.Says
	}
	rnd := rand.New(rand.NewPCG(s.Seed, uint64(s.Version)))
	b := make([]byte, Capacity(s.Version, s.Level))
	for i := range b {
		b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[rnd.IntN(64)]
	}
	return string(b)
}

// A rotation is the sine and cosine of an angle.
type rotation struct{ sin, cos float64 }

func degrees(a float64) rotation {
	s, c := math.Sincos(a * math.Pi / 180)
	return rotation{s, c}
}

func (r rotation) apply(x, y float64) (float64, float64) { return x*r.cos - y*r.sin, x*r.sin + y*r.cos }
