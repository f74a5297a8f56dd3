package main

import (
	"bytes"
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
