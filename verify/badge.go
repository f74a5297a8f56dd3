package verify

import (
	"iter"
	"strings"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/xsd"
)

// maxItems is the most skills, or other repeated facts, that are passed on.
const maxItems = 32

// badge is what the credential says, as far as the audience may see it.
//
// scope is that of the signature that speaks for it.
func (j *judgement) badge(c *credential, scope proof.Scope) Badge {
	j.whom()
	if j.set.Lost() {
		j.add(reason.BPart)
	}
	switch {
	case c.assertion != nil:
		return j.assertionBadge(c)
	case c.vct:
		return j.claimsBadge(c)
	}
	subject := first(c.value.Get("credentialSubject"))
	achievement := first(subject.Get("achievement"))
	b := Badge{
		Name:        prose(achievement.Get("name")),
		Description: prose(achievement.Get("description")),
		Criteria:    prose(achievement.Get("criteria").Get("narrative")),
		Type:        typeOf(c.value),
		Class:       prose(achievement.Get("achievementType")),
		Level:       level(subject, achievement, scope),
		Issued:      firstTime(stamp(c.value, "awardedDate"), stamp(c.value, "issuanceDate"), stamp(c.value, "validFrom")),
		From:        c.valid.from,
		Until:       c.valid.until,
		IssuerID:    trust.Clean(c.issuer),
		PictureURI:  picture(achievement.Get("image")),
	}
	if b.Name == "" {
		b.Name = prose(c.value.Get("name"))
	}
	b.skills(achievement)
	if j.listing == nil {
		b.Claims = prose(c.value.Get("issuer").Get("name"))
	} else if j.Axes.Signature.State == Pass {
		if m := j.set.Manifest(j.listing.Member, achievement.Get("id").Str()); describes(m, c.value) {
			b.complete(m, j.ask.Lang)
		}
	}
	j.reveal(&b, c, func() (Holder, int) { return holder(subject), countOf(c.value.Get("evidence")) })
	return b
}

// whom says on whose word the issuer is known, and whom to ask.
func (j *judgement) whom() {
	i := j.listing
	if i == nil {
		return
	}
	w := Whom{Contact: i.Contact, Codes: i.Codes}
	if i.Guest != "" {
		w.ListedBy = i.Member.Name
	}
	j.Axes.Issuer.Whom = w
}

// complete fills from a manifest what the badge itself leaves out. A picture
// that the badge only has the address of cannot be looked at; the manifest's
// can.
func (b *Badge) complete(m *trust.Manifest, lang string) {
	if m == nil {
		return
	}
	for _, f := range []struct {
		field *string
		words trust.Words
	}{{&b.Name, m.Name}, {&b.Description, m.Description}, {&b.Criteria, m.Criteria}, {&b.Class, trust.Words{"": m.Class}}} {
		if *f.field == "" {
			*f.field = trust.Clean(f.words.In(lang))
		}
	}
	if b.Level == (Level{}) && m.Of > 0 {
		b.Level = Level{m.N, m.Of, trust.Clean(m.LevelName.In(lang))}
	}
	if len(b.Skills) == 0 {
		for _, s := range m.Skills[:min(len(m.Skills), maxItems)] {
			if name := trust.Clean(s.Name.In(lang)); name != "" {
				b.Skills = append(b.Skills, name)
			}
		}
	}
	if m.Picture != "" {
		b.PictureURI = m.Picture
	}
}

// skills takes the names of the alignments. Source: Open Badges 3.0, B.1.3.
func (b *Badge) skills(achievement ijson.Value) {
	for a := range some(achievement.Get("alignment")) {
		name := prose(a.Get("targetName"))
		if name == "" {
			continue
		}
		if len(b.Skills) == 0 {
			b.Framework = prose(a.Get("targetFramework"))
		}
		b.Skills = append(b.Skills, name)
	}
}

// typeOf is the most telling type of a credential: a badge's own, else the
// last that is not every credential's.
func typeOf(c ijson.Value) string {
	kind := ""
	for t := range c.Get("type").Each() {
		switch s := t.Str(); s {
		case "OpenBadgeCredential", "AchievementCredential", "ClrCredential", "EndorsementCredential":
			return s
		case "VerifiableCredential":
		default:
			kind = s
		}
	}
	return trust.Clean(kind)
}

// picture is the web address of an image, empty for one that is carried along
// and for what could pass for a picture of a manifest's.
func picture(image ijson.Value) string {
	uri := idOf(first(image))
	if host(uri) == "" {
		return ""
	}
	return trust.Clean(uri)
}

// holder is who the badge is about, before anybody is asked whether it may be
// shown.
//
// Source: Open Badges 3.0, B.1.18, IdentityObject.
func holder(subject ijson.Value) Holder {
	h := Holder{
		Name:      prose(subject.Get("name")),
		Narrative: prose(subject.Get("narrative")),
		Result:    prose(first(subject.Get("result")).Get("value")),
	}
	for id := range some(subject.Get("identifier")) {
		if id.Get("hashed").Kind() == ijson.True {
			continue
		}
		value := prose(id.Get("identityHash"))
		switch id.Get("identityType").Str() {
		case "name":
			h.Name = firstText(h.Name, value)
		default:
			h.Identifier = firstText(h.Identifier, value)
		}
	}
	h.Identifier = firstText(h.Identifier, trust.Clean(subject.Get("id").Str()))
	return h
}

// prose is a text fit for a screen: a string, or one of several languages,
// English first.
//
// Source: W3C VC Data Model v2.0, section 11.1, Language and Base Direction.
func prose(v ijson.Value) string {
	if v.Kind() == ijson.String {
		return trust.Clean(v.Str())
	}
	text := ""
	for item := range some(v) {
		s := item.Get("@value").Str()
		if item.Kind() == ijson.String {
			s = item.Str()
		}
		if text == "" || strings.HasPrefix(item.Get("@language").Str(), "en") {
			text = s
		}
	}
	return trust.Clean(text)
}

// first is the first of "one or many".
func first(v ijson.Value) ijson.Value {
	if v.Kind() == ijson.Array {
		return v.First()
	}
	return v
}

// some runs through the first of "one or many", at most maxItems of them.
func some(v ijson.Value) iter.Seq[ijson.Value] {
	return func(yield func(ijson.Value) bool) {
		n := 0
		for item := range v.Each() {
			if n++; n > maxItems || !yield(item) {
				return
			}
		}
	}
}

func countOf(v ijson.Value) (n int) {
	for range some(v) {
		n++
	}
	return n
}

func firstText(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// stamp is a date that only informs: one that cannot be read is none.
func stamp(v ijson.Value, name string) time.Time {
	d := v.Get(name)
	if !d.Exists() {
		return time.Time{}
	}
	t, _ := xsd.Time(d.Str())
	return t
}
