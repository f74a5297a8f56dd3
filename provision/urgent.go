package provision

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// An urgent update is what changed from one bundle to the next, small enough
// for a few QR codes: a list, a withdrawal, a stolen key taken away. With the
// bundle in use it makes the next whole bundle, which is verified like any
// other: who holds codes in front of a kiosk can tell it nothing that its
// coalition did not sign.
//
//	"BKU1", then for each file: length of the name uint16, name, length of
//	the contents uint32, contents; numbers are big endian
const (
	urgentMark = "BKU1"
	// MaxUrgent is the most bytes of an urgent update.
	MaxUrgent = 256 << 10
	// partSize is how many bytes of an update go into one code: version 22
	// with a low level of correction, which every camera reads off a phone.
	partSize = 700
	maxCodes = 64
)

// IsUrgent tells whether a scanned payload is an urgent update.
func IsUrgent(payload []byte) bool { return bytes.HasPrefix(payload, []byte(urgentMark)) }

// Urgent is the update from one sealed bundle to another, both zips.
func Urgent(from, to []byte) ([]byte, error) {
	old, err := bundle.Unzip(from)
	if err != nil {
		return nil, err
	}
	next, err := bundle.Unzip(to)
	if err != nil {
		return nil, err
	}
	out := []byte(urgentMark)
	for _, name := range slices.Sorted(maps.Keys(next)) {
		if had, ok := old[name]; ok && bytes.Equal(had, next[name]) {
			continue
		}
		out = binary.BigEndian.AppendUint16(out, uint16(len(name)))
		out = append(out, name...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(next[name])))
		out = append(out, next[name]...)
		if len(out) > MaxUrgent {
			return nil, fmt.Errorf("more than %d bytes changed: use a stick", MaxUrgent)
		}
	}
	if len(out) == len(urgentMark) {
		return nil, fmt.Errorf("nothing changed from one bundle to the other")
	}
	return out, nil
}

// readUrgent is the inverse.
func readUrgent(payload []byte) (bundle.Files, error) {
	if !IsUrgent(payload) || len(payload) > MaxUrgent {
		return nil, reason.Errorf(reason.BBroken, "this is no urgent update")
	}
	files, rest := bundle.Files{}, payload[len(urgentMark):]
	for len(rest) > 0 {
		name, after, ok := field(rest, 2)
		data, left, ok2 := field(after, 4)
		if !ok || !ok2 || !fs.ValidPath(string(name)) {
			return nil, reason.Errorf(reason.BBroken, "the urgent update is damaged")
		}
		files[string(name)] = data
		rest = left
	}
	return files, nil
}

// field cuts a length of n bytes and as much data off b.
func field(b []byte, n int) (data, rest []byte, ok bool) {
	if len(b) < n {
		return nil, nil, false
	}
	size := 0
	for _, c := range b[:n] {
		size = size<<8 | int(c)
	}
	if size > len(b)-n {
		return nil, nil, false
	}
	return b[n : n+size], b[n+size:], true
}

// Codes are the texts of the QR codes that carry an urgent update, in any
// order.
//
// Source: BBQr version 1.0, encoding Z, type B.
func Codes(update []byte) ([]string, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(update); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	data := packed.Bytes()
	n := (len(data) + partSize - 1) / partSize
	if n > maxCodes {
		return nil, fmt.Errorf("this takes %d codes, the limit is %d: use a stick", n, maxCodes)
	}
	size := (len(data) + n - 1) / n
	size += (5 - size%5) % 5 // base 32 without padding inside
	var codes []string
	for i := 0; i*size < len(data); i++ {
		part := data[i*size : min(len(data), (i+1)*size)]
		codes = append(codes, base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(part))
	}
	for i, body := range codes {
		codes[i] = "B$ZB" + twoDigits(len(codes)) + twoDigits(i) + body
	}
	return codes, nil
}

func twoDigits(n int) string {
	s := strings.ToUpper(strconv.FormatInt(int64(n), 36))
	return strings.Repeat("0", 2-len(s)) + s
}

// InstallUrgent makes the next bundle of the one in use and an urgent update,
// and installs it as [Store.Install] does. Without a bundle in use there is
// nothing to add to: B-NONE.
func (s *Store) InstallUrgent(payload []byte) (*bundle.Bundle, error) {
	update, err := readUrgent(payload)
	if err != nil {
		return nil, err
	}
	have, err := s.installed()
	if err != nil {
		return nil, err
	}
	if have == nil {
		return nil, reason.Errorf(reason.BNone, "an urgent update adds to a bundle, and none is installed: use a stick")
	}
	next := &overlay{over: update, under: have, used: bundle.Files{}}
	b, err := s.openFrom(next)
	if err != nil {
		return nil, err
	}
	if l := b.LeftOut; len(l) > len(s.Current().LeftOut) {
		return nil, reason.Errorf(reason.BBroken, "the update is not for the bundle in use, use a stick: %s: %w", l[0].Member, l[0].Why)
	}
	zipped, err := bundle.Zip(next.used)
	if err != nil {
		return nil, err
	}
	return s.Install(zipped)
}

// An overlay is a bundle's tree with files in the place of others. What is
// read of it is used: the rest is of the edition before.
type overlay struct{ over, under, used bundle.Files }

// Open implements [fs.FS].
func (o *overlay) Open(name string) (fs.File, error) {
	for _, files := range []bundle.Files{o.over, o.under} {
		if data, ok := files[name]; ok {
			o.used[name] = data
			return files.Open(name)
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// openFrom reads and verifies a tree. A bundle that is installed already is no
// error here: its parts may have been left out before.
func (s *Store) openFrom(src fs.FS) (*bundle.Bundle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := bundle.Before{Floors: s.state.Floors}
	if s.current != nil {
		before.Parts = s.current.Parts()
	}
	return bundle.Open(src, s.anchor, before)
}
