package issue

import (
	"errors"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/status"
)

// TestList sets and clears bits over three signings, as an issuer would over
// three days, and looks at what a verifier unpacks.
func TestList(t *testing.T) {
	for _, f := range []Format{VCJOSE, JCS, RDFC} {
		i := NewIssuer(newKey(t, EdDSA, "did:web:riverbend.example"), "Riverbend Academy")
		signed, err := i.SignList(NewList("https://riverbend.example/status/1", Revocation), jan, Options{Format: f})
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range []map[int]bool{{7: true, 131071: true}, {8: true, 7: false}} {
			l, err := i.OpenList(signed)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			for index, on := range day {
				if err := l.Set(index, on); err != nil {
					t.Fatal(err)
				}
			}
			if signed, err = i.SignList(l, jan, Options{Format: f}); err != nil {
				t.Fatal(err)
			}
		}
		doc, err := i.open(signed)
		if err != nil {
			t.Fatal(err)
		}
		v, err := ijson.Parse(doc)
		if err != nil {
			t.Fatal(err)
		}
		bits, err := status.Unpack(v.Get("credentialSubject").Get("encodedList").Str())
		if err != nil || len(bits) != status.MinBits/8 {
			t.Fatalf("%s: %d bytes, %v", f, len(bits), err)
		}
		for n, b := range bits {
			want := map[int]byte{1: 0x80, len(bits) - 1: 1}[n] // entry 8 and entry 131071
			if b != want {
				t.Errorf("%s: byte %d is %#x, want %#x", f, n, b, want)
			}
		}
	}
}

// TestOpenListMangled: what anybody else signed or changed is not signed
// again.
func TestOpenListMangled(t *testing.T) {
	for _, f := range []Format{VCJOSE, JCS, RDFC} {
		i := NewIssuer(newKey(t, EdDSA, ""), "")
		signed, err := i.SignList(NewList("https://riverbend.example/status/1", Suspension), jan, Options{Format: f})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewIssuer(newKey(t, EdDSA, ""), "").OpenList(signed); !errors.Is(err, errNotOurs) {
			t.Errorf("%s: another's list: %v", f, err)
		}
		for n := range signed {
			cut := signed[:n]
			if _, err := i.OpenList(cut); err == nil {
				t.Errorf("%s: cut at %d was opened", f, n)
			}
			flipped := append([]byte(nil), signed...)
			flipped[n] ^= 1
			if l, err := i.OpenList(flipped); err == nil {
				t.Errorf("%s: byte %d flipped was opened: %+v", f, n, l.URL)
			}
		}
	}
}

// TestSetRefuses names the index.
func TestSetRefuses(t *testing.T) {
	l := NewList("https://riverbend.example/status/1", Revocation)
	for _, index := range []int{-1, 131072} {
		if err := l.Set(index, true); err == nil || !strings.Contains(err.Error(), "131072 entries") {
			t.Errorf("Set(%d): %v", index, err)
		}
	}
}
