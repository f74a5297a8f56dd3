// Package scansim makes pictures of QR codes as a camera sees them, for
// tests and benchmarks. Same seeds, same pictures.
//
// The codes themselves are built with gozxing's encoder, so that what reads
// them was written by others than what made them.
package scansim

import (
	"fmt"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// Modules are the modules of a symbol without its quiet zone; true is dark.
type Modules [][]bool

// A Code is a symbol to build (ISO/IEC 18004).
type Code struct {
	Version int  // 1 to 40
	Level   byte // 'L', 'M', 'Q' or 'H'
	Mask    int  // 0 to 7
	Stream  Stream
}

// A Stream is the bits of a symbol's segments.
type Stream struct{ bits []bool }

// Put appends the low n bits of v, most significant first.
func (s Stream) Put(v, n int) Stream {
	bits := s.bits[:len(s.bits):len(s.bits)] // never write into another stream's room
	return Stream{put(bits, v, n)}
}

func put(bits []bool, v, n int) []bool {
	for i := n - 1; i >= 0; i-- {
		bits = append(bits, v>>i&1 == 1)
	}
	return bits
}

// countBits is the length of a character count (Table 3).
func countBits(version int, small, medium, large int) int {
	if version <= 9 {
		return small
	} else if version <= 26 {
		return medium
	}
	return large
}

// Bytes appends a segment in byte mode.
func (s Stream) Bytes(version int, b []byte) Stream {
	s = s.Put(0b0100, 4).Put(len(b), countBits(version, 8, 16, 16))
	for _, c := range b {
		s.bits = put(s.bits, int(c), 8)
	}
	return s
}

// Numeric appends a segment of digits.
func (s Stream) Numeric(version int, digits string) Stream {
	s = s.Put(0b0001, 4).Put(len(digits), countBits(version, 10, 12, 14))
	for len(digits) > 0 {
		n, v := min(3, len(digits)), 0
		for _, d := range digits[:n] {
			v = 10*v + int(d-'0')
		}
		s, digits = s.Put(v, 1+3*n), digits[n:]
	}
	return s
}

const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// Alphanumeric appends a segment in alphanumeric mode.
func (s Stream) Alphanumeric(version int, text string) Stream {
	s = s.Put(0b0010, 4).Put(len(text), countBits(version, 9, 11, 13))
	for len(text) > 0 {
		n, v := min(2, len(text)), 0
		for i := range n {
			v = 45*v + strings.IndexByte(alphanumerics, text[i])
		}
		s, text = s.Put(v, 1+5*n), text[n:]
	}
	return s
}

// Kanji appends a segment in kanji mode of Shift-JIS double bytes.
func (s Stream) Kanji(version int, jis []byte) Stream {
	s = s.Put(0b1000, 4).Put(len(jis)/2, countBits(version, 8, 10, 12))
	for i := 0; i+1 < len(jis); i += 2 {
		c := int(jis[i])<<8 | int(jis[i+1])
		if c < 0xe040 {
			c -= 0x8140
		} else {
			c -= 0xc140
		}
		s = s.Put(c>>8*0xc0+c&0xff, 13)
	}
	return s
}

// ECI appends a character set designator below 128.
func (s Stream) ECI(designator int) Stream { return s.Put(0b0111, 4).Put(designator, 8) }

// Append appends the header of a structured append symbol.
func (s Stream) Append(index, total int, parity byte) Stream {
	return s.Put(0b0011, 4).Put(index, 4).Put(total-1, 4).Put(int(parity), 8)
}

// Modules builds the symbol. The error names what does not fit.
func (c Code) Modules() (Modules, error) {
	version, err := decoder.Version_GetVersionForNumber(c.Version)
	if err != nil {
		return nil, err
	}
	level, err := decoder.ErrorCorrectionLevel_ValueOf(string(c.Level))
	if err != nil {
		return nil, err
	}
	blocks := version.GetECBlocksForLevel(level)
	room := version.GetTotalCodewords() - blocks.GetTotalECCodewords()
	if len(c.Stream.bits) > 8*room {
		return nil, fmt.Errorf("%d bits do not fit into version %d-%c, which holds %d", len(c.Stream.bits), c.Version, c.Level, 8*room)
	}
	all, err := interleave(c.Stream.codewords(room), blocks)
	if err != nil {
		return nil, err
	}
	bits := gozxing.NewEmptyBitArray()
	for _, b := range all {
		if err := bits.AppendBits(int(b), 8); err != nil {
			return nil, err
		}
	}
	n := version.GetDimensionForVersion()
	matrix := encoder.NewByteMatrix(n, n)
	if err := encoder.MatrixUtil_buildMatrix(bits, level, version, c.Mask, matrix); err != nil {
		return nil, err
	}
	out := make(Modules, n)
	for y := range out {
		out[y] = make([]bool, n)
		for x := range out[y] {
			out[y][x] = matrix.Get(x, y) == 1
		}
	}
	return out, nil
}

// Capacity is how many bytes in byte mode a symbol holds, or 0 if there is
// no such symbol.
func Capacity(version int, level byte) int {
	v, err := decoder.Version_GetVersionForNumber(version)
	if err != nil {
		return 0
	}
	l, err := decoder.ErrorCorrectionLevel_ValueOf(string(level))
	if err != nil {
		return 0
	}
	head := 4 + countBits(version, 8, 16, 16)
	return v.GetTotalCodewords() - v.GetECBlocksForLevel(l).GetTotalECCodewords() - (head+7)/8
}

// codewords terminates and pads the stream to n codewords (7.4.9, 7.4.10).
func (s Stream) codewords(n int) []byte {
	out := make([]byte, n)
	for i, b := range s.bits {
		if b {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	used := (min(len(s.bits)+4, 8*n) + 7) / 8
	for i := used; i < n; i++ {
		out[i] = [2]byte{0xec, 0x11}[(i-used)%2]
	}
	return out
}

// interleave adds error correction codewords to data (7.5, 7.6).
func interleave(data []byte, blocks *decoder.ECBlocks) ([]byte, error) {
	ec := blocks.GetECCodewordsPerBlock()
	var all [][]int
	longest := 0
	rs := reedsolomon.NewReedSolomonEncoder(reedsolomon.GenericGF_QR_CODE_FIELD_256)
	for _, group := range blocks.GetECBlocks() {
		for range group.GetCount() {
			n := group.GetDataCodewords()
			block := make([]int, n+ec)
			for i := range n {
				block[i] = int(data[i])
			}
			data = data[n:]
			if err := rs.Encode(block, ec); err != nil {
				return nil, err
			}
			all, longest = append(all, block), max(longest, n)
		}
	}
	var out []byte
	for i := range longest {
		for _, b := range all {
			if i < len(b)-ec {
				out = append(out, byte(b[i]))
			}
		}
	}
	for i := range ec {
		for _, b := range all {
			out = append(out, byte(b[len(b)-ec+i]))
		}
	}
	return out, nil
}

// Text is a symbol of the smallest version that holds text in byte mode.
func Text(text string, level byte) (Modules, error) {
	var err error
	for v := 1; v <= 40; v++ {
		var m Modules
		c := Code{Version: v, Level: level, Mask: len(text) % 8, Stream: Stream{}.Bytes(v, []byte(text))}
		if m, err = c.Modules(); err == nil {
			return m, nil
		}
	}
	return nil, err
}
