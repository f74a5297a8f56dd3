package qr

// Blur spreads a module's light over its neighbours. The equaliser estimates
// by how much, from all modules at once, and takes the neighbours' part away
// again, a few times: each time with a better guess of what they are
// (decision feedback).

const (
	rounds   = 3
	hardness = 1.6 // how soon a soft value counts as decided
	outlier  = 2   // a value beyond says nothing about blur
	minOwn   = .15 // least share of a module's own light
	certain  = 4   // the value of a module that is known
	// limits of a neighbour's share
	minShare = -.15
	maxShare = .35
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
		r.decide(n)
		k, ok := r.spread(n)
		if !ok {
			return
		}
		own := 1 / k[ownShare]
		for y := range n {
			heard, out := r.heard[y*n:y*n+n], r.soft[y*n:y*n+n]
			a, b, c := r.guessRow(y-1, n), r.guessRow(y, n), r.guessRow(y+1, n)
			for x := range out {
				a, b, c := a[x:x+3:x+3], b[x:x+3:x+3], c[x:x+3:x+3]
				others := k[0]*a[0] + k[1]*a[1] + k[2]*a[2] + k[3]*b[0] + k[5]*b[2] + k[6]*c[0] + k[7]*c[1] + k[8]*c[2]
				out[x] = (heard[x] - k[baseShare] - others) * own
			}
		}
	}
}

// guessRow is row y of r.guess, -1 to n, with a module of quiet zone at both
// ends: module x is at x+1.
func (r *Reader) guessRow(y, n int) []float32 {
	at := (y + 1) * (n + 2)
	return r.guess[at : at+n+2 : at+n+2]
}

// decide fills r.guess with what each module is taken for, from -1 to 1; the
// quiet zone around is light.
func (r *Reader) decide(n int) {
	r.guess = resize(r.guess, (n+2)*(n+2))
	for i := range n + 2 {
		r.guess[i], r.guess[(n+1)*(n+2)+i] = 1, 1
	}
	for y := range n {
		row := r.guessRow(y, n)
		row[0], row[n+1] = 1, 1
		soft, known := r.soft[y*n:y*n+n], r.known[y*n:y*n+n]
		for x, v := range soft {
			switch known[x] {
			case lightModule:
				v = 1
			case darkModule:
				v = -1
			default:
				v = max(-1, min(1, hardness*v))
			}
			row[x+1] = v
		}
	}
}

// enough is how many modules tell the kernel well; of more, whole rows are
// left out.
const enough = 6000

// spread estimates the kernel by least squares: what was heard is the guess
// around, weighed by the kernel.
func (r *Reader) spread(n int) (k kernel, ok bool) {
	var sums [10][11]float32 // products of shares with each other, and with what was heard
	var eq equations
	for y := 1; y < n-1; y += 1 + n*n/enough {
		heard := r.heard[y*n : y*n+n]
		a, b, c := r.guessRow(y-1, n), r.guessRow(y, n), r.guessRow(y+1, n)
		for x := 1; x < n-1; x++ {
			v := heard[x]
			if v > outlier || v < -outlier {
				continue
			}
			f := [11]float32{a[x], a[x+1], a[x+2], b[x], b[x+1], b[x+2], c[x], c[x+1], c[x+2], 1, v}
			for i := range sums {
				g, row := f[i], &sums[i]
				for j := i; j < len(f); j++ {
					row[j] += g * f[j]
				}
			}
		}
		for i := range sums { // a row at a time, for precision
			for j := i; j < len(sums[i]); j++ {
				eq[i][j] += float64(sums[i][j])
				sums[i][j] = 0
			}
		}
	}
	x, ok := eq.solve(10)
	if !ok || x[ownShare] < minOwn {
		return k, false
	}
	for i, v := range x {
		if i != ownShare && i != baseShare {
			v = clamp(v, minShare, maxShare)
		}
		k[i] = float32(v)
	}
	return k, true
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
