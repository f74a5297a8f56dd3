package qr

// Blur spreads a module's light over its neighbours. The equaliser estimates
// by how much, from all modules at once, and takes the neighbours' part away
// again, twice: the second time with a better guess of what they are
// (decision feedback).

const (
	rounds   = 2
	hardness = 1.6 // how soon a soft value counts as decided
	outlier  = 2   // a value beyond says nothing about blur
	minOwn   = .15 // least share of a module's own light
)

// equalise sharpens r.soft; it leaves it alone where blur cannot be
// estimated.
func (r *Reader) equalise(l *layout) {
	n := l.dim
	r.heard = append(r.heard[:0], r.soft...) // what was observed
	for range rounds {
		r.decide(l)
		own, side, corner, base, ok := r.spread(n)
		if !ok {
			return
		}
		for y := range n {
			for x := range n {
				i := y*n + x
				s, c := r.neighbours(x, y, n)
				r.soft[i] = (r.heard[i] - base - side*s - corner*c) / own
			}
		}
	}
}

// decide fills r.guess with what each module is taken for, from -1 to 1.
func (r *Reader) decide(l *layout) {
	for i, v := range r.soft {
		switch l.kind[i] {
		case lightModule:
			r.guess[i] = 1
		case darkModule:
			r.guess[i] = -1
		default:
			r.guess[i] = max(-1, min(1, hardness*v))
		}
	}
}

// neighbours sums the four modules beside (x, y) and the four at its
// corners; the quiet zone is light.
func (r *Reader) neighbours(x, y, n int) (sides, corners float32) {
	g, i := r.guess, y*n+x
	if x > 0 && y > 0 && x < n-1 && y < n-1 {
		return g[i-1] + g[i+1] + g[i-n] + g[i+n], g[i-n-1] + g[i-n+1] + g[i+n-1] + g[i+n+1]
	}
	at := func(x, y int) float32 {
		if x < 0 || y < 0 || x >= n || y >= n {
			return 1
		}
		return g[y*n+x]
	}
	return at(x-1, y) + at(x+1, y) + at(x, y-1) + at(x, y+1),
		at(x-1, y-1) + at(x+1, y-1) + at(x-1, y+1) + at(x+1, y+1)
}

// spread estimates the shares of light: a module's own, each side's, each
// corner's, and a constant.
func (r *Reader) spread(n int) (own, side, corner, base float32, ok bool) {
	var eq equations
	for y := 1; y < n-1; y++ {
		for x := 1; x < n-1; x++ {
			i := y*n + x
			v := r.heard[i]
			if v > outlier || v < -outlier {
				continue
			}
			s, c := r.neighbours(x, y, n)
			eq.add(1, float64(v), 1, float64(r.guess[i]), float64(s), float64(c))
		}
	}
	x, ok := eq.solve(4)
	if !ok || x[1] < minOwn {
		return 0, 0, 0, 0, false
	}
	return float32(x[1]), float32(clamp(x[2], -.1, .25)), float32(clamp(x[3], -.1, .2)), float32(x[0]), true
}
