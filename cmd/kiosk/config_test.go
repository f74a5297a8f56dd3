package main

import (
	"strings"
	"testing"
)

func TestReadConfig(t *testing.T) {
	c, err := readConfig([]byte("\ufeff{\n \"panel\": {\"name\": \"epd-2in13-v4\", \"busy\": 18},\n \"lang\": \"es\"\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Panel.Busy != 18 || c.Panel.DC != 25 || c.Lang != "es" || c.Camera.Width != 1280 {
		t.Errorf("read %+v", c)
	}
}

// TestConfigRefused: what is wrong is named, with its line and what to do.
func TestConfigRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{\n \"panel\": {\"name\": \"epd-2in13-v4\"},\n \"shows\": \"office\"\n}", `line 3: "shows" is no setting`},
		{"{\n \"panel\": {\"name\": \"epd-2in13-v4\"\n \"busy\": 18}\n}", "line 3: "},
		{"{\n \"panel\": {\"name\": \"epd-2in13-v4\",\n \"busy\": \"18\"}\n}", "line 3: panel.busy must be a int, not a string"},
		{"{}\n{}", "there is more behind"},
		{"{}", "no panel is named"},
		{`{"panel": {"name": "epd-9000"}}`, `there is no panel "epd-9000"`},
		{`{"panel": {"name": "epd-2in13-v4", "busy": 25}}`, "panel.dc and panel.busy are both on GPIO25"},
		{`{"panel": {"name": "epd-2in13-v4", "turn": 45}}`, "panel.turn: 45 is not one of"},
		{`{"panel": {"name": "epd-2in13-v4"}, "buttons": {"next": 17}}`, "buttons.next and panel.reset are both on GPIO17"},
		{`{"panel": {"name": "epd-2in13-v4"}, "quiet": "all night", "zone": "America/Denver"}`, `quiet: "all night" is no time of day`},
		{`{"panel": {"name": "epd-2in13-v4"}, "quiet": "17:30-07:00"}`, "needs to know where"},
		{`{"panel": {"name": "epd-2in13-v4"}, "quiet": "17:30-07:00", "zone": "Elm Street"}`, `zone: "Elm Street" is not one`},
		{`{"panel": {"name": "epd-2in13-v4", "busy": -1}}`, "there is no GPIO-1"},
		{`{"panel": {"name": "epd-2in13-v4"}, "lang": "xx"}`, `lang "xx" is not one of ar, en, es`},
		{`{"panel": {"name": "epd-2in13-v4"}, "camera": {"kind": "polaroid"}}`, `"polaroid" is not one of usb, ribbon, hand`},
	} {
		if _, err := readConfig([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\nsays %v\nwant %s", c.text, err, c.want)
		}
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add([]byte(`{"panel": {"name": "epd-2in13-v4"}}`))
	f.Fuzz(func(t *testing.T, data []byte) { readConfig(data) })
}
