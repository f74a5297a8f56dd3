package wire

import (
	"bytes"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/baked"
)

// Picture tells whether payload is a picture made of pixels: PNG, JPEG, GIF or
// WebP. When [Open] answers Q-NOTBADGE for one, nothing is baked into it, and
// it is worth looking for a photographed code in it.
func Picture(payload []byte) bool {
	switch {
	case baked.IsPNG(payload),
		bytes.HasPrefix(payload, []byte("\xff\xd8\xff")),
		bytes.HasPrefix(payload, []byte("GIF87a")),
		bytes.HasPrefix(payload, []byte("GIF89a")):
		return true
	}
	return len(payload) >= 12 && string(payload[:4]) == "RIFF" && string(payload[8:12]) == "WEBP"
}

// picture opens a picture made of pixels. Only a PNG can hold a badge.
func (o opener) picture(data []byte) (Document, error) {
	switch {
	case !baked.IsPNG(data):
		return Document{}, reason.Errorf(reason.QNotBadge, "a picture of a kind that no badge is baked into")
	case len(data) > MaxPicture:
		return Document{}, reason.Errorf(reason.QTooBig, "a picture of %d bytes, the limit is %d", len(data), MaxPicture)
	}
	t, err := baked.PNG(data)
	return o.baked(t, err)
}

// svg opens text that begins as XML.
func (o opener) svg(data []byte) (Document, error) {
	t, err := baked.SVG(data)
	return o.baked(t, err)
}

// baked opens what a picture held.
func (o opener) baked(t baked.Text, err error) (Document, error) {
	if err != nil {
		return Document{}, err
	}
	if len(t.Data) > MaxFile {
		return Document{}, reason.Errorf(reason.QTooBig, "a baked badge of %d bytes, the limit is %d", len(t.Data), MaxFile)
	}
	return o.within(t.Via, func(in opener) (Document, error) { return in.text(t.Data) })
}
