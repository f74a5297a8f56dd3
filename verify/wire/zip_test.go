package wire

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// zipOf packs files; every odd argument is a name, the next its content.
func zipOf(files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			panic(err)
		}
		w.Write([]byte(files[i+1]))
	}
	z.Close()
	return b.Bytes()
}

func TestZip(t *testing.T) {
	many := make([]string, 0, 2*15_000)
	for i := range 15_000 {
		many = append(many, fmt.Sprint(i), "")
	}
	whole := zipOf(certificate, "{}")
	damaged := zipOf(certificate, token)
	damaged[30+len(certificate)+20] ^= 0xff // past the local header, in the data
	for _, c := range []struct {
		name    string
		payload []byte
		want    string
	}{
		{"JSON", whole, "json zip"},
		{"token, beside another file", zipOf("note.txt", "hello", certificate, token), "jwt zip"},
		{"nothing of ours", zipOf("note.txt", "{}"), "Q-NOTBADGE"},
		{"words", zipOf(certificate, "hello"), "Q-NOTBADGE"},
		{"twice", zipOf(certificate, "{}", certificate, "{ }"), "Q-AMBIG"},
		{"a bomb", zipOf(certificate, strings.Repeat("a", 5_000_000)), "Q-TOOBIG"},
		{"many files", zipOf(many...), "Q-TOOBIG"},
		{"cut", whole[:len(whole)-5], "Q-UNREADABLE"},
		{"damaged", damaged, "Q-UNREADABLE"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := verdict(c.payload)
		runtime.ReadMemStats(&after)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
			t.Errorf("%s: took %d bytes of memory", c.name, n)
		}
	}
}

func FuzzZip(f *testing.F) {
	f.Add(zipOf(certificate, "{}"))
	f.Add(zipOf("a", "b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		verdict(append(bytes.Clone(zipMagic), data...))
	})
}
