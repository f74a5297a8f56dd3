package verify

import (
	"time"

	"badgekiosk/verify/cose"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/key"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/reason"
)

// A credential is one badge as its issuer encoded it, with what secures it.
type credential struct {
	value  ijson.Value
	format string // as Report.Format
	issuer string // identifier
	id     string
	valid  span
	// made is when it was signed by its own account, zero if it does not say.
	made  time.Time
	locks []lock
	first [1]lock     // room for the usual one
	proof [1]embedded // and for its proof
	vct   bool        // an SD-JWT VC, whose claims are not those of the data model
	// claims are those of a token around the credential, absent without one.
	claims ijson.Value
	// assertion is what Open Badges 2.0 has in addition, nil for others.
	*assertion
	// fault is what is wrong with it whoever signed it, nil if nothing.
	fault error
}

// A lock is one signature over a credential: a token's, or one proof.
type lock struct {
	format  string
	method  string     // the key it names: a kid or a verificationMethod; may be empty
	carried []*key.Key // keys that came with it: they say which, never whose
	made    time.Time
	valid   span      // of the signature itself: a token's nbf and exp
	expires time.Time // of a proof: past it, it proves nothing
	// nonce and audience are the question that the signature answers.
	nonce    string
	audience []string
	fault    error
	scope    proof.Scope
	// signature is as it stands in the document, for what is kept under it.
	signature []byte
	signed    interface{ Verify(*key.Key) error }
}

// A kind is what a JSON document is.
type kind int

const (
	notCredential kind = iota
	aCredential
	aPresentation
	enveloped
)

var kinds = map[string]kind{
	"VerifiableCredential":            aCredential,
	"VerifiablePresentation":          aPresentation,
	"EnvelopedVerifiableCredential":   enveloped,
	"EnvelopedVerifiablePresentation": enveloped,
}

// kindOf tells by its types what a document is.
func kindOf(v ijson.Value) kind {
	for t := range v.Get("type").Each() {
		if k := kinds[t.Str()]; k != notCredential {
			return k
		}
	}
	return notCredential
}

// idOf is the identifier of something that is named by a string, or by an
// object with an id.
func idOf(v ijson.Value) string {
	if v.Kind() == ijson.Object {
		v = v.Get("id")
	}
	return v.Str()
}

// has tells whether "one or many" holds the text want.
func has(v ijson.Value, want string) bool {
	for t := range some(v) {
		if string(t.Bytes()) == want {
			return true
		}
	}
	return false
}

// fromToken reads a credential or presentation secured as a compact JWS.
func (m *memory) fromToken(t *jose.Token) (*credential, *jose.VC, error) {
	vc, err := t.VC()
	if vc == nil {
		return nil, nil, err
	}
	return m.behind(lock{method: t.Kid, signed: t, signature: t.Signature()}, vc, err, t.JWK, t.X5C), vc, nil
}

// readMessage reads a credential or presentation secured as a COSE_Sign1.
func (m *memory) readMessage(data []byte) (*credential, *jose.VC, error) {
	s, err := cose.Parse(data)
	if err != nil {
		return nil, nil, err
	}
	return m.fromMessage(s)
}

func (m *memory) fromMessage(s *cose.Message) (*credential, *jose.VC, error) {
	vc, err := s.VC()
	if vc == nil {
		return nil, nil, err
	}
	return m.behind(lock{method: s.Kid, signed: s, signature: s.Signature()}, vc, err, s.X5C), vc, nil
}

// behind is what a token carries, behind the one lock that it is. fault is
// what its claims contradict; keys came with it.
func (m *memory) behind(l lock, vc *jose.VC, fault error, keys ...*key.Key) *credential {
	l.format, l.made, l.valid = vc.Format, vc.Issued, span{vc.NotBefore, vc.Expires}
	l.nonce, l.audience, l.scope = vc.Nonce, vc.Audience, proof.Ordered
	for _, k := range keys {
		if k != nil {
			l.carried = append(l.carried, k)
		}
	}
	c := m.newCredential()
	c.value, c.format, c.issuer, c.id, c.fault = vc.Value, vc.Format, vc.Issuer, vc.ID, fault
	c.claims = vc.Claims
	c.locks = append(c.first[:0], l)
	return c
}

// finish reads what every form of credential says in the same way.
func (c *credential) finish() {
	if c.assertion != nil {
		return
	}
	var err error
	if kindOf(c.value) == aCredential {
		err = structured(c.value)
	}
	if err != nil && c.fault == nil {
		c.fault = err
	}
	if c.valid, err = lifetime(c.value); err != nil && c.fault == nil {
		c.fault = err
	}
	if c.issuer == "" && c.fault == nil && !c.vct {
		c.fault = reason.Errorf(reason.SMalformed, "the credential names no issuer")
	}
}

// maxNested is how often a document may hold another: a presentation, an
// enveloped credential in it, a transcript, its badges.
const maxNested = 5

var errDeep = reason.Errorf(reason.QTooBig, "documents nested deeper than %d", maxNested)
