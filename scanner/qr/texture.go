package qr

// A code that is too far away, too dim or too steep to be made out is still
// seen: as an island of tiles with edges all over in both directions, as
// much dark as light, in the shape of a square or of one seen from the side.
// Print has less dark than light and lines with gaps; cloth goes on to the
// frame's edge.

// A texture is what a frame looks like, tile by tile.
type texture struct {
	wide, high int // tiles
	tiles      []tile
	three      []uint8 // fine tiles among three in a row
	queue      []int32
}

// A tile is what 8 x 8 pixels look like.
type tile struct {
	low, high, mean uint8
	across, down    uint8 // mean step from pixel to pixel, in 4ths of a grey level; of tiles with contrast
	fine            bool  // it can be one of a code
	inside          bool  // so can most around it; false again once it is in an island
}

// What makes a tile one of a code.
const (
	leastContrast = 10  // grey levels
	ofMean        = .25 // and of the frame's mean
	aboveNoise    = 1.5 // times the contrast of the calmest quarter of tiles
	leastEdges    = .08 // contrasts a pixel, across and down
	mostEdges     = .60
	mostSkew      = 4.0 // times as many edges across as down, or down as across
	leastBalance  = .15 // of light and dark
)

// survey measures the tiles of a frame.
func (t *texture) survey(f *raster, mean float64) {
	t.wide, t.high = (f.w-1)/blockSide, (f.h-1)/blockSide // the pixel beyond is looked at
	t.tiles = resize(t.tiles, t.wide*t.high)
	least := max(leastContrast, ofMean*mean)
	for y := range t.high {
		for x := range t.wide {
			t.tiles[y*t.wide+x] = f.tile(x*blockSide, y*blockSide, int(least))
		}
	}
	least = max(least, aboveNoise*float64(t.calm()))
	for i := range t.tiles {
		t.tiles[i].fine = t.tiles[i].isFine(least)
	}
	t.smooth()
}

// tile measures the one at (x, y), from every other row; edges only where
// the contrast is least or more.
func (r *raster) tile(x, y, least int) tile {
	const pairs = 0x00ff00ff00ff00ff
	var rows [blockSide / 2]uint64
	for k := range rows {
		rows[k] = word(r.pix[(y+2*k)*r.stride+x:])
	}
	t := tile{}
	t.low, t.high = extremes8(rows[0], rows[1], rows[2], rows[3])
	if int(t.high)-int(t.low) < least {
		return t
	}
	var across, down, sum uint64 // four sums of two columns each
	for k, v := range rows {
		at := (y+2*k)*r.stride + x
		sum += v&pairs + v>>8&pairs
		half := v >> 1 & laneLow7
		low, high := order(half, word(r.pix[at+1:])>>1&laneLow7)
		across += (high-low)&pairs + (high-low)>>8&pairs
		low, high = order(half, word(r.pix[at+r.stride:])>>1&laneLow7)
		down += (high-low)&pairs + (high-low)>>8&pairs
	}
	// 32 pixels; steps were halved
	total := func(v uint64) uint64 { return v * 0x0001000100010001 >> 48 }
	t.mean = uint8(total(sum) / 32)
	t.across, t.down = uint8(min(255, total(across)/4)), uint8(min(255, total(down)/4))
	return t
}

func (t *tile) contrast() float64 { return float64(t.high) - float64(t.low) }

// calm is the contrast that the calmest quarter of tiles stays below.
func (t *texture) calm() int {
	var count [256]int
	for i := range t.tiles {
		count[t.tiles[i].high-t.tiles[i].low]++
	}
	n := 0
	for v, c := range count {
		if n += c; n > len(t.tiles)/4 {
			return v
		}
	}
	return 0
}

// shining is the share of tiles of nothing but light.
func (t *texture) shining() float64 {
	n := 0
	for i := range t.tiles {
		if t.tiles[i].low > glareTile {
			n++
		}
	}
	return float64(n) / float64(max(1, len(t.tiles)))
}

// isFine tells whether a tile can be one of a code.
func (t *tile) isFine(least float64) bool {
	c := t.contrast()
	if c < least {
		return false
	}
	across, down := float64(t.across)/4, float64(t.down)/4
	few, many := min(across, down), max(across, down)
	balance := (float64(t.mean) - float64(t.low)) / c
	return few > leastEdges*c && many < mostEdges*c && many < mostSkew*few &&
		balance > leastBalance && balance < 1-leastBalance
}

// smooth closes holes and drops what stands alone: a tile is inside where
// most of the nine around it are fine.
func (t *texture) smooth() {
	t.three = resize(t.three, len(t.tiles))
	for y := range t.high {
		row, three := t.tiles[y*t.wide:(y+1)*t.wide], t.three[y*t.wide:(y+1)*t.wide]
		for x := range three {
			three[x] = 0
			for _, n := range row[max(0, x-1):min(t.wide, x+2)] {
				if n.fine {
					three[x]++
				}
			}
		}
	}
	for y := range t.high {
		for x := range t.wide {
			i, n := y*t.wide+x, uint8(0)
			for k := max(0, y-1); k <= min(t.high-1, y+1); k++ {
				n += t.three[k*t.wide+x]
			}
			t.tiles[i].inside = n > 4
		}
	}
}
