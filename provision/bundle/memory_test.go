package bundle

import (
	"archive/zip"
	"bytes"
	"runtime"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// TestMemoryBound: what is made to fill a kiosk's memory is refused before it
// does.
func TestMemoryBound(t *testing.T) {
	r := newRepo(t)
	good := r.write()
	with := func(name string, data []byte) Files {
		files := Files{}
		for n, d := range good {
			files[n] = d
		}
		files[name] = data
		return files
	}
	for name, c := range map[string]struct {
		do   func() error
		most int64 // MB that may be allocated on the way, all together
	}{
		"a zip that says its files are large": {func() error { _, err := Unzip(liar(t)); return err }, 64},
		"a timestamp of 6 MB":                 {func() error { return refused(with("metadata/timestamp.json", large(MaxMetadata+1)), r) }, 32},
		"a timestamp of brackets": {func() error {
			return refused(with("metadata/timestamp.json", []byte(`{"signed":`+strings.Repeat("[", 1<<20)+"}")), r)
		}, 64},
		"a root of one key many times": {func() error {
			return refused(with("metadata/2.root.json", []byte(`{"signed":{"_type":"root","keys":{`+strings.Repeat(`"a":{},`, 60_000)+`"b":{}}},"signatures":[]}`)), r)
		}, 256},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		err := c.do()
		runtime.ReadMemStats(&after)
		if reason.CodeOf(err, "") != reason.BBroken && reason.CodeOf(err, "") != reason.BSign {
			t.Errorf("%s: %v", name, err)
		}
		if got := int64(after.TotalAlloc-before.TotalAlloc) >> 20; got > c.most {
			t.Errorf("%s: %d MB were allocated, at most %d may", name, got, c.most)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 1<<20 {
			t.Errorf("%s: %d KB are kept", name, kept>>10)
		}
	}
}

func refused(files Files, r *repo) error {
	_, err := Open(files, r.roots[0], Before{})
	return err
}

func large(n int) []byte { return []byte(`{"a":"` + strings.Repeat("a", n-8) + `"}`) }

// liar is a zip of a thousand small files, each said to be of 60 MB.
func liar(t testing.TB) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := range 1000 {
		w, err := z.CreateRaw(&zip.FileHeader{Name: "f" + strings.Repeat("x", i), Method: zip.Store, UncompressedSize64: 60 << 20, CompressedSize64: 5})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
