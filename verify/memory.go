package verify

import (
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

// keepUpTo is the largest payload, in bytes, whose memory is kept for the
// next: what a code can hold, many times over. A hostile file's is let go.
const keepUpTo = 64 << 10

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
func (v *Verifier) giveBack(m *memory, payload []byte) {
	if len(payload) > keepUpTo {
		return
	}
	m.court, m.only = court{}, [1]Report{}
	clear(m.found[:cap(m.found)])
	for _, d := range m.docs[:m.usedDocs] {
		d.Forget()
	}
	for _, t := range m.tokens[:m.usedTokens] {
		t.Forget()
	}
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
