package qr

import "math"

// A grid is the brightness, in 16ths, of the modules of a finder pattern.
type grid [finderSize * finderSize]int32

// sample fills g with the brightness, in 16ths, of n*n places around c, with
// steps right and down from one to the next.
func (r *raster) sample(g []int32, n int, c, right, down point) {
	r.effort -= n * n * cellCost
	half := float64(n-1) / 2
	first := c.along(right, down, -half, -half)
	if !r.holds(first, right, down, float64(n-1)) {
		for i := range n * n {
			g[i] = int32(16 * r.luma(first.along(right, down, float64(i%n), float64(i/n))))
		}
		return
	}
	const one = 1 << 16 // fixed point
	x0, y0 := int((first.x-.5)*one), int((first.y-.5)*one)
	rx, ry, dx, dy := int(right.x*one), int(right.y*one), int(down.x*one), int(down.y*one)
	i := 0
	for range n {
		x, y := x0, y0
		for range n {
			at := y>>16*r.stride + x>>16
			a := r.pix[at : at+2 : at+2]
			b := r.pix[at+r.stride : at+r.stride+2 : at+r.stride+2]
			fx, fy := x>>8&255, y>>8&255
			upper := int(a[0])<<8 + fx*(int(a[1])-int(a[0]))
			lower := int(b[0])<<8 + fx*(int(b[1])-int(b[0]))
			g[i] = int32((upper<<8 + fy*(lower-upper)) >> 12)
			i++
			x, y = x+rx, y+ry
		}
		x0, y0 = x0+dx, y0+dy
	}
}

// holds tells whether the four corners of a square lie so far inside the
// picture that four pixels are around each.
func (r *raster) holds(first, right, down point, side float64) bool {
	for i := range 4 {
		p := first.along(right, down, side*float64(i&1), side*float64(i>>1))
		if !(p.x >= 1 && p.y >= 1 && p.x < float64(r.w-1) && p.y < float64(r.h-1)) {
			return false
		}
	}
	return true
}

// likeness correlates a grid with a finder pattern.
func (g *grid) likeness() float64 {
	var sum, squares, lights int
	for _, v := range g {
		sum += int(v)
		squares += int(v) * int(v)
	}
	for _, i := range finderLight {
		lights += int(g[i])
	}
	return correlation(sum, squares, lights, len(g), len(finderLight))
}

// correlation with a pattern of which so many cells are light, from sums over
// all cells, of their squares, and over those: 1 is the pattern itself, 0 is
// nothing alike or no contrast.
func correlation(sum, squares, lights, all, light int) float64 {
	cells, nl := float64(all), float64(light)
	mean := float64(sum) / cells
	variance := float64(squares)/cells - mean*mean
	const least = 9 * 16 * 16 // a deviation of three grey levels
	if variance < least {
		return 0
	}
	nd := cells - nl
	difference := float64(lights)/nl - float64(sum-lights)/nd
	return difference * math.Sqrt(nl*nd) / cells / math.Sqrt(variance)
}

// finderLight are the light modules of a finder pattern, numbered row by row
// (6.3.3).
var finderLight = [...]uint8{8, 9, 10, 11, 12, 15, 19, 22, 26, 29, 33, 36, 37, 38, 39, 40}

// finderLikeness says how like a finder pattern the picture is around c.
func (r *raster) finderLikeness(c, right, down point) float64 {
	var g grid
	r.sample(g[:], finderSize, c, right, down)
	return g.likeness()
}

// timingLikeness says how like a timing pattern of a symbol with dim modules
// its row 6, or column 6, is: 1 is one, 0 is by chance (6.3.5).
func (r *raster) timingLikeness(m *homography, dim int, column bool) float64 {
	const most = 40 // grey levels; more says no more
	r.effort -= dim * lumaCost
	var fit, all, before, last float64
	for k := 7; k <= dim-8; k++ {
		p := m.at(float64(k)+.5, 6.5)
		if column {
			p = m.at(6.5, float64(k)+.5)
		}
		v := r.luma(p)
		if k >= 9 {
			d := clamp(last-(before+v)/2, -most, most) // module k-1 against its neighbours
			if k%2 == 1 {
				d = -d // it is dark
			}
			fit += d
			all += math.Abs(d)
		}
		before, last = last, v
	}
	return fit / (all + 8)
}
