package cborld

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"

	fx "github.com/fxamacker/cbor/v2"
)

// Our own contexts. Terms are numbered in the order of their names: in main
// 100 Course, 102 Person, 104 at, 106 day, 108 has, 110 id, 112 key, 114 name,
// 116 sec, 118 see, 120 suite, 122 type, 124 xsd.
var ours = map[string]string{
	"https://kiosk.example/main": `{"@protected":true,"id":"@id","type":"@type",
		"sec":"https://w3id.org/security#","xsd":"http://www.w3.org/2001/XMLSchema#",
		"name":"https://kiosk.example/#name",
		"see":{"@id":"https://kiosk.example/#see","@type":"@id"},
		"at":{"@id":"https://kiosk.example/#at","@type":"xsd:dateTime"},
		"day":{"@id":"https://kiosk.example/#day","@type":"xsd:date"},
		"key":{"@id":"https://kiosk.example/#key","@type":"sec:multibase"},
		"suite":{"@id":"https://kiosk.example/#suite","@type":"sec:cryptosuiteString"},
		"has":{"@id":"https://kiosk.example/#has","@context":{"inner":"https://kiosk.example/#inner","type":"@type"}},
		"Course":{"@id":"https://kiosk.example/#Course","@context":{"level":"https://kiosk.example/#level","name":"https://kiosk.example/#course"}},
		"Person":{"@id":"https://kiosk.example/#Person","@context":{"born":{"@id":"https://kiosk.example/#born","@type":"xsd:date"}}}}`,
	"https://kiosk.example/reset": `{"bare":{"@id":"https://kiosk.example/#bare","@context":null}}`,
	"https://kiosk.example/loop":  `["https://kiosk.example/loop"]`,
	"https://kiosk.example/both":  `["https://kiosk.example/main","https://kiosk.example/reset"]`,
}

func oursByURL(url string) (*rdf.Definition, bool) {
	text, ok := ours[url]
	if !ok {
		return nil, false
	}
	def, err := rdf.ParseContext([]byte(`{"@context":` + text + `}`))
	if err != nil {
		panic(err)
	}
	return def, true
}

type m = map[int]any

const (
	mainURL  = "https://kiosk.example/main"
	resetURL = "https://kiosk.example/reset"
)

// tagged is a payload under CBOR-LD 1.0 with a registry entry.
func tagged(entry int, payload any) []byte { return tag(tag10, []any{entry, payload}) }

func tag(n uint64, content any) []byte {
	data, err := fx.Marshal(fx.Tag{Number: n, Content: content})
	if err != nil {
		panic(err)
	}
	return data
}

// said is the JSON, or the code.
func said(data []byte) string {
	out, err := Decode(data, oursByURL)
	if err != nil {
		return string(reason.CodeOf(err, "no code"))
	}
	return string(out)
}

