package main

import (
	"context"
	"errors"
	"image"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"badgekiosk/cmd/kiosk/jail"
	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/cmd/kiosk/notify"
	"badgekiosk/cmd/kiosk/status"
	"badgekiosk/display"
	"badgekiosk/display/press"
	lights "badgekiosk/display/signal"
	"badgekiosk/provision"
	"badgekiosk/provision/stick"
	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"

	"github.com/spf13/cobra"
)

func runCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "run --config FILE",
		Short: "Be the kiosk: scan, judge and show until stopped",
		Long: `Run drives the camera and the panel that kiosk.json names, and judges by the
newest bundle in its state folder. It goes on through a camera or a panel that
fails, says so on whatever still works, and takes them back when they return.
On SIGTERM it wipes the panel and ends.`,
		Example: "  kiosk run --config /boot/kiosk.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := configFrom(file)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			a := appliance{config: c, board: realBoard(), errs: cmd.ErrOrStderr(), log: newJournal(cmd.ErrOrStderr()),
				sys:  systemDesk{running: provision.ReadRunning("/")},
				boss: notify.FromEnv(), jail: jail.Start(judgeOf(file))}
			return errors.Join(a.run(ctx), a.jail.Close())
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "kiosk.json of this board")
	return cmd
}

// A board is how an appliance touches the hardware. What is nil is not there.
type board struct {
	openPanel   func(panelConfig) (display.Panel, error)
	openCamera  func(cameraConfig) (scanner.Camera, error)
	openButtons func(buttonConfig) (*press.Presses, error)
	openSignals func(signalConfig) (*lights.Signals, error)
	listen      func(state string, get func() status.Status) (io.Closer, error)
	fetch       func(context.Context, provision.Wish) (provision.Fetched, error)
	system      func() (provision.Slots, provision.Put) // what the card's first process says
	watchSticks func(context.Context, func(stick.Contents) provision.Outcome) (<-chan provision.StickEvent, error)
	turnedAway  func() int // USB devices that are plugged in and not let in
	clocks      *clocks
}

// clocks are what a board may know of the time, beside what was signed.
type clocks struct {
	ntp, rtc func() (time.Time, error)
	setRTC   func(time.Time) error
}

// An appliance is a kiosk with everything around it that can fail. All of it
// belongs to the goroutine of its kiosk; others send their work there.
type appliance struct {
	config
	board
	errs io.Writer // for what is wrong with a bundle
	log  *journal.Journal
	boss *notify.Supervisor // who starts the kiosk anew; nil: nobody

	belief
	sys    systemDesk
	syncer *provision.Syncer // who asks the host; nil before there is a root
	jail   *jail.Judge       // who judges; nil where the kiosk does itself
	asks   bool              // it was asked since it was started anew
	clock  *provision.Clock
	kind   panelKind
	draw   *display.Renderer
	kiosk  *Kiosk
	do     chan func()

	started time.Time
	counts  map[verify.Verdict]int64
	ill     map[reason.Code]error // parts that do not work
	chosen  *verify.Audience      // who looks, as staff said; nil: nobody did
	site    string                // where this kiosk stands
	quiet   hours
	quietly bool                     // it is quiet, as far as was told
	kept    map[verify.Verdict]int64 // of counts, on the card
	asked   bool                     // somebody was asked what day it is
}

// run is the kiosk's life. It ends with ctx, and then the glass is blank.
func (a *appliance) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var err error
	if a.draw, err = newRenderer(""); err != nil {
		return err
	}
	if a.kind, err = panelNamed(a.Panel.Name); err != nil {
		return err
	}
	a.started = time.Now()
	a.log.Event(journal.Started, 0, 0)
	a.do, a.ill = make(chan func()), map[reason.Code]error{}
	a.counts = map[verify.Verdict]int64{}
	if a.system != nil {
		a.sys.slots, a.sys.put = a.system()
	}
	a.prepare()
	camera := &mendedCamera{
		open:  func() (scanner.Camera, error) { return a.openCamera(a.Camera) },
		still: a.Camera.Kind == "hand",
		tell:  func(code reason.Code, err error) { a.post(ctx, func() { a.feel(code, err) }) },
	}
	glass := newMendedGlass(ctx, a.draw, a.connect, a.feel)
	a.quiet, _ = readHours(a.Quiet, a.Zone) // it was looked at when the file was read
	a.kiosk = &Kiosk{
		Scanner: scanner.Scanner{Camera: camera, Reader: &qr.Reader{Live: true}},
		Judge:   a.judge, Glass: glass, Seen: newSeen(),
		Forget: debug.FreeOSMemory, // what nothing refers to is kept no longer than that
		Ask:    func() verify.Ask { return verify.Ask{At: a.clock.Moment(), Audience: a.audience} },
		Name:   a.name(),
		Lang:   a.language(),
		Stays:  usual,
		Take:   a.take, Rest: a.rest, Menu: a.open, Help: a.help, Names: a.spokenNames, Do: a.do,
	}
	switch {
	case a.kind.poster:
		a.kiosk.Poster = true
	case isPaper(a.kind):
		a.kiosk.Patience = scanner.PaperPatience
	default:
		a.kiosk.Scanner.Preview = previewSize
	}
	if a.Patient {
		a.kiosk.Stays = usual.times(patience)
	}
	defer a.openBeside()()
	var work sync.WaitGroup
	parts := []func(context.Context){a.keepTime, func(ctx context.Context) { a.watchdog(ctx, camera) }}
	if a.listen != nil {
		parts = append(parts, a.answer)
	}
	if a.system != nil {
		parts = append(parts, a.keepSystem)
	}
	if a.watchSticks != nil {
		parts = append(parts, a.sticks)
	}
	if a.turnedAway != nil {
		parts = append(parts, a.ports)
	}
	if a.fetch != nil {
		parts = append(parts, a.sync)
	}
	for _, part := range parts {
		work.Go(func() { part(ctx) })
	}
	a.tell(a.boss.Ready())
	a.log.Event(journal.Ready, a.trust.Serial, time.Since(a.started))
	err = a.kiosk.Run(ctx)
	a.log.Event(journal.Stopped, 0, time.Since(a.started))
	a.tell(a.boss.Stopping())
	stop()
	work.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, camera.Close(), glass.Close())
}

