package scansim

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// supersample is how many samples a pixel's side has.
const supersample = 3

// phoneMargin is what of the phone's screen or the sheet surrounds the quiet
// zone, in modules.
const phoneMargin = 2

// A camera sees one scene.
type camera struct {
	Scene
	modules      Modules
	is           circumstances
	rnd          *rand.Rand
	room         *image.Gray
	quiet        float64 // modules
	tiltX, tiltY rotation
	turn         rotation
	bend         float64
	centre       [2]float64
	black, white float64
	dark         bool // the phone's page around the code is dark
	moire        [2]wave
	light        rotation // direction of the room's light
	gain         float64  // of all light
	glare        [5]float64
	box          image.Rectangle
}

// A wave is a pattern of stripes across the frame.
type wave struct{ amplitude, x, y, phase float64 }

func (w wave) at(x, y float64) float64 { return w.amplitude * math.Sin(w.x*x+w.y*y+w.phase) }

func newCamera(s Scene, m Modules, rnd *rand.Rand) *camera {
	is := qualities[s.Quality]
	sign := func() float64 { return float64(2*rnd.IntN(2) - 1) }
	c := &camera{Scene: s, modules: m, is: is, rnd: rnd, room: room(s.Frame.X, s.Frame.Y, rnd), gain: 1}
	c.quiet = math.Round(is.quiet.draw(rnd))
	c.tiltX, c.tiltY = degrees(is.tilt.draw(rnd)*sign()), degrees(is.tilt.draw(rnd)*sign()*.7)
	c.turn = degrees(is.turn.draw(rnd))
	c.black, c.white = is.black.draw(rnd), is.white.draw(rnd)
	c.light = degrees(360 * rnd.Float64())
	if s.Kind == Screen {
		c.dark = rnd.Float64() < is.dim
		amplitude := is.moire.draw(rnd) / 2
		for i := range c.moire {
			a, f := 2*math.Pi*rnd.Float64(), 2*math.Pi/(3+15*rnd.Float64())
			c.moire[i] = wave{amplitude, f * math.Cos(a), f * math.Sin(a), 2 * math.Pi * rnd.Float64()}
		}
	} else {
		c.bend = is.bend.draw(rnd) * sign()
	}
	return c
}

// side is half the side of what is held up, in modules.
func (c *camera) side() float64 { return float64(len(c.modules))/2 + c.quiet + phoneMargin }

// project maps a place on the sheet, in modules from its middle, to pixels
// from where its middle is seen; the lens is 1.1 frames away.
func (c *camera) project(u, v float64) (x, y float64) {
	x, y = c.turn.apply(u*c.Module, v*c.Module)
	z := c.bend * c.Module * 4 * u * u / c.side()
	y, z = c.tiltX.apply(y, z)
	z, x = c.tiltY.apply(z, x)
	f := 1.1 * float64(c.Frame.X)
	return x * f / (f + z), y * f / (f + z)
}

