package cbor

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"badgekiosk/verify/reason"

	fx "github.com/fxamacker/cbor/v2"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// asJSON is an item's JSON, or its code.
func asJSON(data []byte) string {
	it, err := Parse(data)
	if err == nil {
		var out []byte
		if out, err = AppendJSON(nil, &it); err == nil {
			return string(out)
		}
	}
	return string(reason.CodeOf(err, "no code"))
}

// TestJSON reads the examples of RFC 8949, appendix A, that JSON has words
// for, and what a hostile sender may write.
func TestJSON(t *testing.T) {
	for _, c := range []struct{ cbor, want string }{
		{"00", "0"}, {"17", "23"}, {"1818", "24"}, {"1903e8", "1000"},
		{"1b000000e8d4a51000", "1000000000000"}, {"1bffffffffffffffff", "18446744073709551615"},
		{"20", "-1"}, {"3903e7", "-1000"}, {"3bffffffffffffffff", "-18446744073709551616"}, {"3bfffffffffffffffe", "-18446744073709551615"},
		{"f90000", "0"}, {"f98000", "0"}, {"f93c00", "1"}, {"f97bff", "65504"}, {"f90001", "5.960464477539063e-8"}, {"f90400", "0.00006103515625"}, {"f9c400", "-4"},
		{"fa47c35000", "100000"}, {"fb3ff199999999999a", "1.1"}, {"fb7e37e43c8800759c", "1e+300"}, {"fb402e000000000000", "15"},
		{"f4", "false"}, {"f5", "true"}, {"f6", "null"},
		{"60", `""`}, {"62225c", `"\"\\"`}, {"62c3bc", `"ü"`}, {"64f0908591", `"𐅑"`}, {"660a0d09081f0c", `"\n\r\t\b\u001f\f"`},
		{"80", "[]"}, {"8301820203820405", "[1,[2,3],[4,5]]"},
		{"a0", "{}"}, {"a26161016162820203", `{"a":1,"b":[2,3]}`}, {"a2616202616101", `{"b":2,"a":1}`},
		{"a2616101616102", `{"a":1,"a":2}`}, // a strict reader then refuses it
		{"9fff", "[]"}, {"9f018202039f0405ffff", "[1,[2,3],[4,5]]"}, {"bf61610161629f0203ffff", `{"a":1,"b":[2,3]}`}, {"7f657374726561646d696e67ff", `"streaming"`},

		{"", "Q-PARTIAL"}, {"18", "Q-PARTIAL"}, {"61", "Q-PARTIAL"}, {"81", "Q-PARTIAL"}, {"a161", "Q-PARTIAL"}, {"9f01", "Q-PARTIAL"}, {"7f6161", "Q-PARTIAL"}, {"7f62", "Q-PARTIAL"},
		{"5bffffffffffffffff", "Q-PARTIAL"}, {"7bffffffffffffffff61", "Q-PARTIAL"}, {"9bffffffffffffffff", "Q-PARTIAL"}, {"bb7fffffffffffffff", "Q-PARTIAL"},
		{"1c", "S-MALFORMED"}, {"1f", "S-MALFORMED"}, {"ff", "S-MALFORMED"}, {"df", "S-MALFORMED"}, {"0000", "S-MALFORMED"}, {"7f4161ff", "S-MALFORMED"}, {"7f7fffff", "S-MALFORMED"}, {"bf6161ff", "S-MALFORMED"},
		{"61ff", "S-MALFORMED"}, {"7f61c361bcff", `"ü"`}, {"f7", "S-MALFORMED"}, {"f0", "S-MALFORMED"}, {"f8ff", "S-MALFORMED"},
		{"4101", "S-MALFORMED"}, {"c101", "S-MALFORMED"}, {"a10102", "S-MALFORMED"}, {"a1f500", "S-MALFORMED"},
		{"f97c00", "S-MALFORMED"}, {"f97e00", "S-MALFORMED"}, {"fbfff0000000000000", "S-MALFORMED"}, {"8141ff", "S-MALFORMED"},
	} {
		if got := asJSON(unhex(t, c.cbor)); got != c.want {
			t.Errorf("%s = %s, want %s", c.cbor, got, c.want)
		}
	}
}

// attacks are small texts that ask for much.
var attacks = []struct {
	name string
	data []byte
	want reason.Code
}{
	{"deep arrays", bytes.Repeat([]byte{0x81}, 60_000), reason.QTooBig},
	{"deep open arrays", bytes.Repeat([]byte{0x9f}, 60_000), reason.QTooBig},
	{"deep maps", bytes.Repeat([]byte{0xa1, 0x00}, 30_000), reason.QTooBig},
	{"deep tags", bytes.Repeat([]byte{0xc1}, 60_000), reason.QTooBig},
	{"many items", append([]byte{0x9a, 0, 0, 0xf0, 0}, make([]byte, 0xf000)...), reason.QTooBig},
	{"many items, end unsaid", append([]byte{0x9f}, make([]byte, 0xf000)...), reason.QTooBig},
	{"arrays that each claim what is left", bytes.Repeat([]byte{0x99, 0x30, 0}, 20_000), reason.QTooBig},
	{"a count of items beyond any text", []byte{0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0}, reason.QPartial},
	{"a map whose count doubles past an int", []byte{0xbb, 0x40, 0, 0, 0, 0, 0, 0, 0, 0}, reason.QPartial},
	{"many chunks", append(append([]byte{0x5f}, bytes.Repeat([]byte{0x41, 0}, 30_000)...), 0xff), ""},
	{"empty chunks", append(append([]byte{0x5f}, bytes.Repeat([]byte{0x40}, 60_000)...), 0xff), ""},
}

