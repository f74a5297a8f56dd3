package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/trust"
)

// describes tells whether a manifest may complete what credential c says of
// an achievement: not where c pins the digest of the achievement's document
// and the manifest describes another one, which has the same id and may be
// another edition.
//
// Source: W3C Verifiable Credentials Data Model v2.0, section 5.3, Integrity
// of Related Resources.
func describes(m *trust.Manifest, c ijson.Value) bool {
	if m == nil || m.SHA256 == nil {
		return m != nil
	}
	for r := range some(c.Get("relatedResource")) {
		if r.Get("id").Str() != m.Achievement {
			continue
		}
		for _, sum := range [][]byte{sriSum(r.Get("digestSRI").Bytes()), multihashSum(r.Get("digestMultibase").Bytes())} {
			if sum != nil && !bytes.Equal(sum, m.SHA256) {
				return false
			}
		}
	}
	return true
}

// sriSum is the SHA-256 in the metadata of a resource, nil if it has none.
// Source: W3C Subresource Integrity, section 3.5.
func sriSum(metadata []byte) []byte {
	for one := range bytes.FieldsSeq(metadata) {
		text, ok := bytes.CutPrefix(one, []byte("sha256-"))
		if !ok {
			continue
		}
		text, _, _ = bytes.Cut(text, []byte("?"))
		if sum, err := base64.StdEncoding.AppendDecode(nil, text); err == nil && len(sum) == sha256.Size {
			return sum
		}
	}
	return nil
}

// multihashSum is the SHA-256 that a multihash holds, nil if it holds another
// hash. Source: The Multihash Data Format; code 0x12, length 32.
func multihashSum(text []byte) []byte {
	b, err := multibase.Decode(nil, text)
	if err != nil || len(b) != 2+sha256.Size || b[0] != 0x12 || b[1] != sha256.Size {
		return nil
	}
	return b[2:]
}
