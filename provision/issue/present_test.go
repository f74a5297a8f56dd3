package issue

import (
	"testing"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

// TestPresent holds that a kiosk takes a holder's answer, in every format of
// badge and with either kind of key, and nobody else's.
func TestPresent(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for _, f := range formats {
		for _, a := range []Algorithm{EdDSA, ES256} {
			issuerKey, err := NewKey(EdDSA)
			if err != nil {
				t.Fatal(err)
			}
			holder, err := NewKey(a)
			if err != nil {
				t.Fatal(err)
			}
			other, err := NewKey(a)
			if err != nil {
				t.Fatal(err)
			}
			issuer := NewIssuer(issuerKey, "Riverbend Academy")
			tree := Tree{}
			folder := Trust{tree}
			if err := folder.Begin("Coalition", now.Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
			if err := folder.Join(Member{ID: "riverbend", Name: "Riverbend", Kind: "district"}); err != nil {
				t.Fatal(err)
			}
			if err := folder.Accept("riverbend", issuer); err != nil {
				t.Fatal(err)
			}
			set, err := trust.Open(tree)
			if err != nil {
				t.Fatal(err)
			}
			badge, err := issuer.Sign(Badge{Achievement: Achievement{Name: "Welding I"}, Learner: Learner{ID: holder.DID()}, From: now.Add(-time.Hour)}, Options{Format: f})
			if err != nil {
				t.Fatal(err)
			}
			v := verify.Verifier{Trust: set}
			plain, err := issuer.Sign(Badge{Achievement: Achievement{Name: "Welding I"}, Learner: Learner{ID: "urn:example:4071"}, From: now.Add(-time.Hour)}, Options{Format: f})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range []struct {
				signed []byte
				answer bool
			}{{badge, true}, {plain, false}, {badge[:len(badge)-9], false}} {
				if r := v.Verify(b.signed, verify.Ask{At: verify.At(now)}); r.HolderKey != b.answer {
					t.Errorf("%s, %s: somebody can answer for a badge: %t, want %t", f, &r, r.HolderKey, b.answer)
				}
			}
			for _, c := range []struct {
				by              *Key
				nonce, audience string
				want            verify.State
			}{
				{holder, "n1", "front desk", verify.Pass},
				{other, "n1", "front desk", verify.Fail},
				{holder, "n2", "front desk", verify.Fail},
				{holder, "n1", "another desk", verify.Fail},
			} {
				answer, err := c.by.Present(badge, c.nonce, c.audience)
				if err != nil {
					t.Fatal(err)
				}
				r := v.Verify(answer, verify.Ask{At: verify.At(now), Challenge: &verify.Challenge{Nonce: "n1", Audience: "front desk"}})
				if r.Axes.Presenter.State != c.want || (r.Verdict == verify.Verified) != (c.want == verify.Pass) {
					t.Errorf("%s by %s for %s, %s: %s, presenter %s", f, a, c.nonce, c.audience, &r, r.Axes.Presenter.State)
				}
			}
		}
	}
	key, err := NewKey(EdDSA)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.Present([]byte("{}"), "", "front desk"); err == nil {
		t.Error("answered what nobody asked")
	}
}
