package main

import (
	"errors"
	"strings"
	"testing"
)

// TestOutdated names the input that has a newer version, and not the other.
func TestOutdated(t *testing.T) {
	var out strings.Builder
	err := outdated(&out, "inputs.lock", func(module string) (string, error) {
		if strings.HasSuffix(module, kernelInput) {
			return "v9", nil
		}
		if strings.HasSuffix(module, rootsInput) {
			return "v0.0.0-20261030153154-30a33513ff6d", nil
		}
		if strings.HasPrefix(module, "debian/") {
			return "", nil // there is no apt
		}
		return "v0.0.0-20260522070551-527ce0ed43cf", nil
	})
	if got := strings.Fields(out.String()); err != nil || len(got) != 3 || !strings.HasSuffix(got[0], kernelInput) || got[2] != "v9" {
		t.Errorf("wrote %q, %v", out.String(), err)
	}
	if outdated(&out, "inputs.lock", func(string) (string, error) { return "", errors.New("no network") }) == nil {
		t.Error("no answer, and no error")
	}
	if outdated(&out, "nowhere.lock", nil) == nil {
		t.Error("no lock, and no error")
	}
}
