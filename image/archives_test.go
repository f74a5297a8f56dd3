package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestArchiveRepeats makes the same archive twice, from files of different
// dates in different folders: the bytes are the same.
func TestArchiveRepeats(t *testing.T) {
	t.Chdir("..") // README.md and LICENSE are taken from the repository's root
	var made [2][]byte
	for i := range made {
		from, to := t.TempDir(), t.TempDir()
		if err := os.WriteFile(filepath.Join(from, "kiosk-linux-arm64"), []byte("a binary"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := archives("v1", from, to); err != nil {
			t.Fatal(err)
		}
		var err error
		if made[i], err = os.ReadFile(filepath.Join(to, "badge-kiosk-v1-arm64.tar.gz")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two archives of the same files differ")
	}

	zip, err := gzip.NewReader(bytes.NewReader(made[0]))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for tape := tar.NewReader(zip); ; {
		h, err := tape.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
		if h.Name == "badge-kiosk/kiosk" && h.Mode != 0o755 {
			t.Errorf("the kiosk's mode is %o, want it executable", h.Mode)
		}
	}
	if want := []string{"badge-kiosk/kiosk", "badge-kiosk/LICENSE", "badge-kiosk/README.md"}; !slices.Equal(names, want) {
		t.Errorf("the archive holds %v, want %v", names, want)
	}
}

// TestNothingBuilt says what to do when there is nothing to pack.
func TestNothingBuilt(t *testing.T) {
	err := archives("v1", t.TempDir(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("archives without binaries: %v, want advice to run make build", err)
	}
}
