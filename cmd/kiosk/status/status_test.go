package status

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/verify/reason"
)

var now = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)

var sample = Status{
	Site: "Río Verde High, front desk", Build: "v1.4.0-12-g0a1b2c3",
	Root: []string{"amber", "otter", "seven", "maple", "quiet", "drum"}, Serial: 4211,
	Issued: now.Truncate(24*time.Hour).AddDate(0, 0, -2), Oldest: now.Truncate(24*time.Hour).AddDate(0, 0, -9),
	At: now, Clock: "battery clock", Uptime: 3 * 24 * 3600,
	Codes: []Code{
		{reason.HPanel, now.Add(-5 * time.Minute), 41}, {reason.BRollback, now.Add(-26 * time.Hour), 1},
	},
	Counts: Counts{310, 12, 3, 40, 2}, Missing: []string{"landlock"},
}

// TestText: what a code says is what the kiosk said, in characters that a QR
// code has in two thirds of the room.
func TestText(t *testing.T) {
	full := sample
	full.Site = strings.Repeat("ü", 200)
	full.Codes = nil
	for i, e := range reason.All[len(reason.All)-MaxCodes:] {
		full.Codes = append(full.Codes, Code{e.Code, now.Add(-time.Duration(i*977) * time.Minute), 1000 + i})
	}
	for _, s := range []Status{sample, full, {At: time.Unix(0, 0).UTC()}, {}} {
		text := s.Text()
		if !regexp.MustCompile(`^[0-9A-Z $%*+./:-]*$`).MatchString(text) || len(text) > 700 {
			t.Errorf("%d characters, or others than a code has: %s", len(text), text)
		}
		got, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		s.Site = cut(s.Site, MaxSite)
		if s.At.IsZero() {
			s.At = time.Unix(0, 0).UTC()
		}
		if a, b := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", s); a != b {
			t.Errorf("came back as\n%s, was\n%s", a, b)
		}
	}
}

// TestFormOne: codes on screens and in photographs of today are read by the
// programs of tomorrow.
func TestFormOne(t *testing.T) {
	const printed = "BADGE-KIOSK-STATUS:1:SIHDVPBWL4QSZNJIEVK4CIZTHVBUOINNFA726RBBEW2TQW5IZRIM6RGPIDL5ASBX3UQNCMGJFDMVQKJ" +
		"RG4U3KSBBX6SCJNKIUE4LKLBVJ4QTPMJAE5K2DMBUGO2UIINFVA2JONZJCESFXKMQTSJZ7HH5ZTY5EENGENDZR5U4H4RPGQERRHO" +
		"UGN6A2HH5LB2VSPFUSN6I37D4PSOR3F5QMD7DDMLATNQAC2HJZRF4CSIC4QAAAAAP772K5O6DK"
	got, err := Parse(printed)
	if err != nil || got.String() != "Río Verde High, front desk, bundle 4211, clock battery clock, 2 codes" {
		t.Errorf("%s, %v; now it would be\n%s", got, err, sample.Text())
	}
}

// TestMangled: no part of a code, and no code with another character in it,
// is taken for one; others' codes are told from damaged ones.
func TestMangled(t *testing.T) {
	text := sample.Text()
	for i := range text {
		if _, err := Parse(text[:i]); err == nil {
			t.Errorf("cut at %d", i)
		}
		for _, c := range "A7Za:\n " {
			if byte(c) == text[i] {
				continue
			}
			if _, err := Parse(text[:i] + string(c) + text[i+1:]); err == nil {
				t.Errorf("%q at %d", c, i)
			}
		}
	}
	for text, want := range map[string]error{
		"": ErrForeign, "https://example.org/": ErrForeign, "WIFI:S:x;;": ErrForeign, "badge-kiosk-status:1:AAAA": ErrForeign,
		text + strings.Repeat("A", MaxText): ErrForeign,
		name + "2:AAAA":                     ErrVersion, name: ErrVersion,
		name + version: ErrDamaged, name + version + "AAAAAAAAAA": ErrDamaged, text + "\n": ErrDamaged,
	} {
		if _, err := Parse(text); !errors.Is(err, want) {
			t.Errorf("%.40q: %v, want %v", text, err, want)
		}
	}
}

// TestHostile: a sum is no signature: what somebody made up is refused where
// it would not fit on a line of a terminal.
func TestHostile(t *testing.T) {
	for what, change := range map[string]func(*Status){
		"terminal": func(s *Status) { s.Site = "a\x1b[2J" },
		"lines":    func(s *Status) { s.Clock = "a\nb" },
		"bidi":     func(s *Status) { s.Build = "a\u202eb" },
		"code":     func(s *Status) { s.Codes = []Code{{Code: "=cmd()"}} },
		"count":    func(s *Status) { s.Counts.Check = -1 },
		"serial":   func(s *Status) { s.Serial = -1 },
		"bytes":    func(s *Status) { s.Site = "\xff" },
		"words":    func(s *Status) { s.Root = []string{"a b c d e f g"} },
		"future":   func(s *Status) { s.At = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		s := sample
		change(&s)
		if _, err := Parse(s.Text()); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// FuzzParse: whatever is read can be written and read again as the same.
func FuzzParse(f *testing.F) {
	f.Add(sample.Text())
	f.Add(Status{}.Text())
	f.Add(name + version + "GAYDAMBQ")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(s.Text())
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("%+v came back as %+v, %v", s, again, err)
		}
	})
}

// TestSocket is what the kiosk's own user hears, and nobody else.
func TestSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "status")
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "no kiosk answers") {
		t.Errorf("no kiosk: %v", err)
	}
	for range 2 { // the second finds the first's place taken by a dead socket
		s, err := Listen(path, func() Status { return sample })
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode() != os.ModeSocket|0o600 {
			t.Errorf("%v, %v", info, err)
		}
		// one who connects and says nothing keeps nobody else waiting for long
		idle, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close()
		got, err := Read(path)
		if err != nil || !reflect.DeepEqual(got, sample) {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("the socket stays")
		}
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		l.SetUnlinkOnClose(false)
		l.Close() // as after a crash
	}
	if _, err := Listen(filepath.Join(path, "nowhere", "s"), nil); err == nil {
		t.Error("listens in a folder that is not there")
	}
}

// TestBusyKiosk: a kiosk that is drawing a picture answers when it is done.
func TestBusyKiosk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "status")
	s, err := Listen(path, func() Status {
		time.Sleep(patience + 500*time.Millisecond)
		return sample
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := Read(path); err != nil || !reflect.DeepEqual(got, sample) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestCodesOf: a kiosk tells its own troubles, the newest first.
func TestCodesOf(t *testing.T) {
	j := journal.New(100, nil)
	j.Fault(reason.BSign, nil)
	j.Fault(reason.RRevoked, nil) // a badge's, not the kiosk's
	for range 3 {
		j.Fault(reason.HCam, nil)
	}
	got := CodesOf(j)
	if len(got) != 2 || got[0].Code != reason.HCam || got[0].Times != 3 || got[1].Code != reason.BSign {
		t.Errorf("%+v", got)
	}
}
