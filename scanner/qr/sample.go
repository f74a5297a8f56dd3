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
	var row [maxAlignment]point
	outside := 0
	mw, mh := int32(r.w*placeOne), int32(r.h*placeOne)
	for y := range n {
		v := float64(y) + .5
		if meshed {
			r.mesh.row(l, v, &row)
		}
		cell := 0
		out := r.places[y*n : y*n+n]
		for x := range out {
			u := float64(x) + .5
			p := m.at(u, v)
			if meshed {
				for cell < r.mesh.n-2 && u > float64(l.alignment[cell+1])+.5 {
					cell++
				}
				f := l.between(cell, u)
				p = p.add(row[cell].mul(1 - f)).add(row[cell+1].mul(f))
			}
			px, py := int32(p.x*placeOne), int32(p.y*placeOne)
			if px < 0 || py < 0 || px >= mw || py >= mh {
				outside++
			}
			out[x] = place{px - placeOne/2, py - placeOne/2}
		}
	}
	return outside <= n*n/8
}

// between is how far u is on the way between alignment coordinates i and i+1.
func (l *layout) between(i int, u float64) float64 {
	a, b := float64(l.alignment[i])+.5, float64(l.alignment[i+1])+.5
	return clamp((u-a)/(b-a), 0, 1)
}

// row interpolates the mesh's columns at v.
func (g *mesh) row(l *layout, v float64, out *[maxAlignment]point) {
	j := 0
	for j < g.n-2 && v > float64(l.alignment[j+1])+.5 {
		j++
	}
	f := l.between(j, v)
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

// sampleQuickly takes one sample a module against the picture's thresholds:
// enough for a sharp picture.
func (r *Reader) sampleQuickly() {
	r.soft = resize(r.soft, len(r.places))
	for i, p := range r.places {
		x, y := clampInt(int(p.x>>8), r.w), clampInt(int(p.y>>8), r.h)
		r.soft[i] = float32(r.lumaAt(p))/256 - float32(r.limit(x, y))
	}
}

// manyPixels is the module size, in pixels, from which five samples are
// taken in a module.
const manyPixels = 3.2

// sampleCarefully fills r.luma with each module's brightness.
func (r *Reader) sampleCarefully(module float64) {
	r.bright = resize(r.bright, len(r.places))
	if module < manyPixels {
		for i, p := range r.places {
			r.bright[i] = float32(r.lumaAt(p)) / 256
		}
		return
	}
	d := int32(module * .2 * placeOne)
	for i, p := range r.places {
		v := 2*r.lumaAt(p) + r.lumaAt(place{p.x + d, p.y}) + r.lumaAt(place{p.x - d, p.y}) +
			r.lumaAt(place{p.x, p.y + d}) + r.lumaAt(place{p.x, p.y - d})
		r.bright[i] = float32(v) / (6 * 256)
	}
}
