package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// epoch is the date of every file in an archive, so that the same contents
// make the same bytes.
var epoch = time.Unix(0, 0)

// archives writes an archive for each binary in from, and SHA256SUMS over
// them.
func archives(version, from, to string) error {
	binaries, err := filepath.Glob(filepath.Join(from, "kiosk-linux-*"))
	if err != nil {
		return err
	}
	if len(binaries) == 0 {
		return fmt.Errorf("no kiosk-linux-* in %s: run make build first", from)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	var sums strings.Builder
	for _, binary := range binaries {
		board := strings.TrimPrefix(filepath.Base(binary), "kiosk-linux-")
		name := "badge-kiosk-" + version + "-" + board + ".tar.gz"
		sum, err := archive(filepath.Join(to, name), "badge-kiosk", []file{
			{binary, "kiosk", 0o755}, {"LICENSE", "LICENSE", 0o644}, {"README.md", "README.md", 0o644},
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sum, name)
		fmt.Println(filepath.Join(to, name))
	}
	return os.WriteFile(filepath.Join(to, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// A file is one member of an archive.
type file struct {
	from, name string
	mode       int64
}

// archive writes files below the folder top into a gzipped tar at path and
// returns its SHA-256.
func archive(path, top string, files []file) (sum [sha256.Size]byte, err error) {
	out, err := os.Create(path)
	if err != nil {
		return sum, err
	}
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
	}()
	hash := sha256.New()
	zip, err := gzip.NewWriterLevel(io.MultiWriter(out, hash), gzip.BestCompression)
	if err != nil {
		return sum, err
	}
	tape := tar.NewWriter(zip)
	for _, f := range files {
		if err := add(tape, top, f); err != nil {
			return sum, fmt.Errorf("%s: %w", f.from, err)
		}
	}
	if err := tape.Close(); err != nil {
		return sum, err
	}
	if err := zip.Close(); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(hash.Sum(nil)), nil
}

func add(tape *tar.Writer, top string, f file) error {
	data, err := os.ReadFile(f.from)
	if err != nil {
		return err
	}
	h := &tar.Header{Name: top + "/" + f.name, Mode: f.mode, Size: int64(len(data)), ModTime: epoch, Format: tar.FormatPAX}
	if err := tape.WriteHeader(h); err != nil {
		return err
	}
	_, err = tape.Write(data)
	return err
}
