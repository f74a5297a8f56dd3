package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

func doctorCommand() *cobra.Command {
	var file string
	var asJSON, walking bool
	cmd := &cobra.Command{
		Use:   "doctor [--walk] [--config FILE]",
		Short: "Look at every part of this kiosk and say what to do about it",
		Long: `Doctor reads kiosk.json, tries the camera and the panel, looks at the clocks, the
storage, the installed bundle, the walls around the judge, and the sticks that
are in, and says of each what is wrong and what to do. It changes nothing.
Stop kiosk run first: only one program can hold the camera and the panel.

With --walk it first takes you through the wiring: it draws a test picture on
each panel that it may be until you see one, shows there what the camera sees,
waits for a hand scanner's first code, and says what to write into kiosk.json.`,
		Example: "  kiosk doctor --walk --config /boot/kiosk.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if walking && asJSON {
				return errors.New("--walk asks a person, and --json tells a program: give one of them")
			}
			if walking {
				if err := walkThrough(cmd, file); err != nil {
					return err
				}
			}
			d := doctor{file: file, tools: realTools(file)}
			d.examine()
			return d.tell(cmd.OutOrStdout(), asJSON)
		},
	}
	cmd.Flags().StringVar(&file, "config", "/boot/kiosk.json", "kiosk.json of this board")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one line of JSON for each part")
	cmd.Flags().BoolVar(&walking, "walk", false, "first go through the wiring step by step, with a person who looks")
	return cmd
}

// A finding is what the doctor says of one part.
type finding struct {
	Part string      `json:"part"`
	OK   bool        `json:"ok"`
	Code reason.Code `json:"code,omitempty"`
	Says string      `json:"says"`
	Do   string      `json:"do,omitempty"`
}

type doctor struct {
	tools
	file     string
	config   config
	findings []finding
}

func (d *doctor) well(part, format string, args ...any) {
	d.findings = append(d.findings, finding{Part: part, OK: true, Says: fmt.Sprintf(format, args...)})
}

func (d *doctor) ill(part string, code reason.Code, do, format string, args ...any) {
	d.findings = append(d.findings, finding{Part: part, Code: code, Says: fmt.Sprintf(format, args...), Do: do})
}

// examine looks at every part. One that is ill keeps none from being seen.
func (d *doctor) examine() {
	read := d.settings()
	d.camera()
	d.panel()
	d.wires()
	d.voice()
	set := d.storage()
	d.clock(set)
	if read { // a judge reads the same
		d.judge()
	}
	d.sticks()
	d.ports()
}

func (d *doctor) settings() (read bool) {
	d.config = defaults()
	data, err := readFile(d.file, maxConfig)
	if err != nil {
		d.ill("settings", "", "put kiosk.json there, or name it with --config", "%v", err)
		return false
	}
	if d.config, err = readConfig(data); err != nil {
		d.ill("settings", "", "mend that line on any computer: the card's first partition holds the file", "%s: %v", d.file, err)
		return false
	}
	d.well("settings", "%s is read", d.file)
	return true
}

func (d *doctor) camera() {
	if err := d.openCamera(d.config.Camera); err != nil {
		d.ill("camera", reason.HCam, "plug in a USB camera, or check the ribbon's seat and \"camera\": {\"kind\"} in kiosk.json", "%v", err)
		return
	}
	d.well("camera", "a %s camera answers", d.config.Camera.Kind)
}

func (d *doctor) panel() {
	if d.config.Panel.Name == "" {
		d.ill("panel", reason.HPanel, "name it in kiosk.json; kiosk screen --list names them all", "no panel is named")
		return
	}
	if err := d.openPanel(d.config.Panel); err != nil {
		d.ill("panel", reason.HPanel, "check the panel's cable and name, and that dtparam=spi=on is in config.txt", "%s: %v", d.config.Panel.Name, err)
		return
	}
	d.well("panel", "%s answers", d.config.Panel.Name)
}

