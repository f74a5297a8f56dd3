// Package bbs verifies BBS proofs: that whoever shows some of a list of
// messages holds an issuer's signature over all of them.
//
// It knows the ciphersuite BLS12-381-SHA-256, which bbs-2023 uses, and
// verifies proofs only: nothing here signs or derives.
//
// Source: draft-irtf-cfrg-bbs-signatures.
package bbs

import (
	"crypto/sha256"
	"encoding/binary"

	bls "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"

	"badgekiosk/verify/reason"
)

// MaxMessages is the most messages that one signature may be over: ten times
// what a usual badge says. Each takes a generator, which is made once: 3 kB,
// and the time of an Ed25519 check.
const MaxMessages = 400

// apiID is the name of the ciphersuite's interface, which every hash holds.
const apiID = "BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_"

// Lengths in bytes.
const (
	pointSize  = bls.SizeOfG1AffineCompressed
	scalarSize = fr.Bytes
	// minProof is the length of a proof with every message shown: three
	// points, three scalars and the challenge.
	minProof = 3*pointSize + 4*scalarSize
)

// lines are a point of the second group as the pairing takes it.
type lines = [2][len(bls.LoopCounter) - 1]bls.LineEvaluationAff

// A PublicKey is an issuer's key, ready for pairings. It never changes and
// may be used by many goroutines at once.
type PublicKey struct {
	bytes []byte
	pair  [2]lines // of the key and of the group's generator, negated
}

// NewPublicKey reads a compressed point of the second group, as multikey has
// it. A point off the curve, outside the group or at infinity is S-MALFORMED.
// It takes about as long as a verification.
func NewPublicKey(compressed []byte) (*PublicKey, error) {
	var w bls.G2Affine
	n, err := w.SetBytes(compressed) // checks curve and group
	if err != nil || n != len(compressed) || n != bls.SizeOfG2AffineCompressed || w.IsInfinity() {
		return nil, reason.Errorf(reason.SMalformed, "bbs: %d bytes are no public key", len(compressed))
	}
	_, _, _, g2 := bls.Generators()
	g2.Neg(&g2)
	return &PublicKey{append([]byte(nil), compressed...), [2]lines{bls.PrecomputeLines(w), bls.PrecomputeLines(g2)}}, nil
}

// A proof is what a holder shows in the place of a signature.
type proof struct {
	a, b, d   bls.G1Affine // Abar, Bbar, D
	e, r1, r3 fr.Element   // ê, r̂1, r̂3
	hidden    []fr.Element // m̂, one for each message that is not shown
	challenge fr.Element
}

// parse reads a proof. Points must be in the group and not at infinity,
// scalars not zero and canonically written.
func (p *proof) parse(in []byte) bool {
	if len(in) < minProof || (len(in)-minProof)%scalarSize != 0 || (len(in)-minProof)/scalarSize > MaxMessages {
		return false
	}
	for _, point := range []*bls.G1Affine{&p.a, &p.b, &p.d} {
		const compressed = 0x80
		if in[0]&compressed == 0 {
			return false
		}
		if _, err := point.SetBytes(in[:pointSize]); err != nil || point.IsInfinity() {
			return false
		}
		in = in[pointSize:]
	}
	p.hidden = make([]fr.Element, (len(in)-4*scalarSize)/scalarSize)
	scalars := []*fr.Element{&p.e, &p.r1, &p.r3}
	for i := range p.hidden {
		scalars = append(scalars, &p.hidden[i])
	}
	for _, s := range append(scalars, &p.challenge) {
		if err := s.SetBytesCanonical(in[:scalarSize]); err != nil || s.IsZero() {
			return false
		}
		in = in[scalarSize:]
	}
	return true
}

// Verify checks a proof that messages stand at indexes of a list which k
// signed under header, made for presentation. Indexes count from 0 and rise.
//
// The error is S-INVALID if anything does not fit, Q-TOOBIG over
// [MaxMessages].
//
// Source: draft-irtf-cfrg-bbs-signatures, sections 3.5.4 and 3.7.3.
func (k *PublicKey) Verify(raw, header, presentation []byte, indexes []int, messages [][]byte) error {
	var p proof
	if !p.parse(raw) || len(indexes) != len(messages) {
		return invalid()
	}
	n := len(p.hidden) + len(messages)
	if n > MaxMessages {
		return reason.Errorf(reason.QTooBig, "bbs: %d messages, at most %d are read", n, MaxMessages)
	}
	shown := make([]fr.Element, len(messages))
	for i, m := range messages {
		shown[i] = hashToScalar(m, apiID+"MAP_MSG_TO_SCALAR_AS_HASH_")
	}
	domain := k.domain(n, header)
	scalars, ok := p.scalars(n, indexes, shown, &domain)
	if !ok {
		return invalid()
	}
	t1, t2 := p.commitments(scalars)
	if c := p.challengeOf(indexes, shown, &t1, &t2, &domain, presentation); !c.Equal(&p.challenge) {
		return invalid()
	}
	pair := k.pair // the pairing overwrites its argument
	if ok, err := bls.PairingCheckFixedQ([]bls.G1Affine{p.a, p.b}, pair[:]); err != nil || !ok {
		return invalid()
	}
	return nil
}

