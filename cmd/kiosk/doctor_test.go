package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/cmd/kiosk/jail"
	"badgekiosk/display/signal/clip"
	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
)

// examined is what the doctor says of a board.
func examined(t *testing.T, file string, change func(*tools)) string {
	t.Helper()
	at := time.Now()
	good := func() (time.Time, error) { return at, nil }
	d := doctor{file: file, tools: tools{
		openPanel: func(panelConfig) error { return nil }, openCamera: func(cameraConfig) error { return nil },
		openButtons: func(buttonConfig) error { return nil }, openSignals: func(signalConfig) error { return nil },
		walls: func() ([]jail.Layer, error) { return []jail.Layer{{Name: "no network"}, {Name: "no files"}}, nil },
		rtc:   good, ntp: func() (time.Time, error) { return at, errors.New("no network") }, now: func() time.Time { return at },
	}}
	change(&d.tools)
	d.examine()
	var out bytes.Buffer
	err := d.tell(&out, false)
	if bad := strings.Contains(out.String(), "FAULT"); bad != (err != nil) {
		t.Errorf("exit %v, but it says\n%s", err, &out)
	}
	return out.String()
}

// speaking is a board with a sound card, or with what is wrong with it.
func speaking(err error) func(*tools) {
	return func(d *tools) { d.findSound = func() (string, error) { return "Headset", err } }
}

