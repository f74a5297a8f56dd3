package main

import (
	"context"
	"slices"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/display/signal"
	"badgekiosk/verify"
)

// A desk is what goes on in front of a kiosk: what stands on the glass, since
// when, and until when.
type desk struct {
	now    view
	lang   string    // of the person at the desk
	since  time.Time // when somebody last did something
	warned bool      // that the view goes soon
	shown  bool      // the view is on the glass as it is
	owes   bool      // to forget whom it was for, once it is gone
	query  *query    // what a phone was asked; nil: nothing
	hearing
}

// arrival is how long a kiosk that starts waits for a badge that is already
// there, before it shows how to hold one up.
const arrival = 50 * time.Millisecond

// forget is how long after the last person the kiosk keeps that person's
// language.
const forget = time.Minute

// arrive begins with nothing on the glass.
func (k *Kiosk) arrive() {
	k.put(view{stays: arrival})
	k.shown = true
}

// put makes v what stands on the glass.
func (k *Kiosk) put(v view) {
	k.now, k.since, k.warned, k.shown = v, time.Now(), false, false
	k.owes = k.owes || !v.rests
	k.Signals.Show(v.lights)
	k.tell(v)
}

// screen is what is to be on the glass.
func (k *Kiosk) screen() display.Screen {
	if len(k.now.pages) == 0 {
		return display.Screen{}
	}
	s := k.now.pages[k.now.page]
	if k.warned {
		s = leaving(s, k.Stays.warn)
	}
	return s
}

// show draws what is to be on the glass, if it is not there, by the gentlest
// refresh that leaves nothing of a name behind.
func (k *Kiosk) show(ctx context.Context) error {
	if k.shown {
		return k.Glass.Renew(ctx)
	}
	s := k.screen()
	if k.Tell != nil {
		k.Tell(s)
	}
	k.shown = true
	err := k.Glass.Put(ctx, s)
	if k.owes && k.now.rests && k.Forget != nil && err == nil {
		k.owes = false
		go k.Forget()
	}
	return err
}

// rest shows how to hold up a badge.
func (k *Kiosk) rest() {
	v := k.resting()
	v.rests = true
	k.put(v)
}

// resting is the view between two badges.
func (k *Kiosk) resting() view {
	if k.Rest != nil {
		return k.Rest(k.speech())
	}
	return view{pages: screens(attract(k.speech()))}
}

// speech is the language of the person at the desk.
func (k *Kiosk) speech() string {
	if k.lang == "" {
		return k.Lang
	}
	return k.lang
}

// gravity orders verdicts, the one that needs somebody most first.
var gravity = []verify.Verdict{verify.NotVerified, verify.CannotTell, verify.Check, verify.Demo, verify.Verified}

// result is the view of what was held up: each badge's pages one after the
// other. The lights say the gravest verdict.
func (k *Kiosk) result(reports []verify.Report, ago time.Duration) view {
	lang := k.speech()
	v := view{warns: k.Stays.warn > 0}
	for i, r := range reports {
		h := help{}
		if k.Help != nil {
			h = k.Help(r)
		}
		all := pages(r, lang, h, k.Glass.Holds)
		if len(reports) > 1 {
			all[0].Notes = append([]string{speak(lang).Notes["several"].with(nth(i+1, len(reports)))}, all[0].Notes...)
		}
		v.pages = append(v.pages, all...)
	}
	if ago > 0 {
		v.pages[0] = seenBefore(v.pages[0], ago)
	}
	for i := range v.pages {
		v.pages[i].Page, v.pages[i].Pages = i+1, len(v.pages)
	}
	if k.Poster {
		v = k.resting() // stays where it is
	}
	worst := gravest(reports).Verdict
	v.stays, v.lights = k.Stays.of(worst), signs[worst]
	v.turns = !k.Poster && k.Presses == nil && k.Stays.page > 0 && len(v.pages) > 1
	v.line = k.verdict(gravest(reports), ago)
	return v
}