// place puts the sheet somewhere around the frame's middle.
func (c *camera) place() {
	x0, y0, x1, y1 := 1e9, 1e9, -1e9, -1e9
	for i := range 9 {
		x, y := c.project(float64(i%3-1)*c.side(), float64(i/3-1)*c.side())
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	w, h := float64(c.Frame.X), float64(c.Frame.Y)
	at := func(lo, hi, size float64) float64 { // half way from the middle to anywhere it fits
		free := max(0, size-4-(hi-lo))
		return size/2 - (lo+hi)/2 + (c.rnd.Float64()-.5)*free/2
	}
	c.centre = [2]float64{at(x0, x1, w), at(y0, y1, h)}
	const margin = 8
	c.box = image.Rect(int(c.centre[0]+x0)-margin, int(c.centre[1]+y0)-margin, int(c.centre[0]+x1)+margin, int(c.centre[1]+y1)+margin)
	if c.rnd.Float64() < c.is.glare {
		c.glare = [5]float64{c.centre[0] + (c.rnd.Float64()-.5)*.8*(x1-x0), c.centre[1] + (c.rnd.Float64()-.5)*.8*(y1-y0),
			(.04 + .08*c.rnd.Float64()) * (x1 - x0), (.04 + .08*c.rnd.Float64()) * (y1 - y0), 60 + 140*c.rnd.Float64()}
	}
}

// move shifts what is seen, reflections on it included.
func (c *camera) move(x, y float64) {
	c.centre[0] += x
	c.centre[1] += y
	c.glare[0] += x
	c.glare[1] += y
}

func (c *camera) fits() bool {
	return c.box.Inset(4).In(image.Rect(0, 0, c.Frame.X, c.Frame.Y))
}

// shoot takes the picture.
func (c *camera) shoot() *image.Gray {
	box := c.box.Intersect(image.Rect(0, 0, c.Frame.X, c.Frame.Y))
	w, h := box.Dx()*supersample, box.Dy()*supersample
	fine := plane{w, h, make([]float32, w*h)}
	for i := range fine.v { // the room behind
		x, y := box.Min.X+i%w/supersample, box.Min.Y+i/w/supersample
		fine.v[i] = float32(c.room.Pix[y*c.room.Stride+x])
	}
	c.draw(&fine, box)
	c.shine(&fine, box)
	fine.blur(c.is.blur.draw(c.rnd) * supersample)
	fine.smear(c.is.motion.draw(c.rnd)*supersample, c.rnd.Float64()*math.Pi)
	full := plane{c.Frame.X, c.Frame.Y, make([]float32, c.Frame.X*c.Frame.Y)}
	for i := range full.v {
		full.v[i] = float32(float64(c.room.Pix[i]) * c.lightAt(float64(i%full.w), float64(i/full.w)))
	}
	fine.reduce(&full, box)
	return c.develop(&full)
}

// draw draws the sheet, back from each sample to the place that is seen.
func (c *camera) draw(p *plane, box image.Rectangle) {
	n, side := len(c.modules), c.side()
	for y := range p.h {
		u, v := 0.0, 0.0 // the neighbour's place is a good start
		for x := range p.w {
			px := float64(box.Min.X) + (float64(x)+.5)/supersample - c.centre[0]
			py := float64(box.Min.Y) + (float64(y)+.5)/supersample - c.centre[1]
			u, v = c.unproject(px, py, u, v)
			if max(math.Abs(u), math.Abs(v)) > side {
				continue
			}
			mx, my := int(math.Floor(u+float64(n)/2)), int(math.Floor(v+float64(n)/2))
			light := 1.0
			switch {
			case mx >= 0 && my >= 0 && mx < n && my < n:
				if c.modules[my][mx] {
					light = 0
				}
			case c.dark && max(math.Abs(u), math.Abs(v)) > float64(n)/2+c.quiet:
				light = .08
			}
			shade := c.black + light*(c.white-c.black)
			fx, fy := px+c.centre[0], py+c.centre[1]
			p.v[y*p.w+x] = float32(shade * (1 + c.moire[0].at(fx, fy) + c.moire[1].at(fx, fy)))
		}
	}
}

// unproject inverts project by Newton's method from a near start.
func (c *camera) unproject(x, y, u, v float64) (float64, float64) {
	for range 6 {
		px, py := c.project(u, v)
		dx, dy := x-px, y-py
		if dx*dx+dy*dy < 1e-4 {
			break
		}
		const e = .01
		ax, ay := c.project(u+e, v)
		bx, by := c.project(u, v+e)
		ax, ay, bx, by = (ax-px)/e, (ay-py)/e, (bx-px)/e, (by-py)/e
		det := ax*by - bx*ay
		if det == 0 {
			break
		}
		u, v = u+(dx*by-dy*bx)/det, v+(dy*ax-dx*ay)/det
	}
	return u, v
}

// lightAt is the room's light at a pixel: from one side, and less in the
// corners.
func (c *camera) lightAt(x, y float64) float64 {
	x, y = x/float64(c.Frame.X)-.5, y/float64(c.Frame.Y)-.5
	g := x*c.light.cos + y*c.light.sin + .5
	return c.gain * (1 - (1-c.is.light)*min(1, max(0, g))) * (1 - .35*(x*x+y*y))
}

// shine adds the room's light and a reflection.
func (c *camera) shine(p *plane, box image.Rectangle) {
	for i := range p.v {
		x, y := float64(box.Min.X)+float64(i%p.w)/supersample, float64(box.Min.Y)+float64(i/p.w)/supersample
		v := float64(p.v[i]) * c.lightAt(x, y)
		if g := c.glare; g[4] > 0 {
			dx, dy := (x-g[0])/g[2], (y-g[1])/g[3]
			v += g[4] * math.Exp(-dx*dx-dy*dy)
		}
		p.v[i] = float32(v)
	}
}

// develop adds noise, sharpens as cameras do, and compresses.
func (c *camera) develop(p *plane) *image.Gray {
	noise := c.is.noise.draw(c.rnd)
	for i, v := range p.v {
		p.v[i] = v + float32(c.rnd.NormFloat64()*noise*math.Sqrt(.5+.5*max(1, float64(v))/128))
	}
	if c.rnd.IntN(2) == 0 {
		soft := plane{p.w, p.h, append([]float32(nil), p.v...)}
		soft.blur(1)
		for i := range p.v {
			p.v[i] += .5 * (p.v[i] - soft.v[i])
		}
	}
	out := image.NewGray(image.Rect(0, 0, p.w, p.h))
	for i, v := range p.v {
		out.Pix[i] = uint8(max(0, min(255, v+.5)))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: c.is.jpeg}); err != nil {
		return out // cannot be: the buffer takes everything
	}
	back, err := jpeg.Decode(&b)
	if err != nil {
		return out
	}
	if g, ok := back.(*image.Gray); ok {
		return g
	}
	return out
}
