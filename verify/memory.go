package verify

import (
	"slices"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// memory is what judging one payload needs and the next can use again, so
// that a usual badge costs its signature and little else. Nothing of a badge
// is read from it after its report: what a report holds is copied.
type memory struct {
	set    *trust.Set // whose contexts the checker knows
	checks *proof.Checker
	docs   []*ijson.Doc
	tokens []*jose.Token

	usedDocs, usedTokens int
	budget               budget

	court court
	only  [1]Report
	found []candidate
	outer judgement // of the credential that is not inside another

	// Of the first credential; each further one takes memory of its own.
	usual  credential
	begun  bool
	proofs []proof.Proof
}

// keepDocs is how many documents, and tokens, leave their memory to the next
// payload, each bounded by itself: 8 MB at the very most, 0.1 after badges.
const keepDocs = 4

// borrow takes memory for one payload, of the largest size unless its own is
// said.
func (v *Verifier) borrow() *memory {
	m, _ := v.memories.Get().(*memory)
	if m == nil {
		m = &memory{}
	}
	m.usedDocs, m.usedTokens, m.budget, m.begun = 0, 0, budgetFor(wire.MaxFile), false
	if m.set != v.Trust {
		m.set, m.checks = v.Trust, nil
	}
	return m
}

// giveBack wipes it and keeps it for the next payload.
func (v *Verifier) giveBack(m *memory) {
	m.court, m.only, m.outer, m.usual = court{}, [1]Report{}, judgement{}, credential{}
	clear(m.found[:cap(m.found)])
	clear(m.proofs[:cap(m.proofs)])
	m.proofs = m.proofs[:0]
	for _, d := range m.docs[:m.usedDocs] {
		d.Forget()
	}
	for _, t := range m.tokens[:m.usedTokens] {
		t.Forget()
	}
	m.docs = slices.Delete(m.docs, min(len(m.docs), keepDocs), len(m.docs))
	m.tokens = slices.Delete(m.tokens, min(len(m.tokens), keepDocs), len(m.tokens))
	if m.checks != nil {
		m.checks.Forget()
	}
	v.memories.Put(m)
}

// parse reads one JSON document of its own.
func (m *memory) parse(data []byte) (ijson.Value, error) {
	if m.usedDocs == len(m.docs) {
		m.docs = append(m.docs, new(ijson.Doc))
	}
	m.usedDocs++
	d := m.docs[m.usedDocs-1]
	v, err := d.ParseWithin(data, m.budget.values)
	m.budget.values -= d.Values()
	return v, err
}

// token reads one compact JWS.
func (m *memory) token(compact []byte) (*jose.Token, error) {
	if m.usedTokens == len(m.tokens) {
		m.tokens = append(m.tokens, new(jose.Token))
	}
	m.usedTokens++
	t := m.tokens[m.usedTokens-1]
	return t, t.Parse(compact)
}

// claims are those of a token, as far as there is room for them.
func (m *memory) claims(t *jose.Token) (ijson.Value, error) {
	t.Most = max(1, m.budget.values)
	v, err := t.Claims()
	m.budget.values -= t.Values()
	return v, err
}

// newCredential is memory for one.
func (m *memory) newCredential() *credential {
	if m.begun {
		return new(credential)
	}
	m.begun = true
	return &m.usual
}

// listProofs reads the proofs of a document, those of the first in memory that
// is used again.
func (m *memory) listProofs(doc ijson.Value) (all []proof.Proof, err error) {
	if len(m.proofs) > 0 { // a further one
		return proof.List(doc)
	}
	if all, err = proof.ListIn(m.proofs, doc); len(all) > 0 {
		m.proofs = all
	}
	return all, err
}

// checker is the memory for checking proofs.
func (c *court) checker() *proof.Checker {
	if c.checks == nil {
		c.checks = proof.NewChecker(c.set.Contexts())
	}
	if !c.budget.begun {
		c.budget.begun = true
		c.checks.Begin(c.budget.size)
	}
	return c.checks
}
