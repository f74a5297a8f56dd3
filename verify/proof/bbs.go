package proof

import (
	"strconv"

	"badgekiosk/verify/bbs"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// The headers of bbs-2023: base proofs of each feature, and derived ones of
// the baseline. Holder binding (05), pseudonyms (07) and both (09) are
// S-UNSUPPORTED.
var (
	bbsBases   = []header{{0xd9, 0x5d, 0x02}, {0xd9, 0x5d, 0x04}, {0xd9, 0x5d, 0x06}, {0xd9, 0x5d, 0x08}}
	bbsDerived = header{0xd9, 0x5d, 0x03}
)

// bbsProof is a derived proof of bbs-2023.
type bbsProof struct {
	_            struct{} `cbor:",toarray"`
	Proof        []byte
	Labels       map[uint64]uint64
	Mandatory    []uint64
	Selective    []int // where the other statements stood among the issuer's
	Presentation []byte
}

// maxKeys is how many keys of BBS a Checker keeps ready: 50 kB each.
const maxKeys = 16

// bbs2023 verifies a proof derived from one of the suite bbs-2023, in its
// baseline: knowledge of the issuer's signature over the statements that
// must be shown, as its header, and the others, as its messages.
//
// Source: W3C Data Integrity BBS Cryptosuites v1.0, sections 3.3.6, 3.4.3.
func (c *Checker) bbs2023(doc ijson.Value, p *Proof, k *key.Key) error {
	var v bbsProof
	if err := c.selectiveValue(p, &v, bbsDerived, bbsBases...); err != nil {
		return err
	}
	public, err := c.bbsKey(k)
	if err != nil {
		return err
	}
	r := reading{doc: doc, proof: p, key: k, terms: termsFrom(doc, dataIntegrityV2, credentialsV2, dataIntegrityV1)}
	return c.read(r, func(c *Checker, r reading) error {
		header, err := c.optionsSum(nil, r)
		if err != nil {
			return err
		}
		mandatory, rest, err := c.divide(r, v.label, v.Mandatory)
		if err != nil {
			return err
		}
		return public.Verify(v.Proof, append(header, mandatory[:]...), v.Presentation, v.Selective, rest)
	})
}

// bbsKey makes a key ready for pairings, once.
func (c *Checker) bbsKey(k *key.Key) (*bbs.PublicKey, error) {
	if public := c.bbs[string(k.Bytes())]; public != nil {
		return public, nil
	}
	public, err := bbs.NewPublicKey(k.Bytes())
	if err != nil {
		return nil, err
	}
	if c.bbs == nil || len(c.bbs) >= maxKeys {
		c.bbs = map[string]*bbs.PublicKey{}
	}
	c.bbs[string(k.Bytes())] = public
	return public, nil
}

// label names blank node n as the issuer did: "b" and a number.
func (v *bbsProof) label(dst []byte, n int) ([]byte, error) {
	name, ok := v.Labels[uint64(n)]
	if !ok {
		return dst, reason.Errorf(reason.SInvalid, "proof: no name for blank node %d", n)
	}
	return strconv.AppendUint(append(dst, 'b'), name, 10), nil
}
