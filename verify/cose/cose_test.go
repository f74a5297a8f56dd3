package cose

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
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fxamacker/cbor/v2"
	peer "github.com/veraison/go-cose"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

const credential = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"https://school.example","credentialSubject":{"id":"urn:x:learner"}}`

// keys are one private key for each algorithm, made once.
var keys = sync.OnceValue(func() map[peer.Algorithm]crypto.Signer {
	curve := func(c elliptic.Curve) crypto.Signer {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			panic(err)
		}
		return k
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	seed := sha256.Sum256([]byte("a made-up school"))
	return map[peer.Algorithm]crypto.Signer{
		peer.AlgorithmEdDSA: ed25519.NewKeyFromSeed(seed[:]),
		peer.AlgorithmES256: curve(elliptic.P256()), peer.AlgorithmES384: curve(elliptic.P384()), peer.AlgorithmES512: curve(elliptic.P521()),
		peer.AlgorithmPS256: r,
	}
})

func public(t testing.TB, alg peer.Algorithm) *key.Key {
	t.Helper()
	k, err := key.FromPublic(keys()[alg].Public())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// peerSign has go-cose make a message.
func peerSign(t testing.TB, alg peer.Algorithm, payload string, protected, unprotected map[any]any) []byte {
	t.Helper()
	signer, err := peer.NewSigner(alg, keys()[alg])
	if err != nil {
		t.Fatal(err)
	}
	h := peer.Headers{Protected: peer.ProtectedHeader{}, Unprotected: peer.UnprotectedHeader{}}
	h.Protected.SetAlgorithm(alg)
	for k, v := range protected {
		h.Protected[k] = v
	}
	for k, v := range unprotected {
		h.Unprotected[k] = v
	}
	b, err := peer.Sign1(rand.Reader, signer, h, []byte(payload), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sign makes an EdDSA message with the headers exactly as their hex has it.
func sign(t testing.TB, protected, unprotected string, payload []byte) []byte {
	t.Helper()
	p, err := hex.DecodeString(protected)
	if err != nil {
		t.Fatal(err)
	}
	u, err := hex.DecodeString(unprotected)
	if err != nil {
		t.Fatal(err)
	}
	signed := appendBytes([]byte("\x84\x6aSignature1"), p)
	signed = appendBytes(appendBytes(signed, nil), payload)
	s := sign1{Protected: p, Unprotected: u, Payload: payload,
		Signature: ed25519.Sign(keys()[peer.AlgorithmEdDSA].(ed25519.PrivateKey), signed)}
	return append([]byte{tag18}, s.deterministic()...)
}

func TestPeersMessages(t *testing.T) {
	for alg := range keys() {
		data := peerSign(t, alg, credential, map[any]any{int64(3): "application/vc", int64(4): []byte("key-1"), int64(16): "application/vc+cose"}, nil)
		for _, form := range [][]byte{data, data[1:]} {
			m, err := Parse(form)
			if err != nil {
				t.Fatalf("%s: %v", alg, err)
			}
			if err := m.Verify(public(t, alg)); err != nil {
				t.Errorf("%s: %v", alg, err)
			}
			for other := range keys() {
				if other != alg && m.Verify(public(t, other)) == nil {
					t.Errorf("%s message verifies under the %s key", alg, other)
				}
			}
			vc, err := m.VC()
			if err != nil || vc.Format != "vc-cose" || vc.Presentation || vc.Issuer != "https://school.example" || m.Kid != "key-1" {
				t.Errorf("%s: read as %+v, %v, kid %q", alg, vc, err, m.Kid)
			}
		}
	}
	m, err := Parse(peerSign(t, peer.AlgorithmES256, `{"holder":"urn:x:learner"}`, map[any]any{int64(16): "application/vp+cose"}, map[any]any{int64(4): []byte("key-1")}))
	if err != nil {
		t.Fatal(err)
	}
	if vc, err := m.VC(); err != nil || !vc.Presentation || vc.Issuer != "urn:x:learner" || m.Kid != "key-1" {
		t.Errorf("presentation read as %+v, %v", vc, err)
	}
}

func TestRefused(t *testing.T) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, keys()[peer.AlgorithmEdDSA].Public(), keys()[peer.AlgorithmEdDSA])
	if err != nil {
		t.Fatal(err)
	}
	chain, err := cbor.Marshal(map[int]any{33: [][]byte{der}})
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, "a10127", "a0", []byte(credential))
	for name, c := range map[string]struct {
		data []byte
		want reason.Code
	}{
		"good":                         {good, ""},
		"x5chain beside":               {sign(t, "a10127", hex.EncodeToString(chain), []byte(credential)), ""},
		"kid beside":                   {sign(t, "a10127", "a10441aa", []byte(credential)), ""},
		"alg beside":                   {sign(t, "a0", "a10127", []byte(credential)), reason.SUncovered},
		"kid in both":                  {sign(t, "a201270441aa", "a10441aa", []byte(credential)), reason.SMalformed},
		"something beside":             {sign(t, "a10127", "a1636b657902", []byte(credential)), reason.SUncovered},
		"content type beside":          {sign(t, "a10127", "a1036e6170706c69636174696f6e2f7663", []byte(credential)), reason.SUncovered},
		"no alg":                       {sign(t, "a0", "a0", []byte(credential)), reason.SMalformed},
		"no header at all":             {sign(t, "", "a0", []byte(credential)), reason.SMalformed},
		"alg as text":                  {sign(t, "a101654564445341", "a0", []byte(credential)), reason.SMalformed},
		"alg HMAC":                     {sign(t, "a10105", "a0", []byte(credential)), reason.SUnsupported},
		"alg of another key":           {sign(t, "a10126", "a0", []byte(credential)), reason.SInvalid},
		"crit":                         {sign(t, "a201270281186f", "a0", []byte(credential)), reason.SUnsupported},
		"alg twice":                    {sign(t, "a201270127", "a0", []byte(credential)), reason.SMalformed},
		"headers of indefinite length": {sign(t, "bf0127ff", "a0", []byte(credential)), reason.SMalformed},
		"kid as text":                  {sign(t, "a20127046161", "a0", []byte(credential)), reason.SMalformed},
		"typ as number":                {sign(t, "a201271005", "a0", []byte(credential)), reason.SMalformed},
		"typ of another":               {sign(t, "a201271068766572792f626164", "a0", []byte(credential)), reason.SMalformed},
		"header no map":                {sign(t, "820127", "a0", []byte(credential)), reason.SMalformed},
		"label an array":               {sign(t, "a2012780f5", "a0", []byte(credential)), reason.SMalformed},
		"no payload":                   {append([]byte{tag18, 0x84, 0x43, 0xa1, 1, 0x27, 0xa0, 0xf6, 0x58, 64}, make([]byte, 64)...), reason.SUnsupported},
		"payload no JSON":              {sign(t, "a10127", "a0", []byte{0xa0}), reason.SMalformed},
		"payload with vc":              {sign(t, "a10127", "a0", []byte(`{"vc":{}}`)), reason.SMalformed},
		"iss of another":               {sign(t, "a10127", "a0", []byte(`{"issuer":"a","iss":"b"}`)), reason.SInvalid},
		"array of indefinite length":   {append(append([]byte{tag18, 0x9f}, good[2:]...), 0xff), reason.SMalformed},
		"array length in two bytes":    {append([]byte{tag18, 0x98, 4}, good[2:]...), reason.SMalformed},
		"two tags":                     {append([]byte{tag18}, good...), reason.SMalformed},
		"something after":              {append(good[:len(good):len(good)], 0), reason.SMalformed},
		"nothing":                      {nil, reason.SMalformed},
		"tag alone":                    {[]byte{tag18}, reason.SMalformed},
	} {
		m, err := Parse(c.data)
		if err == nil {
			err = m.Verify(public(t, peer.AlgorithmEdDSA))
		}
		if err == nil {
			_, err = m.VC()
		}
		if got := reason.CodeOf(err, ""); got != c.want || (err != nil) != (c.want != "") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	m, err := Parse(sign(t, "a10127", hex.EncodeToString(chain), []byte(credential)))
	if err != nil || !m.X5C.Equal(public(t, peer.AlgorithmEdDSA)) {
		t.Errorf("x5chain read as %v, %v", m, err)
	}
}

// TestMangled flips every bit and cuts at every byte: nothing verifies.
func TestMangled(t *testing.T) {
	for _, alg := range []peer.Algorithm{peer.AlgorithmEdDSA, peer.AlgorithmES256} {
		data := peerSign(t, alg, credential, map[any]any{int64(3): "application/vc", int64(16): "application/vc+cose"}, nil)
		k := public(t, alg)
		for i := range data {
			for bit := range 8 {
				if alg != peer.AlgorithmEdDSA && bit != i%8 {
					continue // the slower ones: a flip a byte
				}
				b := append([]byte(nil), data...)
				b[i] ^= 1 << bit
				if m, err := Parse(b); err == nil && m.Verify(k) == nil {
					t.Errorf("%s: verifies with bit %d of byte %d flipped", alg, bit, i)
				}
			}
			if m, err := Parse(data[:i]); err == nil && m.Verify(k) == nil {
				t.Errorf("%s: verifies when cut at %d", alg, i)
			}
		}
	}
}

// TestW3C judges the messages of the W3C's suite for VC-JOSE-COSE and of
// another library.
func TestW3C(t *testing.T) {
	const vectors = "../../../shared/vectors"
	read := func(path string) []byte {
		b, err := os.ReadFile(filepath.Join(vectors, path))
		if os.IsNotExist(err) {
			t.Skip("SKIP-SHARED: " + path)
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	held := map[string]*key.Key{}
	for _, vm := range []string{"p256", "p384", "ed25519"} {
		v, err := ijson.Parse(read("vc-jose-cose/vm-" + vm + ".json"))
		if err != nil {
			t.Fatal(err)
		}
		k, err := key.FromJWK(v.Get("publicKeyJwk"))
		if err != nil {
			t.Fatal(err)
		}
		held[k.Thumbprint()] = k
	}
	judge := func(data []byte) error {
		m, err := Parse(data)
		if err != nil {
			return err
		}
		k := held[m.Kid]
		if key.Contains(m.Kid) {
			if k, _, err = key.FromDIDURL(m.Kid); err != nil {
				return err
			}
		}
		if k == nil {
			return fmt.Errorf("no key %q", m.Kid)
		}
		if err := m.Verify(k); err != nil {
			return err
		}
		_, err = m.VC()
		return err
	}
	for name, good := range map[string]bool{
		"credential-cose-minimal": true, "presentation-cose-single": true,
		"credential-cose-bad-media-type": false, "credential-cose-bad-signature": false, "presentation-cose-bad-media-type": false,
	} {
		text := strings.TrimRight(strings.TrimSpace(string(read("vc-jose-cose/"+name+".txt"))), "=")
		data, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := judge(data); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := judge(read("peers/vc-jose-cose/ob3-vc+cose.cose")); err != nil {
		t.Error(err)
	}
}

// FuzzParse holds that nothing panics, that every refusal has its code, and
// that go-cose takes whatever verifies here.
func FuzzParse(f *testing.F) {
	f.Add(sign(f, "a10127", "a0", []byte(credential)))
	f.Add(peerSign(f, peer.AlgorithmES256, credential, map[any]any{int64(16): "application/vp+cose"}, map[any]any{int64(4): []byte("k")}))
	f.Add(peerSign(f, peer.AlgorithmEdDSA, listClaims(f, nil), map[any]any{int64(16): "application/statuslist+cwt"}, nil))
	ed := public(f, peer.AlgorithmEdDSA)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			if reason.CodeOf(err, "") == "" {
				t.Errorf("%v carries no code", err)
			}
			return
		}
		if _, err := m.VC(); err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		}
		if claims, err := m.StatusList(); err != nil && reason.CodeOf(err, "") == "" || err == nil && claims.Kind() != ijson.Object {
			t.Errorf("claims %s, %v", claims.Raw(), err)
		}
		if m.Verify(ed) == nil {
			v, err := peer.NewVerifier(peer.AlgorithmEdDSA, keys()[peer.AlgorithmEdDSA].Public())
			if err != nil {
				t.Fatal(err)
			}
			tagged := data
			if data[0] != tag18 {
				tagged = append([]byte{tag18}, data...)
			}
			var theirs peer.Sign1Message
			if err = theirs.UnmarshalCBOR(tagged); err == nil {
				err = theirs.Verify(nil, v)
			}
			if err != nil {
				t.Errorf("go-cose refuses %x: %v", data, err)
			}
		}
	})
}
