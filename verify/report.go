package verify

import (
	"encoding/json"
	"time"

	"badgekiosk/verify/reason"
)

// Verdict is the one word of a report. The zero Verdict is CannotTell, so
// nothing is accepted, or refused, by accident.
type Verdict int

// The verdicts. How each is reached is in [Verifier.Verify].
const (
	CannotTell  Verdict = iota // not judged: could not be checked here
	NotVerified                // judged, and bad
	Check                      // signed by a listed issuer, but a person must look
	Demo                       // a specimen: would be Check or Verified
	Verified                   // genuine, listed, not withdrawn, in its time
)

var verdictWords = [...]string{"cannot-tell", "not-verified", "check", "demo", "verified"}

// String is the verdict as the command line's contract spells it.
func (v Verdict) String() string { return verdictWords[v] }

// MarshalText writes the verdict as String spells it.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// State is the answer on one axis. The zero State is Unknown.
type State int

// The states of an axis.
const (
	Unknown State = iota
	Fail
	Pass
)

var stateWords = [...]string{"unknown", "fail", "pass"}

// String is the state as the command line's contract spells it.
func (s State) String() string { return stateWords[s] }

// MarshalText writes the state as String spells it.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// A Finding is the answer on one axis and why.
type Finding struct {
	State State
	Code  reason.Code // what is said of it, empty when there is nothing to say
	Name  string      // issuer axis: the trust set's name for the issuer, never the credential's
	By    string      // with I-NOTHERE: who decided, the consortium's name or empty for the kiosk's own settings
	Whom  Whom        // issuer axis: whom the badge comes from beside its name, of an issuer that is listed
	AsOf  time.Time   // status axis: the date of the list that was read; signature axis with K-UNKNOWN: the date of this kiosk's keys
}

// Whom says on whose word an issuer is known here, and whom people can turn
// to. All of it is the trust set's, none the credential's.
type Whom struct {
	ListedBy string // the member that lists it, when it is an organization of its own; else empty
	Contact  string // whom to ask: "registrar, 555 0100"
	Codes    string // https URL where learners get their badge as a code
}

// MarshalJSON leaves out what is empty, as the command line's contract does.
func (f Finding) MarshalJSON() ([]byte, error) {
	out := struct {
		State State       `json:"state"`
		Code  reason.Code `json:"code,omitempty"`
		Name  string      `json:"name,omitempty"`
		By    string      `json:"by,omitempty"`
		// Of whom, what commands print; contacts are for screens.
		ListedBy string     `json:"listedBy,omitempty"`
		AsOf     *time.Time `json:"asOf,omitempty"`
	}{f.State, f.Code, f.Name, f.By, f.Whom.ListedBy, nil}
	if !f.AsOf.IsZero() {
		t := f.AsOf.UTC()
		out.AsOf = &t
	}
	return json.Marshal(out)
}

// Axes are the five answers of a report.
type Axes struct {
	Signature Finding `json:"signature"` // a proof verifies
	Issuer    Finding `json:"issuer"`    // its key is that of an issuer listed and accepted here
	Status    Finding `json:"status"`    // not withdrawn, as of a date
	Time      Finding `json:"time"`      // valid at every instant the clock may be
	Presenter Finding `json:"presenter"` // the holder answered this kiosk's challenge
}

// A Report is the answer to one scan. There is one for any bytes at all.
//
// Every string in it is clean text: valid UTF-8, without control, bidi or
// zero-width characters that could reach beyond their field, and at most
// [MaxText] bytes.
type Report struct {
	Verdict Verdict
	Axes    Axes
	Codes   []reason.Code // every code but P-NOTASKED, gravest first
	Format  string        // how it was secured: "vc-jwt", "di-eddsa-rdfc-2022", "none", … (DESIGN.md, the contract)

	// Badge is what this audience may see. It is empty when the contents do
	// not match the signature: nothing forged is ever shown.
	Badge Badge

	// Credentials are the reports on each credential, when the payload holds
	// more than one: the outer report then carries the worst verdict. Of a
	// learner's record they are its badges, and the outer verdict its own.
	Credentials []Report

	// KeysAsOf is the date of what this kiosk believes (its trust set's
	// issue date), zero if it believes nothing.
	KeysAsOf time.Time
	// At is the interval of time that the badge was judged in.
	At Moment

	// Recipient tells whether the badge is for the person with Ask.Identity.
	// Unknown if nobody asked, it names nobody, or its signature is not good.
	Recipient State

	// HolderKey tells whether the badge, whose signature is good, names a key
	// that its holder can answer a [Challenge] with: did:key, did:jwk, or the
	// cnf of an SD-JWT. One on paper, or about a learner's number, names none.
	HolderKey bool

	about string // while it is judged: id of whom or what the credential is about
}

