package qr

// A chain is what scanned rows close above each other cross.
type chain struct {
	crossing     // of the last of them
	top      int // the first of them
	mids     float64
	widths   int
}

const (
	// minChained is how many rows make a chain that is something.
	minChained = 2
	maxBorne   = 1024
)

// chained returns what several rows of a list of crossings cross, each once
// and in the middle. The list has the rows of each scan from top to bottom.
func (r *Reader) chained(list []crossing) []crossing {
	r.chains, r.borne = r.chains[:0], r.borne[:0]
	var scans [len(parts)][]crossing
	n, from := 0, 0
	for i := range list {
		if i+1 == len(list) || list[i+1].y < list[i].y {
			scans[n] = list[from : i+1]
			n, from = n+1, i+1
		}
	}
	for y := 0; r.spend(1); {
		var next *[]crossing
		for i := range scans[:n] {
			if s := &scans[i]; len(*s) > 0 && (next == nil || (*s)[0].y < (*next)[0].y) {
				next = s
			}
		}
		if next == nil {
			break
		}
		c := (*next)[0]
		*next = (*next)[1:]
		if c.y > y {
			y = c.y
			r.endChains(y - 2*rowStep(r.h))
		}
		r.chain(c)
	}
	r.endChains(r.h)
	return r.borne
}

// chain adds a crossing to what rows above cross, or begins a new chain.
func (r *Reader) chain(c crossing) {
	near := c.width / 3
	for i := range r.chains {
		o := &r.chains[i]
		if max(o.x-c.x, c.x-o.x) < near && max(o.width-c.width, c.width-o.width) < near {
			c.rows = o.rows + 1
			o.crossing = c
			o.mids += c.mid
			o.widths += c.width
			return
		}
	}
	r.chains = append(r.chains, chain{c, c.y, c.mid, c.width})
}

// endChains drops the chains that no row from y on crosses, and keeps what
// those of enough rows cross.
func (r *Reader) endChains(y int) {
	alive := r.chains[:0]
	for _, c := range r.chains {
		if c.y >= y {
			alive = append(alive, c)
		} else if c.rows >= minChained && len(r.borne) < maxBorne {
			c.mid, c.width = c.mids/float64(c.rows), c.widths/c.rows
			c.x, c.y = int(c.mid), (c.top+c.y)/2
			r.borne = append(r.borne, c.crossing)
		}
	}
	r.chains = alive
}
