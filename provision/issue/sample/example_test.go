package sample

import (
	"strings"
	"testing"

	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

// TestExample judges every badge of the example as its table says, and counts
// who and what is there.
func TestExample(t *testing.T) {
	e, err := NewExample(now)
	if err != nil {
		t.Fatal(err)
	}
	set, err := trust.Open(e.Trust)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range set.Faults {
		t.Error(fault)
	}
	kinds := map[string]int{}
	for _, m := range set.Members {
		kinds[m.Kind]++
	}
	if kinds["district"] != 5 || kinds["nonprofit"] != 1 || kinds["employer"] != 1 {
		t.Errorf("members %v", kinds)
	}
	v := verify.Verifier{Trust: set}
	count := map[verify.Verdict]int{}
	for _, c := range e.Cases {
		r := v.Verify(c.Data, verify.Ask{At: verify.At(e.At)})
		count[r.Verdict]++
		if !strings.HasPrefix(r.String()+" ", c.Want+" ") {
			t.Errorf("%s: %s, want %s", c.File, &r, c.Want)
		}
		if !strings.HasPrefix(c.File, r.Verdict.String()) {
			t.Errorf("%s is named for another verdict than %s", c.File, r.Verdict)
		}
	}
	for _, verdict := range []verify.Verdict{verify.Verified, verify.Check, verify.NotVerified, verify.CannotTell, verify.Demo} {
		if count[verdict] < 2 {
			t.Errorf("%d badges are %s, want 2 or more", count[verdict], verdict)
		}
	}
	for name, data := range e.Trust {
		if strings.Contains(string(data), `"d"`) || strings.Contains(string(data), "Ashdown") {
			t.Errorf("%s holds a private key or a learner's name", name)
		}
	}
}
