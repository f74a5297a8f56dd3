package scansim

import (
	"image"
	"math"
	"math/rand/v2"
)

// A plane is a picture in full precision.
type plane struct {
	w, h int
	v    []float32
}

// blur is a Gaussian blur, separately along rows and columns.
func (p *plane) blur(sigma float64) {
	n := int(3*sigma) + 1
	weights := make([]float32, 2*n+1)
	sum := float32(0)
	for i := range weights {
		weights[i] = float32(math.Exp(-math.Pow(float64(i-n)/sigma, 2) / 2))
		sum += weights[i]
	}
	line := make([]float32, max(p.w, p.h))
	along := func(start, step, count int) {
		for i := range count {
			line[i] = p.v[start+i*step]
		}
		for i := range count {
			var s float32
			if i >= n && i+n < count {
				part := line[i-n : i+n+1]
				for k, w := range weights {
					s += w * part[k]
				}
			} else {
				for k, w := range weights {
					s += w * line[max(0, min(count-1, i+k-n))]
				}
			}
			p.v[start+i*step] = s / sum
		}
	}
	for y := range p.h {
		along(y*p.w, 1, p.w)
	}
	for x := range p.w {
		along(x, p.w, p.h)
	}
}

// smear blurs along a line of that length, as a moving hand does.
func (p *plane) smear(length, angle float64) {
	const points = 9
	if length < 1 {
		return
	}
	dy, dx := math.Sincos(angle)
	out := make([]float32, len(p.v))
	for k := range points {
		t := (float64(k)/(points-1) - .5) * length
		ox, oy := int(math.Round(t*dx)), int(math.Round(t*dy))
		for y := range p.h {
			from := max(0, min(p.h-1, y+oy)) * p.w
			for x := range p.w {
				out[y*p.w+x] += p.v[from+max(0, min(p.w-1, x+ox))] / points
			}
		}
	}
	p.v = out
}

// reduce averages supersamples into the part of full that box is.
func (p *plane) reduce(full *plane, box image.Rectangle) {
	for y := range box.Dy() {
		for x := range box.Dx() {
			var s float32
			for k := range supersample * supersample {
				s += p.v[(y*supersample+k/supersample)*p.w+x*supersample+k%supersample]
			}
			full.v[(box.Min.Y+y)*full.w+box.Min.X+x] = s / (supersample * supersample)
		}
	}
}

// room is what is behind: walls, furniture and things on them.
func room(w, h int, rnd *rand.Rand) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	base := 60 + 80*rnd.Float64()
	for i := range m.Pix {
		m.Pix[i] = uint8(base + 40*float64(i/w)/float64(h))
	}
	for range 60 {
		x, y, bw, bh := rnd.IntN(w), rnd.IntN(h), 4+rnd.IntN(w/4), 4+rnd.IntN(h/4)
		shade := uint8(20 + rnd.IntN(200))
		for yy := y; yy < min(h, y+bh); yy++ {
			for xx := x; xx < min(w, x+bw); xx++ {
				m.Pix[yy*w+xx] = shade
			}
		}
	}
	return m
}

// Room is a frame without a code.
func Room(w, h int, seed uint64) *image.Gray {
	rnd := rand.New(rand.NewPCG(seed, 1))
	m := room(w, h, rnd)
	for i, v := range m.Pix {
		m.Pix[i] = uint8(max(0, min(255, float64(v)+3*rnd.NormFloat64())))
	}
	return m
}
