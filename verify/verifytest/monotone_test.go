package verifytest_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/verifytest"
)

// illegal tells whether knowing less may not turn one verdict into the other.
func illegal(more, less verify.Verdict) bool {
	return more != verify.Verified && less == verify.Verified || more == verify.Verified && less == verify.NotVerified
}

func judge(t *testing.T, tree fs.FS, payload []byte, at verify.Moment) verify.Report {
	t.Helper()
	v := verify.Verifier{}
	if tree != nil {
		set, err := trust.Open(tree)
		if err != nil {
			t.Fatal(err)
		}
		v.Trust = set
	}
	return v.Verify(payload, verify.Ask{At: at})
}

// copyOf is a tree that can be changed.
func copyOf(tree fs.FS) fstest.MapFS {
	m := fstest.MapFS{}
	for name, f := range tree.(fstest.MapFS) {
		m[name] = &fstest.MapFile{Data: f.Data}
	}
	return m
}

// TestSmallerBundle takes each member, issuer, manifest and document out of
// every fixture's trust folder, one at a time and all that follow: never does
// another verdict become VERIFIED, nor VERIFIED become NOT VERIFIED.
//
// A member's word that a badge was withdrawn stays as long as its issuers do:
// it is in the same part, which comes as a whole or not at all. Where the
// holder carries a list of the issuer's own, the kiosk's newer one can say
// more; without that, the carried one stands, with its date.
func TestSmallerBundle(t *testing.T) {
	verifytest.Each(t, func(t *testing.T, b verifytest.Badge) {
		if b.Tree == nil || b.Name == "revoked-though-list-carried" {
			return
		}
		base := judge(t, b.Tree, b.Payload, b.Ask.At)
		for name := range b.Tree.(fstest.MapFS) {
			file := path.Base(name)
			if file == "consortium.json" || file == "withdrawals.tsv" {
				continue
			}
			less := copyOf(b.Tree)
			delete(less, name)
			if r := judge(t, less, b.Payload, b.Ask.At); illegal(base.Verdict, r.Verdict) {
				t.Errorf("without %s: %s, with it %s", name, r.String(), base.String())
			}
			member := strings.Join(strings.SplitN(name, "/", 3)[:2], "/")
			for other := range less {
				if strings.HasPrefix(other, member+"/") {
					delete(less, other)
				}
			}
			if r := judge(t, less, b.Payload, b.Ask.At); illegal(base.Verdict, r.Verdict) {
				t.Errorf("without %s: %s, with it %s", member, r.String(), base.String())
			}
		}
		if r := judge(t, nil, b.Payload, b.Ask.At); illegal(base.Verdict, r.Verdict) {
			t.Errorf("without any trust: %s, with it %s", r.String(), base.String())
		}
	})
}

// TestOlderAndLessCertain judges badges with dates at random by lists fetched
// at random under clocks that know more and less. Making a list older, or a
// clock less certain, never turns another verdict into VERIFIED, nor VERIFIED
// into NOT VERIFIED; and what is said of an interval holds at every instant
// in it.
//
// A list that had expired when it was fetched is left out of the comparison:
// the same one fetched earlier was good then.
func TestOlderAndLessCertain(t *testing.T) {
	seed, cases := uint64(1), 400
	if os.Getenv("PROOF") != "" {
		seed, cases = uint64(time.Now().UnixNano()), 10_000
	}
	rnd := rand.New(rand.NewPCG(seed, 0))
	base := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	some := func(days int) time.Time {
		return base.Add(time.Duration(rnd.IntN(2*days*24)-days*24) * time.Hour)
	}
	stamp := func(at time.Time) string { return at.Format(time.RFC3339) }
	for n := range cases {
		changes := o{"validFrom": stamp(some(300))}
		if rnd.IntN(2) == 0 {
			changes["validUntil"] = stamp(some(300))
		}
		entry := in(list, "revocation", 6+rnd.IntN(2))
		if rnd.IntN(4) == 0 {
			entry = in(suspending, "suspension", 7+rnd.IntN(2))
		}
		doc := riverbend.badge(changes, entry)
		proof := o{"created": stamp(some(300))}
		if rnd.IntN(4) == 0 {
			proof["expires"] = stamp(some(300))
		}
		badge := []byte(riverbend.jcs(doc, proof))
		until := o{}
		if rnd.IntN(2) == 0 {
			until["validUntil"] = stamp(some(300))
		}
		fetched := some(500)
		at := func(fetched time.Time) fstest.MapFS {
			m := fstest.MapFS{}
			for name, data := range listed.with(documents("riverbend",
				[3]string{list, riverbend.list(list, "revocation", []int{7}, until, o{"validFrom": "2020-01-01T00:00:00Z"}), stamp(fetched)},
				[3]string{suspending, riverbend.list(suspending, "suspension", []int{8}, until, o{"validFrom": "2020-01-01T00:00:00Z"}), stamp(fetched)})) {
				m[name] = &fstest.MapFile{Data: []byte(data)}
			}
			return m
		}
		now := some(300)
		moment := verify.Moment{Earliest: now, Latest: now.Add(time.Duration(rnd.IntN(90*24)) * time.Hour)}
		wider := verify.Moment{Earliest: moment.Earliest.Add(-time.Duration(rnd.IntN(90*24)) * time.Hour), Latest: moment.Latest.Add(time.Duration(rnd.IntN(90*24)) * time.Hour)}
		tree := at(fetched)
		known := judge(t, tree, badge, moment)
		say := func(what string, r verify.Report) {
			t.Errorf("seed %d, case %d, %s: %s, was %s\n%s\nfetched %s, %+v, wider %+v", seed, n, what, r.String(), known.String(), badge, fetched, moment, wider)
		}
		if r := judge(t, tree, badge, wider); illegal(known.Verdict, r.Verdict) {
			say("less certain clock", r)
		}
		older := fetched.Add(-time.Duration(rnd.IntN(400*24)) * time.Hour)
		if r := judge(t, at(older), badge, moment); illegal(known.Verdict, r.Verdict) && !r.Has("R-BADLIST") && !known.Has("R-BADLIST") {
			say("older list", r)
		}
		for range 4 {
			instant := moment.Earliest.Add(time.Duration(rnd.Int64N(int64(moment.Latest.Sub(moment.Earliest)) + 1)))
			r := judge(t, tree, badge, verify.At(instant))
			if illegal(r.Verdict, known.Verdict) {
				say(fmt.Sprintf("at %s itself", instant), r)
			}
		}
	}
}
