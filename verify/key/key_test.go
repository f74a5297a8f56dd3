package key

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// signer is a private key of the standard library with the ways it signs.
type signer struct {
	private crypto.Signer
	algs    []string
}

// signers are one private key of each kind, made once.
func signers(t testing.TB) []signer {
	t.Helper()
	out, err := makeSigners()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var makeSigners = sync.OnceValues(func() ([]signer, error) {
	edSeed := make([]byte, ed25519.SeedSize)
	copy(edSeed, "a made-up school's signing key")
	out := []signer{{ed25519.NewKeyFromSeed(edSeed), []string{EdDSA, EdDSA25519}}}
	for _, c := range []struct {
		curve elliptic.Curve
		alg   string
	}{{elliptic.P256(), ES256}, {elliptic.P384(), ES384}, {elliptic.P521(), ES512}} {
		k, err := ecdsa.GenerateKey(c.curve, rand.Reader)
		if err != nil {
			return nil, err
		}
		out = append(out, signer{k, []string{c.alg}})
	}
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	return append(out, signer{k, []string{RS256, RS384, RS512, PS256, PS384, PS512}}), err
})

// sign signs msg as JOSE wants it.
func (s signer) sign(t testing.TB, alg string, msg []byte) []byte {
	t.Helper()
	hash := crypto.SHA256
	switch alg[len(alg)-3:] {
	case "384":
		hash = crypto.SHA384
	case "512":
		hash = crypto.SHA512
	}
	var opts crypto.SignerOpts = hash
	sum := digest(nil, hash, msg)
	switch {
	case alg == EdDSA || alg == EdDSA25519:
		opts, sum = crypto.Hash(0), msg
	case alg[0] == 'P':
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
	case alg[0] == 'E':
		private := s.private.(*ecdsa.PrivateKey)
		r, ss, err := ecdsa.Sign(rand.Reader, private, sum)
		if err != nil {
			t.Fatal(err)
		}
		n := (private.Curve.Params().BitSize + 7) / 8
		sig := make([]byte, 2*n)
		r.FillBytes(sig[:n])
		ss.FillBytes(sig[n:])
		return sig
	}
	sig, err := s.private.Sign(rand.Reader, sum, opts)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func (s signer) public(t testing.TB) *Key {
	t.Helper()
	k, err := FromPublic(s.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestAlgorithmIsTheKeys signs with every algorithm, offers the signature to
// every key under every name, and holds that only its own match counts.
func TestAlgorithmIsTheKeys(t *testing.T) {
	msg := []byte("a badge")
	all := signers(t)
	names := []string{"none", "", "HS256", "HS512", "ES256K", "eddsa", "RS1", "Ed448"}
	for _, s := range all {
		names = append(names, s.algs...)
	}
	for i, s := range all {
		for _, made := range s.algs {
			sig := s.sign(t, made, msg)
			for j, other := range all {
				k := other.public(t)
				for _, named := range names {
					same := made == named || s.algs[0] == EdDSA && (named == EdDSA || named == EdDSA25519)
					want := reason.SInvalid
					if i == j && same {
						want = ""
					} else if !Known(named) {
						want = reason.SUnsupported
					}
					if got := reason.CodeOf(k.Verify(named, msg, sig), ""); got != want {
						t.Errorf("%s signature as %q under %s: %q, want %q", made, named, k.Kind(), got, want)
					}
				}
			}
		}
	}
}

// TestMangledSignature flips and cuts every byte of signature and message.
func TestMangledSignature(t *testing.T) {
	msg := []byte("a short badge")
	for _, s := range signers(t) {
		k, alg := s.public(t), s.algs[0]
		sig := s.sign(t, alg, msg)
		if err := k.Verify(alg, msg, sig); err != nil {
			t.Fatal(err)
		}
		refuse := func(what string, msg, sig []byte) {
			t.Helper()
			if reason.CodeOf(k.Verify(alg, msg, sig), "") != reason.SInvalid {
				t.Errorf("%s: %s accepted", k.Kind(), what)
			}
		}
		for i := range sig {
			m := append([]byte(nil), sig...)
			m[i] ^= 1 << (i % 8)
			refuse(fmt.Sprintf("signature with byte %d flipped", i), msg, m)
			refuse(fmt.Sprintf("signature cut at %d", i), msg, sig[:i])
		}
		refuse("longer signature", msg, append(sig[:len(sig):len(sig)], 0))
		for i := range msg {
			m := append([]byte(nil), msg...)
			m[i] ^= 0x80
			refuse("changed message", m, sig)
		}
	}
}

// TestRange holds that r and s outside 1 to n-1 are refused, and so are an
// Ed25519 s that is not below the order and DER in the place of r and s.
func TestRange(t *testing.T) {
	msg := []byte("a badge")
	for _, s := range signers(t)[1:4] {
		k := s.public(t)
		sig := s.sign(t, k.Alg(), msg)
		n, size := s.private.(*ecdsa.PrivateKey).Curve.Params().N, len(sig)/2
		r, ss := new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])
		for _, c := range [][2]*big.Int{
			{new(big.Int), ss}, {r, new(big.Int)}, {new(big.Int), new(big.Int)}, {n, ss}, {r, n},
			{new(big.Int).Add(r, n), ss}, {r, new(big.Int).Add(ss, n)},
		} {
			if c[0].BitLen() > 8*size || c[1].BitLen() > 8*size {
				continue // cannot be written at all
			}
			bad := make([]byte, 2*size)
			c[0].FillBytes(bad[:size])
			c[1].FillBytes(bad[size:])
			if k.Verify(k.Alg(), msg, bad) == nil {
				t.Errorf("%s: r=%x s=%x accepted", k.Kind(), c[0], c[1])
			}
		}
		sum := digest(nil, map[Kind]crypto.Hash{P256: crypto.SHA256, P384: crypto.SHA384, P521: crypto.SHA512}[k.kind], msg)
		der, err := s.private.Sign(rand.Reader, sum, nil)
		if err != nil {
			t.Fatal(err)
		}
		if k.Verify(k.Alg(), msg, der) == nil {
			t.Errorf("%s: a DER signature accepted", k.Kind())
		}
	}
	ed := signers(t)[0]
	sig := ed.sign(t, EdDSA, msg)
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	le := func(b []byte) []byte {
		out := make([]byte, len(b))
		for i := range b {
			out[len(b)-1-i] = b[i]
		}
		return out
	}
	high := new(big.Int).Add(new(big.Int).SetBytes(le(sig[32:])), order)
	bad := append(append([]byte(nil), sig[:32]...), le(high.FillBytes(make([]byte, 32)))...)
	if ed.public(t).Verify(EdDSA, msg, bad) == nil {
		t.Error("an Ed25519 signature with s above the order was accepted")
	}
}

// TestForms reads each key in every form it has and finds it the same.
func TestForms(t *testing.T) {
	for _, s := range signers(t) {
		k := s.public(t)
		spki, err := x509.MarshalPKIXPublicKey(s.private.Public())
		if err != nil {
			t.Fatal(err)
		}
		jwk := k.MarshalJWK()
		didJWK := "did:jwk:" + multibase.EncodeBase64URL(jwk)
		for form, read := range map[string]func() (*Key, error){
			"multibase":    func() (*Key, error) { return FromMultibase(k.Multibase()) },
			"multibase u":  func() (*Key, error) { return FromMultibase("u" + multibase.EncodeBase64URL(multikey(k))) },
			"SPKI":         func() (*Key, error) { return FromSPKI(spki) },
			"PEM":          func() (*Key, error) { return FromPEM(block("PUBLIC KEY", spki)) },
			"certificate":  func() (*Key, error) { return FromCertificate(certificate(t, s.private)) },
			"PEM of it":    func() (*Key, error) { return FromPEM(block("CERTIFICATE", certificate(t, s.private))) },
			"JWK":          func() (*Key, error) { return readJWK(string(jwk)) },
			"did:key":      func() (*Key, error) { return FromDID(k.DID()) },
			"did:jwk":      func() (*Key, error) { return FromDID(didJWK) },
			"did:key URL":  func() (*Key, error) { k, _, err := FromDIDURL(k.DID() + "#" + k.Multibase()); return k, err },
			"did:jwk URL":  func() (*Key, error) { k, _, err := FromDIDURL(didJWK + "#0"); return k, err },
			"no fragment":  func() (*Key, error) { k, _, err := FromDIDURL(k.DID()); return k, err },
			"no fragment2": func() (*Key, error) { k, _, err := FromDIDURL(didJWK); return k, err },
		} {
			got, err := read()
			if err != nil || !got.Equal(k) || !k.Equal(got) || got.Thumbprint() != k.Thumbprint() {
				t.Errorf("%s from %s: %v, %v; want %v", k.Kind(), form, got, err, k)
			}
		}
		if k.kind == RSA {
			der := x509.MarshalPKCS1PublicKey(s.private.Public().(*rsa.PublicKey))
			if got, err := FromPEM(block("RSA PUBLIC KEY", der)); err != nil || !got.Equal(k) {
				t.Errorf("RSA from PKCS #1: %v, %v", got, err)
			}
		}
	}
}

func multikey(k *Key) []byte {
	b, _ := multibase.Decode(nil, k.Multibase())
	return b
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func certificate(t testing.TB, s crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, s.Public(), s)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func readJWK(text string) (*Key, error) {
	v, err := ijson.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	return FromJWK(v)
}

// TestThumbprint holds the examples of RFC 7638 section 3.1 and RFC 8037
// appendix A.3.
func TestThumbprint(t *testing.T) {
	for jwk, want := range map[string]string{
		`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
		`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	} {
		k, err := readJWK(jwk)
		if err != nil || k.Thumbprint() != want {
			t.Errorf("thumbprint %v, %v; want %s", k, err, want)
		}
	}
}

// TestRFC8032 holds the third vector of RFC 8032 section 7.1, so that signer
// and verifier here cannot agree on something else.
func TestRFC8032(t *testing.T) {
	b := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	k, err := fromEd25519(b("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"))
	if err != nil {
		t.Fatal(err)
	}
	sig := b("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
	if err := k.Verify(EdDSA, b("af82"), sig); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	ed := signers(t)[0].public(t)
	x := base64.RawURLEncoding.EncodeToString(ed.raw)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	smallDER, _ := x509.MarshalPKIXPublicKey(small.Public())
	privateDER, _ := x509.MarshalPKCS8PrivateKey(signers(t)[0].private)
	offCurve := strings.Repeat("A", 42) + "E"
	p25519 := "7f" + strings.Repeat("ff", 30) + "ed" // big-endian
	point := func(hexBE string) string {
		b, _ := hex.DecodeString(hexBE)
		for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
		return "z" + multibase.EncodeBase58(append([]byte{0xed, 1}, b...))[1:]
	}
	for _, c := range []struct {
		name string
		read func() (*Key, error)
		want reason.Code
	}{
		{"private Ed25519", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"Ed25519","x":"` + x + `","d":"AA"}`) }, reason.SMalformed},
		{"d that is null", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"Ed25519","x":"` + x + `","d":null}`) }, reason.SMalformed},
		{"symmetric", func() (*Key, error) { return readJWK(`{"kty":"oct","k":"AAAA"}`) }, reason.SMalformed},
		{"no JWK", func() (*Key, error) { return readJWK(`[]`) }, reason.SMalformed},
		{"no x", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"Ed25519"}`) }, reason.SMalformed},
		{"short x", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`) }, reason.SMalformed},
		{"padded x", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"Ed25519","x":"` + x + `="}`) }, reason.SMalformed},
		{"X25519", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"X25519","x":"` + x + `"}`) }, reason.SUnsupported},
		{"for encryption", func() (*Key, error) { return readJWK(`{"kty":"OKP","crv":"Ed25519","use":"enc","x":"` + x + `"}`) }, reason.SPurpose},
		{"key_ops sign", func() (*Key, error) {
			return readJWK(`{"kty":"OKP","crv":"Ed25519","key_ops":["sign"],"x":"` + x + `"}`)
		}, reason.SPurpose},
		{"alg of another", func() (*Key, error) {
			return readJWK(`{"kty":"OKP","crv":"Ed25519","alg":"HS256","x":"` + x + `"}`)
		}, reason.SUnsupported},
		{"off curve", func() (*Key, error) {
			return readJWK(`{"kty":"EC","crv":"P-256","x":"` + offCurve + `","y":"` + offCurve + `"}`)
		}, reason.SMalformed},
		{"infinity", func() (*Key, error) { return fromPoint(P256, []byte{0}) }, reason.SMalformed},
		{"hybrid point", func() (*Key, error) { return fromPoint(P256, append([]byte{6}, make([]byte, 64)...)) }, reason.SMalformed},
		{"compressed off curve", func() (*Key, error) {
			return FromMultikey(append([]byte{0x80, 0x24, 2}, append(make([]byte, 31), 1)...)) // x = 1 has no y on P-256
		}, reason.SMalformed},
		{"uncompressed multikey", func() (*Key, error) { return FromMultikey(append([]byte{0x80, 0x24, 4}, make([]byte, 64)...)) }, reason.SMalformed},
		{"RSA of 1024 bits", func() (*Key, error) { return FromSPKI(smallDER) }, reason.SUnsupported},
		{"RSA exponent 3", func() (*Key, error) { return fromRSA(new(big.Int).SetBit(big.NewInt(1), 2047, 1), 3) }, reason.SUnsupported},
		{"RSA even", func() (*Key, error) { return fromRSA(new(big.Int).SetBit(new(big.Int), 2047, 1), 65537) }, reason.SMalformed},
		{"RSA of 8193 bits", func() (*Key, error) { return fromRSA(new(big.Int).SetBit(big.NewInt(1), 8192, 1), 65537) }, reason.SUnsupported},
		{"PEM private", func() (*Key, error) { return FromPEM(block("PRIVATE KEY", privateDER)) }, reason.SMalformed},
		{"PEM twice", func() (*Key, error) { return FromPEM(append(block("X", nil), block("X", nil)...)) }, reason.SMalformed},
		{"no PEM", func() (*Key, error) { return FromPEM([]byte("hello")) }, reason.SMalformed},
		{"small order 1", func() (*Key, error) { return FromMultibase(point(strings.Repeat("00", 31) + "01")) }, reason.SMalformed},
		{"small order 2", func() (*Key, error) { return FromMultibase(point("7f" + strings.Repeat("ff", 30) + "ec")) }, reason.SMalformed},
		{"small order 4", func() (*Key, error) { return FromMultibase(point(strings.Repeat("00", 32))) }, reason.SMalformed},
		{"small order 4 signed", func() (*Key, error) { return FromMultibase(point("80" + strings.Repeat("00", 31))) }, reason.SMalformed},
		{"small order 8", func() (*Key, error) {
			return FromMultibase(point("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"))
		}, reason.SMalformed},
		{"small order 8b", func() (*Key, error) {
			return FromMultibase(point("85fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"))
		}, reason.SMalformed},
		{"not canonical, p", func() (*Key, error) { return FromMultibase(point(p25519)) }, reason.SMalformed},
		{"not canonical, 2^255-1", func() (*Key, error) { return FromMultibase(point(strings.Repeat("ff", 32))) }, reason.SMalformed},
		{"did:web", func() (*Key, error) { return FromDID("did:web:school.example") }, reason.SUnsupported},
		{"did:key in base64", func() (*Key, error) { return FromDID("did:key:u" + multibase.EncodeBase64URL(multikey(ed))) }, reason.SMalformed},
		{"foreign fragment", func() (*Key, error) { k, _, err := FromDIDURL(ed.DID() + "#z6MkOther"); return k, err }, reason.SMalformed},
		{"empty fragment", func() (*Key, error) { k, _, err := FromDIDURL(ed.DID() + "#"); return k, err }, reason.SMalformed},
		{"did:jwk private", func() (*Key, error) {
			return FromDID("did:jwk:" + multibase.EncodeBase64URL([]byte(`{"kty":"OKP","crv":"Ed25519","x":"`+x+`","d":"AA"}`)))
		}, reason.SMalformed},
		{"long DID", func() (*Key, error) { return FromDID("did:key:z" + strings.Repeat("1", MaxDID)) }, reason.SMalformed},
		{"no key type", func() (*Key, error) { return FromPublic("a string") }, reason.SUnsupported},
	} {
		if k, err := c.read(); reason.CodeOf(err, "") != c.want {
			t.Errorf("%s: %v, %v; want %s", c.name, k, err, c.want)
		}
	}
}

