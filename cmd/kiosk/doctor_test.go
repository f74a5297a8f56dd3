package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// examined is what the doctor says of a board.
func examined(t *testing.T, file string, change func(*tools)) string {
	t.Helper()
	at := time.Now()
	good := func() (time.Time, error) { return at, nil }
	d := doctor{file: file, tools: tools{
		openPanel: func(panelConfig) error { return nil }, openCamera: func(cameraConfig) error { return nil },
		rtc: good, ntp: func() (time.Time, error) { return at, errors.New("no network") }, now: func() time.Time { return at },
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

// TestDoctor breaks one part after the other: each is named with its code and
// what to do, and the others stay well.
func TestDoctor(t *testing.T) {
	installed(t)
	write := func(text string) { must(t, os.WriteFile("kiosk.json", []byte(text), 0o600)) }
	good := `{"panel":{"name":"epd-2in13-v4"},"state":"state","root":"co/root.json"}`
	write(good)
	none := func(*tools) {}
	if said := examined(t, "kiosk.json", none); strings.Contains(said, "FAULT") || strings.Count(said, "ok ") != 7 {
		t.Errorf("a whole kiosk:\n%s", said)
	}
	gone := errors.New("it is not there")
	for _, c := range []struct {
		name, config string
		change       func(*tools)
		want         []string
	}{
		{"camera", good, func(d *tools) { d.openCamera = func(cameraConfig) error { return gone } }, []string{"camera: H-CAM", "plug in a USB camera"}},
		{"panel", good, func(d *tools) { d.openPanel = func(panelConfig) error { return gone } }, []string{"panel: H-PANEL", "spi=on"}},
		{"no battery clock", good, func(d *tools) { d.rtc = func() (time.Time, error) { return time.Time{}, gone } }, []string{"battery clock: H-CLOCK", "DS3231", "clock: H-CLOCK not set"}},
		{"empty battery", good, func(d *tools) { d.rtc = func() (time.Time, error) { return time.Unix(946684800, 0), nil } }, []string{"CR2032"}},
		{"no root", strings.Replace(good, "co/root.json", "none.json", 1), none, []string{"bundle: B-ROOT"}},
		{"no state", strings.Replace(good, `"state":"state"`, `"state":"none"`, 1), none, []string{"storage: H-DISK"}},
		{"misspelt", strings.Replace(good, `"root"`, `"rot"`, 1), none, []string{"settings: ", `"rot" is no setting`}},
		{"group of nobody", strings.Replace(good, `{"panel"`, `{"group":"elm/x","panel"`, 1), none, []string{"group: C-CEILING", "kiosk bundle settings"}},
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
	must(t, os.Mkdir("empty", 0o700))
	write(strings.Replace(good, `"state":"state"`, `"state":"empty"`, 1))
	if said := examined(t, "kiosk.json", none); !strings.Contains(said, "bundle: B-NONE") {
		t.Errorf("no bundle:\n%s", said)
	}
	said := sayAny(t, "doctor", "--json", "--config", filepath.Join(t.TempDir(), "none"))
	if !strings.Contains(said, `{"part":"settings","ok":false`) {
		t.Errorf("as JSON: %s", said)
	}
}
