// Package sample makes the badges that a demonstration shows, and the trust
// folder of the districts that issued them. All of it is made up and made
// anew at each start: the private keys are gone when the function returns.
package sample

import (
	"io/fs"
	"time"

	"badgekiosk/provision/issue"
)

// A Badge is one sample: what its code holds.
type Badge struct {
	Name    string // "genuine", "tampered", …: unique
	Payload []byte // text for a QR code

	// Answer is what its holder's phone shows a kiosk that asks with a nonce
	// whose badge it is; nil where no phone can answer.
	Answer func(nonce, audience string) ([]byte, error)
}

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// New makes the seven samples as they are at the instant now, and the trust
// folder that they are judged with. In order:
//
//   - genuine: signed by a listed issuer, in its time, not withdrawn
//   - tampered: the same with another achievement written over the signed one
//   - revoked: withdrawn in its issuer's status list
//   - expired: its time passed a month ago
//   - unknown: well signed, by an issuer that the folder does not list
//   - lookalike: the same, by one who takes a listed issuer's name
//   - notbadge: a code that people hold up by mistake
func New(now time.Time) (trust fs.FS, badges []Badge, err error) {
	w := world{now: now.UTC().Truncate(time.Second), trust: issue.Trust{Folder: issue.Tree{}}}
	w.settle()
	genuine, answer := w.genuine()
	badges = []Badge{
		{"genuine", w.code(genuine), answer},
		{"tampered", w.code(tamper(genuine)), nil},
		{"revoked", w.code(w.revoked()), nil},
		{"expired", w.code(w.expired()), nil},
		{"unknown", w.code(w.unknown()), nil},
		{"lookalike", w.code(w.lookalike()), nil},
		{"notbadge", []byte("WIFI:T:WPA;S:Library guests;P:ask at the desk;;"), nil},
	}
	return w.trust, badges, w.err
}

// A world is the made-up coalition. The first error stays, so that its steps
// read as a list.
type world struct {
	now   time.Time
	trust issue.Trust
	err   error

	riverbend, marlow issue.Issuer
}

func (w *world) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

// code is a badge as its QR code holds it.
func (w *world) code(badge []byte) []byte {
	if w.err != nil {
		return nil
	}
	text, err := issue.ForCode(badge)
	w.keep(err)
	return text
}

// issuer makes an issuer with a new key. Without an ID it is a did:key.
func (w *world) issuer(a issue.Algorithm, id, name string) issue.Issuer {
	key, err := issue.NewKey(a)
	if err != nil {
		w.keep(err)
		return issue.Issuer{}
	}
	key.Name(id)
	return issue.NewIssuer(key, name)
}

// sign issues a badge; nothing once there was an error.
func (w *world) sign(i issue.Issuer, b issue.Badge, f issue.Format) []byte {
	if w.err != nil {
		return nil
	}
	doc, err := i.Sign(b, issue.Options{Format: f, Compact: i == w.riverbend || i == w.marlow})
	w.keep(err)
	return doc
}
