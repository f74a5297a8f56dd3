package key

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// TestDIDKeyVectors reads every did:key of the method's published documents
// and finds in it the key that the document states.
func TestDIDKeyVectors(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/vectors/did-key/*.json")
	if len(files) == 0 {
		t.Skip("SKIP-SHARED: did:key vectors")
	}
	read, stated := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all, err := ijson.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for did, entry := range all.Members() {
			if !Contains(did) {
				continue
			}
			k, err := FromDID(did)
			if strings.HasPrefix(did, "did:key:z5Tc") && reason.CodeOf(err, "") == reason.SUnsupported {
				continue // a pair of BLS12-381 keys in both groups, which no suite uses
			}
			if err != nil {
				t.Errorf("%s: %s: %v", filepath.Base(file), did, err)
				continue
			}
			read++
			for method := range entry.Get("didDocument").Get("verificationMethod").Each() {
				if method.Get("id").Str() != did+"#"+k.Multibase() {
					continue // a key derived for encryption
				}
				same, err := k, error(nil)
				if jwk := method.Get("publicKeyJwk"); jwk.Exists() {
					same, err = FromJWK(jwk)
					stated++
				} else if method.Get("type").Str() == "Ed25519VerificationKey2018" {
					same, err = FromBase58(method.Get("publicKeyBase58").Str())
					stated++
				}
				if err != nil || !same.Equal(k) {
					t.Errorf("%s states %v, %v", did, same, err)
				}
			}
		}
	}
	if read < 20 || stated < 10 {
		t.Errorf("only %d read, %d compared", read, stated)
	}
	// A key for encryption alone signs nothing.
	if _, err := FromDID("did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F"); reason.CodeOf(err, "") != reason.SUnsupported {
		t.Errorf("X25519: %v", err)
	}
}
