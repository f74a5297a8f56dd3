package cborld

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// attacks are small payloads that ask for much.
func attacks() map[string][]byte {
	contexts := make([]string, MaxContexts)
	for i := range contexts {
		contexts[i] = "https://kiosk.example/both"
	}
	types := make([]any, 20_000)
	for i := range types {
		types[i] = []any{2, fmt.Sprint(i)}
	}
	long := make([]any, 15_000)
	for i := range long {
		long[i] = 13 // a URL of the table, in one byte
	}
	urls := make([]any, 15_000)
	for i := range urls {
		urls[i] = []byte{13}
	}
	keys := make([]any, 2000)
	for i := range keys {
		keys[i] = append([]byte("z"), bytes.Repeat([]byte{0xff}, 60)...)
	}
	chain := any(m{})
	for range 30 {
		chain = map[any]any{1: contexts, "has": chain}
	}
	return map[string][]byte{
		"many contexts at many depths": tagged(1, chain),
		"deep objects":                 tagged(1, nested(5000, m{})),
		"many types":                   tagged(1, map[any]any{0: mainURL, 123: types}),
		"many URLs of a table":         tagged(31000000, map[any]any{0: mainURL, 119: urls}),
		"many numbers":                 tagged(1, map[any]any{0: mainURL, 119: long}),
		"many keys in base58":          tagged(1, map[any]any{0: mainURL, 113: keys}),
	}
}

func TestAttacks(t *testing.T) {
	const bound = 16 << 20
	for name, data := range attacks() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := said(data)
		runtime.ReadMemStats(&after)
		if strings.HasPrefix(got, "no code") {
			t.Errorf("%s: %s", name, got)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > bound {
			t.Errorf("%s, %d bytes: took %d bytes of memory, the bound is %d", name, len(data), n, bound)
		}
	}
}
