package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// A picture is one of a set, with what it says.
type picture struct {
	set, name string
	want      []string // nil: no code
	load      func() (*image.Gray, error)
}

// photoSets are folders of photographs; each is shown at four rotations.
var photoSets = []string{"qrcode-1", "qrcode-2", "qrcode-3", "qrcode-4", "qrcode-5", "qrcode-6", "no-code"}

func collect(photos, manifest string, sim int) ([]picture, error) {
	var all []picture
	for _, set := range photoSets {
		files, err := filepath.Glob(filepath.Join(photos, set, "*"))
		if err != nil {
			return nil, err
		}
		sort.Strings(files)
		for _, f := range files {
			if !isPicture(f) {
				continue
			}
			want, err := truth(f, set == "no-code")
			if err != nil {
				return nil, err
			}
			group := "photos " + set
			if set == "no-code" {
				group = "no-code"
			}
			for turn := range 4 {
				all = append(all, picture{group, fmt.Sprintf("%s turned %d", f, 90*turn), want,
					func() (*image.Gray, error) { return photo(f, turn) }})
			}
		}
	}
	more, err := listed(manifest)
	if err != nil {
		return nil, err
	}
	return append(append(all, more...), simulated(sim)...), nil
}

func isPicture(f string) bool {
	switch strings.ToLower(filepath.Ext(f)) {
	case ".png", ".jpg", ".jpeg", ".webp", ".gif":
		return true
	}
	return false
}

func photo(f string, turn int) (*image.Gray, error) {
	data, err := os.ReadFile(f)
	if err != nil {
		return nil, err
	}
	m, err := scanner.DecodePicture(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f, err)
	}
	return scansim.Turned(m, turn), nil
}

// truth reads what a photograph says, from the text file beside it. Readers
// guess the character set of bytes without one, so several are right.
func truth(f string, none bool) ([]string, error) {
	if none {
		return nil, nil
	}
	base := strings.TrimSuffix(f, filepath.Ext(f))
	if b, err := os.ReadFile(base + ".txt"); err == nil {
		out := []string{string(b)}
		if s, err := charmap.ISO8859_1.NewDecoder().Bytes(b); err == nil {
			out = append(out, string(s))
		}
		if s, err := japanese.ShiftJIS.NewDecoder().Bytes(b); err == nil {
			out = append(out, string(s))
		}
		return out, nil
	}
	b, err := os.ReadFile(base + ".bin")
	if err != nil {
		return nil, err
	}
	latin, err := charmap.ISO8859_1.NewDecoder().Bytes(b)
	return []string{string(b), string(latin)}, err
}

// listed reads pictures that another program made.
func listed(manifest string) ([]picture, error) {
	if manifest == "" {
		return nil, nil
	}
	data, err := os.ReadFile(manifest)
	if err != nil {
		return nil, err
	}
	var all []picture
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("%s: %d columns in %.60q, want 4", manifest, len(f), lines.Text())
		}
		text, err := hex.DecodeString(f[3])
		if err != nil {
			return nil, err
		}
		path := filepath.Join(filepath.Dir(manifest), f[1])
		m, err := openPGM(path)
		if err != nil {
			return nil, err
		}
		set := fmt.Sprintf("%s %dx%d", strings.Replace(f[0], "-", " ", 1), m.Rect.Dx(), m.Rect.Dy())
		all = append(all, picture{set, f[1], []string{string(text)}, func() (*image.Gray, error) { return openPGM(path) }})
	}
	return all, lines.Err()
}

// openPGM reads a binary PGM of 256 greys.
func openPGM(path string) (*image.Gray, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var w, h, most int
	if n, err := fmt.Sscanf(string(data[:min(len(data), 32)]), "P5\n%d %d\n%d\n", &w, &h, &most); n != 3 || most != 255 || w*h > len(data) {
		return nil, fmt.Errorf("%s: not a PGM: %v", path, err)
	}
	return &image.Gray{Pix: data[len(data)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)}, nil
}

func simulated(int) []picture { return nil }
