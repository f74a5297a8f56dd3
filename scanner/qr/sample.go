package qr

// A place is where a module's centre is in the picture, in 256ths of a pixel
// from the middle of the first pixel.
type place struct{ x, y int32 }

const placeOne = 256

// locate computes every module's place and tells whether the symbol lies in
// the picture but for an eighth at most.
func (r *Reader) locate(l *layout, m *homography, meshed bool) bool {
	n := l.dim
	r.places = resize(r.places, n*n)
	nodes := l.alignment
	if !meshed {
		nodes = nil
	}
	var row [maxAlignment]point
	outside := 0
	mw, mh := uint32(r.w*placeOne), uint32(r.h*placeOne)
	for y := range n {
		v := float64(y) + .5
		if meshed {
			r.mesh.row(l, v, &row)
		}
		off, step, next := row[0], point{}, 0
		// m.at, of which numerators and denominator grow evenly
		px, py, w := m.a*.5+m.b*v+m.c, m.d*.5+m.e*v+m.f, m.g*.5+m.h*v+1
		out := r.places[y*n : y*n+n]
		for x := range out {
			if next < len(nodes) && x == nodes[next] {
				off, step = row[next], point{}
				if next++; next < len(nodes) {
					step = row[next].sub(off).mul(1 / float64(nodes[next]-x))
				}
			}
			k := 1 / w
			p := place{int32((px*k + off.x) * placeOne), int32((py*k + off.y) * placeOne)}
			if uint32(p.x) >= mw || uint32(p.y) >= mh {
				outside++
			}
			out[x] = place{p.x - placeOne/2, p.y - placeOne/2}
			px, py, w = px+m.a, py+m.d, w+m.g
			off = off.add(step)
		}
	}
	return outside <= n*n/8
}

// row interpolates the mesh's columns at v.
func (g *mesh) row(l *layout, v float64, out *[maxAlignment]point) {
	j := 0
	for j < g.n-2 && v > float64(l.alignment[j+1])+.5 {
		j++
	}
	a, b := float64(l.alignment[j])+.5, float64(l.alignment[j+1])+.5
	f := clamp((v-a)/(b-a), 0, 1)
	for i := range g.n {
		out[i] = g.off[i][j].mul(1 - f).add(g.off[i][j+1].mul(f))
	}
}

// lumaAt is the brightness at a place, 256 a grey level.
func (r *raster) lumaAt(p place) int32 {
	x, y := int(p.x>>8), int(p.y>>8)
	if uint(x) >= uint(r.w-1) || uint(y) >= uint(r.h-1) {
		return int32(r.pix[clampInt(y, r.h)*r.stride+clampInt(x, r.w)]) << 8
	}
	at := y*r.stride + x
	a := r.pix[at : at+2 : at+2]
	b := r.pix[at+r.stride : at+r.stride+2 : at+r.stride+2]
	fx, fy := p.x&255, p.y&255
	upper := int32(a[0])<<8 + fx*(int32(a[1])-int32(a[0]))
	lower := int32(b[0])<<8 + fx*(int32(b[1])-int32(b[0]))
	return (upper<<8 + fy*(lower-upper)) >> 8
}

// brightness fills every step-th value of out with the brightness there.
func (r *raster) brightness(out []float32, at []place, step int) {
	pix, stride, w, h := r.pix, r.stride, uint(r.w-1), uint(r.h-1)
	for i := 0; i < len(out) && i < len(at); i += step {
		p := at[i]
		x, y := int(p.x>>8), int(p.y>>8)
		if uint(x) >= w || uint(y) >= h {
			out[i] = float32(r.lumaAt(p)) / 256
			continue
		}
		at := y*stride + x
		a, b := pix[at:at+2:at+2], pix[at+stride:at+stride+2:at+stride+2]
		fx, fy := p.x&255, p.y&255
		upper := int32(a[0])<<8 + fx*(int32(a[1])-int32(a[0]))
		lower := int32(b[0])<<8 + fx*(int32(b[1])-int32(b[0]))
		out[i] = float32((upper<<8+fy*(lower-upper))>>8) / 256
	}
}

// sampleQuickly takes one sample a module against the picture's thresholds:
// enough for a sharp picture.
func (r *Reader) sampleQuickly() {
	r.soft = resize(r.soft, len(r.places))
	r.brightness(r.soft, r.places, 1)
	for i, p := range r.places {
		x, y := clampInt(int(p.x>>8), r.w), clampInt(int(p.y>>8), r.h)
		r.soft[i] -= float32(r.limit(x, y))
	}
}

// Module sizes in pixels: from manyPixels on five samples are taken in a
// module; below fewPixels one that is interpolated with more care.
const (
	manyPixels = 3.2
	fewPixels  = 2.2
)

// sampleCarefully fills r.luma with each module's brightness.
func (r *Reader) sampleCarefully(module float64) {
	r.bright = resize(r.bright, len(r.places))
	if module < fewPixels {
		for i, p := range r.places {
			r.bright[i] = r.cubicAt(p)
		}
		return
	}
	if module < manyPixels {
		r.brightness(r.bright, r.places, 1)
		return
	}
	d := int32(module * .2 * placeOne)
	for i, p := range r.places {
		v := 2*r.lumaAt(p) + r.lumaAt(place{p.x + d, p.y}) + r.lumaAt(place{p.x - d, p.y}) +
			r.lumaAt(place{p.x, p.y + d}) + r.lumaAt(place{p.x, p.y - d})
		r.bright[i] = float32(v) / (6 * 256)
	}
}

// cubicAt is the brightness at a place, interpolated between 16 pixels
// (R. G. Keys 1981): between four, half of the finest detail would be lost.
func (r *raster) cubicAt(p place) float32 {
	x, y := int(p.x>>8)-1, int(p.y>>8)-1
	if x < 0 || y < 0 || x+4 > r.w || y+4 > r.h {
		return float32(r.lumaAt(p)) / 256
	}
	wx, wy := &keys[p.x&255], &keys[p.y&255]
	var sum float32
	for j, w := range wy {
		at := (y+j)*r.stride + x
		q := r.pix[at : at+4 : at+4]
		sum += w * (wx[0]*float32(q[0]) + wx[1]*float32(q[1]) + wx[2]*float32(q[2]) + wx[3]*float32(q[3]))
	}
	return sum
}

// keys holds the weights of four pixels for each 256th between the middle
// two.
var keys = newKeys()

func newKeys() (out [placeOne][4]float32) {
	const a = -.75
	for i := range out {
		t := float64(i) / placeOne
		near := func(t float64) float64 { return ((a+2)*t-(a+3))*t*t + 1 }
		far := func(t float64) float64 { return ((a*t-5*a)*t+8*a)*t - 4*a }
		out[i] = [4]float32{float32(far(1 + t)), float32(near(t)), float32(near(1 - t)), float32(far(2 - t))}
	}
	return
}
