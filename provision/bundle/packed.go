package bundle

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sort"

	"badgekiosk/provision/tree"
)

// A place says where a file lies in a zip: what a zip's own directory says,
// in an eighth of its room, for zips of fifty thousand files.
//
//	hash of the name (8 bytes), where it begins uint32, bytes there uint32,
//	bytes unpacked uint32; numbers are big endian
const placeSize = 8 + 4 + 4 + 4

// places lists the files of a zip, sorted.
func places(zipped []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		return nil, err
	}
	all := make([][placeSize]byte, 0, len(z.File))
	for _, f := range z.File {
		at, err := f.DataOffset()
		if err != nil {
			return nil, err
		}
		if f.Method != zip.Deflate && f.Method != zip.Store || at > MaxTotal || f.UncompressedSize64 > MaxTotal || f.CompressedSize64 > MaxTotal {
			return nil, fmt.Errorf("%s is packed in a way that is not known", f.Name)
		}
		var p [placeSize]byte
		sum := sha256.Sum256([]byte(f.Name))
		copy(p[:8], sum[:])
		packed := uint32(f.CompressedSize64) << 1 // with the method in its last bit
		if f.Method == zip.Deflate {
			packed |= 1
		}
		binary.BigEndian.PutUint32(p[8:], uint32(at))
		binary.BigEndian.PutUint32(p[12:], packed)
		binary.BigEndian.PutUint32(p[16:], uint32(f.UncompressedSize64))
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b [placeSize]byte) int { return bytes.Compare(a[:], b[:]) })
	out := make([]byte, 0, len(all)*placeSize)
	for _, p := range all {
		out = append(out, p[:]...)
	}
	return out, nil
}

// packed is a zip as a file system without folders, by its places. What is
// read of it is checked by those who read it: every file of a bundle is named
// by its hash, or signed.
type packed struct {
	zip    io.ReaderAt
	places []byte
}

// Open implements [fs.FS].
func (p packed) Open(name string) (fs.File, error) {
	sum := sha256.Sum256([]byte(name))
	n := len(p.places) / placeSize
	place := func(i int) []byte { return p.places[i*placeSize : (i+1)*placeSize] }
	i := sort.Search(n, func(i int) bool { return bytes.Compare(place(i)[:8], sum[:8]) >= 0 })
	if i == n || !bytes.Equal(place(i)[:8], sum[:8]) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	data, err := p.unpack(place(i)[8:])
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return tree.Files{name: data}.Open(name)
}

func (p packed) unpack(place []byte) ([]byte, error) {
	at, size, unpacked := binary.BigEndian.Uint32(place), binary.BigEndian.Uint32(place[4:]), binary.BigEndian.Uint32(place[8:])
	if size>>1 > MaxTotal || unpacked > MaxTotal {
		return nil, fs.ErrInvalid
	}
	var r io.Reader = io.NewSectionReader(p.zip, int64(at), int64(size>>1))
	if size&1 != 0 {
		r = flate.NewReader(r)
	}
	// Room for what is there, not for what the place says there is.
	var data bytes.Buffer
	data.Grow(int(min(unpacked, 64<<10)))
	if n, err := io.Copy(&data, io.LimitReader(r, int64(unpacked))); err != nil || n != int64(unpacked) {
		return nil, fmt.Errorf("%d of %d bytes: %w", n, unpacked, cutShort(err))
	}
	return data.Bytes(), nil
}

func cutShort(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}