func TestAttacks(t *testing.T) {
	const bound = 6 << 20
	for _, a := range attacks {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Parse(a.data)
		runtime.ReadMemStats(&after)
		if got := reason.CodeOf(err, ""); got != a.want {
			t.Errorf("%s: %v, want %q", a.name, err, a.want)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > bound {
			t.Errorf("%s: took %d bytes of memory, the bound is %d", a.name, n, bound)
		}
	}
}

// agree holds an item against what the peer made of the same bytes.
func agree(it *Item, peer any) bool {
	switch it.Kind {
	case Uint:
		return peer == it.Num
	case Nint:
		n, ok := peer.(int64)
		return !ok || n == -1-int64(it.Num) // beyond int64 the peer has big numbers
	case Bytes:
		b, ok := peer.([]byte)
		return ok && bytes.Equal(b, it.Data)
	case Text:
		return peer == string(it.Data)
	case Array:
		list, ok := peer.([]any)
		if !ok || len(list) != len(it.Items) {
			return false
		}
		for i := range list {
			if !agree(&it.Items[i], list[i]) {
				return false
			}
		}
		return true
	case Map:
		return reflect.ValueOf(peer).Len() == len(it.Items)/2
	case Bool:
		return peer == (it.Num == 1)
	case Null:
		return peer == nil
	case Float:
		f, ok := peer.(float64)
		return ok && (f == it.Float() || math.IsNaN(f) && math.IsNaN(it.Float()))
	}
	return true
}

// peer reads as much as this package does.
func peer(t testing.TB) fx.DecMode {
	m, err := fx.DecOptions{MaxNestedLevels: MaxDepth + 1, DupMapKey: fx.DupMapKeyEnforcedAPF, BigIntDec: fx.BigIntDecodePointer}.DecMode()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// FuzzParse holds the reader against fxamacker/cbor: whatever this one
// accepts, the peer finds well-formed and reads the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a26161016162820203", "9f018202039f0405ffff", "7f657374726561646d696e67ff", "fb7e37e43c8800759c", "d28443a10126a041ff4101", "3bfffffffffffffffe"} {
		f.Add(unhex(f, s))
	}
	mode := peer(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		it, err := Parse(data)
		if err != nil {
			if reason.CodeOf(err, "") == "" {
				t.Errorf("error without a code: %v", err)
			}
			return
		}
		if err := mode.Wellformed(data); err != nil {
			t.Fatalf("%x was accepted; peer: %v", data, err)
		}
		var v any
		if err := mode.Unmarshal(data, &v); err == nil && !agree(&it, v) {
			t.Errorf("%x: %+v, peer %#v", data, it, v)
		}
		if out, err := AppendJSON(nil, &it); err == nil && !json.Valid(out) {
			t.Errorf("%x gives %s, which is not JSON", data, out)
		}
	})
}

// TestMangled cuts and flips a whole item: a cut is never accepted.
func TestMangled(t *testing.T) {
	whole := sample(t)
	for i := range whole {
		if _, err := Parse(whole[:i]); reason.CodeOf(err, "") != reason.QPartial {
			t.Fatalf("cut at %d: %v", i, err)
		}
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			asJSON(b)
		}
	}
}

// sample is a badge of a usual size.
func sample(t testing.TB) []byte {
	t.Helper()
	badge := map[string]any{
		"@context": []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
		"type":     []string{"VerifiableCredential", "OpenBadgeCredential"},
		"issuer":   map[string]any{"id": "did:web:riverbend.example", "name": "Riverbend Academy"},
		"credentialSubject": map[string]any{"achievement": map[string]any{
			"name": "Welding I", "criteria": map[string]any{"narrative": strings.Repeat("Joins two plates. ", 20)}, "creditsAvailable": 1.5}},
	}
	data, err := fx.Marshal(badge)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestGet(t *testing.T) {
	it, err := Parse(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := it.Get("issuer").Get("name"); string(got.Data) != "Riverbend Academy" {
		t.Errorf("issuer's name = %q", got.Data)
	}
	if it.Get("absent") != nil || it.Get("type").Get("name") != nil {
		t.Error("a value where there is none")
	}
}

func BenchmarkParse(b *testing.B) {
	data := sample(b)
	mode := peer(b)
	b.Run("own", func(b *testing.B) {
		b.ReportAllocs()
		var out []byte
		for b.Loop() {
			it, err := Parse(data)
			if err != nil {
				b.Fatal(err)
			}
			out, _ = AppendJSON(out[:0], &it)
		}
	})
	b.Run("fxamacker", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v map[string]any
			if err := mode.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
