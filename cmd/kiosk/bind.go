package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/display"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// A belief is what a kiosk goes by: whom it trusts, what was signed of how it
// is to behave, and where both are kept.
type belief struct {
	store    *provision.Store // nil without a root: nothing can be installed
	trust    *trust.Set
	settings trust.Settings
	verifier *verify.Verifier
	ceiling  verify.Audience // the most that anybody may see here
	audience verify.Audience // who looks
}

// bound is what a card's kiosk.json comes to under what was signed: who
// looks, and the set as this kiosk's group believes it. The card only
// narrows. One that asks for more than its ceiling gets the ceiling, and the
// report says so (C-CEILING).
func bound(c config, all *trust.Set) (b belief, err error) {
	b.trust, b.settings, err = all.For(c.Group)
	b.ceiling, _ = verify.ParseAudience(b.settings.Audience)
	if c.Audience != "" {
		var ok bool
		if b.audience, ok = verify.ParseAudience(c.Audience); !ok {
			err = errors.Join(err, fmt.Errorf("audience %q is not one of public, partner, employer, office", c.Audience))
		}
	}
	if b.audience > b.ceiling {
		b.audience = b.ceiling
		if b.trust != nil {
			b.trust.Notes = append(slices.Clone(b.trust.Notes), reason.CCeiling)
		}
	}
	b.verifier = &verify.Verifier{Trust: b.trust, Accepts: c.Accepts}
	return b, err
}

// prepare reads what the kiosk believes and what it knows of the time.
func (a *appliance) prepare() {
	a.belief = belief{trust: trust.Nothing(reason.BRoot)}
	anchor, err := provision.ReadRoot(a.Root, a.State)
	if err != nil {
		a.say(reason.BRoot, err)
	} else {
		if a.store, err = provision.OpenStore(a.State, anchor); err != nil {
			a.feel(reason.HDisk, err)
		}
		a.factory()
		a.trust = trust.Nothing(reason.BNone)
	}
	var now *bundle.Bundle
	if a.store != nil {
		now = a.store.Current()
	}
	a.believe(now)
	a.newClock()
}

// believe makes the installed bundle what this kiosk judges by.
func (a *appliance) believe(b *bundle.Bundle) {
	set := a.trust
	if b != nil {
		set = believe(a.errs, a.State, b, nil)
	}
	next, err := bound(a.config, set)
	if err != nil {
		a.say(reason.CCeiling, err)
	}
	if a.chosen != nil {
		next.audience = min(*a.chosen, next.ceiling)
	}
	next.store = a.store
	a.belief = next
	a.site = a.findSite()
	if a.settings.Sync != "" {
		a.tell(a.boss.Network())
	}
}

// judge has a payload judged by what the kiosk believes now: in a process
// that can do nothing else or, without one, in this. Where that cannot be
// done the report says so (H-JUDGE), and the badge may be shown again.
func (a *appliance) judge(payload []byte, ask verify.Ask) verify.Report {
	if a.jail == nil {
		return a.counted(a.verifier.Verify(payload, ask))
	}
	a.asks = true
	r, err := a.jail.Judge(payload, ask)
	if a.ill[reason.HJudge] != nil || err != nil {
		a.feel(reason.HJudge, err)
	}
	if err != nil {
		r = verify.Report{Format: "none", Codes: []reason.Code{reason.HJudge}, At: ask.At}
	}
	return a.counted(r)
}

// counted counts a verdict, and nothing else of it.
func (a *appliance) counted(r verify.Report) verify.Report {
	a.counts[r.Verdict]++
	return r
}

// members are the names of those whose badges are known here.
func (a *appliance) members() (names []string) {
	for _, m := range a.trust.Members {
		names = append(names, m.Name)
	}
	return names
}

// help is whom to ask about a badge, and where learners get theirs as a code:
// as its issuer says, else as this kiosk's own member does, else as any.
func (a *appliance) help(r verify.Report) (h help) {
	h.Poster, h.Picture = a.kind.poster, pictureOf(a.trust, r)
	h.Contact, h.Codes = r.Axes.Issuer.Whom.Contact, r.Axes.Issuer.Whom.Codes
	home, _, _ := strings.Cut(a.Group, "/")
	for _, m := range a.trust.Members {
		if h.Codes == "" || m.ID == home {
			h.Codes = cmp.Or(m.Codes, h.Codes)
		}
	}
	return h
}

// language is the one that this kiosk starts in.
func (a *appliance) language() string {
	if len(a.settings.Language) > 0 && a.Lang == "" {
		return a.settings.Language[0]
	}
	return a.Lang
}

// take installs an urgent update that was held to the camera, and says what
// became of it. Other payloads are badges, and not for it.
func (a *appliance) take(payload []byte) (v view, taken bool) {
	if a.store == nil || !provision.IsUrgent(payload) {
		return v, false
	}
	lang := a.kiosk.speech()
	show := func(s display.Screen) (view, bool) {
		return view{pages: []display.Screen{s}, stays: a.kiosk.Stays.other}, true
	}
	b, err := a.store.InstallUrgent(payload)
	switch {
	case err == nil:
		a.adopt(b)
	case !errors.Is(err, provision.ErrInstalled):
		code := reason.CodeOf(err, reason.BBroken)
		a.say(code, err)
		return show(trouble(code, lang))
	}
	l := speak(lang)
	return show(display.Screen{Word: l.Screens["applied"].Word, Notes: []string{dayOf(a.trust.Issued)}, Lang: l.Tag})
}

// adopt goes by another bundle from here on.
func (a *appliance) adopt(b *bundle.Bundle) {
	a.believe(b)
	a.log.Event(journal.Installed, a.trust.Serial, 0)
	if a.jail != nil {
		a.jail.Renew()
	}
	a.clock.Passed(a.trust.Issued)
	if a.kiosk.now.rests {
		a.kiosk.rest() // it names the members
	}
}

// factoryBundle is the bundle that a card was made with, beside its root.
const factoryBundle = "badge-kiosk-bundle.zip"

// factoryOf is that bundle, nil for a card made without one.
func factoryOf(c config) []byte {
	data, err := readFile(filepath.Join(filepath.Dir(c.Root), factoryBundle), maxBundle)
	if err != nil {
		return nil
	}
	return data
}

// factory falls back to the bundle that came with the card, while the state
// holds none as new.
func (a *appliance) factory() {
	data := factoryOf(a.config)
	if data == nil {
		return
	}
	if err := a.store.UseFactory(data); err != nil && reason.CodeOf(err, "") != reason.BRollback {
		a.say(reason.CodeOf(err, reason.BBroken), err)
	}
}
