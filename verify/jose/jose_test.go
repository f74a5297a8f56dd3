package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"

	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// keys are one private key of each kind, made once.
var keys = sync.OnceValue(func() map[string]crypto.Signer {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		panic(err)
	}
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		panic(err)
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	seed := sha256.Sum256([]byte("a made-up school"))
	return map[string]crypto.Signer{
		key.EdDSA: ed25519.NewKeyFromSeed(seed[:]),
		key.ES256: p256, key.ES384: p384, key.ES512: p521,
		key.RS256: r, key.PS256: r,
	}
})

func public(t testing.TB, alg string) *key.Key {
	t.Helper()
	k, err := key.FromPublic(keys()[alg].Public())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// peerSign has go-jose make a token, so that signing and verifying here
// cannot agree on an error. extra are header members, "name=value".
func peerSign(t testing.TB, alg, payload string, extra ...string) string {
	t.Helper()
	opts := new(gojose.SignerOptions)
	for _, e := range extra {
		name, value, _ := strings.Cut(e, "=")
		opts = opts.WithHeader(gojose.HeaderKey(name), value)
	}
	s, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.SignatureAlgorithm(alg), Key: keys()[alg]}, opts)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// sign makes an EdDSA token with the header exactly as written.
func sign(header, payload string) string {
	b64 := multibase.EncodeBase64URL
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	return input + "." + b64(ed25519.Sign(keys()[key.EdDSA].(ed25519.PrivateKey), []byte(input)))
}

