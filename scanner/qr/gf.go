package qr

// The field GF(2^8) of ISO/IEC 18004: primitive polynomial
// x^8 + x^4 + x^3 + x^2 + 1, generator 2 (7.5.2).
const primitive = 0x11d

// maxECC is the most error correction codewords in one block (Table 9).
const maxECC = 30

// field holds powers and logarithms of the generator.
var field = newGalois()

type galois struct {
	exp [512]byte // twice over, to add logarithms without a modulus
	log [256]uint8
	// times[j][v] is v times the j-th power, for syndromes.
	times [maxECC + sideBySide - 1][256]byte
}

func newGalois() *galois {
	var g galois
	x := 1
	for i := range 255 {
		g.exp[i], g.exp[i+255] = byte(x), byte(x)
		g.log[x] = uint8(i)
		if x <<= 1; x > 255 {
			x ^= primitive
		}
	}
	for j := range g.times {
		for v := 1; v < 256; v++ {
			g.times[j][v] = g.exp[int(g.log[v])+j]
		}
	}
	return &g
}

func (g *galois) mul(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return g.exp[int(g.log[a])+int(g.log[b])]
}

// div returns a/b; b is not zero.
func (g *galois) div(a, b byte) byte {
	if a == 0 {
		return 0
	}
	return g.exp[int(g.log[a])+255-int(g.log[b])]
}

// pow returns the generator's e-th power, e from 0 to 509.
func (g *galois) pow(e int) byte { return g.exp[e] }

// eval evaluates polynomial p, lowest degree first, at the generator's e-th
// power, e from 0 to 254.
func (g *galois) eval(p []byte, e int) byte {
	var v byte
	at := 0 // the exponent of x^i
	for _, c := range p {
		if c != 0 {
			v ^= g.exp[int(g.log[c])+at]
		}
		if at += e; at >= 255 {
			at -= 255
		}
	}
	return v
}
