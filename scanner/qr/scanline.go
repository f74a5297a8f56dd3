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
// the row's end. The first is where dark begins.
func (r *raster) edges(y int, out []int32) []int32 {
	row := r.row(y)
	limits := r.limits[y/blockSide*r.blocksWide:]
	full := r.w / blockSide
	last := uint64(0) // whether the pixel before is dark
	for bx := range full {
		v := word(row[bx*blockSide:])
		t := uint64(limits[bx]) * laneOnes
		// v < t in every lane, by the carry out of the low seven bits
		carry := (v | laneTops) - t&^laneTops
		dark := (^v&t | ^(v^t)&^carry) & laneTops
		mask := dark >> 7 * 0x0102040810204080 >> 56 // one bit a pixel
		change := (mask ^ (mask<<1 | last)) & 0xff
		last = mask >> 7
		for change != 0 {
			out = append(out, int32(bx*blockSide+bits.TrailingZeros64(change)))
			change &= change - 1
		}
	}
	for x := full * blockSide; x < r.w; x++ {
		dark := uint64(0)
		if row[x] < limits[full] {
			dark = 1
		}
		if dark != last {
			out = append(out, int32(x))
			last = dark
		}
	}
	return append(out, int32(r.w))
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

// crossings calls found for every place in a row's edges, of dark runs where
// dark is 0 and of light runs where it is 1, that is like a finder pattern.
func crossings(e []int32, dark, y int, found func(crossing)) {
	for k := dark; k+5 < len(e); k += 2 {
		a, b, c := int(e[k+1]-e[k]), int(e[k+2]-e[k+1]), int(e[k+3]-e[k+2])
		if c < 2 || c < b {
			continue
		}
		d, f := int(e[k+4]-e[k+3]), int(e[k+5]-e[k+4])
		if c < d || 2*c < a+f || !finderLike(a, b, c, d, f) {
			continue
		}
		found(crossing{x: int(e[k+2]) + c/2, y: y, mid: float64(e[k+2]) + float64(c)/2, width: a + b + c + d + f, core: c, rows: 1})
	}
}
