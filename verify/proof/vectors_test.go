package proof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

const vectors = "../../../shared/vectors"

// load reads a published document.
func load(t testing.TB, path string) ijson.Value {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectors, path))
	if os.IsNotExist(err) {
		t.Skip("SKIP-SHARED: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := ijson.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

// judge verifies every proof of a document under the key that its method
// contains, and returns their codes, "ok" for one that verifies.
func judge(t testing.TB, c *Checker, doc ijson.Value) string {
	t.Helper()
	all, err := List(doc)
	if err != nil {
		return string(reason.CodeOf(err, "?"))
	}
	var codes []string
	for i := range all {
		k, _, err := key.FromDIDURL(all[i].Method)
		if _, fragment, ok := key.SplitURL(all[i].Method); ok && !key.Contains(all[i].Method) {
			k, err = key.FromMultibase(fragment) // many samples name the key itself there
		}
		if err == nil {
			err = c.Verify(doc, &all[i], k)
		}
		if err != nil {
			t.Logf("%s: %v", all[i].Format(), err)
			codes = append(codes, string(reason.CodeOf(err, "?")))
			continue
		}
		codes = append(codes, "ok")
	}
	return strings.Join(codes, " ")
}

// TestW3C holds the test vectors of the W3C's recommendations.
func TestW3C(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	for path, want := range map[string]string{
		"di-eddsa/eddsa-rdfc-2022/signedDataInt.json":               "ok",
		"di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json":        "ok",
		"di-eddsa/eddsa-jcs-2022/signedJCS.json":                    "ok",
		"di-eddsa/Ed25519Signature2020/signedEdSig.json":            "ok",
		"di-eddsa/proof-set-chain/signedProofSet1.json":             "ok",
		"di-eddsa/proof-set-chain/signedProofSet2.json":             "ok ok",
		"di-eddsa/proof-set-chain/signedProofChain1.json":           "ok ok ok",
		"di-eddsa/proof-set-chain/signedProofChain2.json":           "ok ok ok ok",
		"di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json":        "ok",
		"di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json": "ok",
		"di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json":        "ok",
		"di-ecdsa/ecdsa-rdfc-2019-p384/employ/signedECDSAP384.json": "ok",
		"di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json":      "ok",
		"di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json":      "ok",
		"di-ecdsa/ecdsa-sd-2023/prc/derivedRevealDocument.json":     "ok",
		"di-ecdsa/ecdsa-sd-2023/employ/derivedRevealDocument.json":  "ok",
		"di-ecdsa/ecdsa-sd-2023/prc/addSignedSDBase.json":           "S-BASE",
		"di-ecdsa/ecdsa-sd-2023/employ/addSignedSDBase.json":        "S-BASE",
		"vc-barcodes/dl.json":                                       "S-EXTRA",
		"vc-barcodes/ead.json":                                      "S-EXTRA",
		"di-bbs/derivedRevealDocument.json":                         "S-CONTEXT",
		"di-bbs/prc/derivedRevealDocument.json":                     "ok",
		"di-bbs/addSignedSDBase.json":                               "S-BASE",
		"di-bbs/prc/addSignedSDBase.json":                           "S-BASE",
		"di-bbs/HolderBinding/addSignedSDBase.json":                 "S-BASE",
		"di-bbs/Pseudonym/addSignedSDBase.json":                     "S-BASE",
		"di-bbs/PseudonymHB/addSignedSDBase.json":                   "S-BASE",
		"di-bbs/HolderBinding/derivedRevealDocument.json":           "S-UNSUPPORTED",
		"di-bbs/Pseudonym/derivedRevealDocument.json":               "S-UNSUPPORTED",
		"di-bbs/PseudonymHB/derivedRevealDocument.json":             "S-UNSUPPORTED",
		"ob30-1edtech/complete.json":                                "ok",
		"ob30-1edtech/simple.json":                                  "ok",
		"ob30-1edtech/simple_v1.json":                               "ok",
		"ob30-1edtech/simple-eddsa-2022.json":                       "ok",
		"ob30-1edtech/simple-multiple-proofs.json":                  "S-UNSUPPORTED ok",
		"ob30-1edtech/simple-err-issuer-type.json":                  "S-UNCOVERED",
		"ob30-1edtech/simple-err-proof-value.json":                  "S-INVALID",
		"clr20-1edtech/complex.json":                                "ok",
		"ob30-1edtech/sd/derivedcredential.json":                    "ok",
	} {
		if got := judge(t, c, load(t, path)); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// TestPeers holds what other libraries issued. Dates, status and whose key
// it is are not judged here.
func TestPeers(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	for path, want := range map[string]string{
		"eddsa-rdfc-2022/ob3-did-key":               "ok",
		"eddsa-rdfc-2022/ob3-identifier-only":       "ok",
		"eddsa-rdfc-2022/ob3-vcdm1":                 "ok",
		"eddsa-rdfc-2022/ob3-expired":               "ok",
		"eddsa-rdfc-2022/neg-wrong-controller":      "ok",
		"eddsa-rdfc-2022/neg-tampered-name":         "S-INVALID",
		"eddsa-rdfc-2022/neg-tampered-created":      "S-INVALID",
		"eddsa-rdfc-2022/neg-issuer-swap":           "S-INVALID",
		"eddsa-rdfc-2022/neg-truncated-proofvalue":  "S-INVALID",
		"eddsa-rdfc-2022/neg-purpose":               "S-PURPOSE",
		"eddsa-rdfc-2022/neg-added-unknown-term":    "S-UNCOVERED",
		"eddsa-rdfc-2022/neg-noproof":               "",
		"eddsa-jcs-2022/ob3":                        "ok",
		"ecdsa-jcs-2019/ob3-p256":                   "ok",
		"ecdsa-jcs-2019/ob3-p384":                   "ok",
		"ecdsa-jcs-2019/neg-added-unknown-term":     "S-INVALID",
		"ecdsa-rdfc-2019/ob3-p256":                  "ok",
		"ecdsa-rdfc-2019/ob3-p384":                  "ok",
		"ed25519signature2020/ob3-vcdm1":            "ok",
		"ed25519signature2020/ob3-vcdm2":            "ok",
		"proof-set/ob3-rdfc-plus-jcs":               "ok ok",
		"proof-set/ob3-one-bad-one-good":            "ok S-INVALID",
		"proof-set/ob3-unknown-suite-plus-good":     "S-UNSUPPORTED ok",
		"status/bsl-revocation":                     "ok",
		"status/sl2021-revocation":                  "ok",
		"status/ob3-sl2021-clear":                   "ok",
		"status/ob3-1edtech-ok":                     "ok",
		"status/ob3-two-entries-clear":              "ok",
		"endorsement/ob3-with-endorsementJwt":       "ok",
		"endorsement/ob3-with-embedded-endorsement": "ok",
		"vp/vp-signed":                              "ok",
		"vp/vp-unsigned":                            "",
		"vc1/vc1-base45-eddsa":                      "ok",
		"vc1/vc1-base45-ecdsa":                      "ok",
		"bbs-2023/ob3-base":                         "S-BASE",
		"bbs-2023/ob3-derived-name":                 "ok",
		"bbs-2023/ob3-derived-subject":              "ok",
		"bbs-2023/neg-derived-tampered":             "S-INVALID",
		"ecdsa-sd-2023/ob3-base":                    "S-BASE",
		"ecdsa-sd-2023/ob3-derived-name":            "ok",
		"ecdsa-sd-2023/ob3-derived-subject":         "ok",
		"ecdsa-sd-2023/ob3-derived-all":             "ok",
		"ecdsa-sd-2023/neg-derived-tampered":        "S-INVALID",
		"vc1/vcb-mrz-xi":                            "S-EXTRA",
	} {
		if got := judge(t, c, load(t, "peers/"+path+".json")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// TestOptical holds proofs that also sign what is printed beside the code:
// the samples of the specification and of another library.
func TestOptical(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	mrz := []string{"IAUTO0000007010SRC0000000701<<", "8804192M2601058NOT<<<<<<<<<<<5", "SMITH<<JOHN<<<<<<<<<<<<<<<<<<<"}
	for path, lines := range map[string][]string{
		"vc-barcodes/ead.json":      mrz,
		"vc-barcodes/dl.json":       {"DACJOHN", "DAQF987654321", "DCSSMITH"},
		"peers/vc1/vcb-mrz-xi.json": mrz,
	} {
		doc := load(t, path)
		all, err := List(doc)
		if err != nil {
			t.Fatal(err)
		}
		k, _, err := key.FromDIDURL(all[0].Method)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.VerifyOptical(doc, &all[0], k, Optical(lines...)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, wrong := range [][]string{nil, lines[1:], {strings.Join(lines, "\n") + "\n"}, append([]string{"x"}, lines...)} {
			if err := c.VerifyOptical(doc, &all[0], k, Optical(wrong...)); reason.CodeOf(err, "") != reason.SInvalid {
				t.Errorf("%s with %q: %v", path, wrong, err)
			}
		}
	}
}
