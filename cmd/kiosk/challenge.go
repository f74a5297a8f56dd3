package main

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"time"

	"badgekiosk/display/press"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// A query is what a kiosk asks the phone of whoever showed a badge: is it
// yours? The phone reads it as a code and shows its answer as another. Neither
// needs a network.
//
// There is one at a time. It is remembered for longer than an answer is waited
// for, so that a late one is called late.
type query struct {
	verify.Challenge
	at    time.Time
	badge string // that it is about, as nameOf has it
}

// Times of a question.
const (
	answerTime = 2 * time.Minute  // to take a phone out and let it answer
	lateTime   = 10 * time.Minute // until a question is forgotten
)

// nonceSize is 128 bits, more than can be guessed.
const nonceSize = 16

// askScheme begins a question to a phone.
const askScheme = "openid4vp://"

// text is the question as a phone's camera reads it: a request for a
// presentation. Where the answer goes it does not say: it is shown.
//
// Source: OpenID for Verifiable Presentations 1.0, section 5.
func (q *query) text() string {
	return askScheme + "?" + url.Values{
		"response_type": {"vp_token"}, "scope": {"badge"}, "client_id": {q.Audience}, "nonce": {q.Nonce},
	}.Encode()
}

// askHolder is the question to whoever showed a badge. Any button ends it.
func (k *Kiosk) askHolder(badge string) view {
	var nonce [nonceSize]byte
	rand.Read(nonce[:]) // never fails
	k.query = &query{
		Challenge: verify.Challenge{Nonce: base64.RawURLEncoding.EncodeToString(nonce[:]), Audience: k.Name},
		at:        time.Now(), badge: badge,
	}
	return view{
		pages: screens(challenge(k.query.text(), k.speech())), stays: answerTime,
		press: func(press.Button) view { return view{} },
	}
}

// asks is what the judge is asked of what is held up now.
func (k *Kiosk) asks() verify.Ask {
	a := k.Ask()
	if k.query == nil {
		return a
	}
	waited := time.Since(k.query.at)
	if waited >= lateTime {
		k.query = nil
		return a
	}
	c := k.query.Challenge
	c.Late = waited > answerTime
	a.Challenge = &c
	return a
}

// heldStill tells whether a payload is one that was shown already and is
// only still held up: the badge that was asked about, or the answer.
func (k *Kiosk) heldStill(payload []byte) bool {
	return k.now.still != nil && sha256.Sum256(payload) == *k.now.still
}

// follow is v, the view of what was held up, with what may follow from it: a
// phone may be asked, or has answered.
func (k *Kiosk) follow(v view, payloads []scanner.Payload, reports []verify.Report) view {
	if len(reports) != 1 || len(payloads) != 1 {
		return v
	}
	r, sum := reports[0], sha256.Sum256(payloads[0].Data)
	if r.Axes.Presenter.Code == reason.PHolder && k.query != nil {
		k.query.Used = true
		v.still = &sum
		if k.query.badge != nameOf(r.Badge) {
			v.pages[0].Notes = append([]string{speak(k.speech()).Notes["other"].with(nil)}, v.pages[0].Notes...)
		}
		return v
	}
	if !k.mayAsk(r) {
		return v
	}
	v.ask = func() view {
		asks := k.askHolder(nameOf(r.Badge))
		asks.still = &sum
		return asks
	}
	s := v.pages[0]
	s.Notes = append(s.Notes[:len(s.Notes):len(s.Notes)], speak(k.speech()).Notes["ask"].with(nil))
	if k.Glass.Holds(s) {
		v.pages[0] = s
	}
	return v
}

// name is how a phone is told who asks: where this kiosk stands, as far as it
// knows.
func (a *appliance) name() string { return cmp.Or(a.site, a.Group, "badge kiosk") }

// nameOf tells a badge from another; it says nothing of who holds it.
func nameOf(b verify.Badge) string { return b.IssuerID + "\n" + b.Name }

// mayAsk tells whether a phone may be asked about a badge: one that stands on
// its own, names its holder's key, and whose holder has not answered yet.
func (k *Kiosk) mayAsk(r verify.Report) bool {
	lead, _ := reason.Of(telling{Report: r}.lead())
	good := r.Verdict == verify.Verified || r.Verdict == verify.Demo || r.Verdict == verify.Check && lead.Axis == reason.Presenter
	return good && r.HolderKey && k.Name != "" && k.Presses != nil && !k.Poster && len(r.Credentials) == 0
}
