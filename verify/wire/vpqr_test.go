package wire

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"badgekiosk/verify/cborld"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"

	fx "github.com/fxamacker/cbor/v2"
)

// ld is a CBOR-LD document that is not compressed.
var ld = cborOf(fx.Tag{Number: 0xcb1d, Content: []any{0, map[string]string{"type": "VerifiableCredential"}}})

func b32(b []byte) string { return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b) }

func TestVPQR(t *testing.T) {
	licence := "@\n\x1e\rANSI 000000090002DL00410234ZZ02750202DLDAQF987654321\nDCSSMITH\rZZZZA" + base64.StdEncoding.EncodeToString(ld) + "\r"
	for _, c := range []struct{ payload, want string }{
		{"VP1-R" + encode45(ld), "json vp1-r"},
		{"VC1-R" + encode45(ld) + "\n", "json vc1-r"},
		{"VP1-B" + b32(ld), "json vp1-b"},
		{"VC1-B" + b32(ld), "json vc1-b"},
		{string(ld), "json cbor-ld"},
		{base64.StdEncoding.EncodeToString(ld), "json base64"},
		{base64.RawURLEncoding.EncodeToString(ld), "json base64"},
		{licence, "json aamva S-EXTRA"},

		{"VP1-R", "Q-UNREADABLE"},
		{"VP1-", "Q-NOTBADGE"},
		{"VP1-m" + encode45(ld), "S-UNSUPPORTED"},
		{"VP9-R" + encode45(ld), "Q-NOTBADGE"},
		{"vp1-r" + strings.ToLower(encode45(ld)), "Q-NOTBADGE"},
		{"VP1-R" + b32(ld) + "=", "Q-UNREADABLE"},
		{"VP1-B" + b32(ld)[:3] + "1" + b32(ld)[4:], "Q-UNREADABLE"},
		{"VP1-B" + strings.ToLower(b32(ld)), "Q-UNREADABLE"},
		{"VP1-R" + encode45([]byte("hello")), "Q-UNREADABLE"},
		{"VP1-R" + encode45(ld[:len(ld)-1]), "Q-PARTIAL"},
		{"VP1-R" + encode45(append([]byte{}, append(ld, 0)...)), "S-MALFORMED"},
		{"VP1-R" + encode45(cborOf(fx.Tag{Number: 0xcb1d, Content: []any{0, []int{1}}})), "Q-NOTBADGE"},
		{"VP1-R" + encode45(cborOf(fx.Tag{Number: 0xcb1d, Content: []any{77, map[int]int{}}})), "S-UNSUPPORTED"},
		{"VP1-R" + encode45(cborOf(fx.Tag{Number: 0xcb1d, Content: []any{1, map[int]string{0: "https://a.example/unknown"}}})), "S-CONTEXT"},
		{strings.Replace(licence, "ZZA", "ZZB", 1), "Q-NOTBADGE"},
		{"@\n\x1e\rANSI 000000090002DL", "Q-NOTBADGE"},
	} {
		if got := verdict([]byte(c.payload)); got != c.want {
			t.Errorf("%.60q: %s, want %s", c.payload, got, c.want)
		}
	}
}

// TestBase32SpareBits holds that one text alone stands for some bytes.
func TestBase32SpareBits(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"MZXW6YTBOI", true}, {"MZXW6YTB", true}, {"MY", true}, {"MZ", false}, {"MZXQ", true}, {"MZXR", false}, {"M", false}, {"MZX", false}, {"", false}, {"MY======", false}, {"MZXW\n6YTB", false},
	} {
		if _, ok := base32Upper([]byte(c.text)); ok != c.want {
			t.Errorf("base32 %q: %v, want %v", c.text, ok, c.want)
		}
	}
}

// TestVPQRPublished opens codes of other libraries and compares what comes
// out with what went in.
func TestVPQRPublished(t *testing.T) {
	for _, c := range []struct{ code, want, json string }{
		{"vpqr-db/exampleQrCodeDataB.txt", "json vp1-b", "vpqr-db/exampleVp.json"},
		{"vpqr-db/exampleQrCodeDataR.txt", "json vp1-r", "vpqr-db/exampleVp.json"},
		{"vpqr-db/dcc-exampleQrCodeData.txt", "json vp1-b", "vpqr-db/exampleVp.json"},
		{"vc-barcodes/dl-zza.txt", "json base64", "vc-barcodes/dl.json"},
		{"vc-barcodes/ead-qr-cborld-6.txt", "json vc1-r", "vc-barcodes/ead.json"},
		{"peers/vc1/vc1-base45-eddsa.txt", "json vc1-r", "peers/vc1/vc1-base45-eddsa.json"},
		{"peers/vpqr-dcc/vp2-vc2-status.txt", "json vp1-b", "peers/vpqr-dcc/vp2-vc2-status.json"},
	} {
		code := shared(t, c.code)
		if got := verdict(code); got != c.want {
			t.Errorf("%s: %s, want %s", c.code, got, c.want)
			continue
		}
		doc, _ := Open(code)
		var newest, older, want any
		if err := json.Unmarshal(shared(t, c.json), &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(doc.Data, &newest); err != nil {
			t.Fatal(err)
		}
		if doc.Older != nil {
			if err := json.Unmarshal(doc.Older, &older); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(newest, want) && !reflect.DeepEqual(older, want) {
			t.Errorf("%s: %s, older %s", c.code, doc.Data, doc.Older)
		}
	}
	for _, c := range []struct{ code, want string }{
		{"neg-bad-multibase", "S-UNSUPPORTED"}, {"neg-bad-prefix", "Q-NOTBADGE"}, {"neg-lowercase", "Q-NOTBADGE"}, {"neg-truncated", "Q-UNREADABLE"},
	} {
		if got := verdict(shared(t, "peers/vpqr/"+c.code+".txt")); got != c.want {
			t.Errorf("%s: %s, want %s", c.code, got, c.want)
		}
	}
}

// TestEditions holds that a badge compressed with an earlier edition of a
// context can still be read, for the terms added since have moved all others.
func TestEditions(t *testing.T) {
	const badge = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],` +
		`"credentialSubject":{"achievement":{"criteria":{"narrative":"n"},"id":"urn:x","name":"Welding I","type":"Achievement"},"type":"AchievementSubject"},` +
		`"issuer":{"id":"did:web:riverbend.example","name":"Riverbend Academy","type":"Profile"},"type":["VerifiableCredential","OpenBadgeCredential"]}`
	for _, older := range []bool{false, true} {
		lookup := func(url string) (*rdf.Definition, bool) { return rdf.Builtin().Lookup(url, older) }
		data, err := cborld.Encode([]byte(badge), lookup, cborld.V1)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Open([]byte("VC1-R" + encode45(data)))
		if err != nil {
			t.Fatal(err)
		}
		got := doc.Data
		if older {
			got = doc.Older
		}
		if string(got) != badge {
			t.Errorf("older %v: %s, older %s", older, doc.Data, doc.Older)
		}
	}
}

func FuzzVPQR(f *testing.F) {
	f.Add(ld)
	f.Add(cborOf(fx.Tag{Number: 0x0501, Content: map[int]any{0: 17, 4: []any{3, make([]byte, 16)}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, errA := Open([]byte("VP1-R" + encode45(data)))
		b, errB := Open([]byte("VP1-B" + b32(data)))
		if reason.CodeOf(errA, "") != reason.CodeOf(errB, "") || string(a.Data) != string(b.Data) {
			t.Errorf("%x: base45 %s, %v; base32 %s, %v", data, a.Data, errA, b.Data, errB)
		}
	})
}
