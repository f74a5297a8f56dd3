package qr

import "math/bits"

// A crossing is where a row crosses something in a finder pattern's
// proportions of 1:1:3:1:1.
type crossing struct {
	x, y  int     // in the middle run
	mid   float64 // the middle run's middle
	width int     // of all five runs
	core  int     // of the middle run
	rows  int     // how many rows cross the same
}

// edges returns the places in row y where dark begins and ends, in turn, and
// the row's end. The first is where dark begins. Out has room for w+1.
func (r *raster) edges(y int, out []int32) []int32 {
	row := r.row(y)
	full := r.w / blockSide
	limits := r.limits[y/blockSide*r.blocksWide : (y/blockSide+1)*r.blocksWide]
	out = out[:r.w+1]
	n := 0
	last := uint64(0) // whether the pixel before is dark
	for bx, limit := range limits[:full] {
		v := word(row[bx*blockSide:])
		t := uint64(limit) * laneOnes
		// v < t in every lane, by the carry out of the low seven bits
		carry := (v | laneTops) - t&^laneTops
		dark := (^v&t | ^(v^t)&^carry) & laneTops
		mask := dark >> 7 * 0x0102040810204080 >> 56 // one bit a pixel
		change := (mask ^ (mask<<1 | last)) & 0xff
		last = mask >> 7
		for change != 0 {
			out[n] = int32(bx*blockSide + bits.TrailingZeros64(change))
			n++
			change &= change - 1
		}
	}
	for x := full * blockSide; x < r.w; x++ {
		dark := uint64(0)
		if row[x] < limits[full] {
			dark = 1
		}
		if dark != last {
			out[n] = int32(x)
			n++
			last = dark
		}
	}
	out[n] = int32(r.w)
	return out[:n+1]
}

// finderLike tells whether five runs have roughly a finder pattern's
// proportions. Blur moves a run's two edges alike, so that sums of two
// neighbours are held more strictly than single runs.
func finderLike(a, b, c, d, e int) bool {
	total := a + b + c + d + e
	if total < finderSize {
		return false
	}
	const scale = 28 // 4 x 7: a module is total/7, and quarters matter
	within := func(v, low, high int) bool { return scale*v >= low*total && scale*v <= high*total }
	return within(c, 7, 18) && // 12 wanted
		within(a+b, 4, 13) && within(d+e, 4, 13) && // 8
		within(b+c, 11, 21) && within(c+d, 11, 21) && // 16
		scale*max(a, b, d, e) <= 9*total // 4
}

// crossings calls dark for every place in a row's edges that is like a
// finder pattern, and light for those in reversed colours, if not nil.
func crossings(e []int32, y int, dark, light func(crossing)) {
	if len(e) < finderRuns+1 {
		return
	}
	a, b, c, d := int(e[1]-e[0]), int(e[2]-e[1]), int(e[3]-e[2]), int(e[4]-e[3])
	for k, end := range e[finderRuns:] {
		f := int(end - e[k+4])
		if c >= max(b, d, (a+f+1)/2, 2) && finderLike(a, b, c, d, f) {
			found := dark
			if k%2 == 1 {
				found = light
			}
			if found != nil {
				left := e[k+2]
				found(crossing{x: int(left) + c/2, y: y, mid: float64(left) + float64(c)/2, width: a + b + c + d + f, core: c, rows: 1})
			}
		}
		a, b, c, d = b, c, d, f
	}
}

// finderRuns is how many runs a row through a finder pattern's middle has.
const finderRuns = 5
