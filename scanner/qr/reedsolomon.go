package qr

// A corrector repairs blocks of codewords, reusing its memory.
type corrector struct {
	syndrome, check, magnitude [maxECC]byte
	locator, other, next       [maxECC + 1]byte
	place                      [maxECC]int
}

// sideBySide is how many syndromes are computed at once: each step of one
// has to wait for its step before.
const sideBySide = 4

// syndromes evaluates block at the generator's first n powers, and tells
// whether all are zero: the block has no detectable error.
func syndromes(block []byte, out []byte) bool {
	var any byte
	for j := 0; j < len(out); j += sideBySide {
		t := (*[sideBySide][256]byte)(field.times[j:])
		var a, b, c, d byte
		for _, v := range block {
			a, b, c, d = t[0][a]^v, t[1][b]^v, t[2][c]^v, t[3][d]^v
		}
		s := [...]byte{a, b, c, d}
		for _, v := range s[:copy(out[j:], s[:])] {
			any |= v
		}
	}
	return any == 0
}

// correct repairs block, whose last ecc codewords are for error correction,
// in place. Erasures are places in block that are known to be doubtful. It
// returns how many other codewords were wrong, or -1 if there are more than
// the code can repair; block is then as it was, or worse.
//
// Source: ISO/IEC 18004:2015, 7.5 and Annex B; R. E. Blahut, Theory and
// Practice of Error Control Codes, 7.4 (Berlekamp-Massey with erasures).
func (c *corrector) correct(block []byte, ecc int, erasures []int) int {
	syndrome := c.syndrome[:ecc]
	if syndromes(block, syndrome) {
		return 0
	}
	if len(erasures) > ecc {
		return -1
	}
	degree := c.locate(syndrome, len(block), erasures)
	errors := degree - len(erasures)
	if degree == 0 || 2*errors > ecc-len(erasures) {
		return -1
	}
	if !c.find(len(block), degree) || !c.repair(block, syndrome, degree) {
		return -1
	}
	if !syndromes(block, c.check[:ecc]) {
		return -1
	}
	return errors
}

// locate finds the polynomial whose roots are the places in error and
// returns its degree (Berlekamp-Massey, started with the erasures).
func (c *corrector) locate(syndrome []byte, n int, erasures []int) int {
	ecc := len(syndrome)
	loc, other := c.locator[:ecc+1], c.other[:ecc+1]
	clear(loc)
	loc[0] = 1
	for k, p := range erasures {
		x := field.pow(n - 1 - p)
		for i := k + 1; i > 0; i-- {
			loc[i] ^= field.mul(loc[i-1], x)
		}
	}
	copy(other, loc)
	known := len(erasures)
	length := known
	for k := known; k < ecc; k++ {
		var d byte
		for i := 0; i <= k; i++ {
			d ^= field.mul(loc[i], syndrome[k-i])
		}
		copy(other[1:], other[:ecc])
		other[0] = 0
		if d == 0 {
			continue
		}
		next := c.next[:ecc+1]
		for i := range next {
			next[i] = loc[i] ^ field.mul(d, other[i])
		}
		if 2*length <= k+known {
			length = k + 1 - length + known
			for i := range other {
				other[i] = field.div(loc[i], d)
			}
		}
		copy(loc, next)
	}
	degree := ecc
	for degree > 0 && loc[degree] == 0 {
		degree--
	}
	return degree
}

// find fills place with the roots of the locator (Chien's search) and tells
// whether there are as many as its degree.
func (c *corrector) find(n, degree int) bool {
	found := 0
	for p := range n {
		if field.eval(c.locator[:degree+1], (255-(n-1-p))%255) == 0 {
			if found == degree {
				return false
			}
			c.place[found] = p
			found++
		}
	}
	return found == degree
}

// repair adds the errors' magnitudes (Forney's algorithm).
func (c *corrector) repair(block, syndrome []byte, degree int) bool {
	loc, omega := c.locator[:degree+1], c.magnitude[:len(syndrome)]
	for i := range omega {
		omega[i] = 0
		for j := 0; j <= i && j <= degree; j++ {
			omega[i] ^= field.mul(loc[j], syndrome[i-j])
		}
	}
	for _, p := range c.place[:degree] {
		at := len(block) - 1 - p
		inverse := (255 - at) % 255
		var slope byte // the locator's formal derivative
		for i := 1; i <= degree; i += 2 {
			if loc[i] != 0 {
				slope ^= field.pow(int(field.log[loc[i]]) + inverse*(i-1)%255)
			}
		}
		if slope == 0 {
			return false
		}
		block[p] ^= field.mul(field.div(field.eval(omega, inverse), slope), field.pow(at))
	}
	return true
}
