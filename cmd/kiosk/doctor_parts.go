package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"badgekiosk/cmd/kiosk/jail"
	"badgekiosk/display/signal"
	"badgekiosk/provision"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// tools are how the doctor touches the board.
type tools struct {
	openPanel   func(panelConfig) error
	openCamera  func(cameraConfig) error
	openButtons func(buttonConfig) error // nil: this system has no lines
	openSignals func(signalConfig) error // likewise
	findSound   func() (string, error)   // likewise
	rtc, ntp    func() (time.Time, error)
	now         func() time.Time
	walls       func() ([]jail.Layer, error)
	watchSticks func(context.Context) (<-chan provision.StickEvent, error) // nil: this system has none
	turnedAway  func() int                                                 // likewise
}

// realTools touch the board that this program runs on.
func realTools(file string) tools {
	b := realBoard()
	t := tools{openPanel: closing(b.openPanel), openCamera: closing(b.openCamera),
		rtc: provision.ReadRTC, ntp: provision.ReadNTP, now: time.Now,
		walls: func() ([]jail.Layer, error) { return wallsOf(file) }, turnedAway: b.turnedAway,
	}
	if b.openButtons != nil {
		t.openButtons = closing(b.openButtons)
	}
	if b.openSignals != nil {
		t.openSignals, t.findSound = closing(b.openSignals), signal.FindSound
	}
	if b.watchSticks != nil {
		t.watchSticks = func(ctx context.Context) (<-chan provision.StickEvent, error) {
			return b.watchSticks(ctx, func(stick.Contents) provision.Outcome { return provision.Outcome{} })
		}
	}
	return t
}

// closing tries to open a part, and lets go of it.
func closing[C any, P io.Closer](open func(C) (P, error)) func(C) error {
	return func(c C) error {
		p, err := open(c)
		if err != nil {
			return err
		}
		return p.Close()
	}
}

// judgePatience is how long a judge gets to stand behind its walls.
const judgePatience = 20 * time.Second

// wallsOf starts the judge of a kiosk.json, and says what walls it is behind.
func wallsOf(file string) ([]jail.Layer, error) {
	j := jail.Start(judgeOf(file))
	defer j.Close()
	ctx, cancel := context.WithTimeout(context.Background(), judgePatience)
	defer cancel()
	err := j.Wait(ctx)
	return j.Layers(), err
}

// judge looks at the process that badges are judged in.
func (d *doctor) judge() {
	layers, err := d.walls()
	if err != nil {
		d.ill("judge", reason.HJudge, "mend what is said above; if nothing is, put in a card made anew", "%v", err)
		return
	}
	stand := 0
	for _, l := range layers {
		if l.Fault == "" {
			stand++
			continue
		}
		d.ill("judge", "", "the kiosk judges on without this wall; the card image has it", "%s: %s", l.Name, l.Fault)
	}
	if stand == len(layers) {
		d.well("judge", "it answers, behind %s", counted(stand, "wall"))
	}
}

// wires looks at the lines of buttons, lights and buzzer, where there are any.
func (d *doctor) wires() {
	const do = "look at the numbers of the lines in kiosk.json; no two parts share one, and no other program may hold it"
	if b := d.config.Buttons; b != (buttonConfig{}) && d.openButtons != nil {
		if err := d.openButtons(b); err != nil {
			d.ill("buttons", "", do, "%v", err)
		} else {
			d.well("buttons", "their lines answer")
		}
	}
	if s := d.config.Signals; s != (signalConfig{}) && d.openSignals != nil {
		if err := d.openSignals(s); err != nil {
			d.ill("signals", "", do, "%v", err)
		} else {
			d.well("signals", "the lines of lights and buzzer answer")
		}
	}
}

// signed says what was signed for this kiosk: its place, who may see what, and
// where it asks for updates.
func (d *doctor) signed(b belief) {
	says := fmt.Sprintf("%s looks; at most %s may", b.audience, b.ceiling)
	if want := d.config.Audience; want != "" && want != b.audience.String() {
		d.ill("audience", reason.CCeiling, "ask for no more in kiosk.json, or have more signed with kiosk bundle settings", "kiosk.json asks for %s; %s", want, says)
	} else {
		d.well("audience", "%s", says)
	}
	if sites := b.settings.Sites; len(sites) > 0 {
		if site := siteIn(provision.PeekState(d.config.State).Admin, sites); site != "" {
			d.well("site", "%s", site)
		} else {
			d.ill("site", "", "pick it in the kiosk's menu, under the PIN", "none of %s is picked", counted(len(sites), "site"))
		}
	}
	if to := b.settings.Sync; to != "" {
		if u, err := url.Parse(to); err != nil || u.Scheme != "https" || u.Host == "" {
			d.ill("updates", "", "sign an https address with kiosk bundle settings --sync", "%q is no https address", to)
		} else {
			d.well("updates", "asks %s once a day, when there is a network", to)
		}
	}
}

// Bounds of looking for sticks.
const (
	stickLook     = time.Second      // for one to be seen at all
	stickPatience = 90 * time.Second // for reading it
)

// sticks reads those that are in.
func (d *doctor) sticks() {
	if d.watchSticks == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	events, err := d.watchSticks(ctx)
	if err != nil {
		d.ill("stick", "", "install this program anew", "%v", err)
		return
	}
	for wait := stickLook; ; {
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			if wait = stickLook; e.Step == provision.StickIn {
				wait = stickPatience
			}
			d.stick(e)
		case <-time.After(wait):
			return
		}
	}
}

// ports looks for USB devices that nobody lets in.
func (d *doctor) ports() {
	if d.turnedAway == nil {
		return
	}
	if n := d.turnedAway(); n > 0 {
		d.ill("usb", reason.HUSB, "pull out what is no camera, scanner, loudspeaker, stick or hub, or is two of these at once", "%s turned away", counted(n, "device"))
	}
}

func (d *doctor) stick(e provision.StickEvent) {
	switch err := e.Outcome.Err; {
	case e.Step != provision.StickJudged:
	case err != nil:
		d.ill("stick", reason.CodeOf(err, ""), "format it as FAT32 or exFAT, or try another", "%s: %v", e.Name, err)
	default:
		d.well("stick", "%s can be read, and holds %s", e.Name, counted(len(e.Copied.Bundles), "bundle"))
	}
}