func invalid() error { return reason.Errorf(reason.SInvalid, "bbs: the proof does not verify") }

// scalars are what the fixed points are multiplied with in T2, in their
// order: the base point, the first generator, one for each message.
func (p *proof) scalars(n int, indexes []int, shown []fr.Element, domain *fr.Element) ([]fr.Element, bool) {
	out := make([]fr.Element, 2+n)
	out[0] = p.challenge
	out[1].Mul(&p.challenge, domain)
	hidden := p.hidden
	next := 0
	for i := range n {
		if next < len(indexes) && indexes[next] == i {
			out[2+i].Mul(&p.challenge, &shown[next])
			next++
		} else if len(hidden) > 0 {
			out[2+i], hidden = hidden[0], hidden[1:]
		}
	}
	return out, next == len(indexes) // else they do not rise, or lie outside
}

// commitments are T1 and T2, which the holder committed to.
func (p *proof) commitments(fixed []fr.Element) (t1, t2 bls.G1Affine) {
	sum := multiply([]*bls.G1Affine{&p.b, &p.a, &p.d}, []*fr.Element{&p.challenge, &p.e, &p.r1})
	t1.FromJacobian(&sum)
	sum = multiplyFixed(fixed)
	d := multiply([]*bls.G1Affine{&p.d}, []*fr.Element{&p.r3})
	sum.AddAssign(&d)
	t2.FromJacobian(&sum)
	return t1, t2
}

// domain binds the key, the generators and the header.
func (k *PublicKey) domain(n int, header []byte) fr.Element {
	in := append([]byte(nil), k.bytes...)
	in = binary.BigEndian.AppendUint64(in, uint64(n))
	in = appendGenerators(in, n+1)
	in = append(in, apiID...)
	in = binary.BigEndian.AppendUint64(in, uint64(len(header)))
	return hashToScalar(append(in, header...), apiID+"H2S_")
}

func (p *proof) challengeOf(indexes []int, shown []fr.Element, t1, t2 *bls.G1Affine, domain *fr.Element, presentation []byte) fr.Element {
	in := binary.BigEndian.AppendUint64(nil, uint64(len(indexes)))
	for k, i := range indexes {
		in = binary.BigEndian.AppendUint64(in, uint64(i))
		in = appendScalar(in, &shown[k])
	}
	for _, point := range []*bls.G1Affine{&p.a, &p.b, &p.d, t1, t2} {
		b := point.Bytes()
		in = append(in, b[:]...)
	}
	in = appendScalar(in, domain)
	in = binary.BigEndian.AppendUint64(in, uint64(len(presentation)))
	return hashToScalar(append(in, presentation...), apiID+"H2S_")
}

func appendScalar(dst []byte, s *fr.Element) []byte {
	b := s.Bytes()
	return append(dst, b[:]...)
}

// expandLen is how many bytes are expanded for a scalar or a seed: enough
// that the remainder has no bias.
const expandLen = 48

func hashToScalar(msg []byte, dst string) (s fr.Element) {
	b := expand(msg, dst)
	s.SetBytes(b[:])
	return s
}

// expand is expand_message_xmd with SHA-256 to 48 bytes (RFC 9380, section
// 5.3.1), which takes two blocks.
func expand(msg []byte, dst string) (out [expandLen]byte) {
	prime := append([]byte(dst), byte(len(dst)))
	h := sha256.New()
	h.Write(make([]byte, sha256.BlockSize))
	h.Write(msg)
	h.Write([]byte{0, expandLen, 0})
	h.Write(prime)
	b0 := h.Sum(nil)
	h.Reset()
	h.Write(b0)
	h.Write([]byte{1})
	h.Write(prime)
	b1 := h.Sum(nil)
	for i := range b0 {
		b0[i] ^= b1[i]
	}
	h.Reset()
	h.Write(b0)
	h.Write([]byte{2})
	h.Write(prime)
	copy(out[copy(out[:], b1):], h.Sum(nil))
	return out
}
