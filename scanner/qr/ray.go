package qr

// A ringEdges is how far from a finder pattern's centre, in pixels, the edges
// of its dark middle, its light ring and its dark ring are along one ray.
type ringEdges [3]float64

// ray walks from c along unit vector d by half pixels and finds the three
// edges up to reach pixels away. The picture's border counts as the last.
func (r *raster) ray(c, d point, reach float64) (e ringEdges, ok bool) {
	const step = 0.5
	before := r.contrast(c)
	if before >= 0 {
		return e, false
	}
	found := 0
	for s := step; s <= reach; s += step {
		r.effort -= lumaCost
		p := c.along(d, d, s, 0)
		if !r.inside(p) {
			if found == 2 {
				e[2] = s
			}
			return e, found == 2
		}
		v := r.contrast(p)
		if (v >= 0) != (before >= 0) {
			e[found] = s - step + step*before/(before-v)
			if found++; found == 3 {
				return e, true
			}
		}
		before = v
	}
	return e, false
}

// steps is ray along whole pixels from pixel (x, y): quicker, and as good
// along rows, columns and long diagonals. Distances are in steps.
func (r *raster) steps(x, y, dx, dy, reach int) (e ringEdges, ok bool) {
	before := int(r.pix[y*r.stride+x]) - int(r.limit(x, y))
	if before >= 0 {
		return e, false
	}
	found := 0
	for s := 1; s <= reach; s++ {
		r.effort--
		x += dx
		y += dy
		if uint(x) >= uint(r.w) || uint(y) >= uint(r.h) {
			if found == 2 {
				e[2] = float64(s) - .5
			}
			return e, found == 2
		}
		v := int(r.pix[y*r.stride+x]) - int(r.limits[uint(y)/blockSide*uint(r.blocksWide)+uint(x)/blockSide])
		if (v >= 0) != (before >= 0) {
			e[found] = float64(s-1) + float64(before)/float64(before-v)
			if found++; found == 3 {
				return e, true
			}
		}
		before = v
	}
	return e, false
}

// column measures the five runs of the column through pixel (x, y), dark or
// light as dark says in the middle, of which none but the middle one may be
// longer than it; below is how much of the middle run lies from y downwards.
func (r *raster) column(x, y, longest int, dark bool) (runs [5]int, below int, ok bool) {
	down, yy := 1, y
	for k := 2; k < 5; k++ {
		n := r.run(x, yy, down, (k != 3) == dark, limitRun(k == 2, longest, runs[2]))
		if n <= 0 {
			return runs, 0, false
		}
		runs[k] = n
		yy += n
	}
	below = runs[2]
	yy = y - 1
	for k := 2; k >= 0; k-- {
		n := r.run(x, yy, -down, (k != 1) == dark, limitRun(k == 2, longest, runs[2]))
		if n < 0 || n == 0 && k < 2 {
			return runs, 0, false
		}
		runs[k] += n
		yy -= n
	}
	return runs, below, true
}

func limitRun(middle bool, longest, of int) int {
	if middle {
		return longest
	}
	return max(3, of)
}

// run counts dark or light pixels in a column from y on, or -1 if there are
// more than most.
func (r *raster) run(x, y, dy int, dark bool, most int) int {
	n := 0
	bx := x / blockSide
	for uint(y) < uint(r.h) && (r.pix[y*r.stride+x] < r.limits[uint(y)/blockSide*uint(r.blocksWide)+uint(bx)]) == dark {
		if n++; n > most {
			return -1
		}
		y += dy
	}
	return n
}
