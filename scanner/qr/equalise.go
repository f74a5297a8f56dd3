package qr

// Blur spreads a module's light over its neighbours. The equaliser estimates
// by how much, from all modules at once, and takes the neighbours' part away
// again, twice: the second time with a better guess of what they are
// (decision feedback).

const (
	rounds   = 3
	hardness = 1.6 // how soon a soft value counts as decided
	outlier  = 2   // a value beyond says nothing about blur
	minOwn   = .15 // least share of a module's own light
	certain  = 4   // the value of a module that is known
)

// A kernel is how much of each of nine modules' light, row by row around the
// one in the middle, is seen there, and a constant.
type kernel [10]float32

const (
	ownShare  = 4
	baseShare = 9
)

// equalise sharpens r.soft; it leaves it alone where blur cannot be
// estimated.
func (r *Reader) equalise(l *layout) {
	n := l.dim
	r.heard = append(r.heard[:0], r.soft...) // what was observed
	for range rounds {
		r.decide()
		k, ok := r.spread(n)
		if !ok {
			return
		}
		var around [9]float32
		for y := range n {
			for x := range n {
				r.around(x, y, n, &around)
				v := r.heard[y*n+x] - k[baseShare]
				for i, g := range around {
					if i != ownShare {
						v -= k[i] * g
					}
				}
				r.soft[y*n+x] = v / k[ownShare]
			}
		}
	}
}

// insist gives known data modules the value that they must have.
func (r *Reader) insist(l *layout) {
	for i, k := range r.known {
		if l.kind[i] != dataModule {
			continue
		}
		switch k {
		case lightModule:
			r.soft[i] = certain
		case darkModule:
			r.soft[i] = -certain
		}
	}
}

// decide fills r.guess with what each module is taken for, from -1 to 1.
func (r *Reader) decide() {
	for i, v := range r.soft {
		switch r.known[i] {
		case lightModule:
			r.guess[i] = 1
		case darkModule:
			r.guess[i] = -1
		default:
			r.guess[i] = max(-1, min(1, hardness*v))
		}
	}
}

// around collects the guesses of the nine modules around (x, y); the quiet
// zone is light.
func (r *Reader) around(x, y, n int, out *[9]float32) {
	if x > 0 && y > 0 && x < n-1 && y < n-1 {
		i := y*n + x
		copy(out[0:3], r.guess[i-n-1:i-n+2])
		copy(out[3:6], r.guess[i-1:i+2])
		copy(out[6:9], r.guess[i+n-1:i+n+2])
		return
	}
	for k := range out {
		xx, yy := x+k%3-1, y+k/3-1
		out[k] = 1
		if xx >= 0 && yy >= 0 && xx < n && yy < n {
			out[k] = r.guess[yy*n+xx]
		}
	}
}

// spread estimates the kernel.
func (r *Reader) spread(n int) (k kernel, ok bool) {
	var eq equations
	var around [9]float32
	step := 1 + n/100
	for y := 1; y < n-1; y += step {
		for x := 1; x < n-1; x++ {
			v := r.heard[y*n+x]
			if v > outlier || v < -outlier {
				continue
			}
			r.around(x, y, n, &around)
			var f [10]float64
			for i, g := range around {
				f[i] = float64(g)
			}
			f[9] = 1
			eq.add(1, float64(v), f[:]...)
		}
	}
	x, ok := eq.solve(10)
	if !ok || x[ownShare] < minOwn {
		return k, false
	}
	for i, v := range x {
		if i != ownShare && i != baseShare {
			v = clamp(v, -.15, .35)
		}
		k[i] = float32(v)
	}
	return k, true
}
