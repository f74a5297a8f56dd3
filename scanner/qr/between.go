package qr

// sampleBetween fills r.halves with the brightness half a module apart, after
// sampleCarefully.
func (r *Reader) sampleBetween(n int) {
	r.halves = resize(r.halves, (2*n+1)*(2*n+1))
	for y := range 2*n + 1 {
		row := r.halves[y*(2*n+1) : (y+1)*(2*n+1)]
		line := r.between(y, n)
		if y&1 == 0 {
			r.brightness(row, line, 1)
			continue
		}
		r.brightness(row, line, 2)
		for x, v := range r.bright[y/2*n : y/2*n+n] {
			row[2*x+1] = v
		}
	}
}

// between returns the places of row y of those half a module apart.
func (r *Reader) between(y, n int) []place {
	r.line = resize(r.line, 2*n+1)
	line, j := r.line, max(0, min(n-2, (y-1)/2))
	upper, lower := r.places[j*n:j*n+n], r.places[j*n+n:j*n+2*n]
	for x, p := range upper {
		line[2*x+1] = p.along(lower[x], int32(y-1-2*j))
	}
	for x := 2; x < 2*n; x += 2 {
		line[x] = line[x-1].along(line[x+1], 1)
	}
	line[0], line[2*n] = line[1].along(line[3], -1), line[2*n-1].along(line[2*n-3], -1)
	return line
}

// along is so many halves of the way to q.
func (p place) along(q place, halves int32) place {
	return place{p.x + (q.x-p.x)*halves>>1, p.y + (q.y-p.y)*halves>>1}
}

// normaliseBetween relates the samples half a module apart to the light and
// dark modules around, after normalise.
func (r *Reader) normaliseBetween(n int) {
	r.fine = resize(r.fine, len(r.halves))
	for y := range 2*n + 1 {
		at := min(y/2, n-1) * n
		middle, gain := r.middle[at:at+n], r.gain[at:at+n]
		in, out := r.halves[y*(2*n+1):(y+1)*(2*n+1)], r.fineRow(y, n)
		for x, m := range middle {
			g := gain[x]
			out[2*x], out[2*x+1] = (in[2*x]-m)*g, (in[2*x+1]-m)*g
		}
		out[2*n] = (in[2*n] - middle[n-1]) * gain[n-1]
	}
}
