package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"runtime"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

const limit = 10_000

func packZlib(s string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func packRaw(s string) []byte {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.BestCompression)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func TestBounds(t *testing.T) {
	full := strings.Repeat("a", limit)
	for _, c := range []struct {
		name string
		open func([]byte, int) ([]byte, error)
		data []byte
		want string // a code, or the length of what comes out
	}{
		{"zlib, at the limit", Zlib, packZlib(full), full},
		{"zlib, empty", Zlib, packZlib(""), ""},
		{"zlib, over the limit", Zlib, packZlib(full + "a"), "Q-TOOBIG"},
		{"zlib, a bomb", Zlib, packZlib(strings.Repeat("a", 5_000_000)), "Q-TOOBIG"},
		{"zlib, cut", Zlib, packZlib(full)[:20], "Q-PARTIAL"},
		{"zlib, header only", Zlib, []byte{0x78, 0xda}, "Q-PARTIAL"},
		{"zlib, nothing", Zlib, nil, "Q-PARTIAL"},
		{"zlib, bytes after", Zlib, append(packZlib(full), 0), "Q-UNREADABLE"},
		{"zlib, no header", Zlib, []byte("hello, world"), "Q-UNREADABLE"},
		{"zlib, wrong checksum", Zlib, func() []byte { b := packZlib("hello"); b[len(b)-1]++; return b }(), "Q-UNREADABLE"},
		{"zlib, a dictionary from outside", Zlib, []byte{0x78, 0xf9, 1, 2, 3, 4, 5}, "Q-UNREADABLE"},
		{"raw, at the limit", Raw, packRaw(full), full},
		{"raw, over the limit", Raw, packRaw(full + "a"), "Q-TOOBIG"},
		{"raw, cut", Raw, packRaw(full)[:5], "Q-PARTIAL"},
		{"raw, damaged", Raw, []byte{0xff, 0xff, 0xff}, "Q-UNREADABLE"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out, err := c.open(c.data, limit)
		runtime.ReadMemStats(&after)
		if got := string(reason.CodeOf(err, reason.Code(out))); got != c.want {
			t.Errorf("%s: %.40q (%d bytes), %v", c.name, got, len(got), err)
		}
		// The bound: the standard library's window and tables, and the result.
		if n := after.TotalAlloc - before.TotalAlloc; n > 150_000 {
			t.Errorf("%s: took %d bytes of memory", c.name, n)
		}
	}
}

func TestIsZlib(t *testing.T) {
	for level := zlib.HuffmanOnly; level <= zlib.BestCompression; level++ {
		var b bytes.Buffer
		z, _ := zlib.NewWriterLevel(&b, level)
		z.Close()
		if !IsZlib(b.Bytes()) {
			t.Errorf("level %d: % x is not known as zlib", level, b.Bytes()[:2])
		}
	}
	for _, s := range []string{"", "x\xda", "x\xdb\x00", "\x88\x1c\x00", "x\xf9\x00", "hello"} {
		if IsZlib([]byte(s)) {
			t.Errorf("%q is taken for zlib", s)
		}
	}
}

func FuzzZlib(f *testing.F) {
	f.Add(packZlib("hello"))
	f.Add([]byte{0x78, 0xf9, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := Zlib(data, limit)
		if len(out) > limit || err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%d bytes, %v", len(out), err)
		}
	})
}
