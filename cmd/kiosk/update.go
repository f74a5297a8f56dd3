package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/display/press"
	lights "badgekiosk/display/signal"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

const (
	offerWait = 5 * time.Second        // how long an update is offered before it is taken without a press
	gripSteps = 5                      // how long OK is held for a first root,
	gripStep  = 600 * time.Millisecond // a step at a time
)

// sticks shows what comes of each stick that is put in.
func (a *appliance) sticks(ctx context.Context) {
	events, err := a.watchSticks(ctx, func(c stick.Contents) provision.Outcome { return a.judgeStick(ctx, c) })
	if err != nil {
		a.post(ctx, func() { a.say(reason.HStick, err) })
		return
	}
	for e := range events {
		a.post(ctx, func() { a.stick(ctx, e) })
	}
}

// judgeStick judges by the store there is, which a first root replaces.
func (a *appliance) judgeStick(ctx context.Context, c stick.Contents) provision.Outcome {
	var store *provision.Store
	a.call(ctx, func() { store = a.store })
	return store.Judge(c)
}

// stick shows one step of a stick's.
func (a *appliance) stick(ctx context.Context, e provision.StickEvent) {
	k := a.kiosk
	lang := k.speech()
	switch e.Step {
	case provision.StickIn:
		k.put(brief(readStick(lang)))
		k.now.stays = 2 * time.Minute // it is copied and judged meanwhile, and says so
	case provision.StickCopied:
		if a.systemOn(e.Copied) == nil { // which is not copied
			k.put(brief(pullStick(lang)))
		}
	case provision.StickJudged:
		k.put(a.judged(ctx, e))
	case provision.StickGone:
		a.sys.next = nil
		if k.now.stick {
			k.rest()
		}
	}
	if e.Step == provision.StickIn {
		k.now.stick = true
	}
}

// judged is the view of what a stick held.
func (a *appliance) judged(ctx context.Context, e provision.StickEvent) view {
	lang, out := a.kiosk.speech(), e.Outcome
	if a.store == nil {
		if root, err := provision.ReadFirstRoot(e.Copied); err == nil {
			return a.compareRoot(ctx, root, e.Copied, 0)
		}
	}
	code := reason.CodeOf(out.Err, reason.HStick)
	a.sys.next = a.systemOn(e.Copied)
	switch {
	case out.Err == nil:
		return a.offer(ctx, out.Found[0])
	case a.sys.next != nil && (code == reason.BEmpty || code == reason.BSame):
		return a.afterBundle()
	case code == reason.BEmpty:
		return brief(noUpdate(lang))
	}
	a.say(code, out.Err)
	o := offer{}
	if len(out.Found) > 0 {
		o = offerOf(out.Found[0].Bundle)
	}
	v := brief(updateRefused(code, o, lang))
	v.lights = lights.Fault
	return a.beforeSystem(v)
}

// sync asks the host that the signed settings name for what changed, now and
// then. No kiosk needs it.
func (a *appliance) sync(ctx context.Context) {
	var store *provision.Store
	for a.call(ctx, func() { store = a.store }); store == nil; a.call(ctx, func() { store = a.store }) {
		select { // there may be a first root by then
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
	s := provision.NewSyncer(store, a.fetch, func(w *provision.Wish) {
		a.call(ctx, func() {
			w.URL = a.settings.Sync
			if m := a.clock.Moment(); m.Set {
				w.At = m.Earliest
			}
		})
	})
	a.call(ctx, func() { a.syncer = s })
	s.Run(ctx, func(e provision.SyncEvent) {
		a.post(ctx, func() {
			if e.Bundle == nil && !errors.Is(e.Err, provision.ErrInstalled) {
				a.say(reason.CodeOf(e.Err, reason.HNet), e.Err)
				return
			}
			a.say(reason.HNet, nil)
			a.log.Event(journal.Synced, 0, 0)
			if e.Bundle != nil {
				a.adopt(e.Bundle)
			}
		})
	})
}

// offerOf is what a person reads of a bundle.
func offerOf(b *bundle.Bundle) (o offer) {
	if b == nil {
		return o
	}
	set, err := trust.OpenSealed(b.Tree())
	if err != nil {
		return o
	}
	o = offer{Signers: set.Name, Serial: set.Serial, Issued: set.Issued}
	for _, m := range set.Members {
		o.Members = append(o.Members, m.Name)
	}
	return o
}

// offer shows an update that is whole and rightly signed. OK takes it, and so
// does waiting; back does not.
func (a *appliance) offer(ctx context.Context, f provision.Found) view {
	o := offerOf(f.Bundle)
	v := still(updateFound(o, a.kiosk.speech()))
	v.stays = offerWait
	v.then = func() view { return a.install(ctx, f, o) }
	v.press = func(b press.Button) view {
		if b == press.Back {
			return a.afterBundle()
		}
		return v.then()
	}
	return v
}

// install installs an update beside everything else: badges can be shown
// meanwhile, and are judged by what was believed before.
func (a *appliance) install(ctx context.Context, f provision.Found, o offer) view {
	store := a.store
	go func() {
		b, err := store.Install(f.Zipped)
		a.post(ctx, func() { a.installed(b, o, err) })
	}()
	v := still(updating(0, 1, a.kiosk.speech()))
	v.stays = time.Minute
	return v
}

// installed says what came of an update.
func (a *appliance) installed(b *bundle.Bundle, o offer, err error) {
	lang := a.kiosk.speech()
	code := reason.CodeOf(err, reason.BBroken)
	if err != nil {
		a.say(code, err)
	}
	if err != nil && code != reason.HDisk { // a full card keeps it in memory
		a.kiosk.put(brief(updateRefused(code, o, lang)))
		a.kiosk.Signals.Show(lights.Fault)
		return
	}
	a.adopt(b)
	v := view{pages: screens(updateDone(o, lang)), stays: a.kiosk.Stays.other, lights: lights.Done}
	a.kiosk.put(a.beforeSystem(v))
}

// compareRoot lets a kiosk without a root take its first one, while somebody
// holds OK and the words on the glass are the ones they were given.
func (a *appliance) compareRoot(ctx context.Context, root provision.FirstRoot, c stick.Contents, held int) view {
	v := still(firstRoot(strings.Fields(root.Words), held, gripSteps, a.kiosk.speech()))
	v.stays = 5 * time.Minute
	if held > 0 {
		v.stays = gripStep
		v.then = func() view {
			if held < gripSteps {
				return a.compareRoot(ctx, root, c, held+1)
			}
			return a.adoptRoot(ctx, root, c)
		}
	}
	v.grip = func(down bool) view {
		if down {
			return a.compareRoot(ctx, root, c, 1)
		}
		return a.compareRoot(ctx, root, c, 0)
	}
	return v
}

// adoptRoot takes the first root, and then the bundle that came with it.
func (a *appliance) adoptRoot(ctx context.Context, root provision.FirstRoot, c stick.Contents) view {
	if err := provision.Adopt(a.Root, a.State, root); err != nil {
		a.say(reason.CodeOf(err, reason.BRoot), err)
		return brief(updateRefused(reason.CodeOf(err, reason.BRoot), offer{}, a.kiosk.speech()))
	}
	a.prepare()
	if a.jail != nil {
		a.jail.Renew()
	}
	return a.judged(ctx, provision.StickEvent{Step: provision.StickJudged, Copied: c, Outcome: a.store.Judge(c)})
}
