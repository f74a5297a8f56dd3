package bundle

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"testing"

	"badgekiosk/verify/reason"
)

// pack makes a zip of names, each holding its own name, through header.
func pack(t testing.TB, header func(*zip.FileHeader), names ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		header(h)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func plain(*zip.FileHeader) {}

func TestUnzip(t *testing.T) {
	files, err := Unzip(pack(t, plain, "a", "b/c"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || string(files["b/c"]) != "b/c" {
		t.Errorf("unzipped to %v", files)
	}
}

// TestZipTricks holds that nothing but plain files comes out of a zip.
func TestZipTricks(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("bomb")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range MaxTotal>>20 + 1 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	whole := pack(t, plain, "a")
	for name, data := range map[string][]byte{
		"bomb":             bomb.Bytes(),
		"twice":            pack(t, plain, "a", "a"),
		"twice but case":   pack(t, plain, "metadata/a", "metadata/A"),
		"outside":          pack(t, plain, "../a"),
		"absolute":         pack(t, plain, "/a"),
		"other separators": pack(t, plain, `a\..\b`),
		"symbolic link":    pack(t, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }, "a"),
		"truncated":        whole[:len(whole)-1],
		"no zip":           []byte("PK"),
		"empty":            nil,
	} {
		if _, err := Unzip(data); reason.CodeOf(err, "none") != reason.BBroken {
			t.Errorf("%s: %v, want %s", name, err, reason.BBroken)
		}
	}
}

// TestUnzipMangled cuts a zip at every byte and flips every byte: it is
// refused, or what comes out is no more than what was in.
func TestUnzipMangled(t *testing.T) {
	whole := pack(t, plain, "a", "b/c")
	for i := range whole {
		if _, err := Unzip(whole[:i]); err == nil {
			t.Errorf("cut at %d: accepted", i)
		}
		flipped := bytes.Clone(whole)
		flipped[i] ^= 0x10
		files, err := Unzip(flipped)
		if err != nil {
			continue
		}
		for name, data := range files {
			if len(data) > 100 || !fs.ValidPath(name) {
				t.Errorf("byte %d flipped: %q with %d bytes", i, name, len(data))
			}
		}
	}
}

func FuzzUnzip(f *testing.F) {
	f.Add(pack(f, plain, "a", "b/c"))
	f.Fuzz(func(t *testing.T, data []byte) { Unzip(data) })
}
