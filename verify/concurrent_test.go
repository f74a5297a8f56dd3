package verify_test

import (
	"sync"
	"testing"

	"badgekiosk/verify"
	"badgekiosk/verify/verifytest"
)

// TestConcurrent judges all fixtures of one trust folder from many goroutines
// with one Verifier.
func TestConcurrent(t *testing.T) {
	trusted := verifytest.Named(t, "verified-jwt").Trust
	v := verify.Verifier{Trust: trusted}
	all := verifytest.All(t)
	want := make([]string, len(all))
	for i, b := range all {
		r := v.Verify(b.Payload, b.Ask)
		want[i] = r.String()
	}
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range all {
				b := all[(i+g*7)%len(all)]
				r := v.Verify(b.Payload, b.Ask)
				if got := r.String(); got != want[(i+g*7)%len(all)] {
					t.Errorf("%s: %s, alone %s", b.Name, got, want[(i+g*7)%len(all)])
				}
			}
		})
	}
	group.Wait()
}
