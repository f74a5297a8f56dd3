package issue

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// A Badge is what an issuer says about one learner: by default, nothing that
// tells who the learner is.
type Badge struct {
	ID          string // an absolute URI; a random urn:uuid if empty
	Achievement Achievement
	Level       *Level // nil: the badge has no scale
	Learner     Learner
	From        time.Time // required: valid from then on
	Until       time.Time // zero: it does not expire
	Status      *Status   // nil: it cannot be withdrawn
}

// An Achievement is what was achieved, the same for all who did.
type Achievement struct {
	ID          string // an absolute URI; a random urn:uuid if empty
	Name        string // required
	Description string // the name, if empty
	Criteria    string // the achievement's ID stands for them if empty
	Type        string // "Certificate", "Course", …: the vocabulary of Open Badges; may be empty
	Skills      []Skill
}

// A Skill is an entry of a skills framework that the achievement aligns to.
type Skill struct {
	Name      string
	URL       string // required by Open Badges: where the framework keeps the skill
	Framework string
}

// A Level is the step that was reached on a scale whose steps have names:
// N counts from 1.
type Level struct {
	N     int
	Names []string
}

// A Learner says who the badge is about. The zero Learner is a random
// identifier that appears nowhere else.
type Learner struct {
	ID   string // a DID or other URI of the learner's own
	Name string // in clear, for everybody who reads the code
}

// A Status is the badge's place in a status list.
type Status struct {
	List    string // URL of the list
	Index   int    // its entry, from 0
	Purpose Purpose
}

// errNoName and errNoFrom are what a badge cannot do without.
var (
	errNoName = errors.New("a badge needs a name")
	errNoFrom = errors.New("a badge needs the instant from which it is valid")
)

// The JSON of a credential, in the order that a person would read it.
//
// Source: W3C VC Data Model v2.0, section 4; Open Badges 3.0, annex B.
type credential struct {
	Context []string     `json:"@context"`
	ID      string       `json:"id"`
	Type    []string     `json:"type"`
	Name    string       `json:"name,omitempty"`
	Issuer  any          `json:"issuer"`
	From    string       `json:"validFrom"`
	Until   string       `json:"validUntil,omitempty"`
	Status  *statusEntry `json:"credentialStatus,omitempty"`
	Subject any          `json:"credentialSubject"`
	*claims
	Proof *proof `json:"proof,omitempty"`
}

type profile struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name,omitempty"`
}

type achievementSubject struct {
	ID          string      `json:"id,omitempty"`
	Type        []string    `json:"type"`
	Identifier  []identity  `json:"identifier,omitempty"`
	Result      []result    `json:"result,omitempty"`
	Achievement achievement `json:"achievement"`
}

type identity struct {
	Type   string `json:"type"`
	Hash   string `json:"identityHash"`
	Kind   string `json:"identityType"`
	Hashed bool   `json:"hashed"`
}

type achievement struct {
	ID          string              `json:"id"`
	Type        []string            `json:"type"`
	Class       string              `json:"achievementType,omitempty"`
	Name        string              `json:"name"`
	Description string              `json:"description"`
	Criteria    criteria            `json:"criteria"`
	Skills      []alignment         `json:"alignment,omitempty"`
	Results     []resultDescription `json:"resultDescription,omitempty"`
}

type criteria struct {
	ID        string `json:"id,omitempty"`
	Narrative string `json:"narrative,omitempty"`
}

type alignment struct {
	Type      []string `json:"type"`
	Name      string   `json:"targetName"`
	URL       string   `json:"targetUrl"`
	Framework string   `json:"targetFramework,omitempty"`
}

// The contexts of a badge. Version 3.0.3 is the newest that is published.
const (
	contextVC = "https://www.w3.org/ns/credentials/v2"
	contextOB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
)

// credential puts b into the words of Open Badges 3.0.
func (i Issuer) credential(b Badge) (*credential, error) {
	switch {
	case b.Achievement.Name == "":
		return nil, errNoName
	case b.From.IsZero():
		return nil, errNoFrom
	}
	if b.Level != nil {
		if err := b.Level.check(); err != nil {
			return nil, err
		}
	}
	if b.ID == "" {
		b.ID = NewID()
	}
	c := &credential{
		Context: []string{contextVC, contextOB},
		ID:      b.ID,
		Type:    []string{"VerifiableCredential", "OpenBadgeCredential"},
		Name:    b.Achievement.Name,
		Issuer:  profile{i.ID, []string{"Profile"}, i.Name},
		From:    stamp(b.From),
		Subject: b.subject(),
	}
	if !b.Until.IsZero() {
		c.Until = stamp(b.Until)
	}
	if b.Status != nil {
		entry, err := b.Status.entry()
		if err != nil {
			return nil, err
		}
		c.Status = entry
	}
	return c, nil
}

// subject is the learner and the achievement. Open Badges asks for an
// identifier: the badge's own with a fragment tells nothing of its holder,
// and no two badges of one learner share it.
func (b Badge) subject() achievementSubject {
	s := achievementSubject{ID: b.Learner.ID, Type: []string{"AchievementSubject"}}
	if s.ID == "" {
		s.ID = b.ID + "#holder"
	}
	if b.Learner.Name != "" {
		s.Identifier = []identity{{"IdentityObject", b.Learner.Name, "name", false}}
	}
	s.Achievement = b.Achievement.document()
	if b.Level != nil {
		b.Level.addTo(&s)
	}
	return s
}

func (a Achievement) document() achievement {
	if a.ID == "" {
		a.ID = NewID()
	}
	if a.Description == "" {
		a.Description = a.Name
	}
	out := achievement{ID: a.ID, Type: []string{"Achievement"}, Class: a.Type, Name: a.Name, Description: a.Description}
	if out.Criteria = (criteria{Narrative: a.Criteria}); a.Criteria == "" {
		out.Criteria = criteria{ID: a.ID}
	}
	for _, s := range a.Skills {
		out.Skills = append(out.Skills, alignment{[]string{"Alignment"}, s.Name, s.URL, s.Framework})
	}
	return out
}

// short gives the badge the identifiers that take the least room in a code:
// below the issuer's own, which the code holds anyway. The badge's ends in 48
// random bits, so that an issuer of ten thousand badges gives one twice once
// in five million times; the achievement's in its name, so that all its badges share
// it. Days stand for instants.
func (b Badge) short(issuer string) Badge {
	if b.ID == "" {
		var r [6]byte
		rand.Read(r[:])
		b.ID = issuer + "/" + b64.EncodeToString(r[:])
	}
	if b.Achievement.ID == "" {
		b.Achievement.ID = issuer + "/" + url.PathEscape(strings.Join(strings.Fields(b.Achievement.Name), "-"))
	}
	b.From = b.From.UTC().Truncate(24 * time.Hour)
	return b
}

// NewID is a random identifier, urn:uuid version 4 (RFC 9562).
func NewID() string {
	var u [16]byte
	rand.Read(u[:])
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// stamp writes an instant as xsd:dateTimeStamp, in UTC and whole seconds.
func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
