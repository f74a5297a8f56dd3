package proof

import (
	"fmt"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
)

// A badge that names a did:key is checked without anything else. Whose key
// it is, is another question.
func ExampleChecker_Verify() {
	doc, err := ijson.Parse([]byte(byPeer))
	if err != nil {
		fmt.Println(err)
		return
	}
	proofs, err := List(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	checker := NewChecker(rdf.Builtin())
	for i := range proofs {
		p := &proofs[i]
		k, did, err := key.FromDIDURL(p.Method)
		if err == nil {
			err = checker.Verify(doc, p, k)
		}
		fmt.Println(p.Format(), err, did == doc.Get("issuer").Get("id").Str())
	}
	// Output: di-Ed25519Signature2018 <nil> true
}
