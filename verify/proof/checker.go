package proof

import (
	"slices"

	"badgekiosk/verify/bbs"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// A Checker verifies one proof after another and keeps the memory it needs
// for that. It is for one goroutine at a time.
type Checker struct {
	contexts *rdf.Contexts
	rdf      *rdf.Canonicalizer
	buf      []byte
	sig      []byte
	bbs      map[string]*bbs.PublicKey // by the key's bytes

	vocabulary ijson.Value // see security
}

// NewChecker returns a Checker that knows the JSON-LD contexts of c.
func NewChecker(c *rdf.Contexts) *Checker {
	return &Checker{contexts: c, rdf: rdf.NewCanonicalizer(c)}
}

// Begin tells that what is verified until the next Begin is all of one payload
// of size bytes: together, it may cost what such a payload may.
func (c *Checker) Begin(size int) { c.rdf.Begin(size) }

// Forget wipes what is left of the documents verified so far.
func (c *Checker) Forget() {
	c.rdf.Forget()
	clear(c.buf[:cap(c.buf)])
	clear(c.sig[:cap(c.sig)])
	if cap(c.buf) > maxKept {
		c.buf = nil
	}
}

// Verify checks proof p of doc, one of [List], under the key k, which must
// be the one that p.Method names: whose it is, and whether it may be used for
// that purpose, is the caller's to know. So are p.Expires, p.Challenge and
// p.Domain: they are signed, but what they should be is not known here.
//
// If p names previous proofs, they are signed along; that they verify too is
// told by verifying them.
//
// The error's code is S-INVALID if document or proof were changed, or the
// key is not the one that signed; S-UNCOVERED if the document holds
// something that the proof does not cover; S-PURPOSE if the proof was not
// made for a document of this kind; S-BASE for a proof that only a holder
// may see; S-EXTRA if it also signs what is not in the document;
// S-UNSUPPORTED for a suite that is not known here; S-CONTEXT, S-MALFORMED
// and Q-TOOBIG as in package rdf.
func (c *Checker) Verify(doc ijson.Value, p *Proof, k *key.Key) error {
	s, err := suiteFor(doc, p, k)
	if err != nil {
		return err
	}
	return s.verify(c, doc, p, k)
}

// maxKept is how many bytes of quads a Checker keeps room for when it forgets
// them: twice those of a record of 20 badges.
const maxKept = 512 << 10

// suiteFor is the suite of a proof that has what every proof needs.
func suiteFor(doc ijson.Value, p *Proof, k *key.Key) (s suite, err error) {
	if p.fault != nil {
		return s, p.fault
	}
	if want := purposeOf(doc); p.Purpose != want {
		return s, reason.Errorf(reason.SPurpose, "proof: made for %.40q, this document needs %s", p.Purpose, want)
	}
	s, ok := suites[p.Suite()]
	if !ok {
		return s, unsupported("cryptosuite %.60q", p.Suite())
	}
	if !slices.Contains(s.keys, k.Kind()) {
		if k.Kind() == key.Secp256k1 {
			return s, unsupported("signatures by a %s key", k.Kind())
		}
		return s, reason.Errorf(reason.SInvalid, "proof: suite %s with a %s key", p.Suite(), k.Kind())
	}
	return s, nil
}

// purposeOf is what a proof of doc has to be made for.
func purposeOf(doc ijson.Value) string {
	for t := range doc.Get("type").Each() {
		if string(t.Bytes()) == "VerifiablePresentation" {
			return Authentication
		}
	}
	return AssertionMethod
}

// A suite is one way to make a proof.
type suite struct {
	keys   []key.Kind // that it may be made with
	scope  Scope
	verify func(*Checker, ijson.Value, *Proof, *key.Key) error
}

// suites are those that are judged here, by [Proof.Suite].
var suites = map[string]suite{
	"eddsa-rdfc-2022":      {[]key.Kind{key.Ed25519}, Unordered, (*Checker).rdfc},
	"eddsa-jcs-2022":       {[]key.Kind{key.Ed25519}, Ordered, (*Checker).jcs},
	"ecdsa-rdfc-2019":      {[]key.Kind{key.P256, key.P384}, Unordered, (*Checker).rdfc},
	"ecdsa-jcs-2019":       {[]key.Kind{key.P256, key.P384}, Ordered, (*Checker).jcs},
	"ecdsa-sd-2023":        {[]key.Kind{key.P256}, Selected, (*Checker).ecdsaSD},
	"bbs-2023":             {[]key.Kind{key.BLS12381G2}, Selected, (*Checker).bbs2023},
	"ecdsa-xi-2023":        {[]key.Kind{key.P256, key.P384}, Unordered, (*Checker).ecdsaXI},
	"Ed25519Signature2018": {[]key.Kind{key.Ed25519}, Unordered, (*Checker).legacy},
	"RsaSignature2018":     {[]key.Kind{key.RSA}, Unordered, (*Checker).legacy},
	"JsonWebSignature2020": {[]key.Kind{key.Ed25519, key.P256, key.P384, key.P521, key.RSA}, Unordered, (*Checker).legacy},
	"Ed25519Signature2020": {[]key.Kind{key.Ed25519}, Unordered, (*Checker).ed25519Signature2020},
}

// A Scope is how much of an array a proof signs.
type Scope int

// The scopes.
const (
	Selected  Scope = iota // what its holder chose to show of it, in any order
	Unordered              // all that is in it, in any order: RDF has sets
	Ordered                // it, as it stands
)

// Scope is that of the proof's suite; Selected, the least, of one that is not
// judged here.
func (p *Proof) Scope() Scope { return suites[p.Suite()].scope }

// Supports tells that proofs of this suite can be judged here.
func Supports(suite string) bool { _, ok := suites[suite]; return ok }
