package verify

import (
	"slices"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire"
)

// document judges every credential that a document holds.
func (c *court) document(doc wire.Document, depth int) []Report {
	switch doc.Form {
	case wire.JWT:
		return c.token(doc.Data, depth)
	case wire.SDJWT:
		return c.selective(doc.Data, depth)
	case wire.COSE:
		cred, vc, err := c.readMessage(doc.Data)
		return c.tokened(cred, vc, err, depth)
	case wire.JSON:
		all := c.text(doc.Data, depth)
		if doc.Older != nil && !proven(all) {
			all = slices.Clone(all) // the next report takes its memory
			if older := c.text(doc.Older, depth); proven(older) {
				return older
			}
		}
		return all
	}
	return c.refuse(reason.Errorf(reason.SUnsupported, "a %s is not judged here", doc.Form))
}

// text judges the text of a JSON document.
func (c *court) text(data []byte, depth int) []Report {
	v, err := c.parse(data)
	if err != nil {
		return c.refuse(err)
	}
	return c.json(v, depth)
}

// proven tells whether a signature of any of them verified.
func proven(all []Report) bool {
	return slices.ContainsFunc(all, func(r Report) bool { return r.Axes.Signature.State == Pass })
}

// json judges a JSON document.
func (c *court) json(v ijson.Value, depth int) []Report {
	if depth > maxNested {
		return c.refuse(errDeep)
	}
	switch kindOf(v) {
	case aCredential:
		return c.credential(c.integrity(v), depth)
	case aPresentation:
		holder := c.integrityHolder(v)
		if err := c.wrapped(v); err != nil && len(holder.locks) == 0 {
			return c.refuse(err)
		}
		if err := structured(v); err != nil {
			return c.refuse(err)
		}
		return c.presentation(v, holder, depth)
	case enveloped:
		return c.envelope(v, depth)
	}
	if isAssertion(v) || isOldest(v) {
		return c.hostedAssertion(v, depth)
	}
	return c.refuse(errNotBadge)
}

var (
	errNotBadge = reason.Errorf(reason.QNotBadge, "a JSON document that is no credential")
	errList     = reason.Errorf(reason.QNotBadge, "a status list, which is nobody's badge")
)

// token judges a compact JWS.
func (c *court) token(compact []byte, depth int) []Report {
	t, err := c.memory.token(compact)
	if err == nil {
		err = c.unzipped(t)
	}
	if err != nil {
		return c.refuse(err)
	}
	claims, err := c.claims(t)
	if err != nil {
		return c.refuse(err)
	}
	if isAssertion(claims) {
		return c.signedAssertion(t, claims, depth)
	}
	cred, vc, err := c.fromToken(t)
	return c.tokened(cred, vc, err, depth)
}

// unzipped undoes the compression that a token's header names. The signature
// is over what was compressed.
//
// Source: SMART Health Cards Framework 1.4, "Health Cards are Small".
func (c *court) unzipped(t *jose.Token) (err error) {
	switch zip := t.Header.Get("zip"); {
	case !zip.Exists():
	case zip.Str() == "DEF":
		t.Payload, err = c.budget.inflate(t.Payload)
	default:
		err = reason.Errorf(reason.SUnsupported, "a token compressed as %.20s", zip.Raw())
	}
	return err
}

// tokened judges what a token or a COSE message carries.
func (c *court) tokened(cred *credential, vc *jose.VC, err error, depth int) []Report {
	if depth > maxNested {
		return c.refuse(errDeep)
	}
	switch {
	case err != nil:
		return c.refuse(err)
	case vc.Presentation:
		return c.presentation(vc.Value, cred, depth)
	case cred.vct, kindOf(vc.Value) == aCredential:
		return c.credential(cred, depth)
	}
	return c.refuse(errNotBadge)
}

// envelope judges what stands in the data: URL of an enveloped credential or
// presentation.
func (c *court) envelope(v ijson.Value, depth int) []Report {
	if err := c.unwrap(v); err != nil {
		return c.refuse(err)
	}
	doc, err := wire.Inside(v.Get("id").Bytes())
	if err != nil {
		return c.refuse(err)
	}
	return c.document(doc, depth+1)
}

// presentation judges each credential in a presentation. holder is what
// signed the presentation itself, without locks if nobody did.
func (c *court) presentation(v ijson.Value, holder *credential, depth int) []Report {
	left := c.left
	all := c.items(v, depth)
	if len(c.carried) > 0 && !c.stapled {
		c.left, c.stapled = left, true // the lists are known now
		all = c.items(v, depth)
	}
	if c.left < 0 {
		return c.refuse(errMany)
	}
	if len(all) == 0 {
		return c.refuse(reason.Errorf(reason.QNotBadge, "a presentation without a credential"))
	}
	f, who := c.presenter(holder)
	for i := range all {
		all[i].present(f, who)
	}
	return all
}

// items judges each credential of a presentation.
func (c *court) items(v ijson.Value, depth int) (all []Report) {
	for item := range v.Get("verifiableCredential").Each() {
		if all = append(all, c.item(item, depth+1)...); c.left < 0 {
			break
		}
	}
	return all
}

// isList tells whether a credential is a status list. It is nobody's badge and
// has no report; a holder may carry it along with one, so it is kept.
func (c *court) isList(cred *credential) bool {
	typ := cred.value.Get("type")
	if !has(typ, "BitstringStatusListCredential") && !has(typ, "StatusList2021Credential") {
		return false
	}
	if !c.stapled && len(cred.locks) > 0 {
		cred.finish()
		c.carried = append(c.carried, cred)
	}
	return true
}

// item judges one credential of a presentation: an object, or the text of a
// token as data model 1.1 had it. What is none counts as one: it has a report
// too.
func (c *court) item(v ijson.Value, depth int) []Report {
	left := c.left
	all := c.oneItem(v, depth)
	if c.left == left {
		c.left--
	}
	return all
}

func (c *court) oneItem(v ijson.Value, depth int) []Report {
	if v.Kind() == ijson.Object {
		return c.json(v, depth)
	}
	doc, err := wire.Inside(v.Bytes())
	if err != nil {
		return c.refuse(err)
	}
	return c.document(doc, depth)
}
