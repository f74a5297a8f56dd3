package verify

import "badgekiosk/verify/wire"

// Memory is what the verifier keeps for the next payload, nil if nothing.
func (v *Verifier) Memory() any { return v.memories.Get() }

// Judge judges what was opened already.
func (v *Verifier) Judge(doc wire.Document, ask Ask) Report {
	c := v.court(len(doc.Data), ask)
	defer v.giveBack(c.memory)
	return c.sum(c.document(doc, 0), doc.Notes)
}
