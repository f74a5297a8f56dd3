package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"badgekiosk/cmd/kiosk/jail"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// asleep starts kiosk judge as kiosk run does, for a kiosk.json of c.
func asleep(t testing.TB, c config) *jail.Judge {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kiosk.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	command := judgeOf(file)
	if command.Path, err = exec.LookPath("kiosk"); err != nil { // this test program, by that name
		t.Fatal(err)
	}
	j := jail.Start(command)
	t.Cleanup(func() { j.Close() })
	if err := j.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return j
}

// TestJudgeCommand: the judge in its own process says of a badge what the
// kiosk itself would, by the same bundle.
func TestJudgeCommand(t *testing.T) {
	c, badge := installed(t)
	ask := verify.Ask{At: verify.At(time.Now()), Audience: verify.Office}
	here := boundAlone(c)
	j := asleep(t, c)
	for _, payload := range [][]byte{badge, []byte("https://example.org/"), badge[:len(badge)/2]} {
		got, err := j.Judge(payload, ask)
		if err != nil {
			t.Fatal(err)
		}
		least := ask
		least.Audience = min(ask.Audience, here.ceiling)
		want := here.verifier.Verify(payload, least)
		if got.String() != want.String() || got.Badge.Name != want.Badge.Name || got.Badge.Holder != want.Badge.Holder {
			t.Errorf("in its own process %q, here %q", got.String(), want.String())
		}
	}
	if r, err := j.Judge(badge, ask); r.Verdict != verify.Verified {
		t.Errorf("a genuine badge is %s, %v", r.String(), err)
	}
	for _, l := range j.Layers() {
		if l.Fault != "" && l.Name == "seccomp" {
			t.Errorf("%s: %s", l.Name, l.Fault)
		}
	}
}

// TestJudgeWithoutBundle: a kiosk that believes nobody judges, and says why.
func TestJudgeWithoutBundle(t *testing.T) {
	c, badge := installed(t)
	c.Root = filepath.Join(t.TempDir(), "no-root.json")
	c.State = t.TempDir()
	r, err := asleep(t, c).Judge(badge, verify.Ask{At: verify.At(time.Now())})
	if err != nil || r.Verdict != verify.CannotTell || !slices.Contains(r.Codes, reason.BRoot) {
		t.Errorf("%s, %v", r.String(), err)
	}
}

// TestJudgeMisconfigured: what is wrong with kiosk.json is said.
func TestJudgeMisconfigured(t *testing.T) {
	for _, file := range []string{"", filepath.Join(t.TempDir(), "none.json")} {
		if _, err := courtFor(file); err == nil {
			t.Errorf("%q is a configuration", file)
		}
	}
}