// connect opens the panel, as the case has it turned.
func (a *appliance) connect() (display.Panel, error) {
	p, err := a.openPanel(a.Panel)
	if err != nil {
		return nil, err
	}
	return display.Turned(p, display.Turn(a.Panel.Turn/90)), nil
}

// previewSize is the small picture of what the camera sees, in pixels.
var previewSize = image.Pt(320, 180)

// openBeside opens what there is beside camera and panel. A button or a lamp
// that is missing costs nobody a verdict.
func (a *appliance) openBeside() (closeAll func()) {
	var presses *press.Presses
	var err error
	if a.Signals != (signalConfig{}) && a.openSignals != nil {
		if a.kiosk.Signals, err = a.openSignals(a.Signals); err != nil {
			a.say("", err)
		}
	}
	if a.Buttons != (buttonConfig{}) && a.openButtons != nil {
		if presses, err = a.openButtons(a.Buttons); err != nil {
			a.say("", err)
		} else {
			a.kiosk.Presses = presses.C
		}
	}
	return func() {
		a.kiosk.Signals.Close()
		if presses != nil {
			presses.Close()
		}
	}
}

// post has the kiosk's goroutine do something, between two screens.
func (a *appliance) post(ctx context.Context, do func()) {
	select {
	case a.do <- do:
	case <-ctx.Done():
	}
}

// call is post that waits until it is done, or ctx ends.
func (a *appliance) call(ctx context.Context, do func()) {
	done := make(chan struct{})
	a.post(ctx, func() { do(); close(done) })
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// feel notes how a part does. A kiosk at rest says it.
func (a *appliance) feel(code reason.Code, err error) {
	if code == reason.HDisk && a.sys.slots.Trial {
		return // a system on trial may not write
	}
	a.say(code, err)
	delete(a.ill, code)
	if err != nil {
		a.ill[code] = err
	}
	if a.kiosk != nil && a.kiosk.now.rests {
		a.kiosk.rest()
	}
}

// rest is what stands on the glass when nobody is there: what is wrong, what
// nobody has said yet, or how to show a badge.
func (a *appliance) rest(lang string) view {
	if a.asks {
		a.jail.Renew() // a process that holds nothing of the badge that was here
		a.asks = false
	}
	a.quietly = a.hush()
	a.kiosk.Signals.Hush(a.quietly)
	if err := a.kiosk.Signals.Err(); err != nil {
		a.say("", err)
	}
	switch {
	case a.sys.taken.Name != "":
		return a.systemGoing()
	case a.ill[reason.HCam] != nil:
		v := still(outOfOrder(reason.HCam, lang))
		v.lights = lights.Fault
		return v
	case a.quietly:
		return still(quiet(a.quiet.opens(), lang))
	case a.site == "" && len(a.settings.Sites) > 0 && a.store != nil:
		return a.askSite()
	case !a.asked && a.settings.PINHash != "" && !a.clock.Moment().Set:
		a.asked = true
		return a.askDay(a.clock.Moment().Earliest)
	}
	if len(a.trust.Members) == 0 {
		return still(notSetUp(a.trust.Notes[0], lang))
	}
	v := still(resting(a.members(), a.trust.Issued, a.settings.Notice.In(lang), lang))
	if a.kind.poster {
		v.pages[0] = poster(a.members(), a.trust.Issued, a.settings.Notice.In(lang), lang, nil)
	}
	if len(a.ill) > 0 {
		v.lights = lights.Fault
	}
	if a.Blank > 0 {
		v.stays, v.then = time.Duration(a.Blank)*time.Minute, darkened
	}
	return v
}

// darkened is a dark glass, until somebody presses a button or holds up a code.
func darkened() view {
	v := still(display.Screen{})
	v.rests, v.press = true, func(press.Button) view { return view{} }
	return v
}

// keptLines is how many lines of its journal a kiosk keeps.
const keptLines = 500

// newJournal is a kiosk's, written to out too.
func newJournal(out io.Writer) *journal.Journal {
	return journal.New(keptLines, out, display.ErrBusyTimeout, display.ErrNeverBusy, display.ErrCutShort, display.ErrBus, display.ErrPin,
		display.ErrNoScreen, display.ErrPicture, errLine, errTurnedAway, errNoSocket)
}

// say logs what a part of the kiosk said; that it works again, if err is nil.
func (a *appliance) say(code reason.Code, err error) {
	if err == nil {
		a.log.Healed(code)
		return
	}
	a.log.Fault(code, err)
}

// note keeps what somebody with the PIN did.
func (a *appliance) note(what string) {
	if a.store == nil {
		return
	}
	if err := a.store.Admin(what); err != nil {
		a.feel(reason.HDisk, err)
	}
}
