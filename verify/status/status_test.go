package status

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// pack is what an issuer does: set bits, gzip, base64url.
func pack(bits int, set ...int) string {
	raw := make([]byte, bits/8)
	for _, i := range set {
		raw[i/8] |= 0x80 >> (i % 8)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(raw)
	z.Close()
	return "u" + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func bitstringList(purpose any, encoded string) string {
	out, _ := json.Marshal(map[string]any{
		"type": []string{"VerifiableCredential", "BitstringStatusListCredential"},
		"credentialSubject": map[string]any{
			"type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": encoded, "ttl": 86400000,
		},
	})
	return string(out)
}

func value(t testing.TB, text string) ijson.Value {
	t.Helper()
	v, err := ijson.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestWithdrawn asks one list about one credential, as a kiosk does.
func TestWithdrawn(t *testing.T) {
	list := bitstringList("revocation", pack(MinBits, 0, 7, MinBits-1))
	entry := func(rest string) string {
		return `{"id":"urn:x:1","credentialStatus":{"type":"BitstringStatusListEntry","statusListCredential":"https://l.example/1",` + rest + `}}`
	}
	r1edtech := `{"id":"https://l.example/r","issuer":"x","revokedCredential":[{"id":"urn:x:2"},{"id":"urn:x:1%20","revoked":true},{"id":"urn:x:3","revoked":false}]}`
	list2021 := strings.NewReplacer("BitstringStatusListCredential", "StatusList2021Credential",
		"BitstringStatusList", "StatusList2021", `:"uH4`, `:"H4`).Replace(list)
	for _, c := range []struct{ name, list, credential, want string }{
		{"first bit is the leftmost", list, entry(`"statusPurpose":"revocation","statusListIndex":"0"`), "set"},
		{"bit 1", list, entry(`"statusPurpose":"revocation","statusListIndex":"1"`), "clear"},
		{"bit 7", list, entry(`"statusPurpose":"revocation","statusListIndex":7`), "set"},
		{"last bit", list, entry(`"statusPurpose":"revocation","statusListIndex":131071`), "set"},
		{"past the end", list, entry(`"statusPurpose":"revocation","statusListIndex":131072`), "R-BADLIST"},
		{"two bits a place", list, entry(`"statusPurpose":"revocation","statusListIndex":3,"statusSize":2`), "set"},
		{"two bits, past the end", list, entry(`"statusPurpose":"revocation","statusListIndex":65536,"statusSize":2`), "R-BADLIST"},
		{"size 0", list, entry(`"statusPurpose":"revocation","statusListIndex":3,"statusSize":0`), "R-BADLIST"},
		{"size 9", list, entry(`"statusPurpose":"revocation","statusListIndex":3,"statusSize":9`), "R-BADLIST"},
		{"index 2^64", list, entry(`"statusPurpose":"revocation","statusListIndex":"18446744073709551616"`), "R-BADLIST"},
		{"index near 2^64", list, entry(`"statusPurpose":"revocation","statusListIndex":"18446744073709551615","statusSize":8`), "R-BADLIST"},
		{"negative", list, entry(`"statusPurpose":"revocation","statusListIndex":-1`), "R-BADLIST"},
		{"fraction", list, entry(`"statusPurpose":"revocation","statusListIndex":1.5`), "R-BADLIST"},
		{"no index", list, entry(`"statusPurpose":"revocation"`), "R-BADLIST"},
		{"other purpose", list, entry(`"statusPurpose":"suspension","statusListIndex":7`), "R-BADLIST"},
		{"no purpose", list, entry(`"statusListIndex":7`), "R-BADLIST"},
		{"purposes", bitstringList([]string{"refresh", "revocation"}, pack(MinBits, 7)), entry(`"statusPurpose":"revocation","statusListIndex":7`), "set"},
		{"100,000 bits", bitstringList("revocation", pack(ShortBits, 99_999)), entry(`"statusPurpose":"revocation","statusListIndex":99999`), "set"},
		{"too short", bitstringList("revocation", pack(ShortBits-8)), entry(`"statusPurpose":"revocation","statusListIndex":1`), "R-BADLIST"},
		{"not gzip", bitstringList("revocation", "uAAAA"), entry(`"statusPurpose":"revocation","statusListIndex":1`), "R-BADLIST"},
		{"no list at all", `{"type":"VerifiableCredential"}`, entry(`"statusPurpose":"revocation","statusListIndex":1`), "R-BADLIST"},
		{"list of 2021, entry of 1.0", list2021, entry(`"statusPurpose":"revocation","statusListIndex":1`), "R-BADLIST"},
		{"2021", list2021, strings.Replace(entry(`"statusPurpose":"revocation","statusListIndex":"7"`), Bitstring, List2021, 1), "set"},
		{"1EdTech named", r1edtech, `{"id":"urn:x:2","credentialStatus":{"type":"1EdTechRevocationList","id":"https://l.example/r"}}`, "set"},
		{"1EdTech named, escaped", r1edtech, `{"id":"urn:x:1 ","credentialStatus":{"type":"1EdTechRevocationList","id":"https://l.example/r"}}`, "set"},
		{"1EdTech taken back", r1edtech, `{"id":"urn:x:3","credentialStatus":{"type":"1EdTechRevocationList","id":"https://l.example/r"}}`, "clear"},
		{"1EdTech not named", r1edtech, `{"id":"urn:x:4","credentialStatus":{"type":"1EdTechRevocationList","id":"https://l.example/r"}}`, "clear"},
		{"1EdTech, credential without id", r1edtech, `{"credentialStatus":{"type":"1EdTechRevocationList","id":"https://l.example/r"}}`, "R-BADLIST"},
		{"status is a string", list, `{"credentialStatus":"https://l.example/1#1"}`, "R-BADLIST"},
	} {
		if got := ask(t, c.list, c.credential); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func ask(t testing.TB, list, credential string) string {
	l, err := Read(value(t, list), MaxBits)
	if err != nil {
		return string(reason.CodeOf(err, ""))
	}
	entries, err := Entries(value(t, credential))
	if err != nil {
		return string(reason.CodeOf(err, ""))
	}
	for _, e := range entries {
		if set, err := l.Set(e); err != nil {
			return string(reason.CodeOf(err, ""))
		} else if set {
			return "set"
		}
	}
	return "clear"
}

// TestRevocationList2 asks Open Badges 2.0's list, which names assertions by
// id or uid.
func TestRevocationList2(t *testing.T) {
	l, err := Read(value(t, `{"type":"RevocationList","revokedAssertions":["urn:x:1",{"id":"urn:x:2"},{"uid":"u3","revoked":true},{"id":"urn:x:4","revoked":false}]}`), MaxBits)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"urn:x:1": true, "urn:x:2": true, "u3": true, "urn:x:4": false, "urn:x:5": false} {
		for _, e := range []Entry{{Type: Revocation2, Purpose: Revoke, ID: id}, {Type: Revocation2, Purpose: Revoke, ID: "urn:x:9", UID: id}} {
			if got, err := l.Set(e); err != nil || got != want {
				t.Errorf("%+v: %v, %v, want %v", e, got, err, want)
			}
		}
	}
	if _, err := Read(value(t, `{"type":"RevocationList","revokedAssertions":[{"reason":"none"}]}`), MaxBits); reason.CodeOf(err, "") != reason.RBadList {
		t.Errorf("an entry that names nothing: %v", err)
	}
}

// TestTerse holds the expansion to the example of VC Barcodes, section 3.4.
func TestTerse(t *testing.T) {
	got, err := Entries(value(t, `{"credentialStatus":{"type":"TerseBitstringStatusListEntry",
		"terseStatusListBaseUrl":"https://sandbox.platform.example/statuses","terseStatusListIndex":3851559041}}`))
	if err != nil || len(got) != 4 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	want := Entry{Type: Terse, Purpose: Revoke, List: "https://sandbox.platform.example/statuses/revocation/29385", Index: 8321, Size: 1}
	if got[1] != want {
		t.Errorf("got %+v, want %+v", got[1], want)
	}
}

// TestBombs holds that no list makes a kiosk unpack more than it may.
func TestBombs(t *testing.T) {
	if _, err := Unpack(pack(MaxBits + 8)); reason.CodeOf(err, "") != reason.RBadList {
		t.Errorf("a list over the limit: %v", err)
	}
	if _, err := Unpack(strings.Repeat("A", MaxEncoded+1)); reason.CodeOf(err, "") != reason.RBadList {
		t.Errorf("a text over the limit: %v", err)
	}
	packed, _ := base64.RawURLEncoding.DecodeString(pack(MinBits)[1:])
	for _, bad := range [][]byte{append(packed, 0), append(packed, packed...), packed[:len(packed)-1], packed[:5]} {
		if _, err := Unpack("u" + base64.RawURLEncoding.EncodeToString(bad)); reason.CodeOf(err, "") != reason.RBadList {
			t.Errorf("%d bytes in place of %d: %v", len(bad), len(packed), err)
		}
	}
	many := `{"credentialStatus":[` + strings.Repeat(`{"type":"x"},`, MaxEntries) + `{"type":"x"}]}`
	if _, err := Entries(value(t, many)); reason.CodeOf(err, "") != reason.RBadList {
		t.Errorf("%d entries: %v", MaxEntries+1, err)
	}
}

// TestMangled flips and cuts every byte of a packed list: none is taken for
// another list.
func TestMangled(t *testing.T) {
	good := pack(MinBits, 7, 94_567)
	want, err := Unpack(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(good); i++ {
		for _, bad := range []string{good[:i], good[:i] + good[i+1:], good[:i] + string(good[i]^1) + good[i+1:]} {
			if got, err := Unpack(bad); err == nil && !bytes.Equal(got, want) {
				t.Errorf("byte %d mangled gives another list", i)
			}
		}
	}
}

func FuzzEntries(f *testing.F) {
	f.Add([]byte(`{"id":"x","credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://l.example"}}`))
	f.Add([]byte(`{"credentialStatus":[{"type":["TerseBitstringStatusListEntry"],"terseStatusListBaseUrl":"x","terseStatusListIndex":1},{"type":"1EdTechRevocationList","id":"y"}]}`))
	list, err := Read(value(f, bitstringList("revocation", pack(MinBits, 7))), MaxBits)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		v, err := ijson.Parse(in)
		if err != nil {
			return
		}
		entries, err := Entries(v)
		if err != nil && reason.CodeOf(err, "") != reason.RBadList {
			t.Errorf("error without R-BADLIST: %v", err)
		}
		for _, e := range entries {
			if set, err := list.Set(e); err == nil && set != (e.Index == 7/uint64(e.Size)) {
				t.Errorf("%+v: set is %v", e, set)
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add(pack(MinBits, 7))
	f.Fuzz(func(t *testing.T, in string) {
		if bits, err := Unpack(in); err == nil && (len(bits)*8 < ShortBits || len(bits)*8 > MaxBits) {
			t.Errorf("%d bits", len(bits)*8)
		}
	})
}

// BenchmarkRead is what a list costs the first time a kiosk looks at it.
func BenchmarkRead(b *testing.B) {
	list := bitstringList("revocation", pack(MinBits, 7))
	for b.Loop() {
		v, _ := ijson.Parse([]byte(list))
		if _, err := Read(v, MaxBits); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleList_Set() {
	doc, _ := ijson.Parse([]byte(bitstringList("revocation", pack(MinBits, 94567))))
	list, _ := Read(doc, MaxBits)
	set, err := list.Set(Entry{Type: Bitstring, Purpose: Revoke, Index: 94567, Size: 1})
	fmt.Println(set, err)
	// Output: true <nil>
}

// tokenList is a Status List Token's claims over these bytes.
func tokenList(bits int, raw ...byte) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(raw)
	z.Close()
	return fmt.Sprintf(`{"sub":"https://l.example/t","ttl":60,"status_list":{"bits":%d,"lst":%q}}`, bits, base64.RawURLEncoding.EncodeToString(b.Bytes()))
}

// TestToken holds Token Status Lists to the examples of their draft, sections
// 4.1 and 4.2: places count from the least significant bit.
func TestToken(t *testing.T) {
	oneBit, twoBits := tokenList(1, 0xb9, 0xa3), tokenList(2, 0xc9, 0x44, 0xf9)
	for _, c := range []struct {
		list    string
		idx     string
		purpose string
		want    string
	}{
		{oneBit, "0", Revoke, "set"}, {oneBit, "1", Revoke, "clear"}, {oneBit, "3", Revoke, "set"}, {oneBit, "8", Revoke, "set"},
		{oneBit, "10", Revoke, "clear"}, {oneBit, "15", Revoke, "set"}, {oneBit, "16", Revoke, "R-BADLIST"}, {oneBit, "15", Suspend, "clear"},
		{twoBits, "0", Revoke, "set"}, {twoBits, "1", Suspend, "set"}, {twoBits, "1", Revoke, "clear"}, {twoBits, "2", Revoke, "clear"},
		{twoBits, "3", Revoke, "R-BADLIST"}, {twoBits, "11", Revoke, "R-BADLIST"}, {twoBits, "12", Revoke, "R-BADLIST"},
		{tokenList(3, 1), "0", Revoke, "R-BADLIST"}, {strings.Replace(oneBit, "l.example/t", "l.example/u", 1), "1", Revoke, "R-BADLIST"},
		{`{"status_list":{"bits":1,"lst":"AAAA"}}`, "0", Revoke, "R-BADLIST"}, {oneBit, `"1"`, Revoke, "R-BADLIST"}, {oneBit, "-1", Revoke, "R-BADLIST"},
		{oneBit, "18446744073709551615", Revoke, "R-BADLIST"},
	} {
		if got := askToken(t, c.list, c.idx, c.purpose); got != c.want {
			t.Errorf("%s at %s, %s: %s, want %s", c.list, c.idx, c.purpose, got, c.want)
		}
	}
	if _, err := Read(value(t, tokenList(1, make([]byte, 2000)...)), 8000); reason.CodeOf(err, "") != reason.RBadList {
		t.Errorf("a list over its bound: %v", err)
	}
}

func askToken(t testing.TB, list, idx, purpose string) string {
	l, err := Read(value(t, list), MaxBits)
	if err != nil {
		return string(reason.CodeOf(err, ""))
	}
	entries, err := TokenEntries(value(t, `{"status":{"status_list":{"uri":"https://l.example/t","idx":`+idx+`}}}`))
	if err != nil {
		return string(reason.CodeOf(err, ""))
	}
	for _, e := range entries {
		if e.Purpose != purpose {
			continue
		}
		if set, err := l.Set(e); err != nil {
			return string(reason.CodeOf(err, ""))
		} else if set {
			return "set"
		}
	}
	return "clear"
}

// FuzzToken holds that no list of tokens ends the kiosk, or says more than
// its bytes.
func FuzzToken(f *testing.F) {
	f.Add([]byte(tokenList(2, 0xc9, 0x44, 0xf9)), uint64(3))
	f.Fuzz(func(t *testing.T, in []byte, at uint64) {
		v, err := ijson.Parse(in)
		if err != nil {
			return
		}
		l, err := Read(v, MinBits)
		if err != nil {
			return
		}
		revoked, err := l.Set(Entry{Type: Token, Purpose: Revoke, List: l.About, Index: at})
		suspended, _ := l.Set(Entry{Type: Token, Purpose: Suspend, List: l.About, Index: at})
		if revoked && suspended || err == nil && l.tokenSize > 0 && at >= uint64(8*len(l.bits)) {
			t.Errorf("place %d of %d bytes: %v, %v, %v", at, len(l.bits), revoked, suspended, err)
		}
	})
}

// TestReasons: a list of Open Badges 1.0 revokes what it names, and never
// clears what it does not; no other document passes for one.
func TestReasons(t *testing.T) {
	entry := func(uid string) Entry {
		return Entry{Type: Revocation2, Purpose: Revoke, List: "https://issuer.example/revoked", ID: uid, UID: uid}
	}
	list := func(text string) (*List, error) {
		v, err := ijson.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return Read(v, MaxBits)
	}
	l, err := list(`{"abc123":"Issued in error","u 7":""}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, uid := range []string{"abc123", "u%207", " u 7 "} {
		if named, err := l.Set(entry(uid)); err != nil || !named {
			t.Errorf("%q: %v, %v", uid, named, err)
		}
	}
	if named, err := l.Set(entry("abc124")); named || reason.CodeOf(err, "") != reason.RBadList {
		t.Errorf("one that it does not name: %v, %v", named, err)
	}
	for _, text := range []string{`{}`, `{"error":{"code":404}}`, `{"revoked":true}`, `[]`, `["abc123"]`, `"abc123"`} {
		if l, err := list(text); err == nil {
			t.Errorf("%s is read as a list: %+v", text, l)
		}
	}
}
