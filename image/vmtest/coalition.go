package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// panelName is the panel on the board. It is the largest on a bus: most bytes
// have to come through right.
const panelName = "epd-7in5-v2"

// A coalition is made up for one run, with keys of its own, by the program
// that is tested, as an administrator would.
type coalition struct {
	program, dir    string
	issued, earlier time.Time // its newest bundle, and the one before
}

// kiosk runs the program on this computer.
func (c *coalition) kiosk(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.program, args...)
	cmd.Dir = c.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("kiosk %s: %w: %s%s", strings.Join(args, " "), err, &errs, &out)
	}
	return out.Bytes(), nil
}

// file is where a file of the coalition's is.
func (c *coalition) file(name string) string { return filepath.Join(c.dir, name) }

func (c *coalition) all(ctx context.Context, commands ...[]string) error {
	for _, args := range commands {
		if _, err := c.kiosk(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// Files of a coalition.
const (
	rootFile    = "co/root.json"
	bundleFile  = "co/badge-kiosk-bundle.zip"
	oldBundle   = "old.zip" // the one before it
	genuineFile = "genuine.json"
	forgedFile  = "forged.json"
	laterFile   = "later.json" // of a school that only the newer bundle lists
)

// begin founds a coalition of one district with one school, in a folder.
func begin(ctx context.Context, program, dir string) (*coalition, error) {
	c := &coalition{program: program, dir: dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return c, c.all(ctx,
		[]string{"bundle", "init", "co", "--name", "Five Rivers"},
		[]string{"bundle", "add", "district", "co", "riverbend", "--name", "Riverbend District"},
		[]string{"issue", "key", "riverbend.jwk", "--id", "did:web:riverbend.example"},
		[]string{"bundle", "add", "issuer", "co", "riverbend", "riverbend.jwk", "--name", "Riverbend Academy"})
}

// found has it sign systems too. Its school has issued a badge, and somebody
// has made another one of it.
func (c *coalition) found(ctx context.Context) error {
	err := c.all(ctx,
		[]string{"bundle", "add", "system", "co"},
		[]string{"issue", "badge", "--key", "riverbend.jwk", "--name", "Welding I", "--compact", "--out", genuineFile})
	if err != nil {
		return err
	}
	if err := c.forge(genuineFile, forgedFile, "Welding I", "Surgery I"); err != nil {
		return err
	}
	err = c.all(ctx,
		[]string{"issue", "key", "cedar.jwk", "--id", "did:web:cedar.example"},
		[]string{"issue", "badge", "--key", "cedar.jwk", "--name", "First Aid", "--compact", "--out", laterFile})
	return errors.Join(err, c.seal(ctx))
}

// forge makes a badge that says something else than was signed.
func (c *coalition) forge(from, to, was, is string) error {
	badge, err := os.ReadFile(c.file(from))
	if err != nil {
		return err
	}
	forged := bytes.ReplaceAll(badge, []byte(was), []byte(is))
	if bytes.Equal(forged, badge) {
		return fmt.Errorf("%s does not say %q", from, was)
	}
	return os.WriteFile(c.file(to), forged, 0o600)
}

// another is one of many badges that the school has issued, or not.
func (c *coalition) another(ctx context.Context, n int, forged bool) (file string, err error) {
	file = fmt.Sprintf("another-%d.json", n)
	name := fmt.Sprintf("Course %02d", n)
	_, err = c.kiosk(ctx, "issue", "badge", "--key", "riverbend.jwk", "--name", name, "--compact", "--out", file)
	if err == nil && forged {
		err = c.forge(file, file, name, fmt.Sprintf("Degree %02d", n))
	}
	return file, err
}

// grow takes another school in.
func (c *coalition) grow(ctx context.Context) error {
	if _, err := c.kiosk(ctx, "bundle", "add", "issuer", "co", "riverbend", "cedar.jwk", "--name", "Cedar High"); err != nil {
		return err
	}
	return c.seal(ctx)
}

// seal seals the coalition's newest bundle.
func (c *coalition) seal(ctx context.Context) error {
	if _, err := c.kiosk(ctx, "bundle", "seal", "co"); err != nil {
		return err
	}
	out, err := c.kiosk(ctx, "bundle", "inspect", "--json", bundleFile, "--root", rootFile)
	if err != nil {
		return err
	}
	var says struct{ Issued time.Time }
	err = json.Unmarshal(out, &says)
	c.earlier, c.issued = c.issued, says.Issued
	return err
}

// code is the text of the code on a badge's card.
func (c *coalition) code(ctx context.Context, badge string) (string, error) {
	if _, err := c.kiosk(ctx, "card", badge, "--out", badge+".png"); err != nil {
		return "", err
	}
	out, err := c.kiosk(ctx, "scan", "--json", badge+".png")
	if err != nil {
		return "", err
	}
	var line struct{ Symbols []struct{ Text string } }
	if err := json.Unmarshal(out, &line); err != nil {
		return "", err
	}
	if len(line.Symbols) != 1 || line.Symbols[0].Text == "" {
		return "", fmt.Errorf("the card of %s has no code with a text: %s", badge, out)
	}
	return line.Symbols[0].Text, nil
}

// slack is for how long after its bundle a kiosk without a clock takes the
// time to be: what bundles allow unless they say otherwise.
const slack = 60 * 24 * time.Hour

// screen is what the panel must show of a badge, as a kiosk with that bundle
// and no clock judges it.
func (c *coalition) screen(ctx context.Context, bundle, badge string) (image.Image, error) {
	return c.see(ctx, choices{panel: panelName}, bundle, badge)
}

// see is what a kiosk with these settings and that bundle must show of a badge.
func (c *coalition) see(ctx context.Context, s choices, bundle, badge string) (image.Image, error) {
	issued := c.issued
	if bundle == oldBundle {
		issued = c.earlier
	}
	at := issued.Format(time.RFC3339) + "/" + issued.Add(slack).Format(time.RFC3339)
	if s.clock {
		at = time.Now().UTC().Format(time.RFC3339)
	}
	args := []string{"--panel", s.panel, "--trust", bundle, "--root", rootFile, "--at", at}
	if s.audience != "" {
		args = append(args, "--audience", s.audience)
	}
	return c.picture(ctx, append(args, badge)...)
}

// picture is what kiosk screen draws.
func (c *coalition) picture(ctx context.Context, args ...string) (image.Image, error) {
	args = append([]string{"screen", "--out", "-"}, args...)
	out, err := c.kiosk(ctx, args...)
	for range 2 { // a panel's time is real: this computer may have been busy
		if err != nil {
			out, err = c.kiosk(ctx, args...)
		}
	}
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(out))
}

// agrees holds that a badge's verdict is that on this computer, too.
func (c *coalition) agrees(ctx context.Context, badge, verdict string) error {
	out, err := c.kiosk(ctx, "verify", "--json", "--trust", bundleFile, "--root", rootFile, badge)
	var e *exec.ExitError
	if err != nil && (!errors.As(err, &e) || e.ExitCode() != 1) { // 1 says that it is not verified
		return err
	}
	var line struct{ Verdict string }
	if err := json.Unmarshal(out, &line); err != nil {
		return err
	}
	if line.Verdict != verdict {
		return fmt.Errorf("%s is %q on this computer, want %q", badge, line.Verdict, verdict)
	}
	return nil
}
