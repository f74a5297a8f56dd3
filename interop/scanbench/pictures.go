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
	// load returns the picture and what it says: texts of which any is
	// right, none where there is no code.
	load func() (*image.Gray, []string, error)
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
				all = append(all, picture{group, fmt.Sprintf("%s turned %d", f, 90*turn),
					func() (*image.Gray, []string, error) {
						m, err := photo(f, turn)
						return m, want, err
					}})
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
		all = append(all, picture{set, f[1], func() (*image.Gray, []string, error) {
			m, err := openPGM(path)
			return m, []string{string(text)}, err
		}})
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

// frames are the sizes that cameras give.
var frames = []image.Point{{X: 640, Y: 480}, {X: 1280, Y: 720}, {X: 1920, Y: 1080}}

// simulated are pictures of our own simulator, each in the smallest frame
// that holds it, and the sizes of real badges at half of the frame's height.
func simulated(seeds int) []picture {
	var all []picture
	for seed := range uint64(seeds) {
		for _, kind := range []scansim.Kind{scansim.Screen, scansim.Paper} {
			for _, q := range []scansim.Quality{scansim.Clean, scansim.Typical, scansim.Hard} {
				for v := 5; v <= 40; v += 5 {
					for i, px := range []float64{1.5, 2, 2.5, 3, 4, 5, 6} {
						all = appendScene(all, "sim "+kind.String(), frames, scansim.Scene{Kind: kind, Quality: q, Version: v, Level: "LM"[i%2], Module: px, Seed: 1000*seed + uint64(i)})
					}
				}
			}
		}
		for _, v := range []int{15, 25, 30, 40} {
			for i := range uint64(6) {
				px := 360 / float64(25+4*v) // with its quiet zone
				all = appendScene(all, fmt.Sprintf("half version %d", v), frames[1:2],
					scansim.Scene{Quality: scansim.Typical, Version: v, Level: 'L', Module: px, Seed: 1000*seed + 100 + i})
			}
		}
	}
	return all
}

// appendScene adds a scene in the first frame that holds it.
func appendScene(all []picture, set string, frames []image.Point, s scansim.Scene) []picture {
	for _, s.Frame = range frames {
		if !s.Fits() {
			continue
		}
		scene := s
		p := picture{set: fmt.Sprintf("%s %v %dx%d", set, s.Quality, s.Frame.X, s.Frame.Y), name: s.String()}
		p.load = func() (*image.Gray, []string, error) {
			m, text, err := scene.Render()
			return m, []string{text}, err
		}
		return append(all, p)
	}
	return all
}
