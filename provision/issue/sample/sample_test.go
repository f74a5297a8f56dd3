package sample

import (
	"slices"
	"testing"
	"time"

	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func made(t *testing.T) (*trust.Set, []Badge) {
	t.Helper()
	tree, badges, err := New(now)
	if err != nil {
		t.Fatal(err)
	}
	set, err := trust.Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	return set, badges
}

// TestTrust: the folder is one that a kiosk reads without complaint.
func TestTrust(t *testing.T) {
	set, _ := made(t)
	for _, fault := range set.Faults {
		t.Error(fault)
	}
	if len(set.Members) != 3 || set.Serial != 1 || !set.Issued.Before(now) {
		t.Errorf("%d members, serial %d, issued %s", len(set.Members), set.Serial, set.Issued)
	}
}

// TestSamples: the seven of the contract, each small enough to hold up to a
// camera, six of them credentials.
func TestSamples(t *testing.T) {
	_, badges := made(t)
	var names []string
	for _, b := range badges {
		names = append(names, b.Name)
		if n := len(b.Payload); n > 1300 {
			t.Errorf("%s: %d characters make a code that is hard to read", b.Name, n)
		}
		doc, err := wire.Open(b.Payload)
		if isBadge := b.Name != "notbadge"; isBadge != (err == nil) {
			t.Errorf("%s: %v %v", b.Name, doc.Form, err)
		}
	}
	want := []string{"genuine", "tampered", "revoked", "expired", "unknown", "lookalike", "notbadge"}
	if !slices.Equal(names, want) {
		t.Errorf("samples %v, want %v", names, want)
	}
}
