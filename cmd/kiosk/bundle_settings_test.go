package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"badgekiosk/provision"
	"badgekiosk/verify/trust"
)

// TestSettingsCommand: what an administrator types is what a group's kiosks
// are bound by, and the PIN itself is nowhere.
func TestSettingsCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.WriteFile("pin", []byte("471100\n"), 0o600))
	say(t, exitAll, "bundle", "init", "co", "--name", "Five Rivers")
	say(t, exitAll, "bundle", "add", "district", "co", "elm", "--name", "Elm District")
	say(t, exitAll, "bundle", "settings", "co", "--audience", "employer", "--languages", "en,es", "--fresh-days", "20")
	say(t, exitAll, "bundle", "settings", "co", "elm", "fair", "--pin-file", "pin", "--sites", "Gym,Hall", "--accepts", "elm")
	say(t, exitAll, "bundle", "settings", "co", "elm", "fair", "--audience", "office")
	if said := say(t, exitUsage, "bundle", "settings", "co", "--audience", "principal"); !strings.Contains(said, "not one of") {
		t.Errorf("an audience that is none: %s", said)
	}
	if said := say(t, exitUsage, "bundle", "settings", "co"); !strings.Contains(said, "nothing to set") {
		t.Errorf("nothing: %s", said)
	}
	set, err := trust.Open(os.DirFS("co/trust"))
	must(t, err)
	narrow, got, err := set.For("elm/fair")
	must(t, err)
	if ok, err := provision.CheckPIN(got.PINHash, "471100"); !ok || err != nil {
		t.Errorf("the PIN does not open: %v", err)
	}
	if got.Audience != "employer" || len(got.Sites) != 2 || len(narrow.Policy.Accepts) != 1 || narrow.Policy.Fresh.Hours() != 20*24 {
		t.Errorf("%+v, %+v", got, narrow.Policy)
	}
	data, err := os.ReadFile("co/trust/districts/elm/district.json")
	must(t, err)
	if strings.Contains(string(data), "471100") {
		t.Error("the PIN is in the folder")
	}
	say(t, exitAll, "bundle", "seal", "co")
}

// TestTypes: a coalition whose kiosks take certificates alone says so of a
// badge of another kind, and takes it when its kind is among them.
func TestTypes(t *testing.T) {
	installed(t)
	judge := func(types string) string {
		say(t, exitAll, "bundle", "settings", "co", "--types", types)
		say(t, exitAll, "bundle", "seal", "co")
		var out, errs bytes.Buffer
		run([]string{"verify", "--json", "--trust", "co/" + bundleName, "--root", "co/root.json", "badge.jwt"}, nil, &out, &errs)
		return out.String()
	}
	if got := judge("Certificate,Diploma"); !strings.Contains(got, `"verdict":"cannot-tell"`) || !strings.Contains(got, `"I-KIND"`) {
		t.Errorf("a badge of another kind: %s", got)
	}
	if got := judge("Certificate,OpenBadgeCredential,AchievementCredential"); !strings.Contains(got, `"verdict":"verified"`) {
		t.Errorf("a badge of that kind: %s", got)
	}
}
