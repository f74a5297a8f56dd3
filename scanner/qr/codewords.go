package qr

import (
	"cmp"
	"math"
	"slices"
)

// A doubt ranks codeword i of a block by how little can be relied on it.
type doubt struct {
	place int
	sure  float32
}

// weakSwing is the share of the mean swing below which a module's value is
// trusted less.
const weakSwing = .6

// readCodewords takes the codewords from r.soft.
func (r *Reader) readCodewords(l *layout, f format) {
	r.codewords = resize(r.codewords, l.codewords)
	cells, soft, mask := l.cells(f.mirrored), r.soft, f.mask&7
	for k := range r.codewords {
		var word uint32
		for _, c := range cells[8*k : 8*k+8] {
			word = word<<1 | math.Float32bits(soft[c.at])>>31 ^ uint32(c.masks>>mask&1) // the sign: dark is 1
		}
		r.codewords[k] = byte(word)
	}
}

// rateCodewords enters in r.sure how sure each codeword's least sure bit is.
func (r *Reader) rateCodewords(l *layout, f format) {
	r.sure = resize(r.sure, l.codewords)
	cells := l.cells(f.mirrored)
	for k := range r.sure {
		least := float32(math.MaxFloat32)
		for _, c := range cells[8*k : 8*k+8] {
			least = min(least, r.trust(int(c.at)))
		}
		r.sure[k] = least
	}
}

// trust is how sure the value of module i is, by local contrast and glare as
// well.
func (r *Reader) trust(i int) float32 {
	if r.lost[i] {
		return 0
	}
	v := max(r.soft[i], -r.soft[i])
	if weak := weakSwing * r.meanSwing; r.swing[i] < weak {
		v *= r.swing[i] / weak
	}
	return v
}

// correctable is how many wrong codewords of a block are repaired: as the
// standard says, small versions keep some for noticing misreadings instead.
//
// Source: ISO/IEC 18004:2015, Table 9, note.
func correctable(version, ecc int) int {
	protect := 0
	switch {
	case version == 1 && ecc == 7:
		protect = 3
	case version == 1 && ecc == 10, version == 2 && ecc == 10:
		protect = 2
	case version == 1:
		protect = 1
	case version == 3 && ecc == 15:
		protect = 1
	}
	return (ecc - protect) / 2
}

// correctBlocks repairs the blocks and tells how many of them it could. The
// data codewords are in r.data if it was all. Careful goes on behind a block
// that fails, enters what the others say in r.known, and gives up codewords
// in doubt, in growing number, where counting errors alone does not do
// (Forney's generalised minimum distance); not so once the first few failed.
func (r *Reader) correctBlocks(l *layout, f format, careful bool) (good int) {
	b := l.blocks(f.level)
	r.data = r.data[:0]
	per, long := l.codewords/b.n, l.codewords%b.n // the last blocks are longer by one
	for i := range b.n {
		n := per
		if i >= b.n-long {
			n++
		}
		block, sure := r.block[:n], r.blockSure[:n]
		for k := range block {
			at := blockCodeword(i, k, n-b.ec, b.n, per-b.ec, long)
			block[k] = r.codewords[at]
			if careful {
				sure[k] = r.sure[at]
			}
		}
		if !r.correctBlock(block, sure, b.ec, correctable(l.version, b.ec), careful && (good > 0 || i < hopeless)) {
			if !careful {
				return good
			}
			continue
		}
		good++
		if careful {
			for k, c := range block {
				r.learn(l, f, blockCodeword(i, k, n-b.ec, b.n, per-b.ec, long), c)
			}
		}
		r.data = append(r.data, block[:n-b.ec]...)
	}
	return good
}

// learn enters codeword c, the at-th of all, in r.known.
func (r *Reader) learn(l *layout, f format, at int, c byte) {
	for _, m := range l.cells(f.mirrored)[8*at : 8*at+8] {
		r.known[m.at] = lightModule
		if c>>7 != m.masks>>f.mask&1 {
			r.known[m.at] = darkModule
		}
		c <<= 1
	}
}

// blockCodeword is where codeword k of block i is among all: they are
// interleaved, first data, then error correction (7.6).
func blockCodeword(i, k, data, blocks, short, long int) int {
	switch {
	case k < short:
		return k*blocks + i
	case k < data: // only long blocks have one
		return short*blocks + i - (blocks - long)
	}
	return short*blocks + long + (k-data)*blocks + i
}

const (
	// minErasable is the least error correction codewords in a block with
	// which any is given up, spareECC how many always stay for noticing
	// misreadings.
	minErasable = 10
	spareECC    = 4
	// erasureSteps is with how many numbers of codewords given up a block is
	// tried.
	erasureSteps = 6
)

// hopeless is how many blocks fail, and none is good, before giving codewords
// up is given up.
const hopeless = 2

func (r *Reader) correctBlock(block []byte, sure []float32, ecc, most int, erase bool) bool {
	r.effort -= correctCost * len(block) * ecc
	saved := r.saved[:len(block)]
	copy(saved, block)
	if n := r.rs.correct(block, ecc, nil); n >= 0 && n <= most {
		r.errors += n
		return true
	}
	if !erase || ecc < minErasable {
		return false
	}
	doubts := r.doubts[:len(block)]
	for i := range doubts {
		doubts[i] = doubt{i, sure[i]}
	}
	slices.SortFunc(doubts, func(a, b doubt) int { return cmp.Compare(a.sure, b.sure) })
	for i, d := range doubts[:ecc] {
		r.erasures[i] = d.place
	}
	for part := 1; part <= erasureSteps; part++ {
		n := (ecc - spareECC) * part / erasureSteps &^ 1
		copy(block, saved)
		r.effort -= correctCost * len(block) * ecc
		if e := r.rs.correct(block, ecc, r.erasures[:n]); e >= 0 && 2*e <= ecc-n-spareECC {
			r.errors += e + n
			return true
		}
	}
	return false
}
