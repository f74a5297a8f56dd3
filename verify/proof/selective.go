package proof

import (
	"bytes"
	"crypto/sha256"

	"github.com/fxamacker/cbor/v2"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// MaxStatements is the most quads of a selectively disclosed document. Each
// may take a signature of its own.
const MaxStatements = 1000

// header is what the value of a selective proof begins with: three bytes
// that are a CBOR tag and tell what follows.
type header [3]byte

// selective are the options for reading what follows.
var selective = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  4,
		MaxArrayElements: MaxStatements,
		MaxMapPairs:      MaxStatements,
	}.DecMode()
	if err != nil {
		panic(err) // the options above are wrong
	}
	return mode
}()

// selectiveValue decodes a proof value and reads what follows its header,
// which is one of a derived proof, into v. base are the headers of proofs
// between issuer and holder, which would let whoever reads them show more
// than was meant.
func (c *Checker) selectiveValue(p *Proof, v any, derived header, base ...header) error {
	text := p.Value.Get("proofValue").Bytes()
	if len(text) == 0 || text[0] != 'u' {
		return malformed("proofValue %.12q is not base64 with its prefix u", text)
	}
	var err error
	if c.sig, err = multibase.Decode(c.sig[:0], text); err != nil {
		return err
	}
	if len(c.sig) < len(derived) {
		return malformed("proofValue of %d bytes", len(c.sig))
	}
	found := header(c.sig)
	for _, h := range base {
		if found == h {
			return reason.Errorf(reason.SBase, "proof: made for the holder, who has to derive one to show")
		}
	}
	if found != derived {
		return unsupported("a proof of form %x", found[:])
	}
	if err := selective.Unmarshal(c.sig[len(derived):], v); err != nil {
		return malformed("proofValue: %w", err)
	}
	return nil
}

// divide puts the document's quads, with blank nodes named by label, into
// c.buf, and returns the digest of those at the indexes and the other lines,
// which are c.buf's own.
func (c *Checker) divide(r reading, label func([]byte, int) ([]byte, error), indexes []uint64) (mandatory [sha256.Size]byte, rest [][]byte, err error) {
	if err := r.proof.document.refuses(nil); err != nil {
		return mandatory, nil, err
	}
	if err := c.document(r, label); err != nil {
		return mandatory, nil, r.proof.document.refuses(err)
	}
	lines := bytes.SplitAfter(c.buf, []byte("\n"))
	lines = lines[:len(lines)-1] // the last is empty
	if len(lines) > MaxStatements {
		return mandatory, nil, reason.Errorf(reason.QTooBig, "proof: %d statements, at most %d are read", len(lines), MaxStatements)
	}
	in := make([]bool, len(lines))
	for _, i := range indexes {
		if i >= uint64(len(lines)) || in[i] {
			return mandatory, nil, reason.Errorf(reason.SInvalid, "proof: index %d of %d statements", i, len(lines))
		}
		in[i] = true
	}
	sum := sha256.New()
	for i, line := range lines {
		if in[i] {
			sum.Write(line)
		} else {
			rest = append(rest, line)
		}
	}
	return [sha256.Size]byte(sum.Sum(nil)), rest, nil
}

// The headers of ecdsa-sd-2023.
var (
	sdBase    = header{0xd9, 0x5d, 0x00}
	sdDerived = header{0xd9, 0x5d, 0x01}
)

// sdProof is a derived proof of ecdsa-sd-2023.
type sdProof struct {
	_          struct{} `cbor:",toarray"`
	Base       []byte   // the issuer's signature
	PublicKey  []byte   // that each statement which may be left out is signed with
	Signatures [][]byte
	Labels     map[uint64][]byte
	Mandatory  []uint64
}

// ecdsaSD verifies a proof derived from one of the suite ecdsa-sd-2023: the
// issuer's signature over the statements that must be shown and a key made
// for this badge, and that key's signatures over each other one.
//
// Source: W3C Data Integrity ECDSA Cryptosuites v1.0, sections 3.4.9, 3.5.7.
func (c *Checker) ecdsaSD(doc ijson.Value, p *Proof, k *key.Key) error {
	var v sdProof
	if err := c.selectiveValue(p, &v, sdDerived, sdBase); err != nil {
		return err
	}
	once, err := key.FromMultikey(v.PublicKey)
	if err != nil || once.Kind() != key.P256 {
		return malformed("the key of the statements is no P-256 key")
	}
	r := reading{doc: doc, proof: p, key: k, terms: termsFrom(doc, dataIntegrityV2, credentialsV2, dataIntegrityV1)}
	return c.read(r, func(c *Checker, r reading) error { return c.statements(r, &v, once) })
}

func (c *Checker) statements(r reading, v *sdProof, once *key.Key) error {
	signed, err := c.optionsSum(nil, r)
	if err != nil {
		return err
	}
	signed = append(signed, v.PublicKey...)
	mandatory, rest, err := c.divide(r, v.label, v.Mandatory)
	if err != nil {
		return err
	}
	if err := r.key.Verify(key.ES256, append(signed, mandatory[:]...), v.Base); err != nil {
		return err
	}
	if len(rest) != len(v.Signatures) {
		return reason.Errorf(reason.SUncovered, "proof: %d statements with %d signatures", len(rest), len(v.Signatures))
	}
	for i, line := range rest {
		if err := once.Verify(key.ES256, line, v.Signatures[i]); err != nil {
			return err
		}
	}
	return nil
}

// labelSize is the length of a blank node's name, a digest by the issuer's
// secret, before it is written in base64.
const labelSize = 32

// label names blank node n as the issuer did.
func (v *sdProof) label(dst []byte, n int) ([]byte, error) {
	name := v.Labels[uint64(n)]
	if len(name) != labelSize {
		return dst, reason.Errorf(reason.SInvalid, "proof: a name of %d bytes for blank node %d", len(name), n)
	}
	return append(append(dst, 'u'), multibase.EncodeBase64URL(name)...), nil
}
