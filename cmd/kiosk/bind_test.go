package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"badgekiosk/display"
	"badgekiosk/provision"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// TestCeiling: editing kiosk.json on a pulled card shows nothing above what
// was signed, and the report says that it tried.
func TestCeiling(t *testing.T) {
	tree := os.DirFS(t.TempDir())
	open, err := trust.Open(tree)
	must(t, err)
	t.Chdir(t.TempDir())
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	say(t, exitAll, "bundle", "add", "district", "co", "elm", "--name", "Elm District")
	say(t, exitAll, "bundle", "settings", "co", "--audience", "office")
	say(t, exitAll, "bundle", "settings", "co", "elm", "fair", "--audience", "employer", "--accepts", "elm")
	signed, err := trust.Open(os.DirFS("co/trust"))
	must(t, err)
	for _, c := range []struct {
		set             *trust.Set
		group, audience string
		want            verify.Audience
		above, faulty   bool
	}{
		{open, "", "", verify.Public, false, false},
		{open, "", "office", verify.Public, true, false},
		{signed, "", "office", verify.Office, false, false},
		{signed, "elm/fair", "office", verify.Employer, true, false},
		{signed, "elm/fair", "partner", verify.Partner, false, false},
		{signed, "elm/fair", "", verify.Public, false, false},
		{signed, "elm/made-up", "office", verify.Public, true, true},
		{signed, "", "principal", verify.Public, false, true},
		{nil, "", "office", verify.Public, false, false},
	} {
		card := defaults()
		card.Group, card.Audience = c.group, c.audience
		b, err := bound(card, c.set)
		set, got := b.trust, b.audience
		if got != c.want || (err != nil) != c.faulty || set != nil && slices.Contains(set.Notes, reason.CCeiling) != c.above {
			t.Errorf("group %q, audience %q: %v, %v", c.group, c.audience, got, err)
		}
		if set != nil && c.group == "elm/fair" && !slices.Equal(set.Policy.Accepts, []string{"elm"}) {
			t.Errorf("accepts %v", set.Policy.Accepts)
		}
	}
}

// TestTake: codes held to the camera update the kiosk while it runs, others
// are badges.
func TestTake(t *testing.T) {
	c, badge := installed(t)
	must(t, os.Rename("co/"+bundleName, "monday.zip"))
	say(t, exitAll, "bundle", "remove", "co", "elm")
	say(t, exitAll, "bundle", "add", "district", "co", "oak", "--name", "Oak District")
	say(t, exitAll, "bundle", "seal", "co")
	update, err := provision.Urgent(contents(t, "monday.zip"), contents(t, "co/"+bundleName))
	must(t, err)
	must(t, os.Mkdir("etc", 0o700))
	must(t, os.WriteFile("etc/root.json", contents(t, c.Root), 0o600)) // without a factory bundle beside it
	c.Root = "etc/root.json"
	a := appliance{config: c, errs: io.Discard, log: newJournal(nil), counts: map[verify.Verdict]int64{}, ill: map[reason.Code]error{}}
	a.prepare()
	a.kiosk = &Kiosk{Lang: "en", Glass: anyGlass{}, Take: a.take, Judge: a.judge}
	a.kiosk.Ask = func() verify.Ask { return verify.Ask{At: a.clock.Moment()} }
	answer := func(payload []byte) display.Screen {
		a.kiosk.see(sight{payloads: []scanner.Payload{{Data: payload}}})
		return a.kiosk.screen()
	}
	if s := answer(badge); s.Mark != display.Verified {
		t.Errorf("before: %+v", s)
	}
	broken := append([]byte(nil), update...)
	broken[len(broken)-5] ^= 1
	if s := answer(broken); !strings.HasPrefix(s.Code, "B-") {
		t.Errorf("a broken update: %+v", s)
	}
	if s := answer(update); s.Word != "Update done" {
		t.Errorf("the update: %+v", s)
	}
	if s := answer(badge); s.Mark != display.CannotTell {
		t.Errorf("after the member was taken out: %+v", s)
	}
}
