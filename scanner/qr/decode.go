package qr

import (
	"image"
	"math"

	"badgekiosk/scanner"
)

// Full values in reading format information: grey levels when sampled
// quickly, shares of the local contrast when carefully.
const (
	fullQuick   = 30
	fullCareful = 1
)

// decodeQuickly turns r.soft into a message.
func (r *Reader) decodeQuickly(l *layout) (scanner.Symbol, bool) {
	f, ok := r.readFormat(l, fullQuick)
	if !ok {
		return scanner.Symbol{}, false
	}
	r.readCodewords(l, f)
	if r.correctBlocks(l, f, false) < l.blocks(f.level).n {
		return scanner.Symbol{}, false
	}
	return r.message(l)
}

// outlineOnly is how near a code is to being read of which the patterns are
// seen and no block can be repaired.
const outlineOnly = .05

// decodeCarefully samples the modules, which are so many pixels large, takes
// blur out and decodes. Blocks that can be repaired tell what their modules
// are; with that, blur is estimated better and further blocks are tried.
func (r *Reader) decodeCarefully(l *layout, m *homography, module float64) (scanner.Symbol, bool) {
	if !r.spend(carefulCost * l.dim * l.dim) {
		r.sight(l, m, outlineOnly, false)
		return scanner.Symbol{}, false
	}
	r.sampleCarefully(module)
	r.sampleBetween(l.dim)
	r.known = append(r.known[:0], l.kind...)
	for before := 0; ; {
		r.normalise(l)
		r.normaliseBetween(l.dim)
		if before == 0 {
			r.sight(l, m, outlineOnly, false)
			r.measureLight(l)
		}
		good, all := r.decodeEqualised(l)
		if good == all {
			return r.message(l)
		}
		r.sighting.near = max(r.sighting.near, float64(good)/float64(all))
		if good <= before || !r.spend(againCost*l.dim*l.dim) {
			return scanner.Symbol{}, false
		}
		before = good
	}
}

// decodeEqualised takes blur out of r.soft, in rounds, until all blocks can be
// repaired, and tells how many of all are in the end. Only the last round
// looks closer at each block.
func (r *Reader) decodeEqualised(l *layout) (good, all int) {
	for round := 1; ; round++ {
		last := !r.equalise(l) || round == rounds || r.effort <= 0
		r.insist(l)
		f, ok := r.readFormat(l, fullCareful)
		if all = l.blocks(f.level).n; ok {
			if r.readCodewords(l, f); last {
				r.rateCodewords(l, f)
			}
			good = r.correctBlocks(l, f, last)
		}
		if last || ok && good == all {
			return good, all
		}
		good = 0
	}
}

// finderModule is the size of a module in pixels at the top left finder.
func finderModule(m *homography) float64 {
	right, down := m.steps(finderMid, finderMid)
	return (right.length() + down.length()) / 2
}

// message parses r.data.
func (r *Reader) message(l *layout) (scanner.Symbol, bool) {
	m, err := parse(r.data, l.version)
	if err != nil {
		return scanner.Symbol{}, false
	}
	return scanner.Symbol{Text: m.text, Declared: m.declared, Bytes: m.bytes, Append: m.append, Version: l.version}, true
}

// corners are a symbol's outer corners in the frame, of which the picture
// that was read is at origin and was reduced by scale.
func corners(m *homography, dim, scale int, origin point) (out [4]image.Point) {
	n := float64(dim)
	for i, c := range [4]point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
		p := m.at(c.x, c.y).mul(float64(scale)).add(origin)
		out[i] = image.Pt(int(math.Round(p.x)), int(math.Round(p.y)))
	}
	return out
}
