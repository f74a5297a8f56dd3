package wire

import (
	"archive/zip"
	"bytes"
	"io"

	"badgekiosk/verify/reason"
)

var zipMagic = []byte("PK\x03\x04")

// certificate is the one file of a zip that a code may be.
const certificate = "certificate.json"

// MaxZipFiles is how many files a zip may name.
const MaxZipFiles = 64

// zip opens the zip that PixelPass makes of a credential too large for text.
//
// Source: MOSIP PixelPass, decodeBinary.
func (o opener) zip(data []byte) (Document, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Document{}, reason.Errorf(reason.QUnreadable, "a zip of %d bytes: %w", len(data), err)
	}
	if len(z.File) > MaxZipFiles {
		return Document{}, reason.Errorf(reason.QTooBig, "a zip of %d files, the limit is %d", len(z.File), MaxZipFiles)
	}
	var found *zip.File
	for _, f := range z.File {
		switch {
		case f.Name != certificate:
		case found != nil:
			return Document{}, reason.Errorf(reason.QAmbig, "a zip with %s twice", certificate)
		default:
			found = f
		}
	}
	if found == nil {
		return Document{}, reason.Errorf(reason.QNotBadge, "a zip of %d files without %s", len(z.File), certificate)
	}
	text, err := unzip(found)
	if err != nil {
		return Document{}, err
	}
	return o.within("zip", func(in opener) (Document, error) { return in.text(text) })
}

func unzip(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, reason.Errorf(reason.QUnreadable, "%s: %w", f.Name, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, MaxInflated+1))
	switch {
	case len(text) > MaxInflated:
		return nil, reason.Errorf(reason.QTooBig, "%s holds more than %d bytes", f.Name, MaxInflated)
	case err != nil:
		return nil, reason.Errorf(reason.QUnreadable, "%s: %w", f.Name, err)
	}
	return text, nil
}