// TestJWKAlg holds that a JWK naming its algorithm verifies under no other.
func TestJWKAlg(t *testing.T) {
	s := signers(t)[4]
	jwk := strings.TrimSuffix(string(s.public(t).MarshalJWK()), "}") + `,"alg":"PS256","use":"sig","key_ops":["verify"]}`
	k, err := readJWK(jwk)
	if err != nil {
		t.Fatal(err)
	}
	msg := []byte("a badge")
	if err := k.Verify(PS256, msg, s.sign(t, PS256, msg)); err != nil {
		t.Error(err)
	}
	if got := reason.CodeOf(k.Verify(RS256, msg, s.sign(t, RS256, msg)), ""); got != reason.SInvalid {
		t.Errorf("RS256 under a key for PS256: %q", got)
	}
	if k.Alg() != PS256 {
		t.Errorf("Alg = %s", k.Alg())
	}
}

// TestRecognised holds that keys of kinds that cannot be judged are compared,
// and say so when asked to verify.
func TestRecognised(t *testing.T) {
	// The generator of secp256k1 (SEC 2, section 2.4.1), compressed.
	g, _ := hex.DecodeString("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
	k, err := FromMultikey(append([]byte{0xe7, 0x01}, g...))
	if err != nil {
		t.Fatal(err)
	}
	again, err := readJWK(string(k.MarshalJWK()))
	if err != nil || !again.Equal(k) {
		t.Errorf("secp256k1 as JWK %s: %v, %v", k.MarshalJWK(), again, err)
	}
	if got := reason.CodeOf(k.Verify("ES256K", nil, make([]byte, 64)), ""); got != reason.SUnsupported {
		t.Errorf("secp256k1 verifies with %q", got)
	}
	if got := reason.CodeOf(k.Verify(ES256, nil, make([]byte, 64)), ""); got != reason.SUnsupported {
		t.Errorf("secp256k1 verifies with %q", got)
	}
}

// TestMangledDID holds that no changed character of a did:key or did:jwk
// names the same key.
func TestMangledDID(t *testing.T) {
	k := signers(t)[0].public(t)
	for _, did := range []string{k.DID(), "did:jwk:" + multibase.EncodeBase64URL(k.MarshalJWK())} {
		own, err := FromDID(did)
		if err != nil {
			t.Fatal(err)
		}
		for i := range did {
			m := []byte(did)
			for _, c := range []byte("0A1zZ_-= \n#\x00\xff") {
				if m[i] = c; c == did[i] {
					continue
				}
				if got, err := FromDID(string(m)); err == nil && got.Equal(own) {
					t.Errorf("%q names the key of %q", m, did)
				}
			}
			if got, err := FromDID(did[:i]); err == nil && got.Equal(own) {
				t.Errorf("%q names the key of %q", did[:i], did)
			}
		}
	}
}

// TestPrepared: a prepared key is the same key and judges the same.
func TestPrepared(t *testing.T) {
	msg := []byte("Welding I")
	for _, s := range signers(t) {
		k := s.public(t)
		p := k.Prepared()
		if !p.Equal(k) || p.Multibase() != k.Multibase() {
			t.Errorf("%s: another key once prepared", k.Kind())
		}
		if (p == k) == (k.Kind() == Ed25519) {
			t.Errorf("%s: prepared %v", k.Kind(), p != k)
		}
		sig := s.sign(t, k.Alg(), msg)
		if err := p.Verify(k.Alg(), msg, sig); err != nil {
			t.Errorf("%s: %v", k.Kind(), err)
		}
		sig[7] ^= 1
		if err := p.Verify(k.Alg(), msg, sig); reason.CodeOf(err, "") != reason.SInvalid {
			t.Errorf("%s: a changed signature: %v", k.Kind(), err)
		}
	}
	// y = 2 is that of no point.
	k, err := fromEd25519(append([]byte{2}, make([]byte, 31)...))
	if err != nil || k.Prepared() != k || k.Verify(EdDSA, msg, make([]byte, 64)) == nil {
		t.Errorf("a key that is no point: %v", err)
	}
}
