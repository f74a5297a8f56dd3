package trust

import (
	"path"
	"strings"

	"badgekiosk/verify/envelope"
)

// A learner's guardian may let a kiosk show more of one badge. What they said
// is a signed credential in the part of the member that lists the badge's
// issuer, in districts/ID/consent/NAME.sealed: encrypted under that badge's
// own signature, which is in its code and nowhere else.
const consentDir = "consent"

// MaxConsents is the most consents of one member.
const MaxConsents = 100_000

// consentSecret keeps names apart from those of shared documents.
func consentSecret(signature []byte) []byte { return append([]byte("consent "), signature...) }

// SealConsent encrypts a signed consent for whoever has the badge with this
// signature, and names the file to keep it in.
func SealConsent(signature, consent []byte) (name string, file []byte, err error) {
	name, file, err = envelope.Seal(consentSecret(signature), consent)
	return name + sealedExt, file, err
}

// ConsentName is how a consent names the badge with this signature: it tells
// nothing of it, and no two badges share one.
func ConsentName(signature []byte) (string, error) { return envelope.Name(consentSecret(signature)) }

// memberConsents reads a member's consents, unopened.
func (r *reader) memberConsents(dir string, m *Member) {
	dir = path.Join(dir, consentDir)
	for n, name := range r.list(dir, sealedExt) {
		if n == MaxConsents {
			r.fault("more than %d consents", MaxConsents)
			return
		}
		if data := r.read(path.Join(dir, name)); data != nil {
			r.set.consents[described{m, strings.TrimSuffix(name, sealedExt)}] = data
		}
	}
}

// Consent returns the signed consent that m holds for the badge with this
// signature, nil if it holds none.
func (s *Set) Consent(m *Member, signature []byte) []byte {
	if s == nil || m == nil {
		return nil
	}
	p := s.of(m)
	if p == nil || len(p.consents) == 0 {
		return nil
	}
	name, err := ConsentName(signature)
	if err != nil {
		return nil
	}
	consent, err := envelope.Open(consentSecret(signature), p.consents[described{m, name}])
	if err != nil {
		return nil
	}
	return consent
}
