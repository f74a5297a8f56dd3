package scansim

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
)

// A Move is what changes in the course of a film.
type Move int

// From bad to good circumstances, each. The last frame of a film is that of
// its scene.
const (
	// Approach comes from so far away that nothing can be read.
	Approach Move = iota
	// Retreat goes back from where the code is larger than the frame.
	Retreat
	// Level turns a code that is seen from the side to the camera.
	Level
	// Brighten turns up a phone's brightness, or the room's light on paper.
	Brighten
	// Shine takes a reflection off the code.
	Shine
)

func (m Move) String() string {
	return [...]string{"approach", "retreat", "level", "brighten", "shine"}[m]
}

// A Film is a code that a person holds in front of a camera and moves. The
// same film has the same frames.
type Film struct {
	Scene
	Move Move
	// Frames is how many there are.
	Frames int
	// Backwards plays from good to bad circumstances.
	Backwards bool
}

func (f Film) String() string { return fmt.Sprintf("%v, %v", f.Move, f.Scene) }

// Where films begin.
const (
	farModule   = .5 // pixels
	nearSide    = 1.5
	steepest    = 78   // degrees
	dimScreen   = .04  // of its brightness
	dimRoom     = .015 // of its light
	shineFrom   = .05  // of the way across the code
	tremor      = 2    // pixels
	tremorSpeed = .7   // radians a frame
)

// Far is how far frame i is on its way, from 0, bad, to 1, good.
func (f Film) Far(i int) float64 {
	t := float64(i) / float64(max(1, f.Frames-1))
	if f.Backwards {
		return 1 - t
	}
	return t
}

// ModuleAt is how large a module is in frame i, in pixels.
func (f Film) ModuleAt(i int) float64 {
	t := f.Far(i)
	switch f.Move {
	case Approach:
		return farModule * math.Pow(f.Module/farModule, t)
	case Retreat:
		near := nearSide * float64(f.Scene.Frame.Y) / float64(17+4*f.Version)
		return near * math.Pow(f.Module/near, t)
	}
	return f.Module
}

// Shot is frame i, from 0, and what the code in it says.
func (f Film) Shot(i int) (*image.Gray, string, error) {
	s := f.Scene
	text := s.text()
	m, err := Code{Version: s.Version, Level: s.Level, Mask: int(s.Seed % 8), Stream: Stream{}.Bytes(s.Version, []byte(text))}.Modules()
	if err != nil {
		return nil, "", err
	}
	s.Module = f.ModuleAt(i)
	c := newCamera(s, m, rand.New(rand.NewPCG(s.Seed, uint64(s.Version)<<16|uint64(s.Quality)<<8|uint64(s.Kind))))
	f.stage(c, f.Far(i))
	c.rnd = rand.New(rand.NewPCG(s.Seed, uint64(i)<<32))
	a := tremorSpeed * float64(i)
	c.move(tremor*math.Sin(a), tremor*math.Cos(1.3*a))
	return c.shoot(), text, nil
}

// stage sets what the move is about.
func (f Film) stage(c *camera, t float64) {
	c.gain = 1
	switch f.Move {
	case Level:
		c.tiltX = degrees(steepest * (1 - t))
	case Brighten:
		if f.Kind == Screen { // its glass reflects the room
			c.white = c.black + (c.white-c.black)*dimScreen*math.Pow(1/dimScreen, t)
		} else {
			c.gain = dimRoom * math.Pow(1/dimRoom, t)
		}
	}
	c.place()
	switch f.Move {
	case Shine:
		w := float64(c.box.Dx())
		c.glare = [5]float64{c.centre[0] + (shineFrom+t-.15)*w, c.centre[1] - .2*w, .28 * w, .28 * w, 420 * (1 - t)}
	case Level, Approach, Retreat, Brighten:
		c.glare = [5]float64{}
	}
}
