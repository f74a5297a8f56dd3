package main

import (
	"context"
	"io/fs"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/press"
	"badgekiosk/display/signal"
	"badgekiosk/scanner"
	"badgekiosk/verify"
)

// A Kiosk is the whole appliance: a camera, a judge and a glass, and the
// person in front of them. What is not set is done without.
type Kiosk struct {
	Scanner scanner.Scanner
	Judge   func(payload []byte, ask verify.Ask) verify.Report
	Glass   surface
	Signals *signal.Signals // lights and tones beside the glass

	Ask   func() verify.Ask // what time it is, and who looks
	Lang  string            // of the next person, BCP 47
	Stays stays             // how long things stay on the glass
	// Patience is how long a code may go unread before there is advice.
	Patience time.Duration
	// Poster is a glass too slow for verdicts and advice: lights and tones
	// tell them.
	Poster bool
	Tell   func(display.Screen) // told of each screen before the glass changes
	Seen   *seen                // badges that were shown before today

	// Forget is called once nothing of the last person is on the glass any
	// more, beside what goes on there: it may take a while.
	Forget func()

	// Take is offered each payload before it is judged: one that is no badge
	// but an update gets a view of its own.
	Take func(payload []byte) (view, bool)
	// Rest is the view between two badges; without it, how to show one.
	Rest func(lang string) view
	// Help is what the kiosk knows beside a report that helps the person.
	Help func(verify.Report) help
	// Names has the clips of the names that its bundle has for a report.
	Names func(verify.Report) fs.FS
	// Name is how a phone is told who asks whose badge it is; without it, no
	// phone is asked.
	Name string
	// Menu is the view that the menu button opens.
	Menu func(lang string) view

	// Presses are the buttons', and Do is work that other parts of the
	// appliance want done where the kiosk is nobody else's.
	Presses <-chan press.Press
	Do      <-chan func()

	desk
}

// A surface shows screens. It may be a [display.Governor].
type surface interface {
	Put(context.Context, display.Screen) error
	// Wake gets it ready for a result that is to be expected.
	Wake(context.Context) error
	// Holds tells whether the glass has room for all of a screen.
	Holds(display.Screen) bool
	// Renew refreshes what is shown, when that is Due.
	Renew(context.Context) error
	Due() time.Time
}

// Run scans, judges and shows until ctx ends, the camera has no more, or the
// glass fails.
func (k *Kiosk) Run(ctx context.Context) error {
	sights, stop := k.look(ctx) // camera → frame → symbol → payload
	defer stop()
	k.arrive()
	for {
		select {
		case s := <-sights:
			if s.end != nil {
				return s.end
			}
			if err := k.ready(ctx, s); err != nil {
				return err
			}
			k.see(s) // payload → document → report → screen
		case b := <-k.Presses:
			k.press(b)
		case do := <-k.Do:
			do()
		case <-k.alarm():
			k.pass(time.Now())
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := k.show(ctx); err != nil { // screen → picture → panel
			return err
		}
	}
}

// see answers what the camera saw: with a verdict, where it was a badge.
func (k *Kiosk) see(s sight) {
	var judged []scanner.Payload
	var reports []verify.Report
	var ago time.Duration
	for _, p := range s.payloads {
		if k.Take != nil {
			if v, taken := k.Take(p.Data); taken {
				k.put(v)
				return
			}
		}
		if k.heldStill(p.Data) {
			continue
		}
		r := k.Judge(p.Data, k.asks())
		judged = append(judged, p)
		reports, ago = append(reports, r), max(ago, k.Seen.again(p.Data, r))
	}
	switch {
	case reports != nil:
		k.put(k.follow(k.result(reports, ago), judged, reports))
	case s.payloads == nil:
		k.advise(s)
	}
}
