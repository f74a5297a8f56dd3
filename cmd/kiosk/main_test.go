package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandLine shows what a person sees who mistypes.
func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		line string
		code exit
		says string // on stdout for exit 0, else on stderr
	}{
		{"version", exitAll, "kiosk "},
		{"", exitAll, "kiosk demo"},
		{"--help", exitAll, "kiosk demo"},
		{"frobnicate", exitUsage, `there is no command "frobnicate"; to see the commands, run: kiosk --help`},
		{"versio", exitUsage, "did you mean version?"},
		{"version --loud", exitUsage, "unknown flag: --loud; to see the flags, run: kiosk version --help"},
	} {
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.line), nil, &out, &errs)
		said, other := &out, &errs
		if c.code != exitAll {
			said, other = &errs, &out
		}
		if code != c.code || !strings.Contains(said.String(), c.says) {
			t.Errorf("kiosk %s: exit %d, says %q, want %d, %q", c.line, code, said, c.code, c.says)
		}
		if other.Len() > 0 {
			t.Errorf("kiosk %s: also says %q", c.line, other)
		}
	}
}

// A full disk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestLostAnswer ends with 2 where what a command printed went nowhere, also
// if all else went well.
func TestLostAnswer(t *testing.T) {
	picture := writePNG(t, filepath.Join(t.TempDir(), "hello.png"), codePicture(t, "hello"))
	for _, args := range [][]string{{"version"}, {"scan", picture}, {"scan", "--json", picture}, {"screen", "--list"}, {"verify", picture}} {
		var errs bytes.Buffer
		if code := run(args, nil, fullDisk{}, &errs); code != exitUsage || !strings.HasSuffix(errs.String(), "no space left on device\n") {
			t.Errorf("%q: exit %d, %q", args, code, &errs)
		}
	}
}
