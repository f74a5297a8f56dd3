// Package proof checks the Data Integrity proofs in a credential or
// presentation, and the signature suites that came before them.
//
// A proof covers what its cryptosuite turns into the bytes that are signed.
// Whatever in a document would be left out on the way is an error here, so a
// document that verifies says nothing that was not signed.
package proof

import (
	"slices"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/xsd"
)

// MaxProofs is the most proofs that one document may carry.
const MaxProofs = 10

// The purposes of a proof.
//
// Source: W3C Verifiable Credential Data Integrity 1.0, section 2.1.
const (
	AssertionMethod = "assertionMethod" // of a credential
	Authentication  = "authentication"  // of a presentation
)

// A Proof is what one proof says of itself. Its strings are what the
// document has; only [Checker.Verify] tells whether they were signed.
type Proof struct {
	Value       ijson.Value // the proof as it stands in the document
	ID          string
	Type        string // DataIntegrityProof, or the suite's own type
	Cryptosuite string // of a DataIntegrityProof
	Method      string // verificationMethod: which key; an id, also if it is written out
	Purpose     string
	Created     time.Time // zero if it does not say; it decides nothing
	Expires     time.Time // of the proof itself, zero if never
	Challenge   string
	Domain      []string
	Nonce       string
	Previous    []string // ids of the proofs that this one signs too

	fault    error
	options  memo
	document *memo // shared by all proofs of the document
	shared   memo  // that, in the first of them
}

// List returns the proofs of a document in their order, none if it has none.
// They belong together, and are for one goroutine at a time.
//
// The error is S-MALFORMED if "proof" is anything but one or more objects,
// and Q-TOOBIG over [MaxProofs]. What is wrong with a single proof is said
// by Verify, so that another one can still count.
func List(doc ijson.Value) ([]Proof, error) { return ListIn(nil, doc) }

// ListIn is List in the memory of all, which it overwrites.
func ListIn(all []Proof, doc ijson.Value) ([]Proof, error) {
	v, n := doc.Get("proof"), 1
	switch v.Kind() {
	case ijson.Absent, ijson.Null:
		return nil, nil
	case ijson.Array:
		n = v.Len()
	}
	if n > MaxProofs {
		return nil, reason.Errorf(reason.QTooBig, "%d proofs, at most %d are read", n, MaxProofs)
	}
	all = slices.Grow(all[:0], n)
	for item := range v.Each() {
		if item.Kind() != ijson.Object {
			return nil, malformed("a proof is %s, not an object", item.Kind())
		}
		all = append(all, Proof{Value: item})
		p := &all[len(all)-1]
		p.document = &all[0].shared
		p.read()
	}
	return all, nil
}

// read reads the members of p.Value.
func (p *Proof) read() {
	v := p.Value
	for _, m := range [...]struct {
		name  string
		field *string
	}{
		{"id", &p.ID}, {"type", &p.Type}, {"cryptosuite", &p.Cryptosuite}, {"proofPurpose", &p.Purpose},
		{"challenge", &p.Challenge}, {"nonce", &p.Nonce},
	} {
		*m.field = p.text(m.name, v.Get(m.name))
	}
	method := v.Get("verificationMethod")
	if method.Kind() == ijson.Object {
		method = method.Get("id")
	}
	p.Method = p.text("verificationMethod", method)
	p.Created, p.Expires = p.date("created"), p.date("expires")
	for d := range v.Get("domain").Each() {
		p.Domain = append(p.Domain, p.text("domain", d))
	}
	for id := range v.Get("previousProof").Each() {
		p.Previous = append(p.Previous, p.text("previousProof", id))
	}
	if p.fault == nil && (p.Type == "" || p.Method == "" || p.Purpose == "") {
		p.fault = malformed("a proof needs type, verificationMethod and proofPurpose")
	}
}

// text reads a member that is a string if it is there.
func (p *Proof) text(name string, v ijson.Value) string {
	if v.Exists() && v.Kind() != ijson.String && p.fault == nil {
		p.fault = malformed("%s is %s, not a string", name, v.Kind())
	}
	return v.Str()
}

func (p *Proof) date(name string) time.Time {
	v := p.Value.Get(name)
	if !v.Exists() {
		return time.Time{}
	}
	t, err := xsd.Time(p.text(name, v))
	if err != nil && p.fault == nil {
		p.fault = malformed("%s: %w", name, err)
	}
	return t
}

// Suite is the name of the cryptosuite: its own for a DataIntegrityProof,
// else the type of the proof. The old name eddsa-2022 is eddsa-rdfc-2022.
func (p *Proof) Suite() string {
	switch {
	case p.Type != "DataIntegrityProof":
		return p.Type
	case p.Cryptosuite == "eddsa-2022":
		return "eddsa-rdfc-2022"
	}
	return p.Cryptosuite
}

// Format is the proof's suite as a report names it: "di-eddsa-rdfc-2022".
func (p *Proof) Format() string {
	if name, ok := formats[p.Suite()]; ok {
		return name
	}
	return "di-" + p.Suite()
}

// formats are those of the suites that are judged here.
var formats = func() map[string]string {
	m := map[string]string{}
	for name := range suites {
		m[name] = "di-" + name
	}
	return m
}()

func malformed(format string, args ...any) error {
	return reason.Errorf(reason.SMalformed, "proof: "+format, args...)
}

func unsupported(format string, args ...any) error {
	return reason.Errorf(reason.SUnsupported, "proof: "+format, args...)
}
