package key

import (
	"testing"

	"badgekiosk/verify/reason"
)

// FuzzDID holds that a key read from an identifier can be written and read
// again, and that every refusal carries a code.
func FuzzDID(f *testing.F) {
	for _, s := range signers(f) {
		k := s.public(f)
		f.Add(k.DID())
		f.Add(k.DID() + "#" + k.Multibase())
		f.Add("did:jwk:" + "eyJrdHkiOiJPS1AifQ#0")
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, _, err := FromDIDURL(s)
		checkRead(t, k, err)
	})
}

func FuzzJWK(f *testing.F) {
	for _, s := range signers(f) {
		f.Add(string(s.public(f).MarshalJWK()))
	}
	f.Add(`{"kty":"EC","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g","y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}`)
	f.Fuzz(func(t *testing.T, s string) {
		k, err := readJWK(s)
		checkRead(t, k, err)
	})
}

func FuzzPEM(f *testing.F) {
	for _, s := range signers(f) {
		f.Add(block("CERTIFICATE", certificate(f, s.private)))
		f.Add(block("PUBLIC KEY", []byte("0*0\x05\x06\x03+ep\x03!\x00")))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := FromPEM(b)
		checkRead(t, k, err)
		k, err = FromSPKI(b)
		checkRead(t, k, err)
	})
}

func checkRead(t *testing.T, k *Key, err error) {
	t.Helper()
	if err != nil {
		if reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		}
		return
	}
	if again, err := FromMultibase(k.Multibase()); err != nil || !again.Equal(k) {
		t.Errorf("%s is read back as %v, %v", k, again, err)
	}
	if err := k.Verify(k.Alg(), nil, make([]byte, 64)); err == nil {
		t.Errorf("%s verifies zeros", k)
	}
}
