package qr

import (
	"errors"
	"fmt"
)

// read takes a code apart: format word, mask, zigzag, blocks, Reed-Solomon
// syndromes (all zero in a sound code), segments. ISO/IEC 18004, clause 7.
func read(c *Code) (data []byte, level Level, err error) {
	word := 0
	for i, xy := range formatModules {
		if c.Black(xy[0], xy[1]) {
			word |= 1 << i
		}
	}
	word ^= 0x5412
	if bch(word>>10) != word {
		return nil, 0, fmt.Errorf("format word %015b is not a BCH code word", word)
	}
	level = [...]Level{Medium, Low, High, Quartile}[word>>13]
	words := codewords(c, word>>10&7)
	blocks, check, err := split(words, c.Version(), level)
	if err != nil {
		return nil, 0, err
	}
	var all []byte
	for i, b := range blocks {
		if !zeroSyndromes(b, check) {
			return nil, 0, fmt.Errorf("block %d does not satisfy its Reed-Solomon code", i)
		}
		all = append(all, b[:len(b)-check]...)
	}
	data, err = segments(all, c.Version())
	return data, level, err
}

// formatModules are the modules of bits 0 to 14 of the format word beside the
// top left finder (figure 25).
var formatModules = [15][2]int{{8, 0}, {8, 1}, {8, 2}, {8, 3}, {8, 4}, {8, 5}, {8, 7}, {8, 8}, {7, 8}, {5, 8}, {4, 8}, {3, 8}, {2, 8}, {1, 8}, {0, 8}}

func bch(five int) int {
	rest := five << 10
	for bit := 14; bit >= 10; bit-- {
		if rest>>bit&1 == 1 {
			rest ^= 0x537 << (bit - 10)
		}
	}
	return five<<10 | rest
}

var masks = [8]func(x, y int) bool{
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(x, y int) bool { return y%2 == 0 },
	func(x, y int) bool { return x%3 == 0 },
	func(x, y int) bool { return (x+y)%3 == 0 },
	func(x, y int) bool { return (y/2+x/3)%2 == 0 },
	func(x, y int) bool { return x*y%2+x*y%3 == 0 },
	func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
	func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
}

// codewords walks the columns in pairs from the right, up and down in turn.
func codewords(c *Code, mask int) []byte {
	var bits []bool
	n, up := c.Size(), true
	for right := n - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for _, x := range []int{right, right - 1} {
				if !function(x, y, c.Version()) {
					bits = append(bits, c.Black(x, y) != masks[mask](x, y))
				}
			}
		}
		up = !up
	}
	words := make([]byte, len(bits)/8)
	for i := range words {
		for j := range 8 {
			words[i] <<= 1
			if bits[i*8+j] {
				words[i] |= 1
			}
		}
	}
	return words
}

// function tells whether a module belongs to the code's frame.
func function(x, y, version int) bool {
	n := 17 + 4*version
	switch {
	case x < 9 && y < 9, x >= n-8 && y < 9, x < 9 && y >= n-8, x == 6, y == 6:
		return true
	case version >= 7 && (y < 6 && x >= n-11 || x < 6 && y >= n-11):
		return true
	}
	centres := alignments(version)
	for i, cx := range centres {
		for j, cy := range centres {
			corner := i == 0 && j == 0 || i == 0 && j == len(centres)-1 || j == 0 && i == len(centres)-1
			if !corner && max(cx-x, x-cx) <= 2 && max(cy-y, y-cy) <= 2 {
				return true
			}
		}
	}
	return false
}

// alignments are the centres of the alignment patterns (annex E): evenly
// spaced from the far edge, rounded up to even, with version 32 the exception.
func alignments(version int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	step := (version*4 + n*2 + 1) / (2*n - 2) * 2
	if version == 32 {
		step = 26
	}
	out := make([]int, n)
	out[0] = 6
	for i, at := n-1, 17+4*version-7; i > 0; i, at = i-1, at-step {
		out[i] = at
	}
	return out
}

// split undoes the interleaving of the blocks. It finds the layout as the
// only one under which every block's syndromes vanish: the number of check
// words and blocks is looked for rather than copied from table 9.
func split(words []byte, version int, level Level) (blocks [][]byte, check int, err error) {
	for check := 30; check >= 7; check-- { // fewer also vanish, for a coarser layout
		for n := 1; n <= 81; n++ {
			if b := deinterleave(words, n, check); b != nil && sound(b, check) {
				return b, check, nil
			}
		}
	}
	return nil, 0, fmt.Errorf("no layout of blocks fits version %d level %d", version, level)
}

func sound(blocks [][]byte, check int) bool {
	for _, b := range blocks {
		if !zeroSyndromes(b, check) {
			return false
		}
	}
	return true
}

func deinterleave(words []byte, n, check int) [][]byte {
	short := len(words)/n - check
	long := len(words) % n
	if short < 1 {
		return nil
	}
	blocks := make([][]byte, n)
	at := 0
	for i := range short + 1 {
		for b := range n {
			if i < short || b >= n-long {
				blocks[b] = append(blocks[b], words[at])
				at++
			}
		}
	}
	for range check {
		for b := range n {
			blocks[b] = append(blocks[b], words[at])
			at++
		}
	}
	return blocks
}

// zeroSyndromes evaluates the block at the first check powers of 2 in GF(256)
// over 0x11D.
func zeroSyndromes(block []byte, check int) bool {
	root := byte(1)
	for range check {
		sum := byte(0)
		for _, b := range block {
			sum = times(sum, root) ^ b
		}
		if sum != 0 {
			return false
		}
		root = times(root, 2)
	}
	return true
}

func times(a, b byte) (p byte) {
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		carry := a >> 7
		a = a<<1 ^ carry*0x1D
	}
	return p
}

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// segments reads the modes that New uses (clause 7.4).
func segments(words []byte, version int) (out []byte, err error) {
	at := 0
	take := func(n int) (v int) {
		for range n {
			v <<= 1
			if at < len(words)*8 {
				v |= int(words[at/8]>>(7-at%8)) & 1
			}
			at++
		}
		return v
	}
	class := 0
	if version >= 10 {
		class++
	}
	if version >= 27 {
		class++
	}
	for at+4 <= len(words)*8 {
		switch take(4) {
		case 0:
			return out, nil
		case 1:
			for n := take([]int{10, 12, 14}[class]); n > 0; n -= 3 {
				digits := min(n, 3)
				out = fmt.Appendf(out, "%0*d", digits, take([]int{0, 4, 7, 10}[digits]))
			}
		case 2:
			n := take([]int{9, 11, 13}[class])
			for ; n > 1; n -= 2 {
				v := take(11)
				out = append(out, alphanumeric[v/45%45], alphanumeric[v%45])
			}
			if n == 1 {
				out = append(out, alphanumeric[take(6)%45])
			}
		case 4:
			for n := take([]int{8, 16, 16}[class]); n > 0; n-- {
				out = append(out, byte(take(8)))
			}
		default:
			return nil, errors.New("unknown mode")
		}
	}
	return out, nil
}
