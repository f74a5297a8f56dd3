package sample

import (
	"bytes"

	"badgekiosk/provision/issue"
)

// settle lays out the coalition: who belongs to it, who issues for them, what
// their badges are about and what was withdrawn.
func (w *world) settle() {
	w.riverbend = w.issuer(issue.EdDSA, "did:web:riverbend.example", "Riverbend Academy")
	w.marlow = w.issuer(issue.ES256, "https://badges.marlow.example/issuer", "Marlow County Career Center")
	works := w.issuer(issue.EdDSA, "", "Tidewater Boat Works")
	if w.err != nil {
		return
	}
	w.keep(w.trust.Begin("Five Rivers Badge Coalition", w.now.Add(-6*day)))
	for _, m := range []struct {
		member issue.Member
		issuer issue.Issuer
	}{
		{issue.Member{ID: "riverbend", Name: "Riverbend Unified", Kind: "district", Languages: []string{"en", "es"}, Minors: true}, w.riverbend},
		{issue.Member{ID: "marlow", Name: "Marlow County Schools", Kind: "district", Languages: []string{"en"}, Minors: true}, w.marlow},
		{issue.Member{ID: "tidewater", Name: "Tidewater Boat Works", Kind: "employer", Languages: []string{"en"}}, works},
	} {
		w.keep(w.trust.Join(m.member))
		w.keep(w.trust.Accept(m.member.ID, m.issuer))
	}
	w.describe()
	w.withdraw()
}

// mastery is the scale of Riverbend's badges.
var mastery = []string{"Beginning", "Developing", "Proficient", "Expert"}

var (
	welding = issue.Achievement{
		ID: "https://riverbend.example/a/welding-1", Name: "Welding I", Type: "Certificate",
		Description: "Joins steel plate safely with stick and wire.",
		Criteria:    "Six joints that passed inspection, a written safety test, and forty hours in the shop.",
		Skills: []issue.Skill{
			{Name: "Shielded metal arc welding", URL: "https://skills.example/case/items/smaw"},
			{Name: "Shop safety", URL: "https://skills.example/case/items/shop-safety"},
		},
	}
	firstAid = issue.Achievement{
		ID: "https://badges.marlow.example/a/first-aid", Name: "First Aid", Type: "Certification",
		Description: "Gives first aid until help arrives.",
		Criteria:    "A day of practice and a test, to be renewed every two years.",
	}
)

// describe writes the manifests, so that small badges show full cards.
func (w *world) describe() {
	w.keep(w.trust.Describe("riverbend", issue.Manifest{Achievement: welding, Level: &issue.Level{N: 3, Names: mastery}}))
	w.keep(w.trust.Describe("marlow", issue.Manifest{Achievement: firstAid}))
}

// The places of Riverbend's badges in its status list.
const (
	statusURL    = "https://riverbend.example/status/1"
	genuineEntry = 40_317
	revokedEntry = 93_102
)

// withdraw publishes Riverbend's status list, fetched two hours ago.
func (w *world) withdraw() {
	if w.err != nil {
		return
	}
	list := issue.NewList(statusURL, issue.Revocation)
	w.keep(list.Set(revokedEntry, true))
	signed, err := w.riverbend.SignList(list, w.now.Add(-day), issue.Options{Format: issue.VCJOSE})
	w.keep(err)
	w.keep(w.trust.AddDocument("riverbend", statusURL, "status-1.jwt", signed, w.now.Add(-day/12)))
}

// small is an achievement as a compact badge names it: the rest stands in
// the manifest.
func small(a issue.Achievement) issue.Achievement {
	return issue.Achievement{ID: a.ID, Name: a.Name}
}

// genuine says who holds it, so that a person can see which audiences are
// told, and names a key of the holder's phone, which can answer.
func (w *world) genuine() (badge []byte, answer func(nonce, audience string) ([]byte, error)) {
	phone, err := issue.NewKey(issue.EdDSA)
	if err != nil {
		w.keep(err)
		return nil, nil
	}
	badge = w.sign(w.riverbend, issue.Badge{
		Achievement: small(welding), From: w.now.Add(-40 * day), Until: w.now.Add(2 * year),
		Learner: issue.Learner{ID: phone.DID(), Name: "Robin Ashdown"},
		Status:  &issue.Status{List: statusURL, Index: genuineEntry, Purpose: issue.Revocation},
	}, issue.RDFC)
	return badge, func(nonce, audience string) ([]byte, error) {
		signed, err := phone.Present(badge, nonce, audience)
		if err != nil {
			return nil, err
		}
		return issue.ForCode(signed)
	}
}

// tamper does what a forger would: a better badge, the same signature.
func tamper(badge []byte) []byte {
	return bytes.ReplaceAll(badge, []byte(`"Welding I"`), []byte(`"Welding IV"`))
}

func (w *world) revoked() []byte {
	return w.sign(w.riverbend, issue.Badge{
		Achievement: small(welding), From: w.now.Add(-200 * day),
		Status: &issue.Status{List: statusURL, Index: revokedEntry, Purpose: issue.Revocation},
	}, issue.JCS)
}

func (w *world) expired() []byte {
	return w.sign(w.marlow, issue.Badge{
		Achievement: small(firstAid), From: w.now.Add(-2*year - 30*day), Until: w.now.Add(-30 * day),
	}, issue.VCJOSE)
}

func (w *world) unknown() []byte {
	i := w.issuer(issue.EdDSA, "", "Sandhill Institute of Cooking")
	return w.sign(i, issue.Badge{
		Achievement: issue.Achievement{Name: "Pastry Basics", Description: "Bakes bread and pastry."}, From: w.now.Add(-90 * day),
	}, issue.JCS)
}

// lookalike takes Riverbend's name, with one letter from another alphabet
// that a reader cannot tell apart.
func (w *world) lookalike() []byte {
	i := w.issuer(issue.EdDSA, "", "Riverbend Acad\u0435my")
	return w.sign(i, issue.Badge{
		Achievement: issue.Achievement{Name: "Welding IV", Description: "Welds anything."}, From: w.now.Add(-10 * day),
	}, issue.JCS)
}
