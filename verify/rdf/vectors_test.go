package rdf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
)

func parsed(t testing.TB, body []byte) ijson.Value {
	t.Helper()
	v, err := ijson.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func vector(t testing.TB, path string) []byte {
	t.Helper()
	if _, err := os.Stat(vectors); err != nil {
		t.Skip("SKIP-SHARED: no vectors beside the repository")
	}
	body, err := os.ReadFile(filepath.Join(vectors, path))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestSignedVectors compares document and proof with the canonical forms
// that W3C's cryptosuite specifications print.
func TestSignedVectors(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	for _, c := range []struct {
		signed, doc, proof string
		o                  Options
	}{
		{"di-eddsa/eddsa-rdfc-2022/signedDataInt.json", "canonDocDataInt.txt", "proofCanonDataInt.txt", Options{}},
		{"di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json", "canonDocDataInt.txt", "proofCanonDataInt.txt", Options{}},
		{"di-eddsa/Ed25519Signature2020/signedEdSig.json", "canonDocEdSig.txt", "proofCanonEdSig.txt", Options{}},
		{"di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json", "canonDocECDSAP384.txt", "proofCanonECDSAP384.txt", Options{Hash: SHA384}},
	} {
		v := parsed(t, vector(t, c.signed))
		dir := filepath.Dir(c.signed)
		c.o.Without = "proof"
		got, err := z.Canonical(nil, v, c.o)
		if want := string(vector(t, filepath.Join(dir, c.doc))); err != nil || string(got) != want {
			t.Errorf("%s: %v\ngot\n%s\nwant\n%s", c.signed, err, got, want)
		}
		c.o.Without, c.o.Context = "proofValue", v.Get("@context")
		got, err = z.Canonical(nil, v.Get("proof"), c.o)
		if want := string(vector(t, filepath.Join(dir, c.proof))); err != nil || string(got) != want {
			t.Errorf("%s, proof: %v\ngot\n%s\nwant\n%s", c.signed, err, got, want)
		}
	}
}

// TestLabelVectors compares with the quads that a verifier of selective
// disclosure ends with, named by the proof's label map.
func TestLabelVectors(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	for _, dir := range []string{"di-ecdsa/ecdsa-sd-2023/prc", "di-ecdsa/ecdsa-sd-2023/employ",
		"di-bbs/prc", "di-bbs/HolderBinding", "di-bbs/Pseudonym", "di-bbs/PseudonymHB"} {
		var value struct{ LabelMap [][2]string }
		if err := json.Unmarshal(vector(t, dir+"/verifyDerivedProofValue.json"), &value); err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, p := range value.LabelMap {
			names[p[0]] = p[1]
		}
		var want []string
		if err := json.Unmarshal(vector(t, dir+"/verifyNQuads.json"), &want); err != nil {
			t.Fatal(err)
		}
		got, err := z.Canonical(nil, parsed(t, vector(t, dir+"/derivedRevealDocument.json")), Options{
			Without: "proof",
			Label: func(dst []byte, n int) ([]byte, error) {
				return append(dst, names[string(appendC14N(nil, int32(n)))]...), nil
			},
		})
		if err != nil || string(got) != strings.Join(want, "") {
			t.Errorf("%s: %v\ngot\n%s\nwant\n%s", dir, err, got, strings.Join(want, ""))
		}
	}
}

// set is a member that stands for a list of one.
func set(name string, v ijson.Value) ijson.Member {
	return ijson.Member{Name: name, List: []ijson.Value{v}}
}
