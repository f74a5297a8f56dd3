package bundle

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"badgekiosk/verify/reason"
)

// MaxZipFiles bounds the members of a zip.
const MaxZipFiles = 200_000

// Unzip reads a bundle's zip into memory, so that the stick may be pulled.
//
// It takes plain files only, each once, with a path that stays inside, at
// most [MaxTotal] bytes unpacked. Anything else is [reason.BBroken].
func Unzip(data []byte) (Files, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, reason.Errorf(reason.BBroken, "not a whole zip file: %w", err)
	}
	if len(z.File) > MaxZipFiles {
		return nil, reason.Errorf(reason.BBroken, "the zip holds %d files, the limit is %d", len(z.File), MaxZipFiles)
	}
	files, lower := make(Files, len(z.File)), map[string]bool{}
	var total int64
	for _, member := range z.File {
		name := member.Name
		if strings.HasSuffix(name, "/") && member.UncompressedSize64 == 0 {
			continue // a folder
		}
		if !fs.ValidPath(name) || strings.ContainsAny(name, "\\:") || !member.Mode().IsRegular() {
			return nil, reason.Errorf(reason.BBroken, "the zip holds %q, which is not a plain file inside it", name)
		}
		// FAT and Windows see one file where names differ in case alone.
		small := strings.ToLower(name)
		if _, twice := files[small]; twice || lower[small] {
			return nil, reason.Errorf(reason.BBroken, "the zip holds %s twice", name)
		}
		if small != name {
			lower[small] = true
		}
		unpacked, err := unpack(member, MaxTotal-total)
		if err != nil {
			return nil, err
		}
		total += int64(len(unpacked))
		files[name] = unpacked
	}
	return files, nil
}

// grow is the most bytes that are set aside for a file before any is read.
const grow = 64 << 10

// unpack returns a member's bytes, at most room of them.
func unpack(member *zip.File, room int64) ([]byte, error) {
	r, err := member.Open()
	if err != nil {
		return nil, reason.Errorf(reason.BBroken, "%s: %w", member.Name, err)
	}
	defer r.Close()
	// Room for what the zip says, which may be a lie, up to what costs nothing.
	var data bytes.Buffer
	data.Grow(int(min(member.UncompressedSize64, grow)) + bytes.MinRead)
	if _, err := data.ReadFrom(io.LimitReader(r, room+1)); err != nil {
		return nil, reason.Errorf(reason.BBroken, "%s: %w", member.Name, err)
	}
	if int64(data.Len()) > room {
		return nil, reason.Errorf(reason.BBroken, "the zip unpacks to more than %d bytes", int64(MaxTotal))
	}
	return slices.Clone(data.Bytes()), nil
}

// Zip packs files, sorted and undated, so that the same edition makes the
// same bytes.
func Zip(files Files) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		method := zip.Deflate
		if strings.HasSuffix(name, ".png") {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}
