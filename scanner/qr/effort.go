package qr

// A frame may cost so much and no more, whatever it shows: the next one is
// a better use of the time than a tenth look at this one. Effort is counted
// in samples of the picture, of which one takes some 10 ns on a PC.

const (
	// baseEffort is what reading one symbol of version 40 with care takes.
	baseEffort = 450_000
	// pixelsPerEffort allows more for larger frames.
	pixelsPerEffort = 4
	// lookCost and recentreCost are what it takes to look at a crossing's
	// column, and around it.
	lookCost     = 12
	recentreCost = 80
	// poseCost is what it takes to look at a triple's patterns.
	poseCost = 500
	// what one module costs when located and sampled quickly, and with care
	quickCost   = 3
	carefulCost = 9
)

// allow sets what may be spent on a frame.
func (r *Reader) allow() {
	r.effort = baseEffort + r.w*r.h/pixelsPerEffort
	r.attempts = r.attempts[:0]
}

// spend counts samples and tells whether there was effort left.
func (r *Reader) spend(samples int) bool {
	r.effort -= samples
	return r.effort > 0
}

// An attempt is a pose that was sampled with care, in vain.
type attempt struct {
	version, scale int
	pose
}

// attempted tells whether much the same pose was tried before; if not it is
// entered.
func (r *Reader) attempted(version int, p pose, module float64) bool {
	const same = .05 // of a module
	near := same * module
next:
	for _, a := range r.attempts {
		if a.version != version || a.scale != r.scale || a.tilt.sub(p.tilt).length() > flat {
			continue
		}
		for i, p := range p.finders {
			if p.sub(a.finders[i]).length() > near {
				continue next
			}
		}
		return true
	}
	r.attempts = append(r.attempts, attempt{version, r.scale, p})
	return false
}
