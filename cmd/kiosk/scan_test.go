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