// TestDoctor breaks one part after the other: each is named with its code and
// what to do, and the others stay well.
func TestDoctor(t *testing.T) {
	installed(t)
	write := func(text string) { must(t, os.WriteFile("kiosk.json", []byte(text), 0o600)) }
	good := `{"panel":{"name":"epd-2in13-v4"},"state":"state","root":"co/root.json"}`
	write(good)
	none := func(*tools) {}
	if said := examined(t, "kiosk.json", none); strings.Contains(said, "FAULT") || strings.Count(said, "ok ") != 10 {
		t.Errorf("a whole kiosk:\n%s", said)
	}
	gone := errors.New("it is not there")
	t.Setenv("PATH", "") // and no espeak-ng either
	for lang, all := range allSayable() {
		must(t, os.MkdirAll(filepath.Join("clips", lang), 0o700))
		for _, text := range all {
			must(t, os.WriteFile(filepath.Join("clips", lang, clip.Name(text)), nil, 0o600))
		}
	}
	for _, c := range []struct {
		name, config string
		change       func(*tools)
		want         []string
	}{
		{"camera", good, func(d *tools) { d.openCamera = func(cameraConfig) error { return gone } }, []string{"camera: H-CAM", "plug in a USB camera"}},
		{"a stick that types", good, func(d *tools) { d.turnedAway = func() int { return 1 } }, []string{"usb: H-USB 1 device turned away", "two of these"}},
		{"panel", good, func(d *tools) { d.openPanel = func(panelConfig) error { return gone } }, []string{"panel: H-PANEL", "spi=on"}},
		{"no battery clock", good, func(d *tools) { d.rtc = func() (time.Time, error) { return time.Time{}, gone } }, []string{"battery clock: H-CLOCK", "DS3231", "clock: H-CLOCK not set"}},
		{"empty battery", good, func(d *tools) { d.rtc = func() (time.Time, error) { return time.Unix(946684800, 0), nil } }, []string{"CR2032"}},
		{"no root", strings.Replace(good, "co/root.json", "none.json", 1), none, []string{"root: B-ROOT"}},
		{"no state", strings.Replace(good, `"state":"state"`, `"state":"none"`, 1), none, []string{"storage: H-DISK"}},
		{"misspelt", strings.Replace(good, `"root"`, `"rot"`, 1), none, []string{"settings: ", `"rot" is no setting`}},
		{"group of nobody", strings.Replace(good, `{"panel"`, `{"group":"elm/x","panel"`, 1), none, []string{"group: C-CEILING", "kiosk bundle settings"}},
		{"wall down", good, func(d *tools) {
			d.walls = func() ([]jail.Layer, error) {
				return []jail.Layer{{Name: "no network", Fault: "the kernel has no such namespace"}, {Name: "no files"}}, nil
			}
		}, []string{"judge: no network: the kernel has no such namespace"}},
		{"no judge", good, func(d *tools) { d.walls = func() ([]jail.Layer, error) { return nil, gone } }, []string{"judge: H-JUDGE it is not there"}},
		{"buttons", strings.Replace(good, `{"panel"`, `{"buttons":{"next":5},"panel"`, 1), func(d *tools) { d.openButtons = func(buttonConfig) error { return gone } }, []string{"buttons: it is not there", "lines in kiosk.json"}},
		{"lights", strings.Replace(good, `{"panel"`, `{"signals":{"red":5},"panel"`, 1), func(d *tools) { d.openSignals = func(signalConfig) error { return gone } }, []string{"signals: it is not there"}},
		{"wires that answer", strings.Replace(good, `{"panel"`, `{"signals":{"red":5},"buttons":{"next":6},"panel"`, 1), none, []string{"buttons: their lines", "signals: the lines"}},
		{"no clips", strings.Replace(good, `{"panel"`, `{"signals":{"voice":"nowhere"},"panel"`, 1), speaking(nil), []string{"voice: ", "clips are missing", "kiosk speech nowhere", "sound: it speaks by Headset"}},
		{"a voice", strings.Replace(good, `{"panel"`, `{"signals":{"voice":"clips"},"panel"`, 1), speaking(nil), []string{"ok    voice: clips has"}},
		{"no sound card", strings.Replace(good, `{"panel"`, `{"signals":{"voice":"clips"},"panel"`, 1), speaking(gone), []string{"sound: it is not there", "plug in a USB sound card"}},
		{"more than signed", strings.Replace(good, `{"panel"`, `{"audience":"office","panel"`, 1), none, []string{"audience: C-CEILING kiosk.json asks for office; public looks; at most public may"}},
		{"a good stick and a bad one", good, func(d *tools) {
			d.watchSticks = sticksOf(provision.StickEvent{Step: provision.StickIn, Name: "sda"}, provision.StickEvent{Step: provision.StickJudged, Name: "sda"},
				provision.StickEvent{Step: provision.StickJudged, Name: "sdb", Outcome: provision.Outcome{Err: gone}})
		}, []string{"stick: sda can be read, and holds 0 bundles", "stick: sdb: it is not there", "FAT32"}},
		{"old bundle", good, func(d *tools) { d.now = func() time.Time { return time.Now().AddDate(0, 6, 0) } }, []string{"bundle: B-STALE", "bring a new bundle"}},
	} {
		write(c.config)
		said := examined(t, "kiosk.json", c.change)
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, said)
			}
		}
	}
	say(t, exitAll, "bundle", "settings", "co", "--sites", "Elm High,Oak High", "--sync", "https://badges.elm.example/bundle/")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	write(good)
	said := examined(t, "kiosk.json", none)
	for _, want := range []string{"site: none of 2 sites", "updates: asks https://badges.elm.example/bundle/", "root: its six words are: " + bundle.Words(contents(t, "co/root.json"))} {
		if !strings.Contains(said, want) {
			t.Errorf("as signed: no %q in\n%s", want, said)
		}
	}
	store, err := provision.OpenStore("state", contents(t, "co/root.json"))
	must(t, err)
	must(t, store.Admin(siteNote+"Oak High"))
	clock := provision.NewClock(0, time.Now().Add(-time.Hour))
	must(t, clock.SetDay(time.Now()))
	must(t, clock.Teach(store, func(time.Time) error { return nil }))
	if said := examined(t, "kiosk.json", none); !strings.Contains(said, "ok    site: Oak High") || !strings.Contains(said, "give or take 25 hours") {
		t.Errorf("picked, and its clock set by hand:\n%s", said)
	}
	must(t, os.Mkdir("empty", 0o700))
	must(t, os.WriteFile("empty/root.json", contents(t, "co/root.json"), 0o600)) // no factory bundle is beside it
	write(strings.NewReplacer(`"state":"state"`, `"state":"empty"`, "co/root.json", "empty/root.json").Replace(good))
	if said := examined(t, "kiosk.json", none); !strings.Contains(said, "bundle: B-NONE") {
		t.Errorf("no bundle:\n%s", said)
	}
	said = sayAny(t, "doctor", "--json", "--config", filepath.Join(t.TempDir(), "none"))
	if !strings.Contains(said, `{"part":"settings","ok":false`) {
		t.Errorf("as JSON: %s", said)
	}
}

// sticksOf watches a port that these things happen at.
func sticksOf(events ...provision.StickEvent) func(context.Context) (<-chan provision.StickEvent, error) {
	return func(context.Context) (<-chan provision.StickEvent, error) {
		c := make(chan provision.StickEvent, len(events))
		for _, e := range events {
			c <- e
		}
		close(c)
		return c, nil
	}
}
