package sample

import (
	"bytes"
	"time"

	"badgekiosk/provision/issue"
)

// A Case is one badge of an [Example], as a file, and what a kiosk concludes
// that believes the example's trust folder.
type Case struct {
	File string // name, with the ending people give such files
	Data []byte
	Want string // the verdict and, unless that is plain, the code that decides
}

// An Example is a whole coalition: five districts, a nonprofit and an
// employer, with badges of every verdict, at least two of each.
type Example struct {
	Trust issue.Tree
	Cases []Case
	At    time.Time // the instant that the verdicts are for
}

// NewExample makes one as of now, with keys that are gone afterwards.
func NewExample(now time.Time) (*Example, error) {
	tree := issue.Tree{}
	e := example{
		world:   world{now: now.UTC().Truncate(time.Second), trust: issue.Trust{Folder: tree}},
		issuers: map[string]issue.Issuer{},
	}
	e.found()
	e.lists()
	e.verified()
	e.check()
	e.notVerified()
	e.cannotTell()
	e.demo()
	return &Example{tree, e.cases, e.now}, e.err
}

// example is being made.
type example struct {
	world
	issuers map[string]issue.Issuer // by member
	cases   []Case
}

// founders are who belongs to the coalition, and under which name and in
// which way they sign.
var founders = []struct {
	member     issue.Member
	id, issuer string
	algorithm  issue.Algorithm
}{
	{issue.Member{ID: "riverbend", Name: "Riverbend Unified", Kind: "district", Languages: []string{"en", "es"}, Minors: true}, "did:web:riverbend.example", "Riverbend Academy", issue.EdDSA},
	{issue.Member{ID: "marlow", Name: "Marlow County Schools", Kind: "district", Languages: []string{"en"}, Minors: true}, "https://badges.marlow.example/issuer", "Marlow County Career Center", issue.ES256},
	{issue.Member{ID: "fairview", Name: "Fairview School District", Kind: "district", Languages: []string{"en", "vi"}, Minors: true}, "did:web:fairview.example:schools", "Fairview High School", issue.EdDSA},
	{issue.Member{ID: "harbor-point", Name: "Harbor Point Schools", Kind: "district", Languages: []string{"en", "fr"}, Minors: true}, "did:web:harborpoint.example", "Harbor Point Technical School", issue.EdDSA},
	{issue.Member{ID: "sandhill", Name: "Sandhill Regional District", Kind: "district", Languages: []string{"en"}, Minors: true}, "https://sandhill.example/badges", "Sandhill Adult Education", issue.ES256},
	{issue.Member{ID: "open-door", Name: "Open Door Makerspace", Kind: "nonprofit", Languages: []string{"en", "es"}}, "", "Open Door Makerspace", issue.EdDSA},
	{issue.Member{ID: "tidewater", Name: "Tidewater Boat Works", Kind: "employer", Languages: []string{"en"}}, "did:web:tidewater.example", "Tidewater Boat Works", issue.EdDSA},
}

// found lists the members and their issuers. Fairview also has a specimen
// issuer, for training.
func (e *example) found() {
	e.keep(e.trust.Begin("Five Rivers Badge Coalition", e.now.Add(-2*day)))
	for _, f := range founders {
		i := e.issuer(f.algorithm, f.id, f.issuer)
		if e.err != nil {
			return
		}
		e.issuers[f.member.ID] = i
		e.keep(e.trust.Join(f.member))
		e.keep(e.trust.Accept(f.member.ID, i))
	}
	training := e.issuer(issue.EdDSA, "did:web:training.fairview.example", "Fairview Training Desk")
	if e.err != nil {
		return
	}
	e.issuers["training"] = training
	e.keep(e.trust.Accept("fairview", training))
	e.keep(e.trust.MarkSpecimen("fairview", training.ID))
	e.riverbend, e.marlow = e.issuers["riverbend"], e.issuers["marlow"]
	e.describe()
}

// The places in the example's lists that are marked.
const (
	clearEntry     = 40_317
	suspendedEntry = 1_204
)

const suspensionURL = "https://riverbend.example/status/2"

// lists publishes status lists of different ages: Riverbend's of today,
// Sandhill's of four months ago.
func (e *example) lists() {
	e.publish("riverbend", statusURL, issue.Revocation, revokedEntry, 2*time.Hour)
	e.publish("riverbend", suspensionURL, issue.Suspension, suspendedEntry, 2*time.Hour)
	e.publish("sandhill", "https://sandhill.example/status/1", issue.Revocation, revokedEntry, 120*day)
}

func (e *example) publish(member, url string, p issue.Purpose, marked int, age time.Duration) {
	if e.err != nil {
		return
	}
	list := issue.NewList(url, p)
	e.keep(list.Set(marked, true))
	fetched := e.now.Add(-age)
	signed, err := e.issuers[member].SignList(list, fetched.Add(-time.Hour), issue.Options{Format: issue.VCJOSE})
	e.keep(err)
	e.keep(e.trust.AddDocument(member, url, string(p)+".jwt", signed, fetched))
}

// add keeps a case. The file's ending is that of its format.
func (e *example) add(name string, data []byte, want string) {
	ending := ".jwt"
	if bytes.HasPrefix(data, []byte("{")) {
		ending = ".json"
	} else if !bytes.HasPrefix(data, []byte("eyJ")) {
		ending = ".txt"
	}
	e.cases = append(e.cases, Case{name + ending, data, want})
}

// badge signs one of a member's badges.
func (e *example) badge(member string, f issue.Format, b issue.Badge) []byte {
	if b.From.IsZero() {
		b.From = e.now.Add(-60 * day)
	}
	if b.Achievement.Name == "" {
		b.Achievement = welding
	}
	return e.sign(e.issuers[member], b, f)
}

func entry(url string, p issue.Purpose, index int) *issue.Status {
	return &issue.Status{List: url, Index: index, Purpose: p}
}
