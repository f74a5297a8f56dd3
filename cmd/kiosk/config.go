package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxConfig is the largest kiosk.json, in bytes.
const maxConfig = 64 << 10

// A config is kiosk.json, on the part of the card that every computer reads:
// how this board is wired. It can narrow what a bundle allows and never widen
// it: whom to believe, and the most that anybody may see, is signed.
type config struct {
	// Lang is the language of the first screen, one of [tags]. Without it the
	// first of the signed settings', else English.
	Lang   string       `json:"lang"`
	Panel  panelConfig  `json:"panel"`
	Camera cameraConfig `json:"camera"`
	// State is where the kiosk keeps its bundles, Root the root they must
	// come from.
	State string `json:"state"`
	Root  string `json:"root"`
	// Accepts are the members whose badges are accepted here, of those that
	// the bundle allows; without it, all of them.
	Accepts []string `json:"accepts"`
	// Group is whose signed settings hold here: "MEMBER/GROUP". Without it,
	// those for all kiosks.
	Group string `json:"group"`
	// Audience is who looks: public, partner, employer, office; never more
	// than the signed ceiling.
	Audience string `json:"audience"`
	// Buttons and Signals are what there is beside the panel.
	Buttons buttonConfig `json:"buttons"`
	Signals signalConfig `json:"signals"`
	// Patient gives everybody three times as long to read.
	Patient bool `json:"patient"`
	// Blank is after how many minutes without anybody the screen goes dark;
	// 0 is never.
	Blank int `json:"blank"`
	// Quiet is when lights and tones are silent and an idle screen is dark,
	// every day, "17:30-07:00" in the time zone Zone, "America/Denver".
	Quiet string `json:"quiet"`
	Zone  string `json:"zone"`
}

// buttonConfig says which GPIO lines the buttons pull to ground, and whether
// the panel can be touched.
type buttonConfig struct {
	Next  int  `json:"next"`
	Back  int  `json:"back"`
	Menu  int  `json:"menu"`
	Touch bool `json:"touch"`
	Turn  int  `json:"turn"` // how far the glass that is touched is turned clockwise: 0, 90, 180, 270
}

// signalConfig says which GPIO lines drive lights and a buzzer, and what
// speaks.
type signalConfig struct {
	Red    int `json:"red"`
	Green  int `json:"green"`
	Blue   int `json:"blue"`
	Buzzer int `json:"buzzer"`
	// Inverted lamps light when their line is low.
	Inverted bool `json:"inverted"`
	// Tonal is a buzzer that has no tone of its own.
	Tonal bool `json:"tonal"`
	// Voice is a folder of spoken clips (kiosk speech makes one); without them
	// espeak-ng speaks, where it is installed. Empty: nobody speaks.
	Voice string `json:"voice"`
	// Headphones says that the voice is heard by headphones alone, where the
	// sound card does not know it. Everything is then spoken at once; by a
	// loudspeaker the verdict is, and the rest while OK is held.
	Headphones bool `json:"headphones"`
	// Volume is how far the sound card is turned up, 1 to 100; 0 leaves it
	// as it is, if it can be heard.
	Volume int `json:"volume"`
}

// panelConfig says which panel there is and which wires it is on, by the
// numbers of the GPIO lines as the board's documents have them (BCM).
type panelConfig struct {
	Name   string `json:"name"`
	SPI    string `json:"spi"`    // bus and chip select: "SPI0.0"
	DC     int    `json:"dc"`     // data/command
	Reset  int    `json:"reset"`  // RST
	Busy   int    `json:"busy"`   // BUSY, e-paper only
	Light  int    `json:"light"`  // backlight, LCD only; 0 where it is always on
	Device string `json:"device"` // "/dev/dri/card0", for screens that the kernel drives
	Turn   int    `json:"turn"`   // how far the case has it turned clockwise: 0, 90, 180, 270
}

// cameraConfig says what sees or hears the badges.
type cameraConfig struct {
	Kind   string `json:"kind"`   // usb, ribbon, hand (a scanner that types)
	Device string `json:"device"` // "/dev/video0"; empty takes the first that works
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Layout string `json:"layout"` // keyboard of a hand scanner: us, de, fr, es
	Baud   int    `json:"baud"`   // of one on a serial line; 0 is the usual
}

// cameraKinds are what Kind may be.
var cameraKinds = []string{"usb", "ribbon", "hand"}

// defaults are the wires of the usual e-paper hat and a USB camera.
func defaults() config {
	return config{
		Panel:  panelConfig{SPI: "SPI0.0", DC: 25, Reset: 17, Busy: 24, Device: "/dev/dri/card0"},
		Camera: cameraConfig{Kind: "usb", Width: 1280, Height: 720, Layout: "us"},
		State:  installState, Root: defaultRoot,
	}
}

