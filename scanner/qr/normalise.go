package qr

// How far around a module, in modules, brightness is compared.
const (
	firstWindow = 5 // for a first guess
	whiteWindow = 6 // for the means of light and dark modules
)

// glare is the brightness above which a module, among dark ones that are
// bright themselves, has lost what it said.
const (
	glareLight = 250
	glareDark  = 150
)

// normalise turns r.bright into r.soft: -1 is dark as dark modules around
// are, 1 is light as light ones are. r.swing gets how far apart the two are.
func (r *Reader) normalise(l *layout) {
	n := l.dim
	size := n * n
	r.guess, r.work = resize(r.guess, size), resize(r.work, size)
	r.boxA, r.boxB, r.boxC = resize(r.boxA, size), resize(r.boxB, size), resize(r.boxC, size)
	r.soft, r.swing, r.lost = resize(r.soft, size), resize(r.swing, size), resize(r.lost, size)
	boxSum(r.bright, r.work, r.boxA, n, firstWindow)
	for y := range n {
		for x := range n {
			i := y*n + x
			r.guess[i] = 0
			if r.known[i] == lightModule || r.known[i] != darkModule && r.bright[i] >= r.boxA[i]/windowSize(x, y, n, firstWindow) {
				r.guess[i] = 1
			}
			r.soft[i] = r.bright[i] * r.guess[i]
		}
	}
	boxSum(r.guess, r.work, r.boxB, n, whiteWindow)  // how many light
	boxSum(r.soft, r.work, r.boxC, n, whiteWindow)   // their brightness
	boxSum(r.bright, r.work, r.boxA, n, whiteWindow) // all brightness
	const leastSwing = 3
	total := float32(0)
	for y := range n {
		for x := range n {
			i := y*n + x
			lights := r.boxB[i]
			darks := windowSize(x, y, n, whiteWindow) - lights
			r.lost[i] = false
			if lights < 1 || darks < 1 {
				r.soft[i], r.swing[i] = 0, 1
				continue
			}
			light, dark := r.boxC[i]/lights, (r.boxA[i]-r.boxC[i])/darks
			swing := max((light-dark)/2, leastSwing)
			total += swing
			r.swing[i] = swing
			r.soft[i] = (r.bright[i] - (light+dark)/2) / swing
			r.lost[i] = r.bright[i] > glareLight && dark > glareDark
		}
	}
	r.meanSwing = total / float32(size)
}

// windowSize is how many modules within radius of (x, y) a symbol has.
func windowSize(x, y, n, radius int) float32 {
	w := min(n-1, x+radius) - max(0, x-radius) + 1
	h := min(n-1, y+radius) - max(0, y-radius) + 1
	return float32(w * h)
}

// boxSum sums n x n values over a square of that radius around each.
func boxSum(in, work, out []float32, n, radius int) {
	for y := range n {
		slideRow(in[y*n:y*n+n], work[y*n:y*n+n], radius)
	}
	var column [maxModules]float32
	add := func(y int) {
		for x, v := range work[y*n : y*n+n] {
			column[x] += v
		}
	}
	for y := range min(radius, n) {
		add(y)
	}
	for y := range n {
		if y+radius < n {
			add(y + radius)
		}
		if old := y - radius - 1; old >= 0 {
			for x, v := range work[old*n : old*n+n] {
				column[x] -= v
			}
		}
		copy(out[y*n:y*n+n], column[:n])
	}
}

func slideRow(in, out []float32, radius int) {
	var s float32
	for x := range min(radius, len(in)) {
		s += in[x]
	}
	for x := range in {
		if x+radius < len(in) {
			s += in[x+radius]
		}
		if x > radius {
			s -= in[x-radius-1]
		}
		out[x] = s
	}
}
