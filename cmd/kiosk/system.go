package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"badgekiosk/display/press"
	lights "badgekiosk/display/signal"
	"badgekiosk/provision"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

const (
	systemLook  = time.Second      // between two looks at how a system gets on
	systemWait  = 2 * time.Minute  // how long a system is offered
	systemSteps = 10               // that its progress is shown in: e-paper is slow
	systemTold  = 5 * time.Second  // how long it is said that the kiosk starts again
	systemNews  = 10 * time.Minute // how long it is said that the old system is back
	systemLag   = 3 * time.Second  // until what is said is about what was asked for
)

// A systemDesk is what the desk knows of the system that the kiosk runs on. On
// any but a card of the kiosk's own there is nothing to know.
type systemDesk struct {
	slots   provision.Slots
	put     provision.Put
	running provision.Running
	taken   provision.FoundSystem // on its way to the other slot; no name: none
	asked   time.Time             // when it was taken
	before  provision.Put         // what was said until then
	told    bool                  // what became of the last trial
	next    func() view           // what follows a bundle that a stick held; nil: nothing
}

// has tells whether this kiosk can take systems.
func (d *systemDesk) has() bool { return d.slots.Slot == "a" || d.slots.Slot == "b" }

// share is how much of the way a system has come, of [systemSteps].
func (d *systemDesk) share() int {
	steps := map[string]int64{provision.StepCheck: 0, provision.StepWrite: 1, provision.StepCompare: 2}
	at, ok := steps[d.put.Step]
	if !ok || d.put.Of <= 0 {
		return 0
	}
	return int((at*d.put.Of + d.put.Done) * systemSteps / (int64(len(steps)) * d.put.Of))
}

// keepSystem looks how a system gets on that was taken, and what became of one
// that was tried.
func (a *appliance) keepSystem(ctx context.Context) {
	for {
		slots, put := a.system()
		a.call(ctx, func() { a.systemIs(slots, put) })
		select {
		case <-ctx.Done():
			return
		case <-time.After(systemLook):
		}
	}
}

// systemIs takes note of what the board's first process says.
func (a *appliance) systemIs(slots provision.Slots, put provision.Put) {
	share := a.sys.share()
	a.sys.slots, a.sys.put = slots, put
	if !a.sys.told && a.sys.has() && !slots.Trial {
		a.sys.told = true
		a.tellTrial()
	}
	stale := put == a.sys.before && time.Since(a.sys.asked) < systemLag
	if a.sys.taken.Name == "" || stale {
		return
	}
	switch put.Step {
	case provision.StepRefused:
		a.refuseSystem(reason.Errorf(put.Code, "system %d was not put in", put.Number))
	case provision.StepWhole:
		a.trySystem()
	default:
		if now := a.sys.share(); now != share && a.kiosk.now.rests {
			a.kiosk.rest()
		}
	}
}

// tellTrial says what became of the system that was tried last, once.
func (a *appliance) tellTrial() {
	if a.store == nil {
		return
	}
	lang := a.kiosk.speech()
	switch tried := a.store.State().Trial.Number; tried {
	case 0:
	case a.sys.running.Number:
		a.kiosk.put(view{pages: screens(systemDone(offer{Serial: tried}, lang)), stays: a.kiosk.Stays.other, lights: lights.Done})
	default:
		a.say(reason.BSystem, fmt.Errorf("system %d was tried, %d is in use", tried, a.sys.running.Number))
		v := brief(systemBack(lang))
		v.stays, v.lights = systemNews, lights.Fault
		a.kiosk.put(v)
	}
	if err := a.store.EndTrial(a.sys.running.Number); err != nil {
		a.feel(reason.HDisk, err)
	}
}

// faults are the parts that do not work, as far as a system can be to blame.
// The clock is not: it may have been set by hand before.
func (a *appliance) faults() []reason.Code {
	all := maps.Clone(a.ill)
	delete(all, reason.HClock)
	if a.sys.slots.Trial {
		delete(all, reason.HDisk) // it may not write
	}
	if len(a.trust.Members) == 0 {
		all[reason.BNone] = nil
	}
	return slices.Sorted(maps.Keys(all))
}

// provesWell tells whether this is a system on trial under which the kiosk
// does as well as it did before.
func (a *appliance) provesWell() bool {
	if !a.sys.slots.Trial || a.store == nil {
		return false
	}
	t := a.store.State().Trial
	return t.Number == a.sys.running.Number && t.Well(a.faults()) && a.judges()
}

