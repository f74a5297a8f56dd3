package proof

import (
	"bytes"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// plain holds that a document whose proof signs RDF is written in the plain
// way, with the terms of its contexts.
//
// The same quads can be written in many ways, and the proof verifies for all
// of them: a validUntil under its full IRI, an id under the alias "uid", a
// status moved into another object of the same id. Whoever reads the JSON
// would not find it there. Issuers do not write that way, so it is
// S-UNSUPPORTED: a forger could hide what he does not want to be read.
//
// Source: VCDM 2.0, section 4 (conforming documents are in compacted form).
func plain(doc ijson.Value) error {
	root := doc.Get("id").Bytes()
	for m := doc.First(); m.Exists(); m = m.Next() {
		switch name := m.Name(); {
		case string(name) == "proof" || string(name) == "@context":
		case single[string(name)] && m.Kind() != ijson.String:
			return unsupported("%s is %s, not a string", name, m.Kind())
		default:
			if err := plainMember(m, root); err != nil {
				return err
			}
		}
	}
	return nil
}

// single are the members of a credential that hold one text and decide
// whether it is good.
var single = map[string]bool{
	"id": true, "validFrom": true, "validUntil": true, "issuanceDate": true, "expirationDate": true,
	"created": true, "expires": true,
}

// deciding are the members that must stand in the credential itself.
var deciding = map[string]bool{
	"validFrom": true, "validUntil": true, "issuanceDate": true, "expirationDate": true, "issuer": true,
	"credentialStatus": true, "credentialSchema": true, "credentialSubject": true, "termsOfUse": true, "evidence": true,
}

// otherNames are terms that mean the same as the plain one: classes of Open
// Badges that have the IRI of a property, and an alias for id.
var otherNames = map[string]bool{
	"Achievement": true, "Address": true, "Criteria": true, "GeoCoordinates": true, "Image": true, "Profile": true, "uid": true,
}

func plainMember(m ijson.Value, root []byte) error {
	name := m.Name()
	if bytes.IndexByte(name, ':') >= 0 || bytes.HasPrefix(name, []byte("@")) || otherNames[string(name)] {
		return unsupported("%.80q is not the plain name of what it says", name)
	}
	return plainValue(m, root)
}

func plainValue(v ijson.Value, root []byte) error {
	switch v.Kind() {
	case ijson.Array:
		for item := v.First(); item.Exists(); item = item.Next() {
			if item.Kind() == ijson.Array {
				return unsupported("an array in an array")
			}
			if err := plainValue(item, root); err != nil {
				return err
			}
		}
	case ijson.Object:
		return plainObject(v, root)
	}
	return nil
}

func plainObject(v ijson.Value, root []byte) error {
	if v.Get("@value").Exists() {
		return plainText(v)
	}
	same := len(root) > 0 && bytes.Equal(v.Get("id").Bytes(), root)
	for m := v.First(); m.Exists(); m = m.Next() {
		if string(m.Name()) == "@context" {
			continue
		}
		if same && deciding[string(m.Name())] {
			return unsupported("%s of the credential stands in another object", m.Name())
		}
		if err := plainMember(m, root); err != nil {
			return err
		}
	}
	return nil
}

// plainText takes a text with its language or direction, and no other value
// that is written as an object.
func plainText(v ijson.Value) error {
	for m := v.First(); m.Exists(); m = m.Next() {
		if !strings.Contains(" @value @language @direction ", " "+string(m.Name())+" ") || m.Kind() != ijson.String {
			return unsupported("a value with %.80q", m.Name())
		}
	}
	return nil
}

// plainProof holds the same of document and proof, and refuses a context of
// the proof that is not the document's: the proof is read in that of the
// document, and its own would not be covered.
func plainProof(doc ijson.Value, p *Proof) error {
	if err := plain(doc); err != nil {
		return err
	}
	if err := plain(p.Value); err != nil {
		return err
	}
	if own := p.Value.Get("@context"); own.Exists() && !equal(own, doc.Get("@context")) {
		return reason.Errorf(reason.SUncovered, "proof: its own @context is not signed")
	}
	return nil
}
