package sample

import (
	"strings"
	"testing"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
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

// TestSamples: the seven of the contract, as a kiosk judges what it reads
// from a code, on the day and a month later.
func TestSamples(t *testing.T) {
	set, badges := made(t)
	want := []struct{ name, verdict, format string }{
		{"genuine", "verified", "di-eddsa-rdfc-2022"},
		{"tampered", "not-verified S-INVALID", "di-eddsa-rdfc-2022"},
		{"revoked", "not-verified R-REVOKED", "di-eddsa-jcs-2022"},
		{"expired", "not-verified T-EXPIRED", "vc-jose"},
		{"unknown", "cannot-tell I-NOTLISTED", "di-eddsa-jcs-2022"},
		{"lookalike", "cannot-tell I-LOOKALIKE", "di-eddsa-jcs-2022"},
		{"notbadge", "cannot-tell Q-NOTBADGE", "none"},
	}
	if len(badges) != len(want) {
		t.Fatalf("%d samples, want %d", len(badges), len(want))
	}
	v := verify.Verifier{Trust: set}
	for i, w := range want {
		b := badges[i]
		for _, at := range []time.Time{now, now.Add(20 * day)} {
			r := v.Verify(b.Payload, verify.Ask{At: verify.At(at)})
			if b.Name != w.name || !strings.HasPrefix(r.String(), w.verdict) || r.Format != w.format {
				t.Errorf("%s: %s (%s), want %s: %s (%s)", b.Name, &r, r.Format, w.name, w.verdict, w.format)
			}
		}
		if n := len(b.Payload); n > 1300 {
			t.Errorf("%s: %d characters make a code that is hard to read", b.Name, n)
		}
	}
}

// TestNameOnlyInTheOffice: the genuine sample names its holder, so that a
// person can see who is told.
func TestNameOnlyInTheOffice(t *testing.T) {
	set, badges := made(t)
	v := verify.Verifier{Trust: set}
	for audience, want := range map[verify.Audience]string{verify.Office: "Robin Ashdown", verify.Public: "", verify.Employer: ""} {
		r := v.Verify(badges[0].Payload, verify.Ask{At: verify.At(now), Audience: audience})
		if r.Badge.Holder.Name != want {
			t.Errorf("%s: name %q, want %q", audience, r.Badge.Holder.Name, want)
		}
	}
	r := v.Verify(badges[0].Payload, verify.Ask{At: verify.At(now)})
	if l := r.Badge.Level; l.N != 3 || l.Of != 4 || len(r.Badge.Skills) != 2 {
		t.Errorf("the manifest's level %v and skills %q are not shown", l, r.Badge.Skills)
	}
}

// TestAnswer: the genuine sample's holder can answer a kiosk, in a code that
// phones show.
func TestAnswer(t *testing.T) {
	set, badges := made(t)
	answer, err := badges[0].Answer("n1", "front desk")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(answer); n > 2953 {
		t.Errorf("%d characters are more than a code holds", n)
	}
	v := verify.Verifier{Trust: set}
	r := v.Verify(answer, verify.Ask{At: verify.At(now), Challenge: &verify.Challenge{Nonce: "n1", Audience: "front desk"}})
	if r.Axes.Presenter.Code != reason.PHolder || r.Verdict != verify.Verified {
		t.Errorf("the holder's answer: %s", &r)
	}
}

// TestAnew: no two starts share a key.
func TestAnew(t *testing.T) {
	set, _ := made(t)
	_, others := made(t)
	v := verify.Verifier{Trust: set}
	if r := v.Verify(others[0].Payload, verify.Ask{At: verify.At(now)}); r.Verdict == verify.Verified {
		t.Errorf("a badge of another start: %s", &r)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, _, err := New(now); err != nil {
			b.Fatal(err)
		}
	}
}
