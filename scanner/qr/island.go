package qr

import "math"

// An island is a group of tiles that lie inside.
type island struct {
	tiles, fine    int
	x0, x1, y0, y1 int     // the first tile and the last
	flatness       float64 // shorter by longer side
	solid          float64 // 1 is a parallelogram, less is torn
	light, dark    float64 // means
	balance        float64 // of dark, 0, and light, 1
	glare          float64 // tiles of nothing but light among them, by tiles
	shore          bool    // it reaches the frame's edge
	like           float64 // how like a code it is, from 0 to 1

	sumX, sumY, sumXX, sumYY, sumXY float64
}

const (
	leastTiles = 18 // of an island
	manyTiles  = 60 // of one that may be flatter than flatIsland
	flatIsland = .40
	flattest   = .18 // is a strip
	// mostCalm is the contrast that a quarter of the frame stays below: a
	// frame full of edges is no place to find an island.
	mostCalm = 40
	around   = 2 // tiles
	// An island is like a code to a degree from these shapes on.
	leastSolid, wholeSolid = .72, .88
	leastFine, wholeFine   = .45, .70
	evenBalance            = .525 // with some of the quiet zone
	mostOff, wholeOff      = .085, .06
	leastInk, wholeInk     = .30, .42 // contrast as a share of the light
	// and to no degree where the tiles around it are fine to such a share.
	roughSea, calmSea = .40, .25
	// Of all these degrees together so much is nothing, and so much is all.
	doubtfulIsland, certainIsland = .45, .80
	glareTile                     = 240 // grey level of its darkest pixel
)

// island returns the frame's island most like a code.
func (t *texture) island() (best island) {
	if t.calm() > mostCalm {
		return island{}
	}
	for i := range t.tiles {
		if t.tiles[i].inside {
			if s := t.flood(i); s.tiles >= leastTiles {
				t.finish(&s)
				if s.like*math.Sqrt(float64(s.tiles)) > best.like*math.Sqrt(float64(best.tiles)) {
					best = s
				}
			}
		}
	}
	return best
}

// flood takes the island that tile i is in.
func (t *texture) flood(i int) island {
	s := island{x0: t.wide, y0: t.high}
	t.tiles[i].inside = false
	t.queue = append(t.queue[:0], int32(i))
	for len(t.queue) > 0 {
		k := int(t.queue[len(t.queue)-1])
		t.queue = t.queue[:len(t.queue)-1]
		x, y := k%t.wide, k/t.wide
		s.add(&t.tiles[k], x, y)
		for _, d := range [...]struct{ x, y int }{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			nx, ny := x+d.x, y+d.y
			if nx < 0 || ny < 0 || nx == t.wide || ny == t.high {
				s.shore = true
			} else if n := ny*t.wide + nx; t.tiles[n].inside {
				t.tiles[n].inside = false
				t.queue = append(t.queue, int32(n))
			}
		}
	}
	return s
}

// add takes a tile into an island.
func (s *island) add(t *tile, x, y int) {
	s.tiles++
	s.x0, s.x1, s.y0, s.y1 = min(s.x0, x), max(s.x1, x), min(s.y0, y), max(s.y1, y)
	fx, fy := float64(x), float64(y)
	s.sumX += fx
	s.sumY += fy
	s.sumXX += fx * fx
	s.sumYY += fy * fy
	s.sumXY += fx * fy
	if t.fine {
		s.fine++
		s.light += float64(t.high)
		s.dark += float64(t.low)
		s.balance += (float64(t.mean) - float64(t.low)) / t.contrast()
	}
}

// finish makes means of sums, and judges. The spread of a parallelogram's
// places, whatever its sides and angles, tells its area; what is torn or has
// arms spreads wider than its tiles fill.
func (t *texture) finish(s *island) {
	n, fine := float64(s.tiles), float64(max(1, s.fine))
	x, y := s.sumX/n, s.sumY/n
	xx, yy, xy := s.sumXX/n-x*x+1./12, s.sumYY/n-y*y+1./12, s.sumXY/n-x*y
	half, more := (xx+yy)/2, math.Hypot((xx-yy)/2, xy)
	s.flatness = math.Sqrt(max(0, half-more) / (half + more))
	s.light /= fine
	s.dark /= fine
	s.balance /= fine
	lost, sea, rough := 0, -s.tiles, -s.fine
	for y := max(0, s.y0-around); y <= min(t.high-1, s.y1+around); y++ {
		for x := max(0, s.x0-around); x <= min(t.wide-1, s.x1+around); x++ {
			sea++
			if t.tiles[y*t.wide+x].fine {
				rough++
			}
			if t.tiles[y*t.wide+x].low > glareTile && x >= s.x0 && x <= s.x1 && y >= s.y0 && y <= s.y1 {
				lost++
			}
		}
	}
	s.glare = float64(lost) / n
	s.solid = (n + float64(lost)) / (12 * math.Sqrt(max(1e-9, xx*yy-xy*xy)))
	if s.shore || s.flatness < flattest || s.flatness < flatIsland && s.tiles < manyTiles {
		return
	}
	ramp := func(v, none, whole float64) float64 { return clamp((v-none)/(whole-none), 0, 1) }
	like := ramp(s.solid, leastSolid, wholeSolid) * ramp(fine/n, leastFine, wholeFine) *
		ramp((s.light-s.dark)/max(1, s.light), leastInk, wholeInk) *
		ramp(math.Abs(s.balance-evenBalance), mostOff, wholeOff) *
		ramp(float64(rough)/float64(max(1, sea)), roughSea, calmSea)
	s.like = ramp(like, doubtfulIsland, certainIsland)
}
