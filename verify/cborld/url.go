package cborld

import (
	"encoding/base64"
	"fmt"

	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/cbor"
)

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
