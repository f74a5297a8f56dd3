package qr

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/scanner"
)

// shared is the folder of published vectors beside the repository.
const shared = "../../../shared/vectors"

// sharedFile returns the path of a published vector, or skips the test.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	p := filepath.Join(shared, filepath.FromSlash(name))
	if _, err := os.Stat(p); err != nil {
		t.Skip("SKIP-SHARED: " + name)
	}
	return p
}

func openPicture(t testing.TB, path string) *image.Gray {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := scanner.DecodePicture(data)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m
}

// TestBadgePictures reads codes that other people's badge software drew.
func TestBadgePictures(t *testing.T) {
	var r Reader
	one := r.Read(&scanner.Frame{Gray: *openPicture(t, sharedFile(t, "pixelpass-mosip/QRCode.png"))})
	if len(one) != 1 {
		t.Fatalf("QRCode.png: %d codes, want 1", len(one))
	}
	want, err := os.ReadFile(sharedFile(t, "pixelpass-mosip/QRCode.png.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if one[0].Text != strings.TrimRight(string(want), "\r\n") {
		t.Errorf("QRCode.png says %.40q, want %.40q", one[0].Text, want)
	}
	peers, err := filepath.Glob(filepath.Join(sharedFile(t, "peers/qr"), "*.png"))
	if err != nil || len(peers) == 0 {
		t.Fatalf("no picture in peers/qr: %v", err)
	}
	for _, p := range peers {
		if got := r.Read(&scanner.Frame{Gray: *openPicture(t, p)}); len(got) != 1 || got[0].Text == "" {
			t.Errorf("%s: %d codes, want one with text", filepath.Base(p), len(got))
		}
	}
}
