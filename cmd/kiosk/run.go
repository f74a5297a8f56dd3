package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"badgekiosk/display"
	"badgekiosk/provision"
	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"

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
			if file == "" {
				return errors.New("no configuration named: kiosk run --config /boot/kiosk.json")
			}
			data, err := readFile(file, maxConfig)
			if err != nil {
				return err
			}
			c, err := readConfig(data)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			a := appliance{config: c, openPanel: openPanel, openCamera: openCamera, log: cmd.ErrOrStderr()}
			return a.run(ctx)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "kiosk.json of this board")
	return cmd
}

// An appliance is a kiosk with everything around it that can fail.
type appliance struct {
	config
	openPanel  func(panelConfig) (display.Panel, error)
	openCamera func(cameraConfig) (scanner.Camera, error)
	log        io.Writer

	trust    *trust.Set
	audience verify.Audience
	clock    *provision.Clock
	store    *provision.Store // nil without a root: nothing can be installed
}

// again is the wait before a part that failed is tried once more.
const again = 2 * time.Second

// hold is how long a result stays on the glass.
const hold = 15 * time.Second

// run is the kiosk's life. It ends with ctx, and then the glass is blank.
func (a *appliance) run(ctx context.Context) error {
	a.prepare()
	go a.keepTime(ctx)
	for ctx.Err() == nil {
		panel, err := a.openPanel(a.Panel)
		if err != nil {
			a.say(reason.HPanel, err)
			a.wait(ctx)
			continue
		}
		err = a.show(ctx, panel)
		if err := panel.Close(); err != nil {
			a.say(reason.HPanel, err)
		}
		if ctx.Err() == nil {
			a.say(reason.HPanel, err)
			a.wait(ctx)
		}
	}
	return nil
}

// prepare reads what the kiosk believes and what it knows of the time.
func (a *appliance) prepare() {
	anchor, err := os.ReadFile(a.Root)
	a.trust = trust.Nothing(reason.BRoot)
	if err == nil {
		if a.store, err = provision.OpenStore(a.State, anchor); err != nil {
			a.say(reason.HDisk, err)
		}
		a.factory()
		a.trust = trust.Nothing(reason.BNone)
		if b := a.store.Current(); b != nil {
			a.believe(b)
		}
	} else {
		a.say(reason.BRoot, err)
	}
	floors := []time.Time{buildDate(), a.trust.Issued}
	if a.store != nil {
		floors = append(floors, a.store.State().Time)
	}
	slack := a.trust.Policy.ClockSlack
	if slack == 0 {
		slack = trust.DefaultPolicy.ClockSlack
	}
	a.clock = provision.NewClock(slack, floors...)
	a.askClocks()
}

// askClocks believes the trusted clocks there are.
func (a *appliance) askClocks() {
	for source, read := range map[provision.Source]func() (time.Time, error){
		provision.RTC: provision.ReadRTC, provision.NTP: provision.ReadNTP,
	} {
		t, err := read()
		if err != nil {
			continue // there is none, or it is not set
		}
		if err := a.clock.Set(source, t); err != nil && a.clock.Source() < source {
			a.say(reason.HClock, err)
		}
	}
}

// keepTime stores now and then that time has passed, and asks the clocks.
func (a *appliance) keepTime(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(provision.SaveEvery):
		}
		a.askClocks()
		if a.store == nil {
			continue
		}
		if err := a.store.Passed(a.clock.Moment().Earliest); err != nil {
			a.say(reason.HDisk, err)
		}
	}
}

// show runs the straight line on panel, with one camera after the other,
// until ctx ends or the panel fails, which is its error.
func (a *appliance) show(ctx context.Context, panel display.Panel) error {
	draw, err := newRenderer("")
	if err != nil {
		return err
	}
	k := Kiosk{
		Verifier: verify.Verifier{Trust: a.trust, Accepts: a.Accepts},
		Glass:    display.Govern(panel, draw),
		Ask:      func() verify.Ask { return verify.Ask{At: a.clock.Moment(), Audience: a.audience} },
		Lang:     a.Lang,
		Hold:     hold,
	}
	k.Take = func(payload []byte) (display.Screen, bool) { return a.take(&k, payload) }
	for ctx.Err() == nil {
		camera, err := a.openCamera(a.Camera)
		if err == nil {
			k.Scanner = scanner.Scanner{Camera: camera, Reader: &qr.Reader{Live: true}}
			err = errors.Join(k.Run(ctx), camera.Close())
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case panelFailed(err):
			return err
		}
		a.say(reason.HCam, err)
		if err := k.show(ctx, trouble(reason.HCam, a.Lang)); err != nil && ctx.Err() == nil {
			return err
		}
		a.wait(ctx)
	}
	return nil
}

// panelFailed tells an error of the panel from one of the camera.
func panelFailed(err error) bool {
	for _, e := range []error{display.ErrBusyTimeout, display.ErrNeverBusy, display.ErrBus, display.ErrPin, display.ErrNoScreen, display.ErrPicture} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// say logs what a part of the kiosk said. No part knows anything of a
// learner: a payload never gets this far.
func (a *appliance) say(code reason.Code, err error) {
	fmt.Fprintf(a.log, "%s %s %v\n", time.Now().UTC().Format(time.RFC3339), code, err)
}

func (a *appliance) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(again):
	}
}
