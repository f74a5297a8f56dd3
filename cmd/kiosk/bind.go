package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"badgekiosk/display"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// bound is what a card's kiosk.json comes to under what was signed: who
// looks, and the set as this kiosk's group believes it. The card only
// narrows. One that asks for more than its ceiling gets the ceiling, and the
// report says so (C-CEILING).
func bound(c config, all *trust.Set) (*trust.Set, verify.Audience, error) {
	set, signed, err := all.For(c.Group)
	ceiling, _ := verify.ParseAudience(signed.Audience)
	asked := verify.Public
	if c.Audience != "" {
		var ok bool
		if asked, ok = verify.ParseAudience(c.Audience); !ok {
			err = errors.Join(err, fmt.Errorf("audience %q is not one of public, partner, employer, office", c.Audience))
		}
	}
	if asked > ceiling {
		asked = ceiling
		if set != nil {
			set.Notes = append(slices.Clone(set.Notes), reason.CCeiling)
		}
	}
	return set, asked, err
}

// believe makes the installed bundle what this kiosk judges by.
func (a *appliance) believe(b *bundle.Bundle) {
	set, audience, err := bound(a.config, believe(a.log, a.State, b, nil))
	if err != nil {
		a.say(reason.CCeiling, err)
	}
	a.trust, a.audience = set, audience
}

// take installs an urgent update that was held to the camera, and says what
// became of it. Other payloads are badges, and not for it.
func (a *appliance) take(k *Kiosk, payload []byte) (s display.Screen, ok bool) {
	if a.store == nil || !provision.IsUrgent(payload) {
		return s, false
	}
	b, err := a.store.InstallUrgent(payload)
	switch {
	case err == nil:
		a.believe(b)
		a.clock.Passed(a.trust.Issued)
		k.Verifier = verify.Verifier{Trust: a.trust, Accepts: a.Accepts}
	case !errors.Is(err, provision.ErrInstalled):
		a.say(reason.BBroken, err)
		return trouble(reason.CodeOf(err, reason.BBroken), a.Lang), true
	}
	l := speak(a.Lang)
	return display.Screen{Word: l.Screens["applied"].Word, Notes: []string{dayOf(a.trust.Issued)}, Lang: l.Tag}, true
}

// factoryBundle is the bundle that a card was made with, beside its root.
const factoryBundle = "badge-kiosk-bundle.zip"

// factory falls back to the bundle that came with the card, while the state
// holds none as new.
func (a *appliance) factory() {
	data, err := readFile(filepath.Join(filepath.Dir(a.Root), factoryBundle), maxBundle)
	if err != nil {
		return // a card made without one
	}
	if err := a.store.UseFactory(data); err != nil && reason.CodeOf(err, "") != reason.BRollback {
		a.say(reason.CodeOf(err, reason.BBroken), err)
	}
}
