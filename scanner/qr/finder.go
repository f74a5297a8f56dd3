package qr

import "math"

// A finder is something that looks like a finder pattern (6.3.3).
type finder struct {
	at     point   // its centre
	module float64 // size of a module in pixels, mean over directions
	rows   int     // how many scanned rows crossed it
	unlike float64 // how far its proportions are off; 0 is ideal
	// right and down are a module to each side, as fitted; like is how like a
	// finder pattern it is then, or 0 before that.
	right, down point
	like        float64
	seems       float64 // how like one it is at the best of some turns, or 0 before that
	used        bool    // it belongs to a symbol that has been read
}

// scan looks at every step-th row from first on and adds finders to
// r.finders; it keeps crossings that are like a finder in reversed colours.
func (r *Reader) scan(first, step int, keepLight bool) {
	var light func(crossing)
	if keepLight {
		light = r.keep
	}
	r.edges = resize(r.edges, r.w+1)
	for y := first; y < r.h; y += step {
		crossings(r.raster.edges(y, r.edges), y, r.cross, light)
	}
}

// crossed looks closer at a crossing: is it a finder, and one not yet known,
// nor in a symbol that was read?
func (r *Reader) crossed(c crossing) {
	for i := range r.finders {
		f := &r.finders[i]
		if math.Abs(f.at.x-c.mid) < 2*f.module && math.Abs(f.at.y-float64(c.y)-.5) < 2.5*f.module {
			f.rows++
			return
		}
	}
	if len(r.symbols) > 0 && r.inSymbol(point{c.mid, float64(c.y) + .5}) {
		return
	}
	if len(r.finders) == r.mostFinders() || !r.spend(lookCost+len(r.finders)/2+columnCost*c.width) {
		return
	}
	y, high, ok := r.crossedDown(c, true)
	if r.effort <= 0 {
		return
	}
	if ok {
		var f finder
		if f, ok = r.recentre(point{c.mid, y}, float64(max(c.width, high))); ok {
			r.addFinder(f)
		}
	}
	if !ok && len(r.weak) < maxWeak {
		r.weak = append(r.weak, c)
	}
}

// crossedDown tells whether a crossing's column is like a finder too, where
// its middle is, and how high it is.
func (r *raster) crossedDown(c crossing, dark bool) (middle float64, high int, ok bool) {
	runs, below, ok := r.column(c.x, c.y, c.width, dark)
	if !ok || !finderLike(runs[0], runs[1], runs[2], runs[3], runs[4]) {
		return 0, 0, false
	}
	high = runs[0] + runs[1] + runs[2] + runs[3] + runs[4]
	return float64(c.y+below) - float64(runs[2])/2, high, high <= 3*c.width && c.width <= 3*high
}

// addFinder keeps f, or merges it into the one that it repeats.
func (r *Reader) addFinder(f finder) {
	for i := range r.finders {
		o := &r.finders[i]
		d, near := o.at.sub(f.at), 2*max(o.module, f.module)
		if d.dot(d) < near*near {
			o.rows++
			if f.unlike < o.unlike {
				o.at, o.module, o.unlike, o.right, o.down, o.like, o.seems = f.at, f.module, f.unlike, f.right, f.down, f.like, f.seems
			}
			return
		}
	}
	r.finders = append(r.finders, f)
}

// A line through a finder: a direction in whole pixels and its length.
type line struct {
	dx, dy int
	length float64
}

func (l line) unit() point { return point{float64(l.dx) / l.length, float64(l.dy) / l.length} }

// finderLines has the diagonals first: row and column are known to fit.
var finderLines = [4]line{{1, 1, math.Sqrt2}, {1, -1, math.Sqrt2}, {1, 0, 1}, {0, 1, 1}}

// longLine is from which reach on, in pixels, diagonals are walked by whole
// pixels.
const longLine = 20

// squareDiameter is how much longer the mean diameter of a square over the
// four lines is than its side.
const squareDiameter = 1.13

// recentre moves c to the middle of the rings around it along four lines,
// twice, and tells whether at least three lines are like a finder pattern.
func (r *raster) recentre(c point, reach float64) (finder, bool) {
	f := finder{rows: 1}
	for range 2 {
		var shift point
		var total, longest, good float64
		shortest := math.MaxFloat64
		f.unlike = 0
		for i, l := range finderLines {
			a, b, ok := r.across(c, l, reach)
			diameter := a[2] + b[2]
			var unlike float64
			if ok {
				unlike, ok = ringsUnlike(a, b, diameter/finderSize)
			}
			if !ok {
				if i > int(good) {
					return f, false // the second that fails
				}
				continue
			}
			good++
			f.unlike += unlike
			total += diameter
			longest, shortest = max(longest, diameter), min(shortest, diameter)
			off := (a[0] - b[0] + a[1] - b[1] + a[2] - b[2]) / 6
			shift = shift.add(l.unit().mul(off))
		}
		if longest > 2.6*shortest {
			return f, false
		}
		// each line fixes the centre along itself only: of n lines spread
		// evenly, the least squares centre is 2/n of the sum
		c = c.add(shift.mul(2 / good))
		f.unlike /= good
		f.module = total / good / finderSize / squareDiameter
	}
	f.at = c
	return f, r.inside(c)
}

// across finds the edges along a line to both sides of c.
func (r *raster) across(c point, l line, reach float64) (a, b ringEdges, ok bool) {
	if !r.inside(c) {
		return a, b, false
	}
	u := l.unit()
	if l.length > 1 && reach <= longLine {
		if a, ok = r.ray(c, u, reach); ok {
			b, ok = r.ray(c, u.mul(-1), reach)
		}
		return a, b, ok
	}
	x, y, n := int(c.x), int(c.y), int(reach/l.length)
	if a, ok = r.steps(x, y, l.dx, l.dy, n); !ok {
		return a, b, false
	}
	if b, ok = r.steps(x, y, -l.dx, -l.dy, n); !ok {
		return a, b, false
	}
	// the pixel's middle is off the centre by this much along the line
	off := point{float64(x) + .5, float64(y) + .5}.sub(c).dot(u)
	for i := range a {
		a[i] = a[i]*l.length + off
		b[i] = b[i]*l.length - off
	}
	return a, b, true
}

// ringsUnlike says how far edges to both sides are off a finder pattern's
// with modules of that size, and whether that can be one.
func ringsUnlike(a, b ringEdges, module float64) (float64, bool) {
	middle, ring := (a[0]+b[0])/module, (a[1]+b[1])/module // 3 and 5 wanted
	skew := (math.Abs(a[2]-b[2]) + math.Abs(a[0]-b[0])) / module
	if middle < 1.7 || middle > 4.3 || ring < 4 || ring > 6.1 || skew > 3 {
		return 0, false
	}
	return .6*math.Abs(middle-3) + .6*math.Abs(ring-5) + .1*skew, true
}
