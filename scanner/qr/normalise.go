package qr

// window is how far around a module, in modules, brightness is compared.
const window = 6

// glare is the brightness above which a module, among dark ones that are
// bright themselves, has lost what it said.
const (
	glareLight = 250
	glareDark  = 150
)

// normalise turns r.bright into r.soft: -1 is dark as dark modules around
// are, 1 is light as light ones are; r.middle is what lies between the two,
// r.swing how far apart they are from that, and r.gain its inverse.
func (r *Reader) normalise(l *layout) {
	n := l.dim
	size := n * n
	r.guess, r.work = resize(r.guess, size), resize(r.work, size)
	r.middle, r.gain = resize(r.middle, size), resize(r.gain, size)
	r.boxA, r.boxB, r.boxC = resize(r.boxA, size), resize(r.boxB, size), resize(r.boxC, size)
	r.soft, r.swing, r.lost = resize(r.soft, size), resize(r.swing, size), resize(r.lost, size)
	boxSum(r.bright, r.work, r.boxA, n, window)
	r.guessLight(n)
	boxSum(r.guess, r.work, r.boxB, n, window) // how many light
	boxSum(r.soft, r.work, r.boxC, n, window)  // their brightness
	const leastSwing = 3
	total := float32(0)
	for y := range n {
		for x := range n {
			i := y*n + x
			lights, v := r.boxB[i], r.bright[i]
			darks := windowSize(x, y, n) - lights
			middle, swing, lost := v, float32(1), false
			if lights >= 1 && darks >= 1 {
				light, dark := r.boxC[i]/lights, (r.boxA[i]-r.boxC[i])/darks
				middle, swing = (light+dark)/2, max((light-dark)/2, leastSwing)
				lost = v > glareLight && dark > glareDark
				total += swing
			}
			gain := 1 / swing
			r.middle[i], r.swing[i], r.gain[i], r.lost[i] = middle, swing, gain, lost
			r.soft[i] = (v - middle) * gain
		}
	}
	r.meanSwing = total / float32(size)
}

// guessLight enters in r.guess which modules are light, known or by the sums
// around in r.boxA, and in r.soft their brightness.
func (r *Reader) guessLight(n int) {
	for y := range n {
		for x := range n {
			i := y*n + x
			r.guess[i], r.soft[i] = 0, 0
			if r.known[i] == lightModule || r.known[i] != darkModule && r.bright[i]*windowSize(x, y, n) >= r.boxA[i] {
				r.guess[i], r.soft[i] = 1, r.bright[i]
			}
		}
	}
}

// windowSize is how many modules within the window around (x, y) a symbol has.
func windowSize(x, y, n int) float32 {
	w := min(n-1, x+window) - max(0, x-window) + 1
	h := min(n-1, y+window) - max(0, y-window) + 1
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
