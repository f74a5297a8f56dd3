package qr

import "encoding/binary"

const (
	blockSide = 8 // pixels; a block's row is one 64-bit word
	// minSpread is the least difference between a block's darkest and
	// lightest pixel that says anything about dark and light.
	minSpread = 22
	// smoothing is how many blocks to each side are averaged.
	smoothing = 2
)

// thresholds divide dark from light: for each block of 8 x 8 pixels the
// middle between darkest and lightest, averaged over 5 x 5 blocks. Blocks
// without contrast take their neighbours' threshold.
type thresholds struct {
	blocksWide, blocksHigh int
	limits                 []uint8
	middles                []middle // of each block
	columns                []middle // of the rows around, summed
}

// A middle is the middle between dark and light, of one block or summed over
// several, below bit 16, and above it of how many.
type middle uint32

const oneMiddle = 1 << 16

// limit returns the threshold of pixel (x, y): what is below is dark.
func (t *thresholds) limit(x, y int) uint8 {
	return t.limits[y/blockSide*t.blocksWide+x/blockSide]
}

func (t *thresholds) grow(w, h int) {
	t.blocksWide, t.blocksHigh = (w+blockSide-1)/blockSide, (h+blockSide-1)/blockSide
	n := t.blocksWide * t.blocksHigh
	t.limits = resize(t.limits, n)
	t.middles = resize(t.middles, n)
	t.columns = resize(t.columns, t.blocksWide)
}

// resize returns a slice of length n, s itself where it is long enough. What
// it holds is not defined.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// measure computes the thresholds of r's picture.
func (r *raster) measure() {
	r.grow(r.w, r.h)
	for by := range r.blocksHigh {
		r.findMiddles(by)
	}
	r.smooth()
}

// middleOf is what a block adds whose darkest and lightest pixel these are.
func middleOf(low, high uint8) middle {
	if int(high)-int(low) <= minSpread {
		return 0
	}
	return oneMiddle + (middle(high)+middle(low)+1)/2
}

// findMiddles looks for the darkest and lightest pixel of each block in a row
// of blocks, to an accuracy of 2, in every other row of pixels.
func (r *raster) findMiddles(by int) {
	y := by * blockSide
	out := r.middles[by*r.blocksWide : (by+1)*r.blocksWide]
	full := r.w / blockSide
	if y+blockSide > r.h { // the last rows
		full = 0
	} else {
		r.findFullMiddles(y, out[:full])
	}
	for bx := full; bx < r.blocksWide; bx++ {
		low, high := uint8(255), uint8(0)
		for yy := y; yy < min(y+blockSide, r.h); yy++ {
			for _, v := range r.row(yy)[bx*blockSide : min((bx+1)*blockSide, r.w)] {
				low, high = min(low, v), max(high, v)
			}
		}
		out[bx] = middleOf(low, high)
	}
}

// findFullMiddles is findMiddles for blocks that are wholly in the picture. Of
// a large one, in which modules are more pixels high, two rows do.
func (r *raster) findFullMiddles(y int, out []middle) {
	a, b, c, d := r.row(y), r.row(y+2), r.row(y+4), r.row(y+6)
	if rowStep(r.h) > minRowStep {
		for bx := range out {
			x := bx * blockSide
			out[bx] = middleOf(extremes4(word(b[x:]), word(d[x:])))
		}
		return
	}
	for bx := range out {
		x := bx * blockSide
		out[bx] = middleOf(extremes8(word(a[x:]), word(b[x:]), word(c[x:]), word(d[x:])))
	}
}

// Eight bytes are compared at a time in one word, each halved to seven bits
// so that a lane's top bit is free for the carry.
const (
	laneTops = 0x8080808080808080
	laneLow7 = 0x7f7f7f7f7f7f7f7f
	laneOnes = 0x0101010101010101
)

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// order returns the lesser and the greater of each lane of seven bits.
func order(a, b uint64) (low, high uint64) {
	low = least(a, b)
	return low, a ^ b ^ low
}

// least returns the lesser of each lane of seven bits.
func least(a, b uint64) uint64 {
	ge := ((a | laneTops) - b) & laneTops
	return a ^ (a^b)&(ge-ge>>7) // b where a >= b
}

// extremes8 returns the least and the greatest of 32 bytes, without their
// lowest bit.
func extremes8(a, b, c, d uint64) (low, high uint8) {
	a, b, c, d = a>>1&laneLow7, b>>1&laneLow7, c>>1&laneLow7, d>>1&laneLow7
	l, k := least(a, b), least(c, d)
	return acrossLanes(least(l, k), least(a^b^l^laneLow7, c^d^k^laneLow7))
}

// extremes4 is extremes8 of 16 bytes.
func extremes4(a, b uint64) (low, high uint8) {
	a, b = a>>1&laneLow7, b>>1&laneLow7
	l := least(a, b)
	return acrossLanes(l, a^b^l^laneLow7)
}

// acrossLanes returns the least of the lanes of l, and the greatest of those
// of h, which are upside down.
func acrossLanes(l, h uint64) (low, high uint8) {
	// both in one word, half of the lanes each
	l = least(l<<32|h&0xffffffff, l&^0xffffffff|h>>32)
	l = least(l, l>>16)
	l = least(l, l>>8)
	return uint8(l>>32) << 1, ^uint8(l) << 1
}

// smooth averages the middles of the blocks around each. Where there is no
// contrast far around, the threshold to the left or above is taken.
func (t *thresholds) smooth() {
	w := t.blocksWide
	clear(t.columns)
	for by := range min(smoothing, t.blocksHigh) {
		t.addRow(by)
	}
	last := uint8(128)
	for by := range t.blocksHigh {
		if by+smoothing < t.blocksHigh {
			t.addRow(by + smoothing)
		}
		if old := by - smoothing - 1; old >= 0 {
			for bx, m := range t.middles[old*w : old*w+w] {
				t.columns[bx] -= m
			}
		}
		out, columns := t.limits[by*w:by*w+w], t.columns
		var total middle
		for _, m := range columns[:min(smoothing, w)] {
			total += m
		}
		for bx := range out {
			if bx+smoothing < len(columns) {
				total += columns[bx+smoothing]
			}
			if old := bx - smoothing - 1; old >= 0 {
				total -= columns[old]
			}
			if n := total / oneMiddle; n > 0 {
				last = uint8(total % oneMiddle / n)
			} else if by > 0 {
				last = t.limits[(by-1)*w+bx]
			}
			out[bx] = last
		}
	}
}

// addRow adds a row of blocks to the columns' sums.
func (t *thresholds) addRow(by int) {
	for bx, m := range t.middles[by*t.blocksWide : (by+1)*t.blocksWide] {
		t.columns[bx] += m
	}
}
