package qr

// Blur spreads a module's light over its neighbours. The equaliser says what
// a module is from nine samples on and around it and from what its neighbours
// are taken for. How much each of these counts is estimated from all modules
// at once, by least squares, and again with each better guess of what they
// are (J. G. Proakis, Digital Communications: decision feedback, minimum mean
// square error).

const (
	rounds   = 3   // at most
	hardness = 2   // how soon a soft value counts as decided
	unsure   = .3  // a guess below trains nothing
	outlier  = 2.5 // nor does a module with a sample beyond
	certain  = 4   // the value of a module that is known
)

// What is weighed: nine samples half a module apart, row by row, the guesses
// of eight neighbours, and a constant.
const (
	fineSamples = 9
	neighbours  = 8
	weights     = fineSamples + neighbours + 1
)

// enough is how many modules tell the weights well, as many as version 5 has;
// of more, whole rows are left out.
const enough = 37 * 37

// equalise sharpens r.soft, once; it leaves it alone, and says so, where the
// weights cannot be estimated.
func (r *Reader) equalise(l *layout) bool {
	n := l.dim
	r.effort -= equaliseCost*n*n + trainCost*min(enough, n*n)
	r.decide(n)
	w, ok := r.train(n)
	if !ok {
		return false
	}
	for y := range n {
		p, q, s := r.fineRow(2*y, n), r.fineRow(2*y+1, n), r.fineRow(2*y+2, n)
		a, b, c := r.guessRow(y-1, n), r.guessRow(y, n), r.guessRow(y+1, n)
		out := r.soft[y*n : y*n+n]
		for x := range out {
			p, q, s := p[2*x:2*x+3:2*x+3], q[2*x:2*x+3:2*x+3], s[2*x:2*x+3:2*x+3]
			a, b, c := a[x:x+3:x+3], b[x:x+3:x+3], c[x:x+3:x+3]
			out[x] = w[0]*p[0] + w[1]*p[1] + w[2]*p[2] + w[3]*q[0] + w[4]*q[1] + w[5]*q[2] +
				w[6]*s[0] + w[7]*s[1] + w[8]*s[2] +
				w[9]*a[0] + w[10]*a[1] + w[11]*a[2] + w[12]*b[0] + w[13]*b[2] +
				w[14]*c[0] + w[15]*c[1] + w[16]*c[2] + w[17]
		}
	}
	return true
}

// guessRow is row y of r.guess, -1 to n, with a module of quiet zone at both
// ends: module x is at x+1.
func (r *Reader) guessRow(y, n int) []float32 {
	at := (y + 1) * (n + 2)
	return r.guess[at : at+n+2 : at+n+2]
}

// fineRow is row y of the samples half a module apart, 0 to 2n: module x is
// at 2x+1.
func (r *Reader) fineRow(y, n int) []float32 {
	at := y * (2*n + 1)
	return r.fine[at : at+2*n+1 : at+2*n+1]
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

// train estimates the weights that make of samples and guesses around what a
// module is taken for.
func (r *Reader) train(n int) (w [weights]float32, ok bool) {
	var sums [weights][weights + 1]float32
	var eq equations
	for y := 0; y < n; y += 1 + n*n/enough {
		p, q, s := r.fineRow(2*y, n), r.fineRow(2*y+1, n), r.fineRow(2*y+2, n)
		a, b, c := r.guessRow(y-1, n), r.guessRow(y, n), r.guessRow(y+1, n)
		for x := range n {
			target := b[x+1]
			if target > -unsure && target < unsure {
				continue
			}
			f := [weights + 1]float32{p[2*x], p[2*x+1], p[2*x+2], q[2*x], q[2*x+1], q[2*x+2], s[2*x], s[2*x+1], s[2*x+2],
				a[x], a[x+1], a[x+2], b[x], b[x+2], c[x], c[x+1], c[x+2], 1, 1}
			if target < 0 {
				f[weights] = -1
			}
			if outlying(f[:fineSamples]) {
				continue
			}
			for i := range sums {
				g, row := f[i], &sums[i]
				for j := i; j < len(f); j++ {
					row[j] += g * f[j]
				}
			}
		}
		for i := range sums { // a row at a time, for precision
			for j := i; j < weights; j++ {
				eq[i][j] += float64(sums[i][j])
				sums[i][j] = 0
			}
			eq[i][maxUnknowns] += float64(sums[i][weights])
			sums[i][weights] = 0
		}
	}
	for i := range weights {
		eq[i][i] += 1e-4 * float64(n)
	}
	x, ok := eq.solve(weights)
	if !ok {
		return w, false
	}
	for i := range w {
		w[i] = float32(x[i])
	}
	return w, true
}

func outlying(samples []float32) bool {
	for _, v := range samples {
		if v > outlier || v < -outlier {
			return true
		}
	}
	return false
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
