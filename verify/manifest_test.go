package verify_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/sdjwt"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/verifytest"
	"badgekiosk/verify/wire"
)

// A finder collects who issued what a payload holds, and the keys that it
// names, so that each vector is judged with its own issuer and key listed.
type finder struct {
	ids  map[string]bool
	keys []map[string]any
}

func (f *finder) document(data []byte) {
	doc, err := wire.Open(data)
	if err != nil {
		return
	}
	switch doc.Form {
	case wire.JSON:
		if v, err := ijson.Parse(doc.Data); err == nil {
			f.value(v)
		}
	case wire.JWT, wire.SDJWT:
		jwt, _, _ := strings.Cut(string(doc.Data), "~")
		parts := strings.Split(jwt, ".")
		for _, p := range parts[:2] {
			raw, err := base64.RawURLEncoding.DecodeString(p)
			if err != nil {
				continue
			}
			if v, err := ijson.Parse(raw); err == nil {
				f.header(v)
				f.value(v)
			}
		}
		if t, err := sdjwt.Parse(doc.Data); err == nil {
			f.value(t.Claims)
		}
	case wire.COSE:
		if i, j := strings.IndexByte(string(doc.Data), '{'), strings.LastIndexByte(string(doc.Data), '}'); i >= 0 && j > i {
			if v, err := ijson.Parse(doc.Data[i : j+1]); err == nil {
				f.value(v)
			}
		}
	}
}

func (f *finder) header(v ijson.Value) {
	if jwk := v.Get("jwk"); jwk.Exists() {
		f.keys = append(f.keys, map[string]any{"publicKeyJwk": json.RawMessage(jwk.Raw())})
	}
	if x5c := v.Get("x5c"); x5c.Exists() {
		der, _ := base64.StdEncoding.DecodeString(x5c.First().Str())
		if k, err := key.FromCertificate(der); err == nil {
			f.keys = append(f.keys, map[string]any{"publicKeyMultibase": k.Multibase()})
		}
	}
}

func (f *finder) value(v ijson.Value) {
	for _, name := range []string{"issuer", "iss", "holder"} {
		id := v.Get(name)
		if id.Kind() == ijson.Object {
			id = id.Get("id")
		}
		if s := id.Str(); s != "" {
			f.ids[s] = true
		}
	}
	for p := range v.Get("proof").Each() {
		method := p.Get("verificationMethod").Str()
		_, fragment, _ := strings.Cut(method, "#")
		if rest, ok := strings.CutPrefix(method, "did:key:"); ok && fragment == "" {
			fragment = rest
		}
		if _, err := key.FromMultibase(fragment); err == nil {
			f.keys = append(f.keys, map[string]any{"id": method, "publicKeyMultibase": fragment})
		}
	}
	if vc := v.Get("vc"); vc.Exists() {
		f.value(vc)
	}
	subject := v.Get("credentialSubject")
	for _, inner := range []ijson.Value{v.Get("verifiableCredential"), subject.Get("verifiableCredential"), v.Get("endorsement"), subject.Get("achievement").Get("endorsement")} {
		for item := range inner.Each() {
			if item.Kind() == ijson.Object {
				f.value(item)
			}
			for _, text := range []string{item.Str(), item.Get("id").Str()} {
				f.document([]byte(text))
			}
		}
	}
}

