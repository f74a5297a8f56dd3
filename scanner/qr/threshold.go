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
	sum, count             []uint16 // per block, then summed along the row
	low, high              []uint8  // of one row of blocks
}

// limit returns the threshold of pixel (x, y): what is below is dark.
func (t *thresholds) limit(x, y int) uint8 {
	return t.limits[y/blockSide*t.blocksWide+x/blockSide]
}

func (t *thresholds) grow(w, h int) {
	t.blocksWide, t.blocksHigh = (w+blockSide-1)/blockSide, (h+blockSide-1)/blockSide
	n := t.blocksWide * t.blocksHigh
	t.limits = resize(t.limits, n)
	t.sum = resize(t.sum, n)
	t.count = resize(t.count, n)
	t.low = resize(t.low, t.blocksWide)
	t.high = resize(t.high, t.blocksWide)
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
		r.extremes(by)
		sum, count := r.sum[by*r.blocksWide:], r.count[by*r.blocksWide:]
		for bx, low := range r.low {
			high := r.high[bx]
			sum[bx], count[bx] = 0, 0
			if int(high)-int(low) > minSpread {
				sum[bx], count[bx] = (uint16(high)+uint16(low)+1)/2, 1
			}
		}
	}
	r.smoothRows()
	r.smoothColumns()
}

// extremes finds the darkest and lightest pixel of each block in a row of
// blocks, to an accuracy of 2, looking at every other row of pixels.
func (r *raster) extremes(by int) {
	y := by * blockSide
	full := r.w / blockSide
	if y+blockSide > r.h { // the last rows
		full = 0
	} else {
		r0, r1, r2, r3 := r.row(y), r.row(y+2), r.row(y+4), r.row(y+6)
		for bx := range full {
			x := bx * blockSide
			low, high := extremes8(word(r0[x:]), word(r1[x:]), word(r2[x:]), word(r3[x:]))
			r.low[bx], r.high[bx] = low, high
		}
	}
	for bx := full; bx < r.blocksWide; bx++ {
		low, high := uint8(255), uint8(0)
		for yy := y; yy < min(y+blockSide, r.h); yy++ {
			for _, v := range r.row(yy)[bx*blockSide : min((bx+1)*blockSide, r.w)] {
				low, high = min(low, v), max(high, v)
			}
		}
		r.low[bx], r.high[bx] = low, high
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
	ge := (a | laneTops) - b&laneLow7
	ge &= laneTops
	swap := (a ^ b) & (ge - ge>>7) // where a >= b
	return a ^ swap, b ^ swap
}

// extremes8 returns the least and the greatest of 32 bytes, without their
// lowest bit.
func extremes8(a, b, c, d uint64) (low, high uint8) {
	al, ah := order(a>>1&laneLow7, b>>1&laneLow7)
	cl, ch := order(c>>1&laneLow7, d>>1&laneLow7)
	l, _ := order(al, cl)
	_, h := order(ah, ch)
	for _, shift := range [...]uint{32, 16, 8} {
		l, _ = order(l, l>>shift)
		_, h = order(h, h>>shift)
	}
	return uint8(l) << 1, uint8(h) << 1
}

// smoothRows sums each block with its neighbours in the row.
func (t *thresholds) smoothRows() {
	w := t.blocksWide
	for by := range t.blocksHigh {
		boxRow(t.sum[by*w : by*w+w])
		boxRow(t.count[by*w : by*w+w])
	}
}

// boxRow replaces each value with the sum of those up to smoothing away.
func boxRow(v []uint16) {
	var past [smoothing + 1]uint16 // values already overwritten
	total := uint16(0)
	for i := 0; i < min(smoothing, len(v)); i++ {
		total += v[i]
	}
	for i := range v {
		if i+smoothing < len(v) {
			total += v[i+smoothing]
		}
		if i > smoothing {
			total -= past[i%(smoothing+1)]
		}
		past[i%(smoothing+1)] = v[i]
		v[i] = total
	}
}

// smoothColumns sums the rows' sums and divides. Where there is no contrast
// far around, the threshold to the left or above is taken.
func (t *thresholds) smoothColumns() {
	w := t.blocksWide
	last := uint8(128)
	for by := range t.blocksHigh {
		from, to := max(0, by-smoothing), min(t.blocksHigh-1, by+smoothing)
		out := t.limits[by*w : by*w+w]
		for bx := range out {
			var s, n uint16
			for k := from*w + bx; k <= to*w+bx; k += w {
				s += t.sum[k]
				n += t.count[k]
			}
			if n > 0 {
				last = uint8(s / n)
			} else if by > 0 {
				last = t.limits[(by-1)*w+bx]
			}
			out[bx] = last
		}
	}
}
