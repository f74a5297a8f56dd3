package sample

import (
	"bytes"

	"badgekiosk/provision/issue"
)

func (e *example) verified() {
	e.add("verified-welding", e.badge("riverbend", issue.RDFC, issue.Badge{
		Achievement: small(welding), Learner: issue.Learner{Name: "Robin Ashdown"},
		Until: e.now.Add(2 * year), Status: entry(statusURL, issue.Revocation, clearEntry),
	}), "verified")
	e.add("verified-first-aid", e.badge("marlow", issue.VCJWT, issue.Badge{Achievement: firstAid, Until: e.now.Add(year)}), "verified")
	e.add("verified-machining", e.badge("fairview", issue.JCS, issue.Badge{
		Achievement: issue.Achievement{Name: "Machining II", Type: "Certificate", Description: "Turns and mills to a drawing.", Skills: []issue.Skill{
			{Name: "Read technical drawings", URL: "https://skills.example/case/items/drawings", Framework: "Manufacturing Skills"}}},
		Level: &issue.Level{N: 2, Names: mastery},
	}), "verified")
	e.add("verified-volunteer", e.badge("open-door", issue.VCJOSE, issue.Badge{
		Achievement: issue.Achievement{Name: "Volunteer Tutor", Type: "CommunityService", Description: "Forty hours of tutoring."},
	}), "verified")
	e.add("verified-internship", e.badge("tidewater", issue.RDFC, issue.Badge{
		Achievement: issue.Achievement{Name: "Boatyard Internship", Type: "Fieldwork", Description: "A summer in the yard."},
	}), "verified")
	e.add("verified-code", e.code(e.badge("harbor-point", issue.JCS, issue.Badge{
		Achievement: issue.Achievement{Name: "Señalización básica", Description: "Señales de obra."},
	})), "verified")
}

func (e *example) check() {
	e.add("check-suspended", e.badge("riverbend", issue.JCS, issue.Badge{Status: entry(suspensionURL, issue.Suspension, suspendedEntry)}), "check R-SUSPENDED")
	e.add("check-no-list", e.badge("harbor-point", issue.RDFC, issue.Badge{
		Achievement: issue.Achievement{Name: "Forklift Operator"}, Status: entry("https://harborpoint.example/status/1", issue.Revocation, clearEntry),
	}), "check R-NOLIST")
	e.add("check-old-list", e.badge("sandhill", issue.VCJWT, issue.Badge{
		Achievement: issue.Achievement{Name: "Bookkeeping"}, Status: entry("https://sandhill.example/status/1", issue.Revocation, clearEntry),
	}), "check R-STALE")
}

func (e *example) notVerified() {
	good := e.badge("riverbend", issue.RDFC, issue.Badge{Achievement: small(welding)})
	e.add("not-verified-tampered", tamper(good), "not-verified S-INVALID")
	e.add("not-verified-added", bytes.Replace(good, []byte(`"issuer":`), []byte(`"honours":"summa cum laude","issuer":`), 1), "not-verified S-UNCOVERED")
	e.add("not-verified-withdrawn", e.badge("riverbend", issue.VCJOSE, issue.Badge{Status: entry(statusURL, issue.Revocation, revokedEntry)}), "not-verified R-REVOKED")
	e.add("not-verified-expired", e.badge("marlow", issue.VCJWT, issue.Badge{
		Achievement: firstAid, From: e.now.Add(-2*year - 30*day), Until: e.now.Add(-30 * day)}), "not-verified T-EXPIRED")
	e.add("not-verified-not-yet", e.badge("fairview", issue.JCS, issue.Badge{From: e.now.Add(30 * day)}), "not-verified T-FUTURE")
	e.add("not-verified-foreign-key", e.foreign(), "not-verified K-FOREIGN")
}

// foreign is signed by one listed issuer in the name of another.
func (e *example) foreign() []byte {
	i := e.issuers["tidewater"]
	i.ID = e.riverbend.ID
	return e.sign(i, issue.Badge{Achievement: welding, From: e.now.Add(-5 * day)}, issue.JCS)
}

func (e *example) cannotTell() {
	e.add("cannot-tell-unlisted", e.unknown(), "cannot-tell I-NOTLISTED")
	e.add("cannot-tell-lookalike", e.lookalike(), "cannot-tell I-LOOKALIKE")
	newer := e.issuer(issue.EdDSA, "did:web:fairview.example:schools#key-2", "Fairview High School")
	e.add("cannot-tell-new-key", e.sign(newer, issue.Badge{Achievement: issue.Achievement{Name: "Algebra II"}, From: e.now.Add(-day)}, issue.VCJWT), "cannot-tell K-UNKNOWN")
	away := e.issuer(issue.EdDSA, "did:web:away.example", "Away School")
	e.add("cannot-tell-unknown-issuer", e.sign(away, issue.Badge{Achievement: issue.Achievement{Name: "Chess"}, From: e.now.Add(-day)}, issue.RDFC), "cannot-tell K-UNKNOWN")
	e.add("cannot-tell-link", []byte("https://badges.riverbend.example/share/3f9c1a"), "cannot-tell Q-LINK")
	e.add("cannot-tell-wifi", []byte("WIFI:T:WPA;S:Library guests;P:ask at the desk;;"), "cannot-tell Q-NOTBADGE")
}

func (e *example) demo() {
	e.add("demo-genuine", e.badge("training", issue.RDFC, issue.Badge{Achievement: issue.Achievement{Name: "Specimen Badge"}}), "demo")
	e.add("demo-no-list", e.badge("training", issue.VCJOSE, issue.Badge{
		Achievement: issue.Achievement{Name: "Specimen Badge"}, Status: entry("https://training.fairview.example/status", issue.Revocation, 1),
	}), "demo R-NOLIST")
}