// storage looks at the state folder and at the bundle in it.
func (d *doctor) storage() *trust.Set {
	anchor, err := provision.ReadRoot(d.config.Root, d.config.State)
	if err != nil {
		d.ill("root", reason.BRoot, "copy the coalition's root.json there, or put in its stick and compare the six words", "no root: %v", err)
	} else {
		d.well("root", "its six words are: %s", bundle.Words(anchor))
	}
	if _, err := os.Stat(d.config.State); err != nil {
		d.ill("storage", reason.HDisk, "kiosk run makes the folder anew; if that fails, put in another card", "%v", err)
		return nil
	}
	probe := filepath.Join(d.config.State, ".doctor")
	if err := errors.Join(os.WriteFile(probe, []byte("x"), 0o600), os.Remove(probe)); err != nil {
		d.ill("storage", reason.HDisk, "the card is full, read-only or worn out: put in another; the kiosk judges on meanwhile", "%v", err)
	} else {
		d.well("storage", "%s can be written", d.config.State)
	}
	if anchor == nil {
		return nil
	}
	return d.bundle(provision.Peek(d.config.State, anchor, factoryOf(d.config)))
}

func (d *doctor) bundle(b *bundle.Bundle) *trust.Set {
	if b == nil {
		d.ill("bundle", reason.BNone, "put in a stick with badge-kiosk-bundle.zip, or run kiosk bundle install", "none is installed under this root")
		return nil
	}
	bound, err := bound(d.config, believe(io.Discard, d.config.State, b, nil))
	set := bound.trust
	if err != nil {
		d.ill("group", reason.CCeiling, "correct \"group\" in kiosk.json, or sign settings for it with kiosk bundle settings", "%v", err)
	}
	for _, l := range b.LeftOut {
		d.ill("bundle", reason.BPart, "ask "+l.Member+" and the consortium for a new edition", "the part of %s is left out: %v", l.Member, l.Why)
	}
	days := int(d.now().Sub(set.Issued).Hours() / 24)
	says := fmt.Sprintf("%s, number %d, issued %s, %s", set.Name, set.Serial, dayOf(set.Issued), counted(len(set.Members), "member"))
	switch {
	case d.now().After(b.Expires):
		d.ill("bundle", reason.BStale, "bring a new bundle; this one is believed until then", "%s; good until %s", says, dayOf(b.Expires))
	case days >= 0 && len(b.LeftOut) == 0:
		d.well("bundle", "%s", says)
	}
	d.signed(bound)
	return set
}

// rtcPart is the battery clock that is known to work on these boards.
const rtcPart = "a DS3231 module for the I2C pins (about five dollars); then dtoverlay=i2c-rtc,ds3231 in config.txt"

// clock looks at what this board knows of the time.
func (d *doctor) clock(set *trust.Set) {
	floor := buildDate()
	if set != nil && set.Issued.After(floor) {
		floor = set.Issued
	}
	c := provision.NewClock(trust.DefaultPolicy.ClockSlack, floor)
	if t, err := d.rtc(); err != nil {
		d.ill("battery clock", reason.HClock, "the kiosk works without, and says on each screen that its clock is not set; to have one, buy "+rtcPart, "%v", err)
	} else if err := c.Set(provision.RTC, t); err != nil {
		d.ill("battery clock", reason.HClock, "replace its battery (CR2032), then set it: hwclock --systohc on a computer whose time is right", "%v", err)
	} else {
		says := "it is " + t.UTC().Format(time.DateTime)
		if doubt := provision.PeekState(d.config.State).RTC; doubt > provision.Certainty {
			says += fmt.Sprintf(", give or take %d hours: a person set it to a day by hand", int(doubt.Hours()))
		}
		d.well("battery clock", "%s", says)
	}
	if t, err := d.ntp(); err == nil && c.Set(provision.NTP, t) == nil {
		d.well("network time", "it is %s", t.UTC().Format(time.DateTime))
	}
	if m := c.Moment(); m.Set {
		d.well("clock", "%s, to within %s", c.Source(), provision.Certainty)
	} else {
		d.ill("clock", reason.HClock, "fit a battery clock, or let the network set this board's time", "not set: the latest date that has certainly passed: %s", dayOf(m.Earliest))
	}
}

// tell says everything, and ends with 1 if a part is ill.
func (d *doctor) tell(out io.Writer, asJSON bool) error {
	var end error
	for _, f := range d.findings {
		if !f.OK {
			end = exitSome
		}
		if asJSON {
			if err := json.NewEncoder(out).Encode(f); err != nil {
				return err
			}
			continue
		}
		mark := "ok   "
		if !f.OK {
			mark = "FAULT"
		}
		fmt.Fprintf(out, "%s %s: ", mark, f.Part)
		if f.Code != "" {
			fmt.Fprintf(out, "%s ", f.Code)
		}
		fmt.Fprintln(out, f.Says)
		if f.Do != "" {
			fmt.Fprintf(out, "      do: %s\n", f.Do)
		}
	}
	return end
}
