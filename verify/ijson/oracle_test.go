package ijson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"badgekiosk/verify/reason"
)

var seeds = []string{
	`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":{"id":"did:key:z6Mk"},"n":[1,-2.5e-3,0]}`,
	`[true,false,null,"é","\u00e9\ud83c\udf93\n\/",{}]`,
	` { "a" : [ ] , "b" : { "c" : 1E5 } } `,
	`{"a":1,"\u0061":2}`, `"\ud800"`, `1e400`, `[[[[]]]]`, "\"\xff\"", `{"":0}`, `-0`, "\"\ufdd0\"",
}

// FuzzParse compares reader and canonical form with Go's own JSON.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(compare)
}

// TestMangled cuts every seed short and changes each of its bytes: what then
// still parses must be what Go's own JSON reads too.
func TestMangled(t *testing.T) {
	for _, s := range seeds {
		for i := range s {
			compare(t, []byte(s[:i]))
			for _, c := range []byte{0, '"', '\\', '{', '}', ',', '0', 0x80, s[i] ^ 1, s[i] ^ 0x20} {
				b := []byte(s)
				b[i] = c
				compare(t, b)
			}
		}
	}
}

// TestCutIsRefused holds that no object or array cut short is read.
func TestCutIsRefused(t *testing.T) {
	s := seeds[0]
	for i := range s {
		if _, err := Parse([]byte(s[:i])); reason.CodeOf(err, "") != reason.SMalformed {
			t.Errorf("%q: %v", s[:i], err)
		}
	}
}

func compare(t *testing.T, in []byte) {
	var d Doc
	v, err := d.Parse(in)
	tree, oracleErr := goParse(in)
	if err != nil {
		var e *reason.Error
		if !errors.As(err, &e) || e.Code != reason.SMalformed && e.Code != reason.QTooBig {
			t.Fatalf("%q: error without its code: %v", in, err)
		}
		if oracleErr == nil && !strictOnly(err) {
			t.Fatalf("%q: refused (%v), Go reads it", in, err)
		}
		return
	}
	if oracleErr != nil {
		t.Fatalf("%q: read, Go refuses it: %v", in, oracleErr)
	}
	got, err := AppendCanonical(nil, v)
	if want := goCanonical(nil, tree); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%q\ngot  %s %v\nwant %s", in, got, err, want)
	}
	again, err := d.Parse(got)
	if err != nil {
		t.Fatalf("%q: canonical form %s: %v", in, got, err)
	}
	if twice, _ := AppendCanonical(nil, again); !bytes.Equal(twice, got) {
		t.Fatalf("%q: canonical twice: %s, once: %s", in, twice, got)
	}
}

// strictOnly tells a refusal for something that Go's reader lets through.
func strictOnly(err error) bool {
	for _, s := range []string{"twice", "surrogate", "UTF-8", "noncharacter", "beyond", "deeper", "more than"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return false
}

func goParse(in []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(in))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows")
	}
	return v, nil
}

func goCanonical(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return goString(dst, v)
	case json.Number:
		f, _ := v.Float64()
		if f == 0 {
			f = math.Abs(f) // Go writes -0
		}
		b, _ := json.Marshal(f)
		return append(dst, b...)
	case []any:
		dst = append(dst, '[')
		for i, x := range v {
			dst = goCanonical(append(dst, sep(i)...), x)
		}
		return append(dst, ']')
	case map[string]any:
		var names []string
		for n := range v {
			names = append(names, n)
		}
		slices.SortFunc(names, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		dst = append(dst, '{')
		for i, n := range names {
			dst = goString(append(dst, sep(i)...), n)
			dst = goCanonical(append(dst, ':'), v[n])
		}
		return append(dst, '}')
	}
	b, _ := json.Marshal(v)
	return append(dst, b...)
}

// goString is Go's own encoding but for the two separators that it escapes.
func goString(dst []byte, s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	out := strings.TrimSuffix(b.String(), "\n")
	if strings.ContainsAny(s, "\u2028\u2029") && utf8.ValidString(s) {
		var parts []string
		for _, r := range s {
			if r == '\u2028' || r == '\u2029' {
				parts = append(parts, string(r))
				continue
			}
			p := string(goString(nil, string(r)))
			parts = append(parts, p[1:len(p)-1])
		}
		out = `"` + strings.Join(parts, "") + `"`
	}
	return append(dst, out...)
}

// BenchmarkParse compares with Go's own reader in the same run.
func BenchmarkParse(b *testing.B) {
	in := record(20)
	b.Run("ours", func(b *testing.B) {
		var d Doc
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		for b.Loop() {
			d.Parse(in)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		for b.Loop() {
			goParse(in)
		}
	})
	b.Run("canonical", func(b *testing.B) {
		var d Doc
		v, _ := d.Parse(in)
		var out []byte
		b.SetBytes(int64(len(in)))
		b.ReportAllocs()
		for b.Loop() {
			out, _ = AppendCanonical(out[:0], v)
		}
	})
}