// gravest is the report that needs somebody most.
func gravest(reports []verify.Report) verify.Report {
	return slices.MinFunc(reports, func(a, b verify.Report) int {
		return slices.Index(gravity, a.Verdict) - slices.Index(gravity, b.Verdict)
	})
}

// signs are what lights and tones say of a verdict.
var signs = map[verify.Verdict]signal.Sign{
	verify.Verified:    signal.Verified,
	verify.Check:       signal.Check,
	verify.NotVerified: signal.NotVerified,
	verify.CannotTell:  signal.CannotTell,
	verify.Demo:        signal.Demo,
}

// press does what a button is for: it turns pages, chooses from a menu, and
// always keeps what is on the glass there for longer.
func (k *Kiosk) press(p press.Press) {
	if k.now.grip != nil && p.Button == press.Menu {
		k.put(k.now.grip(p.Down))
		return
	}
	p, ok := k.short(p)
	if !ok {
		return
	}
	switch {
	case k.now.press != nil:
		if v := k.now.press(p.Button); v.pages != nil {
			k.put(v)
		} else {
			k.rest()
		}
	case p.Button == press.Menu && k.now.rests && k.Menu != nil:
		k.put(k.Menu(k.speech()))
	case p.Button == press.Menu && k.now.ask != nil:
		k.put(k.now.ask())
	case p.Button == press.Menu && !k.now.rests:
		k.rest()
	case p.Button == press.Back:
		k.turn(-1)
	default:
		k.turn(1)
	}
}

// turn shows the next page, or the one before, and begins the view's time
// anew. What has one page stays as it is.
func (k *Kiosk) turn(by int) {
	if n := len(k.now.pages); n > 0 {
		next := (k.now.page + by + n) % n
		k.shown = k.shown && next == k.now.page && !k.warned
		k.now.page = next
	}
	k.since, k.warned = time.Now(), false
}

// alarm goes off when time alone changes something.
func (k *Kiosk) alarm() <-chan time.Time {
	at := k.Glass.Due()
	for _, t := range k.times() {
		if t.Before(at) {
			at = t
		}
	}
	return time.After(time.Until(at))
}

// times are when the view warns, when it goes, and when the last person's
// language does.
func (k *Kiosk) times() (all []time.Time) {
	if stays := k.staying(); stays > 0 {
		all = append(all, k.since.Add(stays))
		if k.warning() {
			all = append(all, k.since.Add(stays-k.Stays.warn))
		}
	}
	if k.now.rests && k.lang != "" {
		all = append(all, k.since.Add(forget))
	}
	if k.holds() {
		all = append(all, k.held.Add(holdToHear))
	}
	return all
}

// staying is how long what is on the glass stays: pages that turn by
// themselves after the first, a little while each.
func (k *Kiosk) staying() time.Duration {
	if k.now.turns && k.now.page > 0 {
		return k.Stays.page
	}
	return k.now.stays
}

// last tells whether no page follows by itself.
func (k *Kiosk) last() bool { return !k.now.turns || k.now.page == len(k.now.pages)-1 }

// warning tells whether it is still to be said that the view goes.
func (k *Kiosk) warning() bool { return k.now.warns && !k.warned && k.last() }

// pass does what is due at now.
func (k *Kiosk) pass(now time.Time) {
	waited, stays := now.Sub(k.since), k.staying()
	switch v := k.now; {
	case k.holds() && now.Sub(k.held) >= holdToHear:
		k.readOut()
	case k.reads && now.Sub(k.held) < heldMost:
		k.since = now
	case v.rests && k.lang != "" && waited >= forget:
		k.lang = ""
		k.rest()
	case stays == 0:
	case waited >= stays && !k.last():
		k.turn(1)
	case waited >= stays && v.then != nil:
		k.put(v.then())
	case waited >= stays:
		k.rest()
	case k.warning() && waited >= stays-k.Stays.warn:
		k.warned, k.shown = true, false
		k.Signals.Show(signal.Warn)
	}
}
