package clip

import (
	"encoding/binary"
	"fmt"
)

// IMA ADPCM keeps four bits of each sample: how far it is from the one
// before, in steps that grow and shrink with the sound.
//
// Source: IMA Digital Audio Focus and Technical Working Groups, Recommended
// Practices for Enhancing Digital Audio Compatibility, revision 3.00, 1992.
const (
	blockHead = 4   // bytes of a block's head: first sample, step, zero
	blockSize = 256 // bytes of a block that is made here
	lastStep  = 88
)

// perBlock is how many samples a block of one channel has.
func perBlock(block int) int { return (block-blockHead)*2 + 1 }

// steps are the sizes of steps.
var steps = [lastStep + 1]int{
	7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
	130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166,
	1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845,
	8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
}

// shifts are how far four bits, without their sign, move the step.
var shifts = [8]int{-1, -1, -1, -1, 2, 4, 6, 8}

// A tracker is what maker and player of a clip both know: the last sample and
// the step.
type tracker struct{ last, step int }

// next is the sample that four bits stand for.
func (t *tracker) next(bits byte) int16 {
	size := steps[t.step]
	diff := size >> 3
	for i, bit := range [3]byte{4, 2, 1} {
		if bits&bit != 0 {
			diff += size >> i
		}
	}
	if bits&8 != 0 {
		diff = -diff
	}
	t.last = int(clamp(t.last + diff))
	t.step = max(0, min(lastStep, t.step+shifts[bits&7]))
	return int16(t.last)
}

// nearest are the four bits that come nearest to a sample.
func (t *tracker) nearest(sample int) (bits byte) {
	size, diff := steps[t.step], sample-t.last
	if diff < 0 {
		bits, diff = 8, -diff
	}
	for i, bit := range [3]byte{4, 2, 1} {
		if diff >= size>>i {
			bits |= bit
			diff -= size >> i
		}
	}
	return bits
}

// unpackBlock appends a block's samples to out.
func unpackBlock(out []int16, b []byte) ([]int16, error) {
	t := tracker{int(int16(binary.LittleEndian.Uint16(b))), int(b[2])}
	if t.step > lastStep {
		return nil, fmt.Errorf("%w: a block begins with step %d, the last is %d", ErrWAV, t.step, lastStep)
	}
	out = append(out, int16(t.last))
	for _, two := range b[blockHead:] {
		out = append(out, t.next(two&15), t.next(two>>4))
	}
	return out, nil
}

// Pack is a clip of one channel as a WAV file of IMA ADPCM, a quarter of the
// size of its samples.
func (c Clip) Pack() []byte {
	var data []byte
	t := tracker{}
	for s := c.Samples; len(s) > 0; {
		n := min(len(s), perBlock(blockSize))
		data = t.pack(data, s[:n])
		s = s[n:]
	}
	le := binary.LittleEndian
	const format, fact = 20, 4
	b := le.AppendUint32([]byte("RIFF"), uint32(4+8+format+8+fact+8+len(data)+len(data)&1))
	b = le.AppendUint32(append(b, "WAVEfmt "...), format)
	b = header(b, kindADPCM, c, blockSize, c.Rate*blockSize/perBlock(blockSize), 4)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, uint16(perBlock(blockSize)))
	b = le.AppendUint32(append(b, "fact"...), fact)
	b = le.AppendUint32(b, uint32(len(c.Samples)))
	b = le.AppendUint32(append(b, "data"...), uint32(len(data)))
	b = append(b, data...)
	return append(b, make([]byte, len(data)&1)...)
}

// pack appends a block of samples; its first is kept as it is.
func (t *tracker) pack(to []byte, samples []int16) []byte {
	t.last = int(samples[0])
	to = binary.LittleEndian.AppendUint16(to, uint16(samples[0]))
	to = append(to, byte(t.step), 0)
	for i, s := range samples[1:] {
		bits := t.nearest(int(s))
		t.next(bits)
		if i%2 == 0 {
			to = append(to, bits)
		} else {
			to[len(to)-1] |= bits << 4
		}
	}
	return to
}
