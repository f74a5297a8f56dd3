package issue

import (
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/wire"
)

// TestPixelPass packs JSON and tokens and opens them as a kiosk does. The
// published encoder does the same in interop.
func TestPixelPass(t *testing.T) {
	i := NewIssuer(newKey(t, EdDSA, ""), "Riverbend Academy")
	badge, err := i.Sign(welding(), Options{Format: JCS})
	if err != nil {
		t.Fatal(err)
	}
	token, err := i.Sign(welding(), Options{Format: VCJOSE})
	if err != nil {
		t.Fatal(err)
	}
	numbers := []byte(`{"a":[0,23,24,255,256,65535,65536,4294967296,-1,-25,1.5,1e300],"b":{"":null,"x":true,"y":false},"é":"ß"}`)
	for _, want := range [][]byte{badge, token, numbers} {
		code, err := PixelPass(want)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := wire.Open(code)
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		if got := same(t, doc.Data); got != same(t, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// same is JSON in its one canonical spelling, and a token as it is.
func same(t *testing.T, b []byte) string {
	t.Helper()
	if b[0] != '{' {
		return string(b)
	}
	v, err := ijson.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	out, err := ijson.AppendCanonical(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestBase45 uses the examples of RFC 9285, section 4.3.
func TestBase45(t *testing.T) {
	for in, want := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0", "": ""} {
		if got := string(appendBase45(nil, []byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
