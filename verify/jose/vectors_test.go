package jose

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
)

const vectors = "../../../shared/vectors"

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(vectors, path))
	if os.IsNotExist(err) {
		t.Skip("SKIP-SHARED: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b)
}

// TestPeers judges the tokens that other libraries issued. Which keys belong
// to whom, and dates, are the verifier's to say; here only what a token says
// of itself counts.
func TestPeers(t *testing.T) {
	trusted, err := ijson.Parse(read(t, "peers/trust.json"))
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]*key.Key{}
	for _, issuer := range trusted.Get("issuers").Members() {
		for entry := range issuer.Get("keys").Each() {
			k, err := key.FromJWK(entry.Get("publicKeyJwk"))
			if err != nil {
				t.Fatal(err)
			}
			held[entry.Get("id").Str()] = k
		}
	}
	judge := func(path string) error {
		token, err := Parse(read(t, path))
		if err != nil {
			return err
		}
		k := held[token.Kid]
		if key.Contains(token.Kid) {
			k, _, err = key.FromDIDURL(token.Kid)
		} else if k == nil {
			k = token.JWK
		}
		if err != nil {
			return err
		}
		if err := token.Verify(k); err != nil {
			return err
		}
		_, err = token.VC()
		return err
	}
	// neg-exp-past, neg-kid-other-did and neg-rs256-foreign-jwk are genuine
	// tokens of an expired badge and of somebody else.
	for _, good := range []string{"ob3-rs256-kid", "ob3-rs256-jwk", "ob3-vcdm1-vc-claim", "ob3-es256-did-jwk", "ob3-eddsa-did-jwk",
		"neg-exp-past", "neg-kid-other-did", "neg-rs256-foreign-jwk"} {
		if err := judge("peers/vc-jwt/" + good + ".jwt"); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"neg-iss-mismatch", "neg-jti-mismatch", "neg-nbf-mismatch", "neg-alg-none", "neg-hs256-confusion",
		"neg-jwk-has-d", "neg-bad-signature", "neg-crit"} {
		if err := judge("peers/vc-jwt/" + bad + ".jwt"); err == nil {
			t.Errorf("%s is taken", bad)
		} else {
			t.Logf("%s: %v", bad, err)
		}
	}
	for _, good := range []string{"ob3-vc+jwt-es256", "vp+jwt-enveloped"} {
		if err := judge("peers/vc-jose-cose/" + good + ".jwt"); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"neg-vc-claim-present", "neg-typ"} {
		if err := judge("peers/vc-jose-cose/" + bad + ".jwt"); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestW3C judges the tokens of the W3C's suite for VC-JOSE-COSE.
func TestW3C(t *testing.T) {
	byThumbprint := map[string]*key.Key{}
	for _, vm := range []string{"p256", "p384", "p521", "ed25519"} {
		v, err := ijson.Parse(read(t, "vc-jose-cose/vm-"+vm+".json"))
		if err != nil {
			t.Fatal(err)
		}
		k, err := key.FromJWK(v.Get("publicKeyJwk"))
		if err != nil {
			t.Fatal(err)
		}
		byThumbprint[k.Thumbprint()] = k
	}
	for name, good := range map[string]bool{
		"credential-jose-minimal": true, "credential-issuer-match-signed": true, "presentation-jose-multiple": true,
		"credential-jose-bad-signature": false, "credential-jose-bad-media-type": false, "credential-jose-vc-vp-claims": false,
		"presentation-jose-bad-media-type": false,
	} {
		token, err := Parse(read(t, "vc-jose-cose/"+name+".txt"))
		if err == nil {
			k := byThumbprint[token.Kid]
			if k == nil {
				t.Errorf("%s: no key has thumbprint %s", name, token.Kid)
				continue
			}
			err = token.Verify(k)
		}
		if err == nil {
			_, err = token.VC()
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	token, err := Parse(read(t, "vc-jose-cose/presentation-jose-multiple.txt"))
	if err != nil {
		t.Fatal(err)
	}
	vp, err := token.VC()
	if err != nil {
		t.Fatal(err)
	}
	var media []string
	for vc := range vp.Value.Get("verifiableCredential").Each() {
		m, _, _, ok := Envelope(vc)
		if !ok {
			t.Errorf("%.80s is no envelope", vc.Raw())
		}
		media = append(media, m)
	}
	if got := strings.Join(media, " "); got != "application/vc+jwt application/vc+sd-jwt application/vc+cose" {
		t.Errorf("envelopes hold %s", got)
	}
}
