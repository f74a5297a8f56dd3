package qr

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var texts = map[string][]byte{
	"one byte":     []byte("a"),
	"digits":       []byte("01234567890123456789"),
	"capitals":     []byte("HELLO WORLD $%*+-./:"),
	"mixed":        []byte("https://riverbend.example/badges/0123456789012345678901234567890123456789"),
	"UTF-8":        []byte("Café 学校"),
	"any bytes":    {0, 1, 2, 0xFF, 0x80, 0x7F, 0},
	"a badge":      bytes.Repeat([]byte("NCFOXN%TSMAHN-H"), 40),
	"a long badge": bytes.Repeat([]byte("eyJhbGciOiJFUzI1NiJ9."), 100),
}

// TestNewReadsBack takes every code apart again with the reader in
// read_test.go, which shares nothing with the writer but the standard.
func TestNewReadsBack(t *testing.T) {
	for name, data := range texts {
		for level := Low; level <= High; level++ {
			c, err := New(data, level)
			if err != nil {
				if len(data) > []int{2953, 2331, 1663, 1273}[level] {
					continue // more than 40-L, M, Q, H hold (table 7)
				}
				t.Errorf("%s at %d: %v", name, level, err)
				continue
			}
			if c.Size() != 17+4*c.Version() {
				t.Errorf("%s: %d modules in version %d", name, c.Size(), c.Version())
			}
			got, gotLevel, err := read(c)
			if err != nil || !bytes.Equal(got, data) || gotLevel != level {
				t.Errorf("%s at %d reads back as %q at %d, %v", name, level, got, gotLevel, err)
			}
		}
	}
}

// Capital letters must cost 5.5 bits, not 8: a base45 badge would not fit a
// phone's screen otherwise. 4,296 is the most of 40-L (table 7).
func TestNewUsesAlphanumeric(t *testing.T) {
	c, err := New(bytes.Repeat([]byte("A"), 4296), Low)
	if err != nil || c.Version() != 40 {
		t.Fatalf("4296 capitals: %v", err)
	}
	if _, err := New(bytes.Repeat([]byte("A"), 4297), Low); err == nil {
		t.Error("4297 capitals were encoded")
	}
}

func TestNewRefuses(t *testing.T) {
	for name, f := range map[string]func() (*Code, error){
		"nothing":    func() (*Code, error) { return New(nil, Low) },
		"a book":     func() (*Code, error) { return New(make([]byte, 1<<20), Low) },
		"no level":   func() (*Code, error) { return New([]byte("x"), 4) },
		"minus one":  func() (*Code, error) { return New([]byte("x"), -1) },
		"bytes at H": func() (*Code, error) { return New(bytes.Repeat([]byte{0xFF}, 1274), High) },
	} {
		if _, err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestWriters reads PNG and SVG back and finds the same modules in both.
func TestWriters(t *testing.T) {
	c, err := New(texts["mixed"], Medium)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := c.WritePNG(&file, 3, Quiet); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	if want := (c.Size() + 2*Quiet) * 3; img.Bounds().Dx() != want || img.Bounds().Dy() != want {
		t.Fatalf("picture of %v, want %d a side", img.Bounds(), want)
	}
	file.Reset()
	if err := c.WriteSVG(&file, 0.5, Quiet); err != nil {
		t.Fatal(err)
	}
	svg := file.String()
	if err := xml.Unmarshal([]byte(svg), new(struct{ XMLName xml.Name })); err != nil {
		t.Fatalf("%v in %s", err, svg)
	}
	side := c.Size() + 2*Quiet
	if want := `width="` + strconv.FormatFloat(float64(side)/2, 'f', 2, 64) + `mm" height="` + strconv.FormatFloat(float64(side)/2, 'f', 2, 64) + `mm" viewBox="-4 -4 ` + strconv.Itoa(side) + " " + strconv.Itoa(side) + `"`; !strings.Contains(svg, want) {
		t.Errorf("no %s in %.200s", want, svg)
	}
	drawn := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		for i := range n {
			drawn[[2]int{x + i, y}] = true
		}
	}
	for y := -Quiet; y < c.Size()+Quiet; y++ {
		for x := -Quiet; x < c.Size()+Quiet; x++ {
			r, _, _, _ := img.At((x+Quiet)*3+1, (y+Quiet)*3+1).RGBA()
			if black := r == 0; black != c.Black(x, y) || drawn[[2]int{x, y}] != c.Black(x, y) {
				t.Fatalf("module %d,%d: black %v, in PNG %v, in SVG %v", x, y, c.Black(x, y), black, drawn[[2]int{x, y}])
			}
		}
	}
}

func TestWritersRefuse(t *testing.T) {
	c, err := New([]byte("x"), Low)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][2]int{{0, 4}, {-1, 4}, {1, -1}, {MaxSide, 4}, {1 << 30, 1 << 30}} {
		if err := c.WritePNG(new(bytes.Buffer), bad[0], bad[1]); err == nil {
			t.Errorf("PNG of scale %d, border %d was written", bad[0], bad[1])
		}
	}
	if c.WriteSVG(new(bytes.Buffer), 0, 4) == nil || c.WriteSVG(new(bytes.Buffer), 1, -1) == nil {
		t.Error("SVG without size was written")
	}
}