// judges tells whether whoever judges does, before the first badge comes: a
// system that could judge none must not be kept.
func (a *appliance) judges() bool {
	if a.jail == nil {
		return true
	}
	_, err := a.jail.Judge([]byte("no badge"), a.kiosk.Ask())
	if err != nil {
		a.say(reason.HJudge, err)
	}
	return err == nil
}

// systemOn is what there is to say of the systems on a stick, nil if nothing.
func (a *appliance) systemOn(c stick.Contents) func() view {
	if !a.sys.has() || a.store == nil || len(c.Systems) == 0 {
		return nil
	}
	return func() view { return a.offerSystem(c.Systems) }
}

// beforeSystem has v, of a bundle on a stick, followed by the system on it, if
// there is one. Whom a newer bundle lets sign systems may have signed it.
func (a *appliance) beforeSystem(v view) view {
	if a.sys.next != nil {
		v.then, v.press = a.afterBundle, func(press.Button) view { return a.afterBundle() }
	}
	return v
}

// afterBundle is the system on the stick; nothing, if there is none.
func (a *appliance) afterBundle() view {
	next := a.sys.next
	if a.sys.next = nil; next != nil {
		return next()
	}
	v := a.kiosk.resting()
	v.rests = true
	return v
}

// offerSystem shows a system that is signed by the right people. It is not
// taken by waiting a moment, as an update of the lists is: the kiosk is out of
// use for minutes, and all that it is made of changes. Staff say so, with
// their PIN. Where there are no buttons to say so with, a stick that is left
// in says it, and one that is pulled does not.
func (a *appliance) offerSystem(all []stick.File) view {
	lang := a.kiosk.speech()
	if a.sys.slots.Trial {
		return brief(systemOnTrial(lang))
	}
	found, _ := a.sys.running.JudgeSystems(a.store.Current(), a.store.State().Floors, all)
	if found.Err != nil {
		return a.systemRefused(found, found.Err)
	}
	if a.kiosk.Presses == nil {
		v := still(systemLeave(a.systemOffer(found), lang))
		v.stays, v.stick = systemWait, true
		v.then = func() view { return a.takeSystem(found) }
		return v
	}
	v := still(systemFound(a.systemOffer(found), lang))
	v.stays = systemWait
	v.press = func(b press.Button) view {
		if b == press.Back {
			return view{}
		}
		return a.locked(func() view { return a.takeSystem(found) })
	}
	return v
}

// systemOffer is what a person reads of a system.
func (a *appliance) systemOffer(f provision.FoundSystem) offer {
	return offer{Signers: a.trust.Name, Serial: f.Number}
}

func (a *appliance) systemRefused(f provision.FoundSystem, err error) view {
	code := reason.CodeOf(err, reason.HStick)
	a.say(code, err)
	v := brief(updateRefused(code, a.systemOffer(f), a.kiosk.speech()))
	v.lights = lights.Fault
	return v
}

// takeSystem asks for a system to be put in. Badges are judged meanwhile.
func (a *appliance) takeSystem(f provision.FoundSystem) view {
	a.note(fmt.Sprintf("system %d taken", f.Number))
	if err := a.boss.TakeSystem(); err != nil || a.boss == nil {
		return a.systemRefused(f, reason.Errorf(reason.BSystem, "nobody puts it in: %w", errors.Join(err, errNoBoss)))
	}
	a.sys.taken, a.sys.asked, a.sys.before = f, time.Now(), a.sys.put
	a.sys.put = provision.Put{}
	return a.systemGoing()
}

var errNoBoss = errors.New("the board's first process was asked")

// systemGoing shows how far a system is.
func (a *appliance) systemGoing() view {
	v := still(systemInstalling(a.sys.share(), systemSteps, a.kiosk.speech()))
	v.rests = true // a badge takes its place, and leaves it again
	return v
}

// refuseSystem says why a system was not put in.
func (a *appliance) refuseSystem(err error) {
	f := a.sys.taken
	a.sys.taken = provision.FoundSystem{}
	a.kiosk.put(a.systemRefused(f, err))
	a.kiosk.Signals.Show(lights.Fault)
}

// trySystem has the system started that is in the other slot now. What is to
// become of it is written down before: how this kiosk does under it is
// compared with how it does today.
func (a *appliance) trySystem() {
	if err := a.store.Try(provision.Trial{Number: a.sys.taken.Number, Ill: a.faults()}); err != nil {
		a.refuseSystem(reason.Errorf(reason.HDisk, "%w", err))
		return
	}
	a.sys.taken = provision.FoundSystem{}
	v := still(systemRestarts(a.kiosk.speech()))
	v.stays = systemTold
	v.then = func() view {
		a.tell(a.boss.TrySystem())
		return still(v.pages[0])
	}
	a.kiosk.put(v)
}
