package verify

import (
	"time"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// ConsentType is the type of a credential by which a guardian lets kiosks
// show more of one badge:
//
//	"credentialSubject": {
//	  "badge": NAME,                    // of the badge, as ConsentName tells it
//	  "audience": ["employer"],         // who may see it
//	  "show": ["name", "evidence"]      // what, by the words of fieldWords
//	}
//
// It is signed by the badge's own issuer, or by an issuer that is the
// member's own who lists that one, and can be withdrawn and expire like any
// badge.
const ConsentType = "BadgeSharingConsent"

// A field is a set of facts of a badge that not every audience may see.
type field uint8

const (
	showName field = 1 << iota
	showIdentifier
	showResult
	showNarrative
	showEvidence
	showDates
	ofHolder  = showName | showIdentifier | showResult | showNarrative | showEvidence
	allFields = ofHolder | showDates
)

// fieldWords are the fields as consents and policies name them. A policy's
// "achievement" is what everybody sees.
var fieldWords = map[string]field{"name": showName, "identifier": showIdentifier, "result": showResult,
	"narrative": showNarrative, "evidence": showEvidence, "dates": showDates}

func fieldsOf(words []string) (f field) {
	for _, w := range words {
		f |= fieldWords[w]
	}
	return f
}

// ConsentFields are the words that a consent's "show" may hold.
func ConsentFields() []string {
	return []string{"name", "identifier", "result", "narrative", "evidence"}
}

// ceiling is what an audience may ever see, by the signed policy, whoever
// consents. The public never sees who holds a badge.
func (j *judgement) ceiling() field {
	f := allFields
	if words, ok := j.set.Policy.Audiences[j.ask.Audience.String()]; ok {
		f = fieldsOf(words)
	}
	if j.ask.Audience == Public {
		f &= showDates
	}
	return f
}

// reveal puts into b what the audience may see of its holder, and takes away
// what it may not: the office sees all, others what a guardian consents to,
// and nobody more than the signed policy allows. of reads who that is, and how
// many pieces of evidence there are; for the public nobody reads it.
func (j *judgement) reveal(b *Badge, c *credential, of func() (Holder, int)) {
	ceiling, allowed := j.ceiling(), showDates
	if j.ask.Audience == Public {
		b.show(allowed&ceiling, Holder{}, 0)
		return
	}
	h, evidence := of()
	have := held(h, evidence)
	if j.ask.Audience == Office {
		allowed = allFields
	} else if have != 0 {
		given, code := j.consent(c)
		allowed |= given
		// Most badges name their holder by an identifier that tells nobody
		// anything: that it is not shown need not be said.
		if hidden := have &^ given &^ showIdentifier; code == "" && hidden != 0 {
			code = reason.CNone
		} else if code == reason.CNone && hidden == 0 {
			code = ""
		}
		j.add(code)
	}
	if have&allowed&^ceiling != 0 {
		j.add(reason.CCeiling)
	}
	b.show(allowed&ceiling, h, evidence)
}

// held are the fields that are not empty.
func held(h Holder, evidence int) (f field) {
	for of, text := range map[field]string{showName: h.Name, showIdentifier: h.Identifier, showResult: h.Result, showNarrative: h.Narrative} {
		if text != "" {
			f |= of
		}
	}
	if evidence > 0 {
		f |= showEvidence
	}
	return f
}

func (b *Badge) show(f field, h Holder, evidence int) {
	if f&showName != 0 {
		b.Holder.Name = h.Name
	}
	if f&showIdentifier != 0 {
		b.Holder.Identifier = h.Identifier
	}
	if f&showResult != 0 {
		b.Holder.Result = h.Result
	}
	if f&showNarrative != 0 {
		b.Holder.Narrative = h.Narrative
	}
	if f&showEvidence != 0 {
		b.Evidence = evidence
	}
	if f&showDates == 0 {
		b.Issued, b.From, b.Until = time.Time{}, time.Time{}, time.Time{}
	}
}

// consent is what a guardian lets this audience see of the badge, or why
// nothing: C-NONE, C-WITHDRAWN, C-OLD, C-MISMATCH.
func (j *judgement) consent(c *credential) (given field, why reason.Code) {
	if j.listing == nil || j.Axes.Signature.State != Pass || j.Axes.Issuer.State != Pass {
		return 0, reason.CNone
	}
	for _, l := range c.locks {
		if signed := j.set.Consent(j.listing.Member, l.signature); signed != nil {
			return j.consented(signed, l.signature)
		}
	}
	return 0, reason.CNone
}

// consented judges a consent as the credential that it is.
func (j *judgement) consented(signed, badge []byte) (given field, why reason.Code) {
	c, err := j.readConsent(signed)
	if err != nil || !names(c, badge) {
		return 0, reason.CMismatch
	}
	c.finish()
	of := &judgement{court: j.court}
	o := of.signature(c)
	of.issuerAxis(c, o)
	switch {
	case of.Has(reason.KOld):
		return 0, reason.COld
	case of.Axes.Signature.State != Pass || of.Axes.Issuer.State != Pass || !of.mayConsent(j):
		return 0, reason.CMismatch
	}
	of.statusAxis(c)
	of.timeAxis(c, o)
	switch {
	case of.Axes.Status.State == Fail:
		return 0, reason.CWithdrawn
	case of.Axes.Status.State != Pass || of.Axes.Time.State != Pass:
		return 0, reason.COld
	}
	subject := first(c.value.Get("credentialSubject"))
	if !has(subject.Get("audience"), j.ask.Audience.String()) {
		return 0, reason.CNone
	}
	for w := range some(subject.Get("show")) {
		given |= fieldWords[w.Str()] & ofHolder
	}
	return given, ""
}

func (j *judgement) readConsent(signed []byte) (*credential, error) {
	doc, err := wire.Open(signed)
	if err != nil {
		return nil, err
	}
	return j.readCredential(doc)
}

// names tells whether a credential is a consent, and for the badge with this
// signature.
func names(c *credential, badge []byte) bool {
	name, err := trust.ConsentName(badge)
	subject := first(c.value.Get("credentialSubject"))
	return err == nil && has(c.value.Get("type"), ConsentType) && subject.Get("badge").Str() == name
}

// mayConsent tells whether who signed a consent may speak for the badge: its
// own issuer, or one that is the listing member's own and no guest.
func (of *judgement) mayConsent(badge *judgement) bool {
	a, b := of.listing, badge.listing
	return a == b || a != nil && a.Member == b.Member && a.Guest == ""
}
