package issue

import (
	"errors"
	"path"
	"slices"
	"time"

	"badgekiosk/verify/trust"
)

// A Consent says what a guardian lets whom see of one badge.
type Consent struct {
	ID          string    // if empty, a random one: withdraw it by this
	Badge       []byte    // the badge's signature, as verify.Signature tells it
	Audience    []string  // employer, partner
	Show        []string  // name, identifier, result, narrative, evidence
	From, Until time.Time // From must be set
}

// consentSubject is what a consent says, in words that package verify reads.
type consentSubject struct {
	Badge    string   `json:"badge"`
	Audience []string `json:"audience"`
	Show     []string `json:"show"`
}

// SignConsent signs a consent, which goes into the bundle with
// [Trust.AddConsent]. Nothing in it tells whose it is.
func (i Issuer) SignConsent(c Consent) ([]byte, error) {
	if len(c.Audience) == 0 || len(c.Show) == 0 {
		return nil, errors.New("a consent names an audience, and what it may see")
	}
	if c.Until.IsZero() || !c.Until.After(c.From) {
		return nil, errors.New("a consent has an end: say until when it holds")
	}
	name, err := trust.ConsentName(c.Badge)
	if err != nil {
		return nil, err
	}
	if c.ID == "" {
		c.ID = NewID()
	}
	return i.secure(&credential{
		Context: []string{contextVC},
		ID:      c.ID,
		Type:    []string{"VerifiableCredential", "BadgeSharingConsent"},
		Issuer:  i.ID,
		From:    stamp(c.From),
		Until:   stamp(c.Until),
		Subject: consentSubject{name, slices.Sorted(slices.Values(c.Audience)), slices.Sorted(slices.Values(c.Show))},
	}, Options{}, "", c.From, c.Until)
}

// AddConsent keeps a signed consent in a member's part, encrypted under the
// badge's signature. A later one for the same badge takes its place.
func (t Trust) AddConsent(member string, badge, consent []byte) error {
	if err := checkSlug(member); err != nil {
		return err
	}
	name, file, err := trust.SealConsent(badge, consent)
	if err != nil {
		return err
	}
	return t.WriteFile(path.Join("districts", member, "consent", name), file)
}
