package qr

// maxAlignment is the most alignment patterns along one side (version 40).
const maxAlignment = 7

const (
	minAlignmentLike = .6 // accepted
	minAlignmentSeed = .45
)

// A mesh holds where a symbol's alignment patterns, and its finder patterns
// in three corners, are off from where a homography expects them: curved
// paper and lenses.
type mesh struct {
	n     int // along one side; 0 is no mesh
	off   [maxAlignment][maxAlignment]point
	found [maxAlignment][maxAlignment]bool
}

// A patch is the brightness, in 16ths, half a module apart around where an
// alignment pattern is searched.
type patch struct {
	cells [maxPatch * maxPatch]int32
	side  int
}

const (
	alignmentSize  = 5
	alignmentLight = 8 // of its modules
	// perModule is how many places a module are compared, and maxPatch the
	// most to a side: where version 6 has its only one.
	perModule = 2
	maxPatch  = 27
)

// likeness says how like an alignment pattern the modules from (x, y) on are
// (6.3.6).
func (g *patch) likeness(x, y int) float64 {
	var sum, squares, lights int
	for row := range alignmentSize {
		q := g.cells[(y+perModule*row)*g.side+x:][:perModule*(alignmentSize-1)+1]
		a, b, c, d, e := int(q[0]), int(q[2]), int(q[4]), int(q[6]), int(q[8])
		sum += a + b + c + d + e
		squares += a*a + b*b + c*c + d*d + e*e
		if row > 0 && row < alignmentSize-1 {
			lights += b + d
			if row != alignmentSize/2 {
				lights += c
			}
		}
	}
	return correlation(sum, squares, lights, alignmentSize*alignmentSize, alignmentLight)
}

// findAlignment searches an alignment pattern within reach modules of p, and
// says how like one it is.
func (r *raster) findAlignment(p, right, down point, reach float64) (point, float64) {
	n := int(reach*perModule + .5)
	g := patch{side: 2*n + perModule*(alignmentSize-1) + 1}
	if g.side > maxPatch {
		return p, 0
	}
	right, down = right.mul(1./perModule), down.mul(1./perModule)
	r.sample(g.cells[:], g.side, p, right, down)
	r.effort -= (2*n + 1) * (2*n + 1) * patchCost
	best, x, y := -1.0, 0, 0
	for i := range 2*n + 1 {
		for j := range 2*n + 1 {
			// the nearer of two like ones
			like := g.likeness(i, j) - .001*float64((i-n)*(i-n)+(j-n)*(j-n))/(1+reach/2)
			if like > best {
				best, x, y = like, i, j
			}
		}
	}
	u, v := float64(x-n), float64(y-n)
	if best >= minAlignmentSeed && x > 0 && y > 0 && x < 2*n && y < 2*n {
		best = g.likeness(x, y)
		du, up := peak(g.likeness(x-1, y), best, g.likeness(x+1, y))
		dv, vp := peak(g.likeness(x, y-1), best, g.likeness(x, y+1))
		u, v, best = u+du, v+dv, best+up+vp
	}
	return p.along(right, down, u, v), best
}

// peak is where, and by how much higher, the peak of a parabola is through
// three values, of which the middle one is not the least.
func peak(before, at, after float64) (off, higher float64) {
	slope, bend := (after-before)/2, before-2*at+after
	if bend >= 0 {
		return 0, 0
	}
	off = clamp(-slope/bend, -.5, .5)
	return off, off * slope / 2
}

// align searches all alignment patterns of a layout, from the top left on,
// each where those found before let expect it, and refits the homography.
func (r *Reader) align(l *layout, m *homography, finders [3]point) {
	n := len(l.alignment)
	r.mesh.n = n
	corners := finderMatches(l.dim, finders)
	r.matches = append(r.matches[:0], corners[:]...)
	if n == 0 {
		return
	}
	r.mesh.found = [maxAlignment][maxAlignment]bool{}
	for sum := 1; sum <= 2*(n-1); sum++ {
		for i := max(0, sum-n+1); i <= min(sum, n-1); i++ {
			if !finderCorner(i, sum-i, n-1) {
				r.alignOne(l, m, i, sum-i)
			}
		}
	}
	r.mesh.complete(m, l, finders)
}

// finderMatches pairs the finder centres, top left, top right, bottom left.
func finderMatches(dim int, finders [3]point) [3]match {
	far := float64(dim) - finderMid
	return [3]match{{finderMid, finderMid, finders[0], 1}, {far, finderMid, finders[1], 1}, {finderMid, far, finders[2], 1}}
}

// alignOne searches alignment pattern (i, j) of the grid.
func (r *Reader) alignOne(l *layout, m *homography, i, j int) {
	n := len(l.alignment)
	u, v := float64(l.alignment[i])+.5, float64(l.alignment[j])+.5
	right, down := m.steps(u, v)
	expected := m.at(u, v)
	off, known := r.mesh.around(i, j)
	reach := 1.5
	if known {
		expected = expected.add(off)
	} else if reach = 2.5; n == 2 {
		reach += .05 * float64(l.dim)
	}
	found := len(r.matches) - 3
	if n > 2 && found < 4 {
		reach = 2
	}
	if r.effort <= 0 {
		return
	}
	p, like := r.findAlignment(expected, right, down, reach)
	if like <= minAlignmentLike {
		return
	}
	r.mesh.found[i][j] = true
	r.matches = append(r.matches, match{u, v, p, like * like})
	if found+1 >= 3 || i == n-1 && j == n-1 {
		if fit, ok := fitHomography(r.matches, float64(l.dim)); ok {
			*m = fit
		}
	}
	for _, c := range r.matches[3:] {
		a, b := gridIndex(l, c.u), gridIndex(l, c.v)
		r.mesh.off[a][b] = c.p.sub(m.at(c.u, c.v))
	}
}

func gridIndex(l *layout, u float64) int {
	i := 0
	for float64(l.alignment[i])+.5 < u {
		i++
	}
	return i
}

// around is the mean offset of the found neighbours of node (i, j).
func (g *mesh) around(i, j int) (off point, known bool) {
	n := 0.0
	for a := max(0, i-1); a <= min(i+1, g.n-1); a++ {
		for b := max(0, j-1); b <= min(j+1, g.n-1); b++ {
			if g.found[a][b] {
				off = off.add(g.off[a][b])
				n++
			}
		}
	}
	if n == 0 {
		return point{}, false
	}
	return off.mul(1 / n), true
}

// complete enters the finder patterns, and lets nodes that were not found
// follow their neighbours.
func (g *mesh) complete(m *homography, l *layout, finders [3]point) {
	last := g.n - 1
	for k, at := range [3][2]int{{0, 0}, {last, 0}, {0, last}} {
		c := finderMatches(l.dim, finders)[k]
		g.off[at[0]][at[1]] = c.p.sub(m.at(c.u, c.v))
		g.found[at[0]][at[1]] = true
	}
	for i := range g.n {
		for j := range g.n {
			if !g.found[i][j] {
				g.off[i][j] = point{}
			}
		}
	}
	for range g.n {
		for i := range g.n {
			for j := range g.n {
				if !g.found[i][j] {
					g.off[i][j] = g.mean(i, j)
				}
			}
		}
	}
}

// mean is the mean offset of the nodes beside (i, j).
func (g *mesh) mean(i, j int) (off point) {
	n := 0.0
	for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
		if a, b := i+d[0], j+d[1]; a >= 0 && b >= 0 && a < g.n && b < g.n {
			off = off.add(g.off[a][b])
			n++
		}
	}
	return off.mul(1 / n)
}
