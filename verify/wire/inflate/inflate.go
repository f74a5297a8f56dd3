// Package inflate undoes compression within a bound, whatever the data claims.
//
// Every function returns an error of Q-TOOBIG over the bound, Q-PARTIAL if the
// data ends too soon, Q-UNREADABLE if it is damaged or bytes follow it. All
// that stands in memory is the result and one window of 32 kB.
package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"

	"badgekiosk/verify/reason"
)

// IsZlib tells whether data begins with a zlib header: deflate, a window up to
// 32 kB, no preset dictionary, and the header's own check.
//
// Source: RFC 1950 section 2.2.
func IsZlib(data []byte) bool {
	return len(data) > 2 && data[0]&15 == 8 && data[0]>>4 <= 7 && data[1]&32 == 0 &&
		(int(data[0])<<8|int(data[1]))%31 == 0
}

// Zlib returns what the zlib stream data holds, at most limit bytes. Its
// Adler-32 checksum is checked.
//
// Source: RFC 1950.
func Zlib(data []byte, limit int) ([]byte, error) {
	in := bytes.NewReader(data)
	z, err := zlib.NewReader(in)
	if err != nil {
		return nil, coded(err, len(data))
	}
	return drain(z, in, limit)
}

// Raw returns what the bare DEFLATE stream data holds, at most limit bytes, as
// a JWS with "zip":"DEF" has its payload.
//
// Source: RFC 1951; SMART Health Cards Framework 1.4, "Health Cards are Small".
func Raw(data []byte, limit int) ([]byte, error) {
	in := bytes.NewReader(data)
	return drain(flate.NewReader(in), in, limit)
}

// drain reads all that z inflates from in.
func drain(z io.Reader, in *bytes.Reader, limit int) ([]byte, error) {
	size := in.Len()
	var out bytes.Buffer
	out.Grow(min(4*size, limit) + bytes.MinRead)
	_, err := out.ReadFrom(io.LimitReader(z, int64(limit)+1))
	switch {
	case out.Len() > limit:
		return nil, reason.Errorf(reason.QTooBig, "%d compressed bytes hold more than %d", size, limit)
	case err != nil:
		return nil, coded(err, size)
	case in.Len() > 0:
		return nil, reason.Errorf(reason.QUnreadable, "%d bytes after the compressed data", in.Len())
	}
	return out.Bytes(), nil
}

// coded gives the code to an error of the standard library's readers.
func coded(err error, size int) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return reason.Errorf(reason.QPartial, "compressed data ends too soon, after %d bytes", size)
	}
	return reason.Errorf(reason.QUnreadable, "%d compressed bytes: %w", size, err)
}
