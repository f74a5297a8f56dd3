package proof

import (
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// single are the members of a document or proof that hold one text and
// decide whether it is good.
var single = map[string]bool{
	"id": true, "validFrom": true, "validUntil": true, "issuanceDate": true, "expirationDate": true,
	"created": true, "expires": true, "cryptosuite": true, "proofPurpose": true,
}

// plain holds that what is read as quads says in one way what decides over
// it. To RDF a list of one date is that date, and the proof verifies for
// both; whoever reads the JSON would find no date. Issuers write no such
// lists, so it is S-UNSUPPORTED. Other ways to hide what was signed from a
// reader are refused by package rdf.
//
// A context of the proof's own would not be covered: the proof is read in
// that of the document.
func plain(doc ijson.Value, p *Proof) error {
	for _, v := range [...]ijson.Value{doc, p.Value} {
		for m := v.First(); m.Exists(); m = m.Next() {
			if k := m.Kind(); single[string(m.Name())] && k != ijson.String && k != ijson.Null {
				return unsupported("%s is %s, not a string", m.Name(), k)
			}
		}
	}
	if own := p.Value.Get("@context"); own.Exists() && !equal(own, doc.Get("@context")) {
		return reason.Errorf(reason.SUncovered, "proof: its own @context is not signed")
	}
	return nil
}
