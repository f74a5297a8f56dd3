package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/cmd/kiosk/status"
	"badgekiosk/verify/reason"
)

// atSite is the status of a kiosk, with faults.
func atSite(site string, serial int64, codes ...reason.Code) status.Status {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	s := status.Status{
		Site: site, Build: "v1.2.0", Root: []string{"amber", "otter", "seven", "maple", "quiet", "drum"},
		Serial: serial, Issued: now.AddDate(0, 0, -2), Oldest: now.AddDate(0, 0, -9), At: now, Clock: "battery clock", Uptime: 26 * 3600,
		Counts: status.Counts{Verified: 31, Check: 2},
	}
	for _, c := range codes {
		s.Codes = append(s.Codes, status.Code{Code: c, At: now.Add(-time.Hour), Times: 3})
	}
	return s
}

// TestStatusPhotos: an afternoon's photographs become one table; what is not
// a status is told apart, and others' codes are no fault.
func TestStatusPhotos(t *testing.T) {
	dir := t.TempDir()
	photo := func(name, text string) string {
		return writePNG(t, filepath.Join(dir, name), codePicture(t, text))
	}
	library := photo("1.png", atSite("Library", 42).Text())
	office := photo("2.png", atSite("Front office", 41, reason.HPanel, reason.BRollback).Text())
	link := photo("3.png", "https://example.org/")
	newer := photo("4.png", "BADGE-KIOSK-STATUS:2:ABCDEFGH")
	damaged := photo("5.png", strings.Replace(atSite("Gym", 40).Text(), ":1:", ":1:A", 1))

	table := say(t, exitAll, "status", "--read", library, office)
	want := `SITE          BUNDLE            OLDEST LIST  CLOCK          UP      BUILD   ROOT                               CODES
Front office  41 of 2026-11-20  2026-11-13   battery clock  26h00m  v1.2.0  amber otter seven maple quiet drum  H-PANEL×3 B-ROLLBACK×3
Library       42 of 2026-11-20  2026-11-13   battery clock  26h00m  v1.2.0  amber otter seven maple quiet drum  none
`
	if squeezed(table) != squeezed(want) {
		t.Errorf("the table is\n%s", table)
	}
	all := say(t, exitSome, "status", "--read", link, office, newer, damaged)
	for _, want := range []string{"Front office", "3.png: no status code is found", "4.png: a status code of another form", "5.png: a damaged status code"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	say(t, exitUsage, "status", "--read", filepath.Join(dir, "none.png"))
	say(t, exitUsage, "status", "--read")
	say(t, exitUsage, "status", library)
	var line photographed
	if err := json.Unmarshal([]byte(say(t, exitAll, "status", "--read", "--json", office)), &line); err != nil || line.Serial != 41 || line.File != office {
		t.Errorf("%+v, %v", line, err)
	}
}

// squeezed is text with single spaces.
func squeezed(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(out, "\n")
}

// TestStatusCommand is what an operator at the board is told.
func TestStatusCommand(t *testing.T) {
	state := t.TempDir()
	if said := say(t, exitUsage, "status", "--state", state); !strings.Contains(said, "is kiosk run started") {
		t.Errorf("without a kiosk: %s", said)
	}
	s, err := status.Listen(filepath.Join(state, "status"), func() status.Status { return atSite("Library", 42, reason.HCam) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	said := squeezed(say(t, exitAll, "status", "--state", state))
	for _, want := range []string{"site: Library", "bundle: 42 of 2026-11-20", "up: 26h00m", "badges: 31 verified, 2 check", "H-CAM: 2026-11-22 08:00:00, 3 times", "clock: 2026-11-22 09:00:00 (battery clock)"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	var now status.Status
	if err := json.Unmarshal([]byte(say(t, exitAll, "status", "--json", "--state", state)), &now); err != nil || now.Site != "Library" {
		t.Errorf("%+v, %v", now, err)
	}
	if _, err := os.Stat("/run/badge-kiosk"); err != nil { // not on a kiosk
		own, err := listenStatus(t.TempDir(), func() status.Status { return status.Status{} })
		if err != nil {
			t.Fatal(err)
		}
		own.Close()
	}
}
