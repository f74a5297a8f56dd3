package trust

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// heapAfter is how many bytes more are in use once do is done and what it
// returns is kept.
func heapAfter(do func() *Set) (kept int64, s *Set) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s = do()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc), s
}

// TestMemoryBound: files made to be large in memory are not: each as large as
// a file may be, and what is kept of it at most a few times that.
func TestMemoryBound(t *testing.T) {
	fill := func(head, item, tail string) string {
		n := (MaxFile - len(head) - len(tail)) / len(item)
		return head + strings.Repeat(item, n) + tail
	}
	line := "https://a.example/%s\tx\t2026-11-20T00:00:00Z\n"
	hash := HashID("x")
	for name, c := range map[string]struct{ file, data string }{
		"documents":   {"documents/index.tsv", fill("", fmt.Sprintf(line, "1"), "")},
		"withdrawals": {"withdrawals.tsv", fill("", "did:web:a.example\t"+hash+"\t2026-11-20T00:00:00Z\n", "")},
		"strangers":   {"withdrawals.tsv", fill("", "a\n", "")},
		"skills":      {"manifests/a.json", fill(`{"achievement":"a","skills":[`, `{"name":{"en":"a"}},`, `{}]}`)},
		"languages":   {"manifests/a.json", fill(`{"achievement":"a","name":{`, `"`+strings.Repeat("x", 8)+`":"a",`, `"y":"a"}}`)},
		"keys":        {"issuers/b.json", fill(`{"name":"B","ids":["did:web:b.example"],"keys":[`, `{"id":"#a"},`, `{}]}`)},
		"identifiers": {"issuers/b.json", fill(`{"name":"B","ids":[`, `"did:web:b.example",`, `"a"]}`)},
		"groups":      {"district.json", fill(`{"kiosks":{`, `"a":{},`, `"b":{}}}`)},
		"depth":       {"manifests/a.json", fill(``, `{"a":`, ``)},
	} {
		files := fstest.MapFS{"districts/a/issuers/a.json": {Data: []byte(`{"name":"A","ids":["did:web:a.example"]}`)}, "districts/a/documents/x": {Data: []byte("x")}}
		files["districts/a/"+c.file] = &fstest.MapFile{Data: []byte(c.data)}
		kept, s := heapAfter(func() *Set {
			s, err := Open(files)
			if err != nil {
				t.Fatal(err)
			}
			return s
		})
		if kept > 8*MaxFile {
			t.Errorf("%s: %d MB are kept of a file of %d MB", name, kept>>20, len(c.data)>>20)
		}
		if len(s.Faults) > MaxFaults {
			t.Errorf("%s: %d faults", name, len(s.Faults))
		}
	}
}
