package cborld

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

// The kinds of value that have a compressed form, by the IRI of their type;
// "url" and "none" are words of the registry's tables.
const (
	kindURL       = "url"
	kindNone      = "none"
	kindMultibase = "https://w3id.org/security#multibase"
	kindDate      = "http://www.w3.org/2001/XMLSchema#date"
	kindDateTime  = "http://www.w3.org/2001/XMLSchema#dateTime"
)

// kindOf tells how the values of a member are compressed.
func kindOf(m member, a *active) string {
	if m.name == "@id" || m.name == "@type" {
		return kindURL
	}
	switch {
	case m.term == nil:
		return kindNone
	case m.term.ID == "@id", m.term.ID == "@type", m.term.Type == "@id", m.term.Type == "@vocab":
		return kindURL
	case m.term.Type == "":
		return kindNone
	}
	return a.expand(m.term.Type)
}

// How compressed times read.
const (
	layoutSeconds = "2006-01-02T15:04:05Z"
	layoutMillis  = "2006-01-02T15:04:05.000Z"
)

// valueReader writes the values of one member.
type valueReader struct {
	*decoder
	kind  string
	inner *active // inside values that are objects
}

func (r valueReader) write(v *cbor.Item) error {
	switch v.Kind {
	case cbor.Null:
		r.out = append(r.out, "null"...)
		return nil
	case cbor.Map:
		return r.object(v, r.inner)
	}
	if s, ok, err := r.text(v); err != nil {
		return err
	} else if ok {
		r.out = cbor.AppendString(r.out, []byte(s))
		return nil
	}
	switch v.Kind {
	case cbor.Array:
		return r.list(v, r.write)
	case cbor.Bytes:
		return r.bytes(v)
	}
	out, err := cbor.AppendJSON(r.out, v)
	if err != nil {
		return err
	}
	r.out = out
	return nil
}

// text returns the text that v stands for. ok is false if it stands for
// itself.
func (r valueReader) text(v *cbor.Item) (s string, ok bool, err error) {
	number := v.Kind == cbor.Uint || v.Kind == cbor.Nint
	switch r.kind {
	case kindURL:
		if v.Kind == cbor.Array && (len(v.Items) == 0 || v.Items[0].Kind != cbor.Uint) {
			return "", false, nil // a list inside a list
		}
		s, err = r.url(v)
		return s, true, err
	case kindMultibase:
		if v.Kind == cbor.Bytes {
			s, err = r.multibase(v.Data)
			return s, true, err
		}
	case kindDate:
		if number {
			s, err = instant(v, 0, time.DateOnly)
			return s, true, err
		}
	case kindDateTime:
		if number {
			s, err = instant(v, 0, layoutSeconds)
			return s, true, err
		}
		if v.Kind == cbor.Array && len(v.Items) == 2 && v.Items[1].Kind == cbor.Uint && v.Items[1].Num < 1000 {
			s, err = instant(&v.Items[0], v.Items[1].Num, layoutMillis)
			return s, true, err
		}
	case kindNone:
		if v.Kind == cbor.Bytes {
			s, err = r.tabled(r.table.none, v)
			return s, true, err
		}
	default:
		if table := r.table.types[r.kind]; table != nil && number {
			s, ok = table[v.Num]
			if !ok || v.Kind == cbor.Nint {
				err = reason.Errorf(reason.SUnsupported, "CBOR-LD: value %d of %s", v.Num, r.kind)
			}
			return s, true, err
		}
	}
	return "", false, nil
}

// tabled returns the entry of t whose number is written in v's bytes.
func (d *decoder) tabled(t map[uint64]string, v *cbor.Item) (string, error) {
	n := len(v.Data)
	if n != 1 && n != 2 && n != 4 && n != 8 {
		return "", malformed("a table's number of %d bytes", n)
	}
	var room [8]byte
	copy(room[8-n:], v.Data)
	id := binary.BigEndian.Uint64(room[:])
	s, ok := t[id]
	if !ok {
		return "", reason.Errorf(reason.SUnsupported, "CBOR-LD: number %d of a table", id)
	}
	return s, nil
}

// bytes writes an integer that is in bytes because plain ones are numbers of
// a type's table.
func (r valueReader) bytes(v *cbor.Item) error {
	if r.table.types[r.kind] == nil {
		return malformed("%d bytes as a value of %s", len(v.Data), r.kind)
	}
	var n int64
	switch b := v.Data; len(b) {
	case 1:
		n = int64(int8(b[0]))
	case 2:
		n = int64(int16(binary.BigEndian.Uint16(b)))
	case 4:
		n = int64(int32(binary.BigEndian.Uint32(b)))
	case 8:
		n = int64(binary.BigEndian.Uint64(b))
	default:
		return malformed("an integer of %d bytes", len(b))
	}
	r.out = strconv.AppendInt(r.out, n, 10)
	return nil
}

// The first second of the year 0 and the last of 9999, the years that dates
// of four digits can tell.
const (
	minSecond = -62167219200
	maxSecond = 253402300799
)

// instant writes seconds, and milliseconds, since 1970.
func instant(v *cbor.Item, ms uint64, layout string) (string, error) {
	if (v.Kind == cbor.Uint || v.Kind == cbor.Nint) && v.Num <= math.MaxInt64-1 {
		s := int64(v.Num)
		if v.Kind == cbor.Nint {
			s = -1 - s
		}
		if minSecond <= s && s <= maxSecond {
			return time.Unix(s, int64(ms)*int64(time.Millisecond)).UTC().Format(layout), nil
		}
	}
	return "", malformed("a time that is the %v %d", v.Kind, v.Num)
}
