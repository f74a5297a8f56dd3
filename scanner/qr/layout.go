package qr

// A moduleKind says what a module is for (ISO/IEC 18004:2015, 6.3).
type moduleKind uint8

const (
	dataModule  moduleKind = iota
	lightModule            // of a function pattern
	darkModule             // of a function pattern
	infoModule             // of format or version information
)

// A layout is where everything is in a symbol of one version.
type layout struct {
	version int
	dim     int
	*versionInfo
	kind []moduleKind // dim x dim, row by row
	// order holds the modules of the codewords' bits, first codeword first,
	// most significant bit first (7.7.3).
	order []cell
	// behind is order as it is seen from behind, made when first wanted.
	behind []cell
}

// A cell is a module's place, row by row, and which mask patterns invert it,
// a bit each.
type cell struct {
	at    uint16
	masks uint8
}

// cells are the modules of the codewords' bits.
func (l *layout) cells(mirrored bool) []cell {
	if !mirrored {
		return l.order
	}
	if l.behind == nil {
		l.behind = make([]cell, len(l.order))
		for i, c := range l.order {
			x, y := int(c.at)%l.dim, int(c.at)/l.dim
			l.behind[i] = cell{uint16(x*l.dim + y), c.masks}
		}
	}
	return l.behind
}

func newLayout(version int) *layout {
	n := dimension(version)
	l := &layout{version: version, dim: n, versionInfo: &versions[version-1], kind: make([]moduleKind, n*n)}
	for i := range n {
		l.set(i, 6, i%2 == 0)
		l.set(6, i, i%2 == 0)
	}
	for _, c := range [][2]int{{3, 3}, {n - 4, 3}, {3, n - 4}} {
		l.rings(c[0], c[1], 4, func(ring int) bool { return ring != 2 && ring != 4 })
	}
	last := len(l.alignment) - 1
	for i, x := range l.alignment {
		for j, y := range l.alignment {
			if !finderCorner(i, j, last) {
				l.rings(x, y, 2, func(ring int) bool { return ring != 1 })
			}
		}
	}
	l.information()
	l.place()
	return l
}

// finderCorner tells whether the alignment grid's node (i, j) is taken by a
// finder pattern.
func finderCorner(i, j, last int) bool {
	return i == 0 && (j == 0 || j == last) || i == last && j == 0
}

func (l *layout) set(x, y int, dark bool) {
	if x < 0 || y < 0 || x >= l.dim || y >= l.dim {
		return
	}
	l.kind[y*l.dim+x] = lightModule
	if dark {
		l.kind[y*l.dim+x] = darkModule
	}
}

// rings draws concentric squares around (x, y).
func (l *layout) rings(x, y, radius int, dark func(ring int) bool) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			l.set(x+dx, y+dy, dark(max(dx, -dx, dy, -dy)))
		}
	}
}

// information keeps room for format and version information (7.9, 7.10).
func (l *layout) information() {
	n := l.dim
	set := func(x, y int) { l.kind[y*n+x] = infoModule }
	for i := range 9 {
		if i != 6 {
			set(8, i)
			set(i, 8)
		}
	}
	for i := range 8 {
		set(8, n-1-i)
		set(n-1-i, 8)
	}
	l.kind[(n-8)*n+8] = darkModule
	if l.version >= firstVersionInfo {
		for i := range 18 {
			set(n-11+i%3, i/3)
			set(i/3, n-11+i%3)
		}
	}
}

// place walks the data modules: two columns at a time from the right,
// upwards and downwards in turn.
func (l *layout) place() {
	n := l.dim
	l.order = make([]cell, 0, n*n)
	up := true
	for x := n - 1; x > 0; x -= 2 {
		if x == 6 { // the vertical timing pattern
			x--
		}
		for k := range n {
			y := k
			if up {
				y = n - 1 - k
			}
			for c := range 2 {
				if l.kind[y*n+x-c] == dataModule {
					l.order = append(l.order, cell{uint16(y*n + x - c), masks[y%maskPeriod][(x-c)%maskPeriod]})
				}
			}
		}
		up = !up
	}
}

// masked tells whether mask pattern m inverts the module at (x, y).
//
// Source: ISO/IEC 18004:2015, Table 10.
func masked(m, x, y int) bool {
	switch m {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (y/2+x/3)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

// maskPeriod is after how many modules every mask pattern repeats.
const maskPeriod = 12

// masks holds masked for one period of every mask pattern, a bit each.
var masks = newMasks()

func newMasks() (out [maskPeriod][maskPeriod]uint8) {
	for y := range out {
		for x := range out[y] {
			for m := range 8 {
				if masked(m, x, y) {
					out[y][x] |= 1 << m
				}
			}
		}
	}
	return
}