func TestPeersTokens(t *testing.T) {
	for alg := range keys() {
		token := peerSign(t, alg, `{"a":1}`, "kid=key-1", "typ=JWT", "cty=vc")
		parsed, err := Parse([]byte(token))
		if err != nil {
			t.Fatal(err)
		}
		if err := parsed.Verify(public(t, alg)); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if parsed.Alg != alg || parsed.Kid != "key-1" || parsed.Typ != "JWT" || parsed.Cty != "vc" || string(parsed.Payload) != `{"a":1}` {
			t.Errorf("%s: read as %+v", alg, parsed)
		}
		for other := range keys() {
			if err := parsed.Verify(public(t, other)); err == nil && !public(t, other).Equal(public(t, alg)) {
				t.Errorf("%s token verifies under the %s key", alg, other)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	k := public(t, key.EdDSA)
	jwk := string(k.MarshalJWK())
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, keys()[key.EdDSA].Public(), keys()[key.EdDSA])
	if err != nil {
		t.Fatal(err)
	}
	cert := base64.StdEncoding.EncodeToString(der)
	for header, want := range map[string]reason.Code{
		`{"alg":"EdDSA"}`: "",
		`{"alg":"EdDSA","typ":"JWT","kid":"x","iat":5,"jku":"https://a.example/","x5u":"https://a.example/"}`: "",
		`{"alg":"Ed25519"}`:                         "",
		`{"alg":"EdDSA","jwk":` + jwk + `}`:         "",
		`{"alg":"EdDSA","x5c":["` + cert + `"]}`:    "",
		`{"alg":"none"}`:                            reason.SNoProof,
		`{"alg":"nOnE"}`:                            reason.SNoProof,
		`{"alg":"HS256"}`:                           reason.SUnsupported,
		`{"alg":"ES256K"}`:                          reason.SUnsupported,
		`{"alg":"eddsa"}`:                           reason.SUnsupported,
		`{"alg":"EdDSA","crit":["exp"],"exp":1}`:    reason.SUnsupported,
		`{"alg":"EdDSA","crit":["b64"],"b64":true}`: reason.SUnsupported,
		`{"alg":"EdDSA","crit":[]}`:                 reason.SMalformed,
		`{"alg":"EdDSA","crit":"exp"}`:              reason.SMalformed,
		`{"alg":"EdDSA","b64":false}`:               reason.SUnsupported,
		`{"alg":"EdDSA","alg":"none"}`:              reason.SMalformed,
		`{"alg":"EdDSA","\u0061lg":"EdDSA"}`:        reason.SMalformed,
		`{}`:                                        reason.SMalformed,
		`{"ALG":"EdDSA"}`:                           reason.SMalformed,
		`{"alg":null}`:                              reason.SMalformed,
		`{"alg":["EdDSA"]}`:                         reason.SMalformed,
		`{"alg":"EdDSA","kid":7}`:                   reason.SMalformed,
		`["EdDSA"]`:                                 reason.SMalformed,
		`{"alg":"EdDSA"} `:                          "",
		`{"alg":"EdDSA"}x`:                          reason.SMalformed,
		`{"alg":"EdDSA","jwk":` + strings.TrimSuffix(jwk, "}") + `,"d":"AA"}}`: reason.SMalformed,
		`{"alg":"EdDSA","jwk":"x"}`:                                    reason.SMalformed,
		`{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"X448"}}`:             reason.SUnsupported,
		`{"alg":"EdDSA","x5c":[]}`:                                     reason.SMalformed,
		`{"alg":"EdDSA","x5c":"` + cert + `"}`:                         reason.SMalformed,
		`{"alg":"EdDSA","x5c":["` + cert + `\n"]}`:                     reason.SMalformed,
		`{"alg":"EdDSA","x5c":["AAAA"]}`:                               reason.SMalformed,
		`{"alg":"EdDSA","x":"` + strings.Repeat("x", MaxHeader) + `"}`: reason.SMalformed,
	} {
		token, err := Parse([]byte(sign(header, `{}`)))
		if err == nil {
			err = token.Verify(k)
		}
		if got := reason.CodeOf(err, ""); got != want || (err != nil) != (want != "") {
			t.Errorf("header %.80s: %v, want %q", header, err, want)
		}
		if err == nil && (token.JWK != nil && !token.JWK.Equal(k) || token.X5C != nil && !token.X5C.Equal(k)) {
			t.Errorf("header %.80s: another key is read from it", header)
		}
	}
}

// TestSpellings holds that a token written in another way than the one it was
// signed in is refused, also where other readers take it.
func TestSpellings(t *testing.T) {
	token := sign(`{"alg":"EdDSA"}`, `{"name":"Welding I"}`)
	parts := strings.Split(token, ".")
	for _, s := range []string{
		"", ".", "..", "...", parts[0], parts[0] + "." + parts[1], token + ".", "." + token, token + ".AAAA",
		token + "=", token + "\n", "\n" + token, " " + token, token + "==",
		parts[0] + "=." + parts[1] + "." + parts[2],
		parts[0] + "\n." + parts[1] + "." + parts[2],
		parts[0] + ".\r\n" + parts[1] + "." + parts[2],
		parts[0] + ".." + parts[2], "." + parts[1] + "." + parts[2], parts[0] + "." + parts[1] + ".",
		parts[0] + "." + parts[1] + "." + parts[2] + strings.Repeat("A", 2*MaxSignature),
	} {
		if parsed, err := Parse([]byte(s)); err == nil && parsed.Verify(public(t, key.EdDSA)) == nil {
			t.Errorf("%.60q is accepted", s)
		}
	}
}

// TestMangled replaces every character of a token with every other of the
// alphabet, and cuts it everywhere: nothing verifies.
func TestMangled(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\x00\x80~"
	for _, alg := range []string{key.EdDSA, key.ES256, key.RS256} {
		k, good := public(t, alg), peerSign(t, alg, `{"vc":{"name":"Welding I"}}`)
		var token Token
		tried := 0
		for i := range good {
			m := []byte(good)
			for j := 0; j < len(alphabet); j++ {
				// Where the signature's own bits change, a few will do.
				if alg != key.EdDSA && j%16 != i%16 {
					continue
				}
				if m[i] = alphabet[j]; m[i] == good[i] {
					continue
				}
				tried++
				if token.Parse(m) == nil && token.Verify(k) == nil {
					t.Errorf("%s: verifies with %q at %d", alg, m[i], i)
				}
			}
			if token.Parse([]byte(good[:i])) == nil && token.Verify(k) == nil {
				t.Errorf("%s: verifies when cut at %d", alg, i)
			}
		}
		if err := token.Parse([]byte(good)); err != nil || token.Verify(k) != nil {
			t.Errorf("%s: the token itself no longer verifies", alg)
		}
		if tried < 3*len(good) {
			t.Errorf("only %d tried", tried)
		}
	}
}

// TestReuse holds that a Token read again keeps nothing of the one before.
func TestReuse(t *testing.T) {
	var token Token
	first := sign(`{"alg":"EdDSA","kid":"a","typ":"JWT","jwk":`+string(public(t, key.EdDSA).MarshalJWK())+`}`, `{"a":1}`)
	if err := token.Parse([]byte(first)); err != nil {
		t.Fatal(err)
	}
	if _, err := token.Claims(); err != nil {
		t.Fatal(err)
	}
	if err := token.Parse([]byte(sign(`{"alg":"EdDSA"}`, `{"b":2}`))); err != nil {
		t.Fatal(err)
	}
	claims, err := token.Claims()
	if err != nil || claims.Get("a").Exists() || !claims.Get("b").Exists() || token.Kid != "" || token.Typ != "" || token.JWK != nil {
		t.Errorf("read again: %v, %+v", err, token)
	}
}

// FuzzParse holds that no token panics, that every refusal has its code, and
// that go-jose takes whatever verifies here.
func FuzzParse(f *testing.F) {
	f.Add(sign(`{"alg":"EdDSA","typ":"JWT"}`, credential))
	f.Add(sign(`{"alg":"EdDSA","typ":"vc+jwt"}`, `{"iss":"a","issuer":"b"}`))
	f.Add(sign(`{"alg":"none"}`, `{"vc":{}}`))
	f.Add(peerSign(f, key.ES256, `{"vp":{}}`))
	f.Add("..")
	ed := public(f, key.EdDSA)
	f.Fuzz(func(t *testing.T, s string) {
		token, err := Parse([]byte(s))
		if err != nil {
			if reason.CodeOf(err, "") == "" {
				t.Errorf("%v carries no code", err)
			}
			return
		}
		if token.Verify(ed) == nil {
			peer, err := gojose.ParseSignedCompact(s, []gojose.SignatureAlgorithm{gojose.EdDSA, "Ed25519"})
			if err == nil {
				_, err = peer.Verify(keys()[key.EdDSA].Public())
			}
			if err != nil && token.Alg == key.EdDSA {
				t.Errorf("go-jose refuses %q: %v", s, err)
			}
		}
		if vc, err := token.VC(); err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		} else if err == nil && !vc.Value.Exists() {
			t.Error("neither a credential nor an error")
		}
	})
}

func ExampleToken_VC() {
	token, err := Parse([]byte(sign(`{"alg":"EdDSA","typ":"JWT"}`,
		`{"iss":"https://school.example","vc":{"issuer":"https://school.example","name":"Welding I"}}`)))
	if err != nil {
		fmt.Println(err)
		return
	}
	vc, err := token.VC()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(vc.Format, vc.Issuer, vc.Value.Get("name").Str())
	// Output: vc-jwt https://school.example Welding I
}
