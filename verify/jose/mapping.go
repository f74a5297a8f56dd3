package jose

import (
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/xsd"
)

// identity compares the claims that say who and what the document is about
// with the document. In VC-JOSE the document is the claims themselves, and
// nbf and exp are about the signature, so that is all there is to compare.
func (vc *VC) identity(claims ijson.Value) error {
	vc.identify()
	if err := agree("iss", claims, vc.owner()); err != nil {
		return err
	}
	if err := agree("jti", claims, vc.Value.Get("id")); err != nil || vc.Presentation {
		return err
	}
	return agreeSubject(claims.Get("sub"), vc.Value.Get("credentialSubject"))
}

// mapJWT compares the claims with all the properties that they repeat, and
// fills in from them what VCDM 1.1 lets stand in the claims alone.
func (vc *VC) mapJWT(claims ijson.Value) error {
	if err := vc.identity(claims); err != nil {
		return err
	}
	if vc.Presentation {
		vc.fill(claims)
		return nil
	}
	if err := agreeDate("nbf", vc.NotBefore, vc.Value, "validFrom", "issuanceDate"); err != nil {
		return err
	}
	if err := agreeDate("exp", vc.Expires, vc.Value, "validUntil", "expirationDate"); err != nil {
		return err
	}
	vc.fill(claims)
	for _, name := range [...]string{"iss", "sub", "jti", "nbf"} {
		if !claims.Get(name).Exists() {
			vc.Absent = append(vc.Absent, name)
		}
	}
	return nil
}

// owner is who vouches for the document: a credential's issuer or a
// presentation's holder, either of which may be an object with an id.
func (vc *VC) owner() ijson.Value {
	name := "issuer"
	if vc.Presentation {
		name = "holder"
	}
	return idOf(vc.Value.Get(name))
}

func idOf(v ijson.Value) ijson.Value {
	if v.Kind() == ijson.Object {
		return v.Get("id")
	}
	return v
}

// identify reads who and what the document says itself.
func (vc *VC) identify() {
	vc.Issuer, vc.ID = vc.owner().Str(), vc.Value.Get("id").Str()
	for subject := range vc.Value.Get("credentialSubject").Each() {
		vc.Subject = idOf(subject).Str()
		break
	}
}

// fill takes from the claims what the document leaves out.
func (vc *VC) fill(claims ijson.Value) {
	for _, claim := range [...]struct {
		name  string
		field *string
	}{{"iss", &vc.Issuer}, {"jti", &vc.ID}, {"sub", &vc.Subject}} {
		if *claim.field == "" {
			*claim.field = claims.Get(claim.name).Str()
		}
	}
}

// agree compares a claim with the property that says the same, if both are
// there.
func agree(claim string, claims, property ijson.Value) error {
	v := claims.Get(claim)
	if !v.Exists() {
		return nil
	}
	if v.Kind() != ijson.String {
		return malformed("claim %s is %s, not a string", claim, v.Kind())
	}
	if property.Exists() && !same(property, v) {
		return contradicts(claim, v.Str(), property.Str())
	}
	return nil
}

// same tells that two values name the same, however they are spelled.
func same(a, b ijson.Value) bool {
	return string(a.Bytes()) == string(b.Bytes()) || key.Plain(a.Str()) == key.Plain(b.Str())
}

// agreeSubject wants sub to be the id of a subject, unless none has one.
func agreeSubject(sub, subjects ijson.Value) error {
	if !sub.Exists() {
		return nil
	}
	if sub.Kind() != ijson.String {
		return malformed("claim sub is %s, not a string", sub.Kind())
	}
	other := ""
	for subject := range subjects.Each() {
		switch id := idOf(subject); {
		case !id.Exists():
		case same(id, sub):
			return nil
		default:
			other = id.Str()
		}
	}
	if other != "" {
		return contradicts("sub", sub.Str(), other)
	}
	return nil
}

// agreeDate compares a claim with the properties that say the same: one of
// those that are there must. The claim has whole seconds, and issuers round a
// fraction either way.
func agreeDate(claim string, at time.Time, document ijson.Value, properties ...string) error {
	if at.IsZero() {
		return nil
	}
	other := ijson.Value{}
	for _, name := range properties {
		v := document.Get(name)
		if !v.Exists() || v.Kind() == ijson.Null {
			continue
		}
		want, err := xsd.Time(v.Str())
		if err != nil {
			return malformed("%s: %w", name, err)
		}
		if at.Sub(want).Abs() < time.Second {
			return nil
		}
		other = v
	}
	if other.Exists() {
		return contradicts(claim, at.Format(time.RFC3339), other.Str())
	}
	return nil
}

func contradicts(claim, value, property string) error {
	return reason.Errorf(reason.SInvalid, "claim %s is %.80q, the credential says %.80q", claim, value, property)
}