// ownTrust is the trust folder for one row of MANIFEST.tsv.
func ownTrust(t testing.TB, file string, data []byte) *trust.Set {
	f := finder{ids: map[string]bool{}}
	f.document(data)
	tree := fstest.MapFS{}
	put := func(name, text string) { tree["districts/vectors/"+name] = &fstest.MapFile{Data: []byte(text)} }
	if strings.HasPrefix(file, "vc-jose-cose/") {
		methods, _ := filepath.Glob(filepath.Join(verifytest.Vectors(t), "vc-jose-cose/vm-*.json"))
		for _, m := range methods {
			var vm map[string]any
			data, _ := os.ReadFile(m)
			if err := json.Unmarshal(data, &vm); err != nil {
				t.Fatal(err)
			}
			f.keys = append(f.keys, map[string]any{"publicKeyJwk": vm["publicKeyJwk"]})
		}
	}
	var ids []string
	for id := range f.ids {
		ids = append(ids, id)
	}
	if strings.HasPrefix(file, "ob20-1edtech/") {
		index := ""
		assets, _ := filepath.Glob(filepath.Join(verifytest.Vectors(t), "ob20-1edtech/assets/*.json"))
		for _, a := range assets {
			text, _ := os.ReadFile(a)
			put("documents/"+path.Base(a), string(text))
			for _, at := range []string{"https://example.org/", "http://example.org/", "https://www.example.org/"} {
				index += at + path.Base(a) + "\t" + path.Base(a) + "\t2026-11-20T00:00:00Z\n"
			}
			if id := at(text, "id"); id != "" && (strings.Contains(a, "issuer") || strings.Contains(a, "organization")) {
				ids = append(ids, id, "https://example.org/"+path.Base(a), "http://example.org/"+path.Base(a))
			}
		}
		if doc, err := wire.Open(data); err == nil && doc.Form == wire.JSON {
			data = doc.Data
		}
		if id := at(data, "id"); id != "" {
			put("documents/self.json", string(data))
			index += id + "\tself.json\t2026-11-20T00:00:00Z\n"
		}
		put("documents/index.tsv", index)
	}
	if strings.HasPrefix(file, "ob30-1edtech/bit-string-list/") {
		list := verifytest.Vector(t, "ob30-1edtech/bit-string-list/testlist")
		f.document(list)
		v, _ := ijson.Parse(data)
		put("documents/list", string(list))
		put("documents/index.tsv", v.Get("credentialStatus").Get("statusListCredential").Str()+"\tlist\t2026-11-20T00:00:00Z\n")
	}
	if len(ids) > 0 {
		listing, _ := json.Marshal(map[string]any{"name": "The vectors' issuer", "ids": ids, "keys": f.keys})
		put("issuers/own.json", string(listing))
	}
	s, err := trust.Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func at(data []byte, member string) string {
	v, err := ijson.Parse(data)
	if err != nil {
		return ""
	}
	return v.Get(member).Str()
}

// swept are the formats of MANIFEST.tsv that are judged, not only read.
var swept = map[string]bool{"data-integrity": true, "ob3": true, "clr2": true, "vc-jose-cose": true, "pixelpass": true, "vc1-qr": true,
	"cbor-ld": true, "vpqr": true, "ob2": true}

// differs are the rows that we judge otherwise than the table wants, with
// what we say of them. Why is in docs/vectors.md.
var differs = map[string]string{
	"di-ecdsa/ecdsa-sd-2023/prc/derivedRevealDocument.json": "not-verified T-EXPIRED R-NONE B-UNSEALED",
	"di-bbs/prc/derivedRevealDocument.json":                 "not-verified T-EXPIRED R-NONE B-UNSEALED",
	"di-bbs/derivedRevealDocument.json":                     "cannot-tell S-CONTEXT R-NONE B-UNSEALED",
	"vpqr-db/dcc-exampleQrCodeData.txt":                     "not-verified T-EXPIRED R-NONE B-UNSEALED",
	"vpqr-db/exampleCborld1QrCodeDataR.txt":                 "not-verified T-EXPIRED R-NONE B-UNSEALED",
	"vpqr-db/exampleQrCodeDataB.txt":                        "not-verified T-EXPIRED R-NONE B-UNSEALED",
	"vpqr-db/exampleQrCodeDataR.txt":                        "not-verified T-EXPIRED R-NONE B-UNSEALED",

	"vc-barcodes/dl.cborld":                 "cannot-tell S-EXTRA R-NOLIST B-UNSEALED",
	"vc-barcodes/dl.json":                   "cannot-tell S-EXTRA R-NOLIST B-UNSEALED",
	"vc-barcodes/ead-qr-cborld-6.txt":       "cannot-tell S-EXTRA R-NONE B-UNSEALED",
	"vc-barcodes/ead-qr-cborld-7.txt":       "cannot-tell S-EXTRA R-NONE B-UNSEALED",
	"vc-barcodes/ead-qr.txt":                "cannot-tell S-EXTRA R-NONE B-UNSEALED",
	"vc-barcodes/ead.cborld":                "cannot-tell S-EXTRA R-NONE B-UNSEALED",
	"vc-barcodes/ead.json":                  "cannot-tell S-EXTRA R-NONE B-UNSEALED",
	"pixelpass-mosip/SD_Jwt_QRCode.PNG.txt": "cannot-tell S-MALFORMED B-UNSEALED",

	"vc-jose-cose/credential-jose-unknown-extensions.txt": "verified R-NONE B-UNSEALED",
	"vc-jose-cose/presentation-cose-single.txt":           "cannot-tell S-MALFORMED B-UNSEALED",
	"ob30-1edtech/simple-did-key-method.json":             "verified R-NONE B-UNSEALED",

	"ob20-1edtech/basic-assertion-in-future.json":                            "verified T-CREATED B-UNSEALED",
	"ob20-1edtech/assets/badge-with-data-image.json":                         "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/assets/badgeclass-with-complex-image.json":                 "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/assets/badgeclass1.json":                                   "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/issuer-compact-iri-validation.json":                        "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/rdf-validation/valid-alignment-object.json":                "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/rdf-validation/valid-badge-class-empty-criteria-type.json": "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/rdf-validation/valid-badge-class.json":                     "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/rdf-validation/valid-cool-class.json":                      "cannot-tell Q-NOTBADGE B-UNSEALED",
	"ob20-1edtech/rdf-validation/valid-issuer-extension.json":                "cannot-tell Q-NOTBADGE B-UNSEALED",
}

// TestManifest judges every row of the collected vectors.
func TestManifest(t *testing.T) {
	moment := verify.At(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	for _, r := range verifytest.Rows(t, "MANIFEST.tsv") {
		file, format, want, why := r[0], r[3], r[4], r[5]
		if !swept[format] || strings.HasPrefix(file, "peers/") || want == "reference" || want == "cache" || want == "statuslist" || strings.HasSuffix(file, ".png") && format != "ob3" && format != "ob2" {
			continue
		}
		t.Run(file, func(t *testing.T) {
			data := verifytest.Vector(t, file)
			v := verify.Verifier{Trust: ownTrust(t, file, data)}
			report := v.Verify(data, verify.Ask{At: moment})
			bare := verify.Verifier{}
			without := bare.Verify(data, verify.Ask{At: moment})
			ok := false
			switch got := report.Verdict; {
			case differs[file] != "":
				ok = report.String() == differs[file]
			case want == "valid", want == "valid-via-one-proof":
				ok = got == verify.Verified
			case want == "valid-proof":
				ok = report.Axes.Signature.State == verify.Pass
			case want == "valid-with-warning":
				ok = got == verify.Verified || got == verify.Check
			case strings.HasPrefix(want, "valid-if-"):
				ok = got == verify.Verified && without.Verdict == verify.CannotTell
			case want == "invalid":
				ok = got == verify.NotVerified || got == verify.CannotTell || got == verify.Check && (report.Has(reason.RNoList) || report.Has(reason.RBadList))
			case want == "unverifiable", want == "url-only", want == "unreadable":
				ok = got == verify.CannotTell
			default:
				ok = got != verify.Verified
			}
			if !ok {
				t.Errorf("%s, want %s: %s", report.String(), want, why)
			}
		})
	}
}
