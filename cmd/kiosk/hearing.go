package main

import (
	"io/fs"
	"time"

	"badgekiosk/display/press"
	"badgekiosk/display/signal"
	"badgekiosk/verify"
)

// Hearing is what is spoken at a desk, and what was.
type hearing struct {
	held   time.Time // since when OK is down; zero while it is not
	reads  bool      // it is down for so long that the kiosk reads aloud
	said   string    // the last screen that was spoken,
	saidAt time.Time // and when
}

const (
	// holdToHear is how long OK is held down until the kiosk reads aloud what
	// is on the glass, until it is let go.
	holdToHear = 700 * time.Millisecond
	// heldMost is how long a result stays for who holds OK down.
	heldMost = time.Minute
	// sayAgain is when a screen that did not change is spoken once more.
	sayAgain = 10 * time.Second
)

// tell speaks a view that is put on the glass: a verdict's word to everybody,
// all else to who wears headphones. A kiosk at rest says nothing by itself.
func (k *Kiosk) tell(v view) {
	if !k.Signals.Speaks() {
		return
	}
	if k.reads { // of what is no longer there
		k.held, k.reads = time.Time{}, false
		k.Signals.Say(signal.Line{})
	}
	line := v.line
	if line.Lang == "" {
		if v.rests || len(v.pages) == 0 {
			return
		}
		line = aloud(v.pages[0])
		said := v.pages[0].Lang + textOf(line)
		if said == k.said && time.Since(k.saidAt) < sayAgain {
			return
		}
		k.said, k.saidAt = said, time.Now()
	}
	k.Signals.Say(line)
}

func textOf(l signal.Line) (text string) {
	for _, p := range l.Private {
		text += "\n" + p.Text
	}
	return text
}

// verdict is how a result is spoken.
func (k *Kiosk) verdict(r verify.Report, ago time.Duration) signal.Line {
	var names fs.FS
	if k.Names != nil {
		names = k.Names(r)
	}
	l := speak(k.speech())
	line := l.report(r, names)
	if ago > 0 {
		line.Private = append(line.Private, parts(utter(l.Notes["seen"].with(nil), nil))...)
	}
	return line
}

// holds tells whether OK is down and not yet for long enough.
func (k *Kiosk) holds() bool { return !k.held.IsZero() && !k.reads }

// short tells which presses are to be acted on. On a kiosk with a voice OK
// acts when it is let go: held down for longer it reads aloud.
func (k *Kiosk) short(p press.Press) (press.Press, bool) {
	if p.Button != press.Menu || !k.Signals.Speaks() {
		return p, p.Down
	}
	if p.Down {
		k.held, k.reads = time.Now(), false
		return p, false
	}
	down, read := !k.held.IsZero(), k.reads
	k.held, k.reads = time.Time{}, false
	if read {
		k.since = time.Now() // it stays for who has just heard it
		k.Signals.Say(signal.Line{})
	}
	return p, down && !read
}

// readOut reads aloud what is on the glass, as somebody holds OK down for it.
func (k *Kiosk) readOut() {
	k.shown = k.shown && !k.warned
	k.reads, k.since, k.warned = true, time.Now(), false
	line := k.now.line
	if line.Lang == "" && len(k.now.pages) > 0 {
		line = aloud(k.now.pages[k.now.page])
	}
	k.Signals.Say(signal.Line{Lang: line.Lang, Aloud: append(line.Aloud[:len(line.Aloud):len(line.Aloud)], line.Private...)})
}
