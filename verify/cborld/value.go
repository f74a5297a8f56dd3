package cborld

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"time"

	"badgekiosk/verify/multibase"
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

// The numbers that begin a compressed URL.
const (
	urlHTTP   = 1
	urlHTTPS  = 2
	urlUUID   = 3
	urlData   = 4
	urlNym    = 1024 // did:v1:nym
	urlDIDKey = 1025
)

// url returns the URL, or the term standing for one, that v is.
func (d *decoder) url(v *cbor.Item) (string, error) {
	switch v.Kind {
	case cbor.Text:
		return string(v.Data), nil
	case cbor.Bytes:
		return d.tabled(d.table.urls, v)
	case cbor.Uint:
		if s, ok := d.table.urls[v.Num]; ok && d.legacy {
			return s, nil
		}
		if s, ok := d.name(v.Num); ok && v.Num&1 == 0 {
			return s, nil
		}
		return "", malformed("term number %d, of which no context knows", v.Num)
	case cbor.Array:
		if n := len(v.Items); n == 2 || n == 3 {
			return d.schemed(v.Items[0], v.Items[1:])
		}
	}
	return "", malformed("a URL that is a %v of %d", v.Kind, len(v.Items))
}

// schemed returns the URL with the scheme that a number says.
func (d *decoder) schemed(scheme cbor.Item, parts []cbor.Item) (string, error) {
	text := parts[0].Kind == cbor.Text
	switch {
	case scheme.Kind != cbor.Uint:
	case scheme.Num == urlHTTP && text && len(parts) == 1:
		return "http://" + string(parts[0].Data), nil
	case scheme.Num == urlHTTPS && text && len(parts) == 1:
		return "https://" + string(parts[0].Data), nil
	case scheme.Num == urlUUID && text && len(parts) == 1:
		return "urn:uuid:" + string(parts[0].Data), nil
	case scheme.Num == urlUUID && len(parts) == 1 && parts[0].Kind == cbor.Bytes && len(parts[0].Data) == 16:
		return uuid(parts[0].Data), nil
	case scheme.Num == urlData && text && len(parts) == 1:
		return "data:" + string(parts[0].Data), nil
	case scheme.Num == urlData && text && parts[1].Kind == cbor.Bytes:
		return "data:" + string(parts[0].Data) + ";base64," + base64.StdEncoding.EncodeToString(parts[1].Data), nil
	case scheme.Num == urlNym:
		return d.did("did:v1:nym:", parts)
	case scheme.Num == urlDIDKey:
		return d.did("did:key:", parts)
	}
	return "", malformed("a URL of scheme %d and %d parts, the first a %v", scheme.Num, len(parts), parts[0].Kind)
}

// uuid writes 16 bytes.
func uuid(b []byte) string {
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// did returns a DID, and after "#" its fragment if there is one.
func (d *decoder) did(url string, parts []cbor.Item) (string, error) {
	for i, p := range parts {
		if i > 0 {
			url += "#"
		}
		switch p.Kind {
		case cbor.Text:
			url += string(p.Data)
		case cbor.Bytes:
			s, err := d.z(p.Data)
			if err != nil {
				return "", err
			}
			url += s
		default:
			return "", malformed("a DID with a %v", p.Kind)
		}
	}
	return url, nil
}

// z returns b in multibase's base58.
func (d *decoder) z(b []byte) (string, error) {
	if d.base58 += len(b) * len(b); d.base58 > maxBase58 {
		return "", reason.Errorf(reason.QTooBig, "CBOR-LD: base58 of %d bytes, after much else", len(b))
	}
	return multibase.EncodeBase58(b), nil
}

// multibase returns a multibase value. Its first byte is its prefix.
func (d *decoder) multibase(b []byte) (string, error) {
	if len(b) > 0 {
		switch b[0] {
		case 'z':
			return d.z(b[1:])
		case 'u':
			return "u" + base64.RawURLEncoding.EncodeToString(b[1:]), nil
		case 'M':
			return "M" + base64.StdEncoding.EncodeToString(b[1:]), nil
		}
	}
	return "", malformed("%d bytes that are no multibase value", len(b))
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