func TestTags(t *testing.T) {
	plain := map[string]int{"a": 1}
	small := m{0: mainURL, 114: "x"}
	const want = `{"@context":"https://kiosk.example/main","name":"x"}`
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"1.0, compressed", tagged(1, small), want},
		{"1.0, uncompressed", tagged(0, plain), `{"a":1}`},
		{"legacy range", tag(0x0601, small), want},
		{"legacy range, uncompressed", tag(0x0600, plain), `{"a":1}`},
		{"legacy range, entry of two bytes", tag(0x0680+10001&0x7f, []any{[]byte{10001 >> 7}, small}), want},
		{"legacy range, entry of four bytes", tag(0x0680+31000000&0x7f, []any{[]byte{31000000>>7&0x7f | 0x80, 31000000>>14&0x7f | 0x80, 31000000 >> 21}, small}), want},
		{"singleton, compressed", tag(0x0501, small), want},
		{"singleton, uncompressed", tag(0x0500, plain), `{"a":1}`},
		{"several documents", tagged(1, []any{small, m{}}), "[" + want + ",{}]"},

		{"unknown entry", tagged(7, small), "S-UNSUPPORTED"},
		{"unknown entry of two bytes", tag(0x06ff, []any{[]byte{1}, small}), "S-UNSUPPORTED"},
		{"another tag", tag(0x0700, small), "S-MALFORMED"},
		{"no tag", []byte{0xa0, 0, 0, 0}, "S-MALFORMED"},
		{"no entry", tag(tag10, small), "S-MALFORMED"},
		{"entry that is text", tag(tag10, []any{"1", small}), "S-MALFORMED"},
		{"three parts", tag(tag10, []any{1, small, 1}), "S-MALFORMED"},
		{"entry without its second byte", tag(0x0690, []any{[]byte{}, small}), "S-MALFORMED"},
		{"entry whose bytes do not end", tag(0x0690, []any{[]byte{0x80}, small}), "S-MALFORMED"},
		{"entry longer than it need be", tag(0x0681, []any{[]byte{0}, small}), "S-MALFORMED"},
		{"entry of more than 32 bits", tag(0x0690, []any{[]byte{0x81, 0x81, 0x81, 0x81, 1}, small}), "S-MALFORMED"},
		{"a number", tagged(1, 5), "S-MALFORMED"},
		{"numbers", tagged(1, []int{5}), "S-MALFORMED"},
		{"bytes after", append(tagged(1, small), 0), "S-MALFORMED"},
		{"uncompressed bytes", tagged(0, []byte{1}), "S-MALFORMED"},
	} {
		if got := said(c.data); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestValues holds each compressed form of a value under its term.
func TestValues(t *testing.T) {
	uuid := []byte{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, 8}
	for _, c := range []struct {
		id    int
		value any
		want  string
	}{
		{114, "x", `"name":"x"`}, {115, []any{"x", nil}, `"name":["x",null]`}, {114, 1.5, `"name":1.5`}, {114, -7, `"name":-7`}, {114, true, `"name":true`}, {114, nil, `"name":null`}, {114, []any{"x", []int{1}}, `"name":["x",[1]]`}, {115, []any{}, `"name":[]`},
		{6, "x", `"@value":"x"`},
		{110, "urn:x", `"id":"urn:x"`}, {4, []any{1, "a.example"}, `"@id":"http://a.example"`}, {110, []any{2, "a.example/1?q"}, `"id":"https://a.example/1?q"`},
		{110, []any{3, uuid}, `"id":"urn:uuid:12345678-9abc-def0-0102-030405060708"`}, {110, []any{3, "12345678-9ABC-def0-0102-030405060708"}, `"id":"urn:uuid:12345678-9ABC-def0-0102-030405060708"`},
		{118, []any{4, "text/plain,hi"}, `"see":"data:text/plain,hi"`}, {118, []any{4, "image/png", []byte("hi")}, `"see":"data:image/png;base64,aGk="`},
		{118, []any{1025, []byte{0xed, 1, 2, 3}}, `"see":"did:key:z74NQRY"`}, {118, []any{1025, "zx"}, `"see":"did:key:zx"`}, {118, []any{1025, []byte{0}, []byte{0}}, `"see":"did:key:z1#z1"`}, {118, []any{1024, []byte{0}, "key-1"}, `"see":"did:v1:nym:z1#key-1"`},
		{118, 114, `"see":"name"`}, {118, 2, `"see":"@type"`}, {119, []any{[]any{2, "a"}, "b:c"}, `"see":["https://a","b:c"]`}, {118, []any{"b:c", "d:e"}, `"see":["b:c","d:e"]`},
		{122, 102, `"type":"Person"`}, {123, []any{102, 100}, `"type":["Person","Course"]`}, {2, 102, `"@type":"Person"`},
		{104, 1735689600, `"at":"2025-01-01T00:00:00Z"`}, {104, -1, `"at":"1969-12-31T23:59:59Z"`}, {104, []any{1735689600, 7}, `"at":"2025-01-01T00:00:00.007Z"`}, {104, "2025-01-01T00:00:00+01:00", `"at":"2025-01-01T00:00:00+01:00"`}, {104, int64(253402300799), `"at":"9999-12-31T23:59:59Z"`},
		{106, 1735689600, `"day":"2025-01-01"`}, {106, "soon", `"day":"soon"`},
		{112, []byte("z\x00\x01"), `"key":"z12"`}, {112, []byte("u\xff\xfe"), `"key":"u__4"`}, {112, []byte("M\xff\xfe"), `"key":"M//4="`}, {112, "zx", `"key":"zx"`},
		{120, 3, `"suite":3`}, {120, "x", `"suite":"x"`},

		{118, 9000, "S-MALFORMED"}, {118, 115, "S-MALFORMED"}, {118, true, "S-MALFORMED"}, {118, []any{9, "x"}, "S-MALFORMED"}, {118, []any{1}, "S-MALFORMED"}, {118, []any{1, 2}, "S-MALFORMED"}, {118, []any{1, "a", "b"}, "S-MALFORMED"}, {118, []any{3, []byte{1}}, "S-MALFORMED"}, {118, []any{1025, 1}, "S-MALFORMED"}, {118, []any{4, 1, 2}, "S-MALFORMED"},
		{118, []byte{1}, "S-UNSUPPORTED"}, {118, []byte{1, 2, 3}, "S-MALFORMED"},
		{104, int64(253402300800), "S-MALFORMED"}, {104, int64(-62167219201), "S-MALFORMED"}, {104, 1.5, `"at":1.5`}, {104, []any{1, 2, 3}, `"at":[`}, {106, []byte{1}, "S-MALFORMED"},
		{112, []byte{}, "S-MALFORMED"}, {112, []byte("x1"), "S-MALFORMED"}, {114, []byte{1}, "S-UNSUPPORTED"}, {120, []byte{1}, "S-MALFORMED"},
		{115, "x", "S-MALFORMED"}, {200, "x", "S-MALFORMED"}, {56, "x", "S-MALFORMED"},
		{118, []any{1025, bytes.Repeat([]byte{1}, 2000)}, "Q-TOOBIG"},
	} {
		got := said(tagged(1, m{0: mainURL, c.id: c.value}))
		if !strings.HasPrefix(c.want, `"`) {
			if got != c.want {
				t.Errorf("%d: %v = %s, want %s", c.id, c.value, got, c.want)
			}
			continue
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%d: %v = %s, want %s", c.id, c.value, got, c.want)
		}
	}
}

// TestTables holds the values that the registry's tables number, and that
// URLs of its tables come as bytes, or, before the registry, as integers.
func TestTables(t *testing.T) {
	for _, c := range []struct {
		data []byte
		want string
	}{
		{tagged(100, m{0: mainURL, 120: 4}), `"suite":"ecdsa-xi-2023"`},
		{tagged(100, m{0: mainURL, 120: 5}), "S-UNSUPPORTED"},
		{tagged(100, m{0: mainURL, 120: -5}), "S-UNSUPPORTED"},
		{tagged(100, m{0: mainURL, 120: []byte{0xff, 0x00}}), `"suite":-256`},
		{tagged(100, m{0: mainURL, 120: []byte{0xff}}), `"suite":-1`},
		{tagged(100, m{0: mainURL, 120: []byte{0, 0, 1, 0}}), `"suite":256`},
		{tagged(100, m{0: mainURL, 120: []byte{0, 0, 0, 0, 0, 0, 1, 0}}), `"suite":256`},
		{tagged(100, m{0: mainURL, 120: []byte{0, 0, 0}}), "S-MALFORMED"},
		{tagged(31000000, m{0: mainURL, 118: []byte{13}}), `"see":"did:web:credentials.dmv.ca.gov#vm-vcb-9"`},
		{tagged(31000000, m{0: mainURL, 118: []byte{0, 27}}), `"see":"https://api.uat-credentials.dmv.ca.gov/status/dlid/2/status-lists"`},
		{tagged(31000000, m{0: mainURL, 118: []byte{29}}), "S-UNSUPPORTED"},
		{tag(0x0501, m{0: mainURL, 118: 50}), `"see":"https://purl.imsglobal.org/spec/ob/v3p0/context.json"`},
		{tag(0x0501, m{0: mainURL, 118: 114}), `"see":"name"`},
		{tag(0x0501, m{0: mainURL, 114: []byte{17}}), `"name":"https://www.w3.org/2018/credentials/v1"`},
		{tagged(1, m{0: 17}), "S-CONTEXT"},
		{tagged(1, m{0: "https://kiosk.example/other"}), "S-CONTEXT"},
	} {
		if got := said(c.data); !strings.Contains(got, c.want) {
			t.Errorf("%x: %s, want %s", c.data, got, c.want)
		}
	}
}

// TestActivation holds the order in which contexts become active, from which
// the numbers of their terms follow.
func TestActivation(t *testing.T) {
	for _, c := range []struct {
		name    string
		payload any
		want    string
	}{
		{"contexts of types in the order of the types' names",
			// Course is first: level 126, then Person: born 128.
			m{0: mainURL, 123: []any{102, 100}, 126: 3, 128: 0},
			`{"@context":"` + mainURL + `","born":"1970-01-01","level":3,"type":["Person","Course"]}`},
		{"context of a term, numbered when its turn comes", // has: inner 126, then Course: level 128
			m{0: mainURL, 108: m{126: m{122: 100, 128: 1}}},
			`{"@context":"` + mainURL + `","has":{"inner":{"level":1,"type":"Course"}}}`},
		{"a type's context does not reach into values",
			m{0: mainURL, 122: 102, 128 - 2: "x", 118: m{126: 5}},
			`{"@context":"` + mainURL + `","born":"x","see":{"born":5},"type":"Person"}`},
		{"a term's context does",
			m{0: mainURL, 108: m{118: m{126: "x"}}},
			`{"@context":"` + mainURL + `","has":{"see":{"inner":"x"}}}`},
		{"no context at all", m{4: []any{1, "a"}}, `{"@id":"http://a"}`},
		{"two contexts",
			m{1: []any{mainURL, resetURL}, 126: m{114: 1}},
			`{"@context":["` + mainURL + `","` + resetURL + `"],"bare":{"name":1}}`},
		{"nothing is active inside a context that is null", // id is no longer @id
			m{0: "https://kiosk.example/both", 126: m{110: []int{1, 2}, 4: []any{1, "a"}}},
			`{"@context":"https://kiosk.example/both","bare":{"@id":"http://a","id":[1,2]}}`},
		{"null resets, numbers stay",
			m{1: []any{mainURL, nil}, 114: 1, 122: 102, 110: 5},
			`{"@context":["` + mainURL + `",null],"id":5,"name":1,"type":102}`},
		{"names as they are", map[any]any{0: mainURL, "extra": "x", 114: "y"}, `{"@context":"` + mainURL + `","extra":"x","name":"y"}`},
		{"a context in the document",
			m{1: []any{mainURL, map[string]string{"more": "https://kiosk.example/#more"}}, 126: 1},
			`{"@context":["` + mainURL + `",{"more":"https://kiosk.example/#more"}],"more":1}`},

		{"both forms of @context", m{0: mainURL, 1: []any{mainURL}}, "S-MALFORMED"},
		{"an array that is none", m{1: mainURL}, "S-MALFORMED"},
		{"a broken context in the document", m{0: map[string]int{"a": 1}}, "S-MALFORMED"},
		{"contexts that name one another", m{0: "https://kiosk.example/loop"}, "Q-TOOBIG"},
		{"many contexts", m{1: make([]string, MaxContexts+1)}, "Q-TOOBIG"},
		{"names that are bytes", map[any]any{false: 1}, "S-MALFORMED"},
	} {
		if got := said(tagged(1, c.payload)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// nested puts payload under has, n times.
func nested(n int, payload any) any {
	for range n {
		payload = map[any]any{"has": payload}
	}
	return payload
}

// FuzzDecode holds that whatever comes out is JSON, and what does not has a
// code.
func FuzzDecode(f *testing.F) {
	f.Add(tagged(1, m{0: mainURL, 123: []any{102, 100}, 126: 3, 128: 0})[3:])
	f.Add(tagged(100, m{0: mainURL, 118: []any{1025, []byte{0xed, 1}}, 104: 5, 112: []byte("zab")})[3:])
	f.Add(tag(0x0501, m{0: 17, 4: []any{3, make([]byte, 16)}})[3:])
	heads := [][]byte{{0xd9, 0xcb, 0x1d}, {0xd9, 5, 1}, {0xd9, 6, 1}, {0xd9, 6, 0xe4}}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, head := range heads {
			for _, lookup := range []Lookup{oursByURL, builtin} {
				out, err := Decode(append(bytes.Clone(head), data...), lookup)
				if err != nil && reason.CodeOf(err, "") == "" {
					t.Errorf("error without a code: %v", err)
				}
				if err == nil && !json.Valid(out) {
					t.Errorf("%x%x: %s", head, data, out)
				}
			}
		}
	})
}