// configFrom reads the kiosk.json of that name.
func configFrom(file string) (config, error) {
	if file == "" {
		return config{}, errors.New("no configuration named: --config /boot/kiosk.json")
	}
	data, err := readFile(file, maxConfig)
	if err != nil {
		return config{}, err
	}
	c, err := readConfig(data)
	if err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return c, err
}

// readConfig reads kiosk.json. What it does not say is as in defaults. A word
// that is not known is an error: it may be a misspelt one that narrows.
func readConfig(data []byte) (config, error) {
	c := defaults()
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return c, fmt.Errorf("line %d: %w", lineOf(data, dec, err), advice(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("line %d: there is more behind the last }", lineOf(data, dec, nil))
	}
	return c, c.check()
}

// lineOf is the line that an error is on.
func lineOf(data []byte, dec *json.Decoder, err error) int {
	at := dec.InputOffset()
	if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
		at = e.Offset
	}
	if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) {
		at = e.Offset
	}
	if name, ok := unknownField(err); ok {
		at = int64(max(0, bytes.Index(data, []byte(`"`+name+`"`))))
	}
	return 1 + bytes.Count(data[:min(int(at), len(data))], []byte("\n"))
}

// unknownField is the name in the decoder's error for a member that it does
// not know, which has no type of its own.
func unknownField(err error) (name string, ok bool) {
	if err == nil {
		return "", false
	}
	name, ok = strings.CutPrefix(err.Error(), `json: unknown field "`)
	return strings.TrimSuffix(name, `"`), ok
}

// advice turns the decoder's error into one that says what to do.
func advice(err error) error {
	if name, ok := unknownField(err); ok {
		return fmt.Errorf("%q is no setting; look at its spelling", name)
	}
	if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) {
		return fmt.Errorf("%s must be a %s, not a %s", e.Field, e.Type, e.Value)
	}
	return fmt.Errorf("%w; look for a missing comma or quotation mark", err)
}

func (c *config) check() error {
	if c.Panel.Name == "" {
		return errors.New(`no panel is named: "panel": {"name": "epd-7in5-v2"}; kiosk screen --list names them all`)
	}
	if _, err := panelNamed(c.Panel.Name); err != nil {
		return err
	}
	if c.Lang != "" && !speaks(c.Lang) {
		return fmt.Errorf("lang %q is not one of %s", c.Lang, strings.Join(tags(), ", "))
	}
	if !slices.Contains(cameraKinds, c.Camera.Kind) {
		return fmt.Errorf("camera kind %q is not one of %s", c.Camera.Kind, strings.Join(cameraKinds, ", "))
	}
	for name, turn := range map[string]int{"panel.turn": c.Panel.Turn, "buttons.turn": c.Buttons.Turn} {
		if turn%90 != 0 || turn < 0 || turn > 270 {
			return fmt.Errorf("%s: %d is not one of 0, 90, 180, 270", name, turn)
		}
	}
	if err := c.checkPins(); err != nil {
		return err
	}
	if c.Signals.Volume < 0 || c.Signals.Volume > 100 {
		return fmt.Errorf("signals.volume: %d is not between 0 and 100", c.Signals.Volume)
	}
	if c.Blank < 0 {
		return fmt.Errorf("blank: %d minutes are in the past", c.Blank)
	}
	_, err := readHours(c.Quiet, c.Zone)
	return err
}

// checkPins holds that every wire is on a line of its own.
func (c *config) checkPins() error {
	wires := []struct {
		name string
		pin  int
	}{
		{"buttons.next", c.Buttons.Next}, {"buttons.back", c.Buttons.Back}, {"buttons.menu", c.Buttons.Menu},
		{"signals.red", c.Signals.Red}, {"signals.green", c.Signals.Green}, {"signals.blue", c.Signals.Blue}, {"signals.buzzer", c.Signals.Buzzer},
	}
	if k, err := panelNamed(c.Panel.Name); err == nil && k.connect != nil {
		wires = append(wires, []struct {
			name string
			pin  int
		}{{"panel.dc", c.Panel.DC}, {"panel.reset", c.Panel.Reset}, {"panel.busy", c.Panel.Busy}, {"panel.light", c.Panel.Light}}...)
	}
	used := map[int]string{}
	for _, w := range wires {
		if w.pin < 0 || w.pin > maxPin {
			return fmt.Errorf("%s: there is no GPIO%d", w.name, w.pin)
		}
		if other := used[w.pin]; other != "" && w.pin != 0 {
			return fmt.Errorf("%s and %s are both on GPIO%d", other, w.name, w.pin)
		}
		used[w.pin] = w.name
	}
	return nil
}

// maxPin is the highest GPIO line that a 40-pin header may have.
const maxPin = 63
