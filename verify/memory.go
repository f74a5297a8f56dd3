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
	proofs *proof.Checker
	docs   []*ijson.Doc
	tokens []*jose.Token

	usedDocs, usedTokens int
	budget               budget

	court court
	only  [1]Report
	found []candidate
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
	m.usedDocs, m.usedTokens, m.budget = 0, 0, budgetFor(wire.MaxFile)
	if m.set != v.Trust {
		m.set, m.proofs = v.Trust, nil
	}
	return m
}

// giveBack wipes it and keeps it for the next payload.
func (v *Verifier) giveBack(m *memory) {
	m.court, m.only = court{}, [1]Report{}
	clear(m.found[:cap(m.found)])
	for _, d := range m.docs[:m.usedDocs] {
		d.Forget()
	}
	for _, t := range m.tokens[:m.usedTokens] {
		t.Forget()
	}
	m.docs = slices.Delete(m.docs, min(len(m.docs), keepDocs), len(m.docs))
	m.tokens = slices.Delete(m.tokens, min(len(m.tokens), keepDocs), len(m.tokens))
	if m.proofs != nil {
		m.proofs.Forget()
	}
	v.memories.Put(m)
}

// parse reads one JSON document of its own.
func (m *memory) parse(data []byte) (ijson.Value, error) {
	if m.usedDocs == len(m.docs) {
		m.docs = append(m.docs, new(ijson.Doc))
	}
	m.usedDocs++
	return m.docs[m.usedDocs-1].Parse(data)
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

// checker is the memory for checking proofs.
func (c *court) checker() *proof.Checker {
	if c.proofs == nil {
		c.proofs = proof.NewChecker(c.set.Contexts())
	}
	if !c.budget.begun {
		c.budget.begun = true
		c.proofs.Begin(c.budget.size)
	}
	return c.proofs
}
