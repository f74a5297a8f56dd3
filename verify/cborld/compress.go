package cborld

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"badgekiosk/verify/multibase"
	"badgekiosk/verify/wire/cbor"
)

// compressURL returns the compressed form of a URL, or nil.
func compressURL(s string) []byte {
	array := func(n int, scheme uint64) []byte {
		return cbor.AppendHead(cbor.AppendHead(nil, cbor.MajorArray, uint64(n)), cbor.MajorUint, scheme)
	}
	if rest, ok := strings.CutPrefix(s, "https://"); ok {
		return cbor.AppendText(array(2, urlHTTPS), rest)
	}
	if rest, ok := strings.CutPrefix(s, "http://"); ok {
		return cbor.AppendText(array(2, urlHTTP), rest)
	}
	if rest, ok := strings.CutPrefix(s, "urn:uuid:"); ok {
		b, err := hex.DecodeString(strings.ReplaceAll(rest, "-", ""))
		if err == nil && len(b) == 16 && uuid(b) == s {
			return cbor.AppendBytes(array(2, urlUUID), b)
		}
	}
	if rest, ok := strings.CutPrefix(s, "did:key:"); ok {
		return compressDID(rest, urlDIDKey, array)
	}
	if rest, ok := strings.CutPrefix(s, "did:v1:nym:"); ok {
		return compressDID(rest, urlNym, array)
	}
	if rest, ok := strings.CutPrefix(s, "data:"); ok {
		if media, text, ok := strings.Cut(rest, ";base64,"); ok {
			if b, err := base64.StdEncoding.Strict().DecodeString(text); err == nil && !strings.ContainsAny(text, "\r\n") {
				return cbor.AppendBytes(cbor.AppendText(array(3, urlData), media), b)
			}
		}
		return cbor.AppendText(array(2, urlData), rest)
	}
	return nil
}

// compressDID returns the compressed form of a DID and its fragment.
func compressDID(s string, scheme uint64, array func(int, uint64) []byte) []byte {
	parts := strings.Split(s, "#")
	if len(parts) > 2 {
		return nil
	}
	out := array(1+len(parts), scheme)
	for _, p := range parts {
		b := zBytes(p)
		if b == nil {
			out = cbor.AppendText(out, p)
			continue
		}
		out = cbor.AppendBytes(out, b)
	}
	return out
}

// zBytes returns what s stands for if it is multibase base58 as it would be
// written.
func zBytes(s string) []byte {
	rest, ok := strings.CutPrefix(s, "z")
	if !ok {
		return nil
	}
	b, err := multibase.Base58(nil, rest)
	if err != nil || len(b) == 0 || multibase.EncodeBase58(b) != s {
		return nil
	}
	return b
}

// multibaseBytes returns the compressed form of a multibase value: its prefix
// and its bytes.
func multibaseBytes(s string) []byte {
	if b := zBytes(s); b != nil {
		return append([]byte{'z'}, b...)
	}
	if rest, ok := strings.CutPrefix(s, "u"); ok {
		if b, err := multibase.Base64URL(nil, rest); err == nil {
			return append([]byte{'u'}, b...)
		}
	}
	if rest, ok := strings.CutPrefix(s, "M"); ok {
		if b, err := base64.StdEncoding.Strict().DecodeString(rest); err == nil && !strings.ContainsAny(rest, "\r\n") {
			return append([]byte{'M'}, b...)
		}
	}
	return nil
}

// compressTime returns seconds, or seconds and milliseconds, if s is written
// as they would read back.
func compressTime(s, kind string) []byte {
	for _, layout := range []string{time.DateOnly, layoutSeconds, layoutMillis} {
		at, err := time.Parse(layout, s)
		if err != nil || at.Format(layout) != s || (kind == kindDate) != (layout == time.DateOnly) {
			continue
		}
		if layout == layoutMillis {
			out := cbor.AppendInt(cbor.AppendHead(nil, cbor.MajorArray, 2), at.Unix())
			return cbor.AppendInt(out, int64(at.Nanosecond()/int(time.Millisecond)))
		}
		return cbor.AppendInt(nil, at.Unix())
	}
	return nil
}
