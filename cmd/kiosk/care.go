package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"badgekiosk/cmd/kiosk/status"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// partLabels are the parts of a kiosk, by the code that each fails with.
var partLabels = []struct {
	label string
	code  reason.Code
}{{"camera", reason.HCam}, {"panel", reason.HPanel}, {"clock", reason.HClock}, {"disk", reason.HDisk}, {"lists", reason.BNone}}

// selfTest is how each part does.
func (a *appliance) selfTest() (parts []part) {
	ill := map[reason.Code]bool{
		reason.HClock: !a.clock.Moment().Set,
		reason.BNone:  len(a.trust.Members) == 0,
	}
	for code := range a.ill {
		ill[code] = true
	}
	for _, p := range partLabels {
		code := p.code
		if !ill[code] {
			code = ""
		}
		parts = append(parts, part{p.label, code})
	}
	if ill[reason.HUSB] {
		parts = append(parts, part{"usb", reason.HUSB})
	}
	slices.SortStableFunc(parts, func(x, y part) int { return len(y.code) - len(x.code) })
	return parts
}

// lookForUpdate asks for the stick to be put in, or to be put in again; the
// host, where there is one, is asked too.
func (a *appliance) lookForUpdate() view {
	if a.syncer != nil {
		a.syncer.Now()
	}
	return brief(noUpdate(a.kiosk.speech()))
}

// status is how this kiosk is, with nothing of a learner.
func (a *appliance) status() status.Status {
	s := status.Status{
		Site: a.site, Build: buildName(), Serial: a.trust.Serial, Issued: a.trust.Issued, Oldest: oldestList(a.trust),
		At: a.clock.Moment().Earliest, Clock: a.clock.Source().String(), Uptime: int64(time.Since(a.started).Seconds()),
		Codes: status.CodesOf(a.log),
		Counts: status.Counts{
			Verified: a.counts[verify.Verified], Check: a.counts[verify.Check], NotVerified: a.counts[verify.NotVerified],
			CannotTell: a.counts[verify.CannotTell], Demo: a.counts[verify.Demo],
		},
	}
	if anchor, err := provision.ReadRoot(a.Root, a.State); err == nil {
		s.Root = strings.Fields(bundle.Words(anchor))
	}
	if a.jail != nil {
		for _, l := range a.jail.Layers() {
			if l.Fault != "" {
				s.Missing = append(s.Missing, l.Name)
			}
		}
	}
	return s
}

// oldestList is the date of the oldest document that this kiosk judges by.
func oldestList(set *trust.Set) (oldest time.Time) {
	for _, m := range set.Members {
		if docs := set.DocumentsOf(m); len(docs) > 0 && (oldest.IsZero() || docs[0].Fetched.Before(oldest)) {
			oldest = docs[0].Fetched
		}
	}
	return oldest
}

// errNoSocket says that nobody can ask this kiosk how it is.
var errNoSocket = errors.New("there is no socket for kiosk status")

// answerAgain is the wait until the socket is tried again.
const answerAgain = time.Minute

// answer answers whoever asks on this board how the kiosk is. Where the socket
// cannot be made it is tried again. A system on trial may write nothing: that
// is no fault, and the socket comes when the system is kept.
func (a *appliance) answer(ctx context.Context) {
	for {
		server, err := a.listen(a.State, func() status.Status { return a.statusSoon(ctx) })
		if err == nil {
			<-ctx.Done()
			server.Close()
			return
		}
		a.post(ctx, func() {
			if !a.sys.slots.Trial {
				a.say("", fmt.Errorf("%w: %w", errNoSocket, err))
			}
		})
		select {
		case <-ctx.Done():
			return
		case <-time.After(answerAgain):
		}
	}
}

// statusSoon is the status as the kiosk's goroutine has it between two screens;
// an empty one, if it ends before.
func (a *appliance) statusSoon(ctx context.Context) (s status.Status) {
	got := make(chan status.Status, 1)
	a.post(ctx, func() { got <- a.status() })
	select {
	case s = <-got:
	case <-ctx.Done():
	}
	return s
}

// showStatus shows it as a code, for a photograph.
func (a *appliance) showStatus() view {
	return brief(statusCode(a.status().Text(), a.site, a.kiosk.speech()))
}

// turnOff says that the board may be unplugged, and asks for it to be switched
// off. What the panel shows by itself without power stays on it.
func (a *appliance) turnOff() view {
	v := still(turnedOff(a.kiosk.speech()))
	v.stays = time.Second
	v.then = func() view {
		a.tell(a.boss.Off())
		return still(v.pages[0])
	}
	return v
}

const (
	beat     = 5 * time.Second  // between two signs of life
	answered = 20 * time.Second // for the kiosk's goroutine: the slowest panel's full refresh, and more
	seeing   = 20 * time.Second // since the camera gave a frame, or was last tried
)

// watchdog tells whoever started the kiosk that it gets on: while its
// goroutine answers, which it does between two screens, and the camera gives
// frames or is tried again. Who hears nothing starts the kiosk anew.
func (a *appliance) watchdog(ctx context.Context, camera *mendedCamera) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(beat):
		}
		soon, cancel := context.WithTimeout(ctx, answered)
		well := false
		a.call(soon, func() { well = a.provesWell() })
		if soon.Err() == nil && camera.moves(time.Now()) {
			a.tell(a.boss.Alive())
			if well {
				a.tell(a.boss.Well())
			}
		}
		cancel()
	}
}

// tell notes that nobody could be told.
func (a *appliance) tell(err error) {
	if err != nil {
		a.say("", err)
	}
}