// Has tells whether the report carries code.
func (r *Report) Has(code reason.Code) bool {
	for _, c := range r.Codes {
		if c == code {
			return true
		}
	}
	return false
}

// String is verdict and codes on one line, as tests and logs write it:
// "not-verified T-EXPIRED B-UNSEALED".
func (r *Report) String() string {
	s := r.Verdict.String()
	for _, c := range r.Codes {
		s += " " + string(c)
	}
	return s
}

// A Badge is what a credential says, as far as the audience may see it.
type Badge struct {
	Name        string // achievement's, or the credential's own name
	Description string
	Criteria    string
	Type        string // "OpenBadgeCredential", "ClrCredential", …; or a vct
	Class       string // achievementType: "Badge", "Certificate", …
	Level       Level
	Skills      []string // names of alignments, by the issuer or the member's manifest
	Framework   string   // of the first skill
	Issued      time.Time
	From, Until time.Time // validity; zero where not stated
	Evidence    int       // how many pieces of evidence there are; never what they hold
	Endorsed    []string  // names of listed issuers whose endorsement verified

	// Claims is what an unlisted issuer calls itself, shown small and in
	// quotation marks, never as a fact. Empty for a listed issuer.
	Claims string
	// IssuerID is the identifier of the issuer (a DID or URL), for the
	// "update needed" line of K-UNKNOWN and I-NOTLISTED.
	IssuerID string

	// Holder is filled only for audiences that may see it.
	Holder Holder

	PictureURI string // of the achievement: a manifest's, which trust.Set.Picture has, else an address that is never opened
}

// A Level is a step on a scale: 3 of 4, "Proficient". The zero Level is none.
type Level struct {
	N, Of int
	Name  string
}

// Holder is who the badge is about. Outside audience office it is empty
// unless consent says otherwise.
type Holder struct {
	Name       string
	Identifier string
	Result     string // a result's value
	Narrative  string
}

// A Moment is what a kiosk knows of the time: it is now some instant between
// Earliest and Latest, both included.
type Moment struct {
	Earliest, Latest time.Time
	// Set is false when no trusted clock narrows the interval; every screen
	// then says so (T-NOCLOCK).
	Set bool
}

// At is the Moment of somebody who knows the time exactly.
func At(t time.Time) Moment { return Moment{t, t, true} }

// An Audience is who looks at the screen. The zero Audience is Public.
type Audience int

// The audiences, from the one that sees least.
const (
	Public Audience = iota
	Partner
	Employer
	Office
)

var audienceWords = [...]string{"public", "partner", "employer", "office"}

// String is the audience's word on the command line and in policies.
func (a Audience) String() string { return audienceWords[a] }

// ParseAudience reads the word that String writes.
func ParseAudience(s string) (a Audience, ok bool) {
	for i, w := range audienceWords {
		if w == s {
			return Audience(i), true
		}
	}
	return Public, false
}

// Ask is what is asked about a payload.
type Ask struct {
	At       Moment
	Audience Audience
	Lang     string // BCP 47, for texts that manifests hold in several languages
	// Identity is an identifier that the person at the kiosk gave (an e-mail
	// address, a DID): is the badge theirs? Empty to ask nothing.
	Identity string
	// Challenge is what this kiosk asked the holder to sign, nil for nothing.
	Challenge *Challenge
}

// MaxText is the longest string, in bytes, that leaves this package.
const MaxText = 2000
