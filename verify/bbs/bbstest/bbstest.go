// Package bbstest signs and derives BBS proofs, for tests alone: it takes no
// care to keep a secret.
//
// It is written from the draft in the plainest way and shares nothing with
// package bbs, so that both cannot be wrong together.
package bbstest

import (
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"slices"

	bls "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
	"github.com/consensys/gnark-crypto/field/hash"
)

const apiID = "BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_"

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func expand(msg []byte, dst string) []byte {
	b, err := hash.ExpandMsgXmd(msg, []byte(apiID+dst), 48)
	must(err)
	return b
}

func toScalar(msg []byte, dst string) (s fr.Element) {
	s.SetBytes(expand(msg, dst))
	return s
}

func random() (s fr.Element) {
	_, err := s.SetRandom()
	must(err)
	return s
}

// points are the base point and n generators.
func points(n int) []bls.G1Affine {
	raw, err := hex.DecodeString("a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9")
	must(err)
	out := make([]bls.G1Affine, 1, n+1)
	_, err = out[0].SetBytes(raw)
	must(err)
	seed := expand([]byte(apiID+"MESSAGE_GENERATOR_SEED"), "SIG_GENERATOR_SEED_")
	for i := 1; i <= n; i++ {
		seed = expand(binary.BigEndian.AppendUint64(seed, uint64(i)), "SIG_GENERATOR_SEED_")
		p, err := bls.HashToG1(seed, []byte(apiID+"SIG_GENERATOR_DST_"))
		must(err)
		out = append(out, p)
	}
	return out
}

func times(p *bls.G1Affine, s *fr.Element) (out bls.G1Affine) {
	out.ScalarMultiplication(p, s.BigInt(new(big.Int)))
	return out
}

func sum(all ...bls.G1Affine) (out bls.G1Affine) {
	for i := range all {
		out.Add(&out, &all[i])
	}
	return out
}

// A Key is a secret key.
type Key struct{ secret fr.Element }

// NewKey makes the key of a name.
func NewKey(name string) Key { return Key{toScalar([]byte(name), "TEST_KEY_")} }

// Public is the compressed public key.
func (k Key) Public() []byte {
	_, _, _, g2 := bls.Generators()
	var w bls.G2Affine
	w.ScalarMultiplication(&g2, k.secret.BigInt(new(big.Int)))
	b := w.Bytes()
	return b[:]
}

// Prove signs messages under header, and derives a proof that shows those at
// indexes, for presentation.
//
// Source: draft-irtf-cfrg-bbs-signatures, sections 3.6.1 and 3.7.1 to 3.7.2.
func (k Key) Prove(header, presentation []byte, messages [][]byte, indexes []int) []byte {
	gens := points(1 + len(messages))
	in := binary.BigEndian.AppendUint64(k.Public(), uint64(len(messages)))
	for _, p := range gens[1:] {
		b := p.Bytes()
		in = append(in, b[:]...)
	}
	in = append(in, apiID...)
	in = binary.BigEndian.AppendUint64(in, uint64(len(header)))
	domain := toScalar(append(in, header...), "H2S_")

	base := sum(gens[0], times(&gens[1], &domain))
	scalars := make([]fr.Element, len(messages))
	for i, m := range messages {
		scalars[i] = toScalar(m, "MAP_MSG_TO_SCALAR_AS_HASH_")
		base = sum(base, times(&gens[2+i], &scalars[i]))
	}
	e := random()
	var inverse fr.Element
	inverse.Add(&k.secret, &e).Inverse(&inverse)
	signature := times(&base, &inverse)

	r1, r2, e2, r12, r32 := random(), random(), random(), random(), random()
	var both, negative fr.Element
	both.Mul(&r1, &r2)
	d, a := times(&base, &r2), times(&signature, &both)
	negative.Neg(&e)
	b := sum(times(&d, &r1), times(&a, &negative))
	t1 := sum(times(&a, &e2), times(&d, &r12))
	t2 := times(&d, &r32)
	var blinds []fr.Element
	for i := range messages {
		if !slices.Contains(indexes, i) {
			blinds = append(blinds, random())
			t2 = sum(t2, times(&gens[2+i], &blinds[len(blinds)-1]))
		}
	}

	in = binary.BigEndian.AppendUint64(nil, uint64(len(indexes)))
	for _, i := range indexes {
		in = binary.BigEndian.AppendUint64(in, uint64(i))
		s := scalars[i].Bytes()
		in = append(in, s[:]...)
	}
	for _, p := range []bls.G1Affine{a, b, d, t1, t2} {
		c := p.Bytes()
		in = append(in, c[:]...)
	}
	s := domain.Bytes()
	in = binary.BigEndian.AppendUint64(append(in, s[:]...), uint64(len(presentation)))
	c := toScalar(append(in, presentation...), "H2S_")

	var r3 fr.Element
	r3.Inverse(&r2)
	out := []fr.Element{plus(&e2, &e, &c), minus(&r12, &r1, &c), minus(&r32, &r3, &c)}
	for i := range messages {
		if !slices.Contains(indexes, i) {
			out = append(out, plus(&blinds[0], &scalars[i], &c))
			blinds = blinds[1:]
		}
	}
	var proof []byte
	for _, p := range []bls.G1Affine{a, b, d} {
		c := p.Bytes()
		proof = append(proof, c[:]...)
	}
	for _, s := range append(out, c) {
		b := s.Bytes()
		proof = append(proof, b[:]...)
	}
	return proof
}

// plus is x + y*c.
func plus(x, y, c *fr.Element) (z fr.Element) { z.Mul(y, c).Add(&z, x); return z }

// minus is x - y*c.
func minus(x, y, c *fr.Element) (z fr.Element) { z.Mul(y, c).Sub(x, &z); return z }
