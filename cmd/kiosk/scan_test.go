package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"badgekiosk/scanner/scansim"
)

func writePNG(t *testing.T, path string, m image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func codePicture(t *testing.T, text string) *image.Gray {
	t.Helper()
	m, err := scansim.Text(text, 'M')
	if err != nil {
		t.Fatal(err)
	}
	return m.Print(4)
}

// TestScan reads, misses and cannot open pictures, in one line each.
func TestScan(t *testing.T) {
	dir := t.TempDir()
	hello := writePNG(t, filepath.Join(dir, "hello.png"), codePicture(t, "Grüß Gott"))
	binary := writePNG(t, filepath.Join(dir, "binary.png"), codePicture(t, "\x00\x01\xff"))
	empty := writePNG(t, filepath.Join(dir, "empty.png"), image.NewGray(image.Rect(0, 0, 64, 64)))
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code exit
		out  string
		errs string
	}{
		{[]string{"scan", hello}, exitAll, "Grüß Gott\n", ""},
		{[]string{"scan", binary}, exitAll, "base64:AAH/\n", ""},
		{[]string{"scan", hello, binary}, exitAll, hello + ": Grüß Gott\n" + binary + ": base64:AAH/\n", ""},
		{[]string{"scan", empty, hello}, exitSome, hello + ": Grüß Gott\n", empty + ": no QR code found\n"},
		{[]string{"scan", text, empty}, exitUsage, "", text + ": not a PNG, JPEG, WebP or GIF picture\n" + empty + ": no QR code found\n"},
		{[]string{"scan", dir + "/none"}, exitUsage, "", dir + "/none: no such file or directory\n"},
		{[]string{"scan"}, exitUsage, "", "kiosk scan: no picture named: kiosk scan IMAGE…\n"},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, nil, &out, &errs); code != c.code || out.String() != c.out || errs.String() != c.errs {
			t.Errorf("%q: exit %d, %q, %q, want %d, %q, %q", c.args, code, &out, &errs, c.code, c.out, c.errs)
		}
	}
}

// TestScanJSON holds the line that scripts rely on.
func TestScanJSON(t *testing.T) {
	var in, out, errs bytes.Buffer
	if err := png.Encode(&in, codePicture(t, "für")); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"scan", "--json", "-"}, &in, &out, &errs); code != exitAll {
		t.Fatalf("exit %d, %s", code, &errs)
	}
	var line struct {
		File    string
		Symbols []struct {
			Text    string
			Base64  []byte
			Version int
			Corners [][2]int
		}
		Micros *int64
	}
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&line); err != nil {
		t.Fatal(err)
	}
	if line.File != "-" || len(line.Symbols) != 1 || line.Micros == nil {
		t.Fatalf("%+v", line)
	}
	y := line.Symbols[0]
	if y.Text != "für" || string(y.Base64) != "für" || y.Version != 1 || len(y.Corners) != 4 {
		t.Errorf("%+v", y)
	}
	for i, want := range [][2]int{{16, 16}, {100, 16}, {100, 100}, {16, 100}} { // version 1: 21 modules of 4 pixels, behind 4 of quiet zone
		if d := y.Corners[i]; max(d[0]-want[0], want[0]-d[0], d[1]-want[1], want[1]-d[1]) > 2 {
			t.Errorf("corner %d at %v, want %v", i, d, want)
		}
	}
}

// TestScanNothing says so with an empty list, never null.
func TestScanNothing(t *testing.T) {
	var in, out, errs bytes.Buffer
	if err := png.Encode(&in, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"scan", "--json", "--all", "-"}, &in, &out, &errs); code != exitSome {
		t.Errorf("exit %d, want 1", code)
	}
	if !bytes.Contains(out.Bytes(), []byte(`"symbols":[]`)) {
		t.Errorf("%s", &out)
	}
}

// TestScanFiles reads the same code in each format, at sizes from a few
// hundred pixels to a phone's photograph, and turned as its Exif says; its
// corners are in the picture as a person sees it.
func TestScanFiles(t *testing.T) {
	dir := t.TempDir()
	const want = "did:web:riverbend.example"
	code := codePicture(t, want)
	large := image.NewGray(image.Rect(0, 0, 4000, 3000))
	for i := range large.Pix {
		large.Pix[i] = byte(120 + i%4000/80)
	}
	for y := range code.Rect.Dy() {
		copy(large.Pix[(2200+y)*4000+3100:], code.Pix[y*code.Stride:][:code.Rect.Dx()])
	}
	m, err := scansim.Text(want, 'M')
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		picture *image.Gray
		format  string
		turned  uint16
	}{
		"small.webp":   {m.Print(1), "webp", 0},
		"code.gif":     {code, "gif", 0},
		"turned.jpg":   {code, "jpeg", 6},
		"turned.webp":  {code, "webp", 8},
		"mirrored.png": {code, "png", 2},
		"photo.jpg":    {large, "jpeg", 3},
		"poster.png":   {m.Print(60), "png", 0},
	} {
		data, err := scansim.File(c.picture, c.format, c.turned)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		if got := run([]string{"scan", path}, nil, &out, &errs); got != exitAll || out.String() != want+"\n" {
			t.Errorf("%s: exit %d, %q, %q", name, got, &out, &errs)
		}
	}
	line := scanned(t, "scan", "--json", filepath.Join(dir, "photo.jpg"))
	if at := line.Symbols[0].Corners[0]; max(at[0]-900, 900-at[0]) > 40 || max(at[1]-800, 800-at[1]) > 40 {
		t.Errorf("upside down, its first corner is at %v, want near 900, 800", at)
	}
}

// scanned runs a scan of one file that is read, and returns its line.
func scanned(t *testing.T, args ...string) scanLine {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, nil, &out, &errs); code != exitAll {
		t.Fatalf("%q: exit %d, %s", args, code, &errs)
	}
	var line scanLine
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&line); err != nil {
		t.Fatal(err)
	}
	if dec.More() {
		t.Errorf("%q: more than one line", args)
	}
	return line
}

// TestScanAll names every code of a picture with --all, else one of them.
func TestScanAll(t *testing.T) {
	wall := scansim.Room(1000, 600, 3)
	want := map[string]bool{}
	for i, text := range []string{"Welding I <3 of 4>", "été & co.", "\xff\x00\x01 no text"} {
		code := codePicture(t, text)
		for y := range code.Rect.Dy() {
			copy(wall.Pix[(40+150*i+y)*1000+60+300*i:], code.Pix[y*code.Stride:][:code.Rect.Dx()])
		}
		want[text] = true
	}
	path := writePNG(t, filepath.Join(t.TempDir(), "wall.png"), wall)
	if line := scanned(t, "scan", "--json", path); len(line.Symbols) != 1 || line.File != path {
		t.Errorf("%d codes without --all", len(line.Symbols))
	}
	line := scanned(t, "scan", "--all", "--json", path)
	for _, y := range line.Symbols {
		if !want[string(y.Base64)] {
			t.Errorf("%q", y.Base64)
		}
		delete(want, string(y.Base64))
		if text := string(y.Base64); y.Text != text && (y.Text != "" || text[0] != 0xff) {
			t.Errorf("the text of %q is %q", text, y.Text)
		}
	}
	for text := range want {
		t.Errorf("%q was not read", text)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"scan", "--all", path}, nil, &out, &errs); code != exitAll || bytes.Count(out.Bytes(), []byte("\n")) != 3 {
		t.Errorf("exit %d, %q, %q, want three lines", code, &out, &errs)
	}
}
