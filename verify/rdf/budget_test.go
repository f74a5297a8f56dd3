package rdf

import (
	"testing"

	"badgekiosk/verify/reason"
)

// TestBudget holds that what one document may cost, many of one small
// payload together may not.
func TestBudget(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	for name, doc := range hostile(t) {
		v := parsed(t, doc)
		z.Begin(len(doc))
		_, first := z.Canonical(nil, v, Options{})
		spent := z.left
		for range 20 {
			_, _ = z.Canonical(nil, v, Options{})
		}
		_, last := z.Canonical(nil, v, Options{})
		if first == nil && last == nil && z.left.quads > spent.quads {
			t.Errorf("%s: nothing was charged", name)
		}
		if z.left.steps < -maxWork || z.left.terms < -maxDefined || z.left.quads < -MaxQuads {
			t.Errorf("%s: overspent: %+v", name, z.left)
		}
	}
	badge := parsed(t, fixtures(t)["badge"])
	z.Begin(3000)
	n := 0
	for ; n < 1000; n++ {
		if _, err := z.Canonical(nil, badge, Options{}); err != nil {
			if reason.CodeOf(err, "") != reason.QTooBig {
				t.Error(err)
			}
			break
		}
	}
	if n < 20 || n == 1000 {
		t.Errorf("a code of 3 kB may hold %d badges", n)
	}
	z.Begin(3000)
	if _, err := z.Canonical(nil, badge, Options{}); err != nil {
		t.Errorf("the next payload: %v", err)
	}
}
