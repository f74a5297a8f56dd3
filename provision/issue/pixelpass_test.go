package issue

import (
	"strings"
	"testing"
	"time"

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

// TestCompactFits is a promise of the design: a usual compact badge fits a
// code of version 15 at level L, which holds 758 characters of base45.
func TestCompactFits(t *testing.T) {
	const v15L = 758
	for _, c := range []struct {
		issuer, name string
		until        time.Time
	}{
		{"", "Welding I", time.Time{}},
		{"did:web:riverbend.example", "Introduction to Robotics", dec},
		{"https://badges.marlow.example/issuer", "Introduction to Robotics", dec},
	} {
		for range 5 { // keys and identifiers are random
			i := NewIssuer(newKey(t, EdDSA, c.issuer), "Riverbend Academy")
			doc, err := i.Sign(Badge{Achievement: Achievement{Name: c.name}, From: jan, Until: c.until}, Options{Compact: true})
			if err != nil {
				t.Fatal(err)
			}
			code, err := ForCode(doc)
			if err != nil || len(code) > v15L {
				t.Errorf("%s of %s: %d characters, want at most %d (%v)", c.name, i.ID, len(code), v15L, err)
			}
		}
	}
}

// TestCompactIDs: all badges for one achievement name it alike, no two badges
// are one, and days tell no hour.
func TestCompactIDs(t *testing.T) {
	i := NewIssuer(newKey(t, EdDSA, "did:web:riverbend.example"), "")
	var ids []string
	for range 2 {
		doc, err := i.Sign(Badge{Achievement: Achievement{Name: "Señales  I"}, From: jan}, Options{Compact: true})
		if err != nil {
			t.Fatal(err)
		}
		v, err := ijson.Parse(doc)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, v.Get("id").Str())
		if id := v.Get("credentialSubject").Get("achievement").Get("id").Str(); id != "did:web:riverbend.example/Se%C3%B1ales-I" {
			t.Errorf("achievement %s", id)
		}
		if from := v.Get("validFrom").Str(); from != "2026-01-15T00:00:00Z" {
			t.Errorf("from %s", from)
		}
	}
	if ids[0] == ids[1] || !strings.HasPrefix(ids[0], "did:web:riverbend.example/") {
		t.Errorf("badges %q", ids)
	}
}

func FuzzPixelPass(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2,3.5,true,null,"é"]}`))
	f.Add([]byte("eyJhbGciOiJFZERTQSJ9.e30.AA"))
	f.Fuzz(func(t *testing.T, badge []byte) {
		code, err := PixelPass(badge)
		if err != nil || len(badge) == 0 || badge[0] != '{' {
			return
		}
		doc, err := wire.Open(code)
		if err == nil && same(t, doc.Data) != same(t, badge) {
			t.Errorf("%s came back as %s", badge, doc.Data)
		}
	})
}
