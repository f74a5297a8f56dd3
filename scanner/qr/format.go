package qr

// A format is what the format information says (7.9).
type format struct {
	level    level
	mask     uint8
	mirrored bool // the symbol is seen from behind
}

const (
	minFormatLike = .5
	// mirrorLead is by how much better a mirrored reading must fit.
	mirrorLead = .05
)

// readFormat reads both copies of the format information from r.soft, of
// which values beyond full count as full.
func (r *Reader) readFormat(l *layout, full float32) (format, bool) {
	word, like := r.formatWord(l, full, false)
	f := format{}
	if w, k := r.formatWord(l, full, true); k > like+mirrorLead {
		word, like, f.mirrored = w, k, true
	}
	f.level, f.mask = level(word>>3), uint8(word&7)
	return f, like >= minFormatLike
}

func (r *Reader) formatWord(l *layout, full float32, mirrored bool) (int, float64) {
	var soft [formatBits]float64
	n := l.dim
	add := func(bit, x, y int) {
		if mirrored {
			x, y = y, x
		}
		soft[bit] += float64(max(-full, min(full, -r.soft[y*n+x])))
	}
	for i := range formatBits {
		switch { // around the top left finder (Figure 25)
		case i < 6:
			add(i, 8, i)
		case i < 8:
			add(i, 8, i+1)
		case i == 8:
			add(i, 7, 8)
		default:
			add(i, 14-i, 8)
		}
		if i < 8 { // below the top right one, beside the bottom left one
			add(i, n-1-i, 8)
		} else {
			add(i, 8, n-15+i)
		}
	}
	return bestWord(formatWords[:], soft[:])
}
