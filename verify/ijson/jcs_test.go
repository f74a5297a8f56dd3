package ijson

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCanonical holds RFC 8785 in fixtures of ours.
func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":2,"a":1}`:        `{"a":1,"b":2}`,
		` [ ] `:                `[]`,
		`{"a":{},"b":[[],{}]}`: `{"a":{},"b":[[],{}]}`,
		`[-0,0.0,1.0,1e2,1E-7,-1.50,1e21,123456789012345680000,5e-324,1e-10]`: `[0,0,1,100,1e-7,-1.5,1e+21,123456789012345680000,5e-324,1e-10]`,
		`[9007199254740993,0.30000000000000004,333333333.33333329]`:           `[9007199254740992,0.30000000000000004,333333333.3333333]`,
		"\"\\u007f\\u2028/\\/ \\u000b\\u0000\\b\\f\\n\\r\\t\\\"\\\\é\"":       "\"\u007f\u2028// \\u000b\\u0000\\b\\f\\n\\r\\t\\\"\\\\é\"",
		"{\"\U0001f393\":1,\"\ue000\":2,\"z\":3,\"\ufb33\":4,\"\":5}":         "{\"\":5,\"z\":3,\"\U0001f393\":1,\"\ue000\":2,\"\ufb33\":4}",
		`{"aa":1,"a":2,"é":3,"e":4}`:                                          `{"a":2,"aa":1,"e":4,"é":3}`,
		`null`:                                                                `null`, `true`: `true`, `"x"`: `"x"`, `-12`: `-12`,
	} {
		v, err := Parse([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got, err := AppendCanonical(nil, v); string(got) != want || err != nil {
			t.Errorf("%s\ngot  %s %v\nwant %s", in, got, err, want)
		}
	}
}

// TestEdit holds how proofs take a document apart.
func TestEdit(t *testing.T) {
	in := `{"proof":[{"id":"p1"},{"id":"p2"}],"name":"B","@context":["v2","ob","own"],"inner":{"proof":1}}`
	v, err := Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	other, err := Parse([]byte(`{"@context":["v2","ob"]}`))
	if err != nil {
		t.Fatal(err)
	}
	second := v.Get("proof").First().Next()
	for want, e := range map[string]Edit{
		`{"@context":["v2","ob","own"],"inner":{"proof":1},"name":"B","proof":[{"id":"p1"},{"id":"p2"}]}`: {},
		`{"@context":["v2","ob","own"],"inner":{"proof":1},"name":"B"}`:                                   {Drop: []string{"proof", "absent"}},
		`{"@context":["v2","ob"],"inner":{"proof":1},"name":"B"}`:                                         {Drop: []string{"proof"}, Set: []Member{{Name: "@context", Value: other.Get("@context")}}},
		`{"inner":{"proof":1},"name":"B","proof":[{"id":"p2"}]}`:                                          {Drop: []string{"@context"}, Set: []Member{{Name: "proof", List: []Value{second}}}},
		`{"@context":["v2","ob","own"],"inner":{"proof":1},"name":"B","proof":[],"z":{"id":"p2"}}`:        {Set: []Member{{Name: "proof", List: []Value{}}, {Name: "z", Value: second}}},
	} {
		if got, err := AppendEdited(nil, v, e); string(got) != want || err != nil {
			t.Errorf("got  %s %v\nwant %s", got, err, want)
		}
	}
	for _, e := range []Edit{
		{Set: []Member{{Name: "proof"}}},
		{Set: []Member{{Name: "proof", List: []Value{{}}}}},
		{Set: []Member{{Name: "a", Value: v}, {Name: "a", Value: v}}},
	} {
		if got, err := AppendEdited(nil, v, e); err == nil {
			t.Errorf("%v accepted: %s", e, got)
		}
	}
	if _, err := AppendCanonical(nil, Value{}); err == nil {
		t.Error("Absent written")
	}
}

// TestFloats compares numbers with the table of RFC 8785, appendix B.
func TestFloats(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0",
		0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		if got := string(AppendFloat(nil, math.Float64frombits(bits))); got != want {
			t.Errorf("%x: %s, want %s", bits, got, want)
		}
	}
}

// TestVectors reads the vectors of RFC 8785's author (Apache-2.0).
func TestVectors(t *testing.T) {
	dir := "../../../shared/vectors/jcs"
	files, _ := filepath.Glob(filepath.Join(dir, "input", "*.json"))
	if len(files) == 0 {
		t.Skip("SKIP-SHARED: no JCS vectors beside the repository")
	}
	for _, f := range files {
		in, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(dir, "output", filepath.Base(f)))
		if err != nil {
			t.Fatal(err)
		}
		v, err := Parse(in)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		if got, _ := AppendCanonical(nil, v); string(got) != strings.TrimSpace(string(want)) {
			t.Errorf("%s\ngot  %s\nwant %s", filepath.Base(f), got, want)
		}
	}
}
