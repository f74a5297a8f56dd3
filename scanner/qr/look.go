package qr

import "slices"

// parts are those in which the rows of a picture are scanned, in steps: from
// which on, and every how many.
var parts = [...]struct{ first, every int }{{0, 4}, {2, 4}, {1, 2}}

// look reads what the present picture, reduced by scale, shows. It scans as
// few rows as will do: the next part only where nothing was read, or there
// may be more; the last part only where a finder is seen, or where rows are
// so far apart that all may have been missed. What is blurred is worth
// fitting only where something is clear.
func (r *Reader) look(scale int, keepLight bool) {
	r.scale = scale
	if !r.spend(r.w * r.h / pixelsMeasured) {
		return
	}
	r.measure()
	r.finders, r.weak = r.finders[:0], r.weak[:0]
	step := rowStep(r.h)
	for i, p := range parts {
		if i == len(parts)-1 && (len(r.symbols) > 0 && !r.several() || len(r.finders) == 0 && step < farApart) ||
			!r.spend(r.w*r.h/(p.every*step*pixelsScanned)) {
			return
		}
		r.scan(step/2+p.first*step, p.every*step, keepLight)
		if r.solve(scale); len(r.symbols) > 0 && !r.several() && !r.more() {
			return
		}
	}
	if len(r.symbols) == 0 && len(r.finders) > 0 && r.may(fitting) {
		r.fitFinders(scale)
	}
}

// several tells whether a still picture is of many codes, so that all of them
// are worth all of its rows.
func (r *Reader) several() bool { return !r.Live && len(r.symbols) > 1 }

// likeAnother is how like a finder pattern one must seem that may be of
// another code than was read.
const likeAnother = .6

// more tells whether there is such a finder.
func (r *Reader) more() bool {
	for i := range r.finders {
		if r.seem(&r.finders[i]) > likeAnother {
			return true
		}
	}
	return false
}

// farApart is the step of rows at which small finders are missed by every
// other one.
const farApart = 5

// fitFinders reads what the finders can be that are fitted as a whole: what
// several rows cross, and of a still picture what only one does.
func (r *Reader) fitFinders(scale int) {
	if scale == 1 {
		r.addWeak(r.chained(r.weak))
	}
	if len(r.symbols) == 0 {
		r.readPairs(scale)
	}
	if n := len(r.finders); len(r.symbols) == 0 && scale == 1 && !r.Live {
		if r.addWeak(r.weak); len(r.finders) > n && len(r.symbols) == 0 {
			r.readPairs(scale)
		}
	}
}

// addWeak reads what the finders can be with those of a list that are fitted.
func (r *Reader) addWeak(list []crossing) {
	n := len(r.finders)
	if r.weakFinders(list); len(r.finders) > n {
		r.solve(1)
	}
}

// rowStep is which rows are scanned: a finder's middle is three modules high.
func rowStep(height int) int { return minRowStep + height/500 }

const minRowStep = 2

// solve reads what the finders of the present picture, which is reduced by
// scale, can be.
func (r *Reader) solve(scale int) {
	if len(r.finders) < 3 {
		return
	}
	if r.sheet() {
		r.join(len(r.finders), true, scale)
	}
	r.tried = 0
	for _, joined := range [...]int{fewJoined, maxJoined} {
		r.join(joined, false, scale)
		if len(r.finders) < 3 || len(r.finders) <= joined && len(r.symbols) == 0 {
			return
		}
	}
	r.join(len(r.finders), true, scale)
}

// join reads what so many of the finders can be, the best, each joined with
// each or with its nearest only, and drops those that are used.
func (r *Reader) join(best int, nearest bool, scale int) {
	r.findTriples(best, nearest)
	r.solveTriples(scale)
	r.dropUsed()
}

// sheet tells whether a still picture shows several symbols: three in four of
// the best finders are certainly some. Those of one symbol are then rather
// near each other than the best of all.
func (r *Reader) sheet() bool {
	if r.Live || len(r.finders) <= fewJoined {
		return false
	}
	slices.SortFunc(r.finders, byQuality)
	n := 0
	for i := range fewJoined {
		if r.seem(&r.finders[i]) > likeAnother {
			n++
		}
	}
	return 4*n >= 3*fewJoined
}

// solveTriples reads r.triples, some at a time: those most like a symbol's
// are compared with the picture, and the best of these tried.
func (r *Reader) solveTriples(scale int) {
	const some = 24
	for rest := r.triples; len(rest) > 0 && r.tried < r.patience() && r.effort > 0; {
		n := min(some, len(rest))
		for _, t := range r.compareTriples(rest[:n]) {
			if t.topLeft.used || t.topRight.used || t.bottomLeft.used {
				continue
			}
			before := len(r.attempts)
			if r.effort <= 0 {
				return
			}
			if r.readTriple(t, scale) {
				r.tried = 0
			} else if len(r.attempts) > before {
				r.tried++
			}
			if r.tried >= r.patience() {
				return
			}
		}
		rest = rest[n:]
	}
}

// maxTried is how many plausible triples in a row are sampled in vain.
const maxTried = 8

// patience is how many they are in this picture: none if it has its fill of
// symbols. On a sheet of labels, finders of neighbours make triples as good
// as a label's own, so a still picture of several gets one for each finder.
func (r *Reader) patience() int {
	switch {
	case len(r.symbols) >= maxSymbols:
		return 0
	case r.several():
		return max(maxTried, len(r.finders))
	}
	return maxTried
}

// dropUsed drops the finders that belong to a symbol that was read, or lie
// in one.
func (r *Reader) dropUsed() {
	kept := r.finders[:0]
	for _, f := range r.finders {
		if !f.used && !r.inSymbol(f.at) {
			kept = append(kept, f)
		}
	}
	r.finders = kept
}

// inSymbol tells whether a place in the present picture is in a symbol that
// was read.
func (r *Reader) inSymbol(p point) bool {
	p = p.mul(float64(r.scale)).add(r.origin)
	for i := range r.symbols {
		left, right := true, true // of all sides: mirrored symbols turn the other way
		for k, c := range r.symbols[i].Corners {
			d := r.symbols[i].Corners[(k+1)%4]
			side := point{float64(d.X - c.X), float64(d.Y - c.Y)}
			turn := side.cross(p.sub(point{float64(c.X), float64(c.Y)}))
			left, right = left && turn <= 0, right && turn >= 0
		}
		if left || right {
			return true
		}
	}
	return false
}
