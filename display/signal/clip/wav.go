package clip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Limits on a sound file.
const (
	// Max is the largest sound file, in bytes: a minute and a half of what
	// espeak-ng writes.
	Max = 4 << 20
	// maxSamples is the most that one unpacks to.
	maxSamples = Max / 2
	minRate    = 4000  // Hz
	maxRate    = 96000 // Hz
	maxBlock   = 4096  // bytes of a block of ADPCM
)

// Kinds of samples in a WAV file.
const (
	kindPCM        = 1
	kindADPCM      = 0x11
	kindExtensible = 0xfffe
)

// ErrWAV says that a file is no sound that can be played here.
var ErrWAV = errors.New("not a WAV file of 16-bit PCM in one or two channels, or of IMA ADPCM in one")

// A reader is a WAV file being read.
type reader struct {
	Clip
	kind  uint16
	block int // bytes of a block of ADPCM
	want  int // samples that the file says it has; 0 if it does not
}

// Read reads a sound file: RIFF WAVE of 16-bit linear PCM in one or two
// channels, or of IMA ADPCM in one, of up to [Max] bytes. Its error is
// [ErrWAV] or the reader's.
//
// Sources: Multimedia Programming Interface and Data Specifications 1.0, IBM
// and Microsoft 1991; New Multimedia Data Types and Data Techniques 1.4,
// Microsoft 1994, "IMA ADPCM Wave Type".
func Read(from io.Reader) (Clip, error) {
	data, err := io.ReadAll(io.LimitReader(from, Max+1))
	if err != nil {
		return Clip{}, err
	}
	if len(data) > Max {
		return Clip{}, fmt.Errorf("%w: larger than %d MB", ErrWAV, Max>>20)
	}
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return Clip{}, fmt.Errorf("%w: it does not begin as one", ErrWAV)
	}
	var r reader
	for data = data[12:]; len(data) >= 8; {
		name, size := string(data[:4]), int64(binary.LittleEndian.Uint32(data[4:]))
		body := data[8:]
		switch {
		case name == "data" && r.Rate != 0:
			// Programs that write to a pipe do not know the size beforehand.
			return r.samples(body[:min(int64(len(body)), size)])
		case size > int64(len(body)):
			return Clip{}, fmt.Errorf("%w: chunk %q is cut off", ErrWAV, name)
		case name == "fmt ":
			if err := r.format(body[:size]); err != nil {
				return Clip{}, err
			}
		case name == "fact" && size >= 4:
			r.want = int(binary.LittleEndian.Uint32(body))
		}
		size += size & 1 // chunks begin at even places
		data = body[min(size, int64(len(body))):]
	}
	return Clip{}, fmt.Errorf("%w: no sound in it", ErrWAV)
}

// format reads the chunk that says how the samples are kept.
func (r *reader) format(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("%w: its format is cut off", ErrWAV)
	}
	le := binary.LittleEndian
	kind, channels, rate := le.Uint16(b), le.Uint16(b[2:]), le.Uint32(b[4:])
	block, bits := int(le.Uint16(b[12:])), le.Uint16(b[14:])
	ok := rate >= minRate && rate <= maxRate
	if kind == kindADPCM {
		ok = ok && bits == 4 && channels == 1 && block > blockHead && block <= maxBlock && len(b) >= 20 && int(le.Uint16(b[18:])) == perBlock(block)
	} else {
		ok = ok && (kind == kindPCM || kind == kindExtensible) && bits == 16 && (channels == 1 || channels == 2)
	}
	if !ok {
		return fmt.Errorf("%w: kind %#x, %d bits, %d channels, %d Hz, blocks of %d bytes", ErrWAV, kind, bits, channels, rate, block)
	}
	r.kind, r.block, r.Rate, r.Channels = kind, block, int(rate), int(channels)
	return nil
}

// samples is the clip with its samples; half a frame at the end is dropped.
func (r *reader) samples(b []byte) (Clip, error) {
	if r.kind == kindADPCM {
		return r.unpack(b)
	}
	r.Samples = make([]int16, len(b)/2/r.Channels*r.Channels)
	for i := range r.Samples {
		r.Samples[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return r.Clip, nil
}

// unpack takes blocks of ADPCM apart; the last one may be short.
func (r *reader) unpack(b []byte) (Clip, error) {
	if n := (len(b)/r.block + 1) * perBlock(r.block); n > maxSamples {
		return Clip{}, fmt.Errorf("%w: more than %d samples", ErrWAV, maxSamples)
	}
	for len(b) >= blockHead {
		n := min(len(b), r.block)
		var err error
		if r.Samples, err = unpackBlock(r.Samples, b[:n]); err != nil {
			return Clip{}, err
		}
		b = b[n:]
	}
	if r.want > 0 && r.want < len(r.Samples) {
		r.Samples = r.Samples[:r.want]
	}
	return r.Clip, nil
}

// PCM is the clip as a WAV file of plain samples.
func (c Clip) PCM() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), uint32(4+24+8+2*len(c.Samples)))
	b = append(b, "WAVEfmt \x10\x00\x00\x00"...)
	b = header(b, kindPCM, c, 2*c.Channels, c.Rate*2*c.Channels, 16)
	b = le.AppendUint32(append(b, "data"...), uint32(2*len(c.Samples)))
	for _, s := range c.Samples {
		b = le.AppendUint16(b, uint16(s))
	}
	return b
}

// header is the part of a format that all kinds have.
func header(b []byte, kind uint16, c Clip, block, bytesPerSecond, bits int) []byte {
	le := binary.LittleEndian
	b = le.AppendUint16(b, kind)
	b = le.AppendUint16(b, uint16(c.Channels))
	b = le.AppendUint32(b, uint32(c.Rate))
	b = le.AppendUint32(b, uint32(bytesPerSecond))
	b = le.AppendUint16(b, uint16(block))
	return le.AppendUint16(b, uint16(bits))
}
