package verifytest_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

// TestMissingParts throws coalitions in which any member may list Riverbend
// Academy, rightly or wrongly, lists its keys as another's, takes its key's
// name, withdraws its badges or brings lists that do, and judges its genuine
// badges by every choice of their parts: never does VERIFIED become NOT
// VERIFIED as a part goes missing.
//
// An issuer that nobody here knows, nor the consortium, signs with somebody
// else's key: K-FOREIGN, by the rules of verdicts, and so does one whose part
// is missing before the consortium has sealed it in.
//
// Where the consortium says whose the issuer is, and no list is concerned, no
// other verdict becomes VERIFIED either. Otherwise a part may hold the only
// word against a badge.
func TestMissingParts(t *testing.T) {
	seed, worlds := uint64(1), 150
	if os.Getenv("PROOF") != "" {
		seed, worlds = uint64(time.Now().UnixNano()), 20_000
	}
	rnd := rand.New(rand.NewPCG(seed, 0))
	members := []string{"cedar", "marlow", "riverbend"}
	listedBadge := riverbend.badge(in(list, "revocation", 6))
	badges := []string{riverbend.jwt(riverbend.claims()), riverbend.jcs(riverbend.badge(), o{"verificationMethod": newSigner("Riverbend Academy").kid}), riverbend.jcs(listedBadge)}
	withdrawals := ""
	for _, id := range []string{riverbend.badge()["id"].(string), listedBadge["id"].(string)} {
		withdrawals += riverbend.did + "\t" + trust.HashID(id) + "\t2026-11-01T00:00:00Z\n"
	}
	seen := map[verify.Verdict]int{}
	for n := range worlds {
		all, owned := coalition(rnd, members, withdrawals)
		for b, badge := range badges {
			var verdicts [8]verify.Report
			for parts := range verdicts {
				verdicts[parts] = judgeParts(t, all, members, parts, badge)
				seen[verdicts[parts].Verdict]++
			}
			for more := range verdicts {
				for less := range verdicts {
					if more&less != less {
						continue
					}
					x, y := verdicts[more].Verdict, verdicts[less].Verdict
					if !owned && verdicts[less].Has("K-FOREIGN") {
						continue
					}
					if x == verify.Verified && y == verify.NotVerified || owned && b != 2 && y == verify.Verified && x != y {
						t.Errorf("seed %d, world %d, badge %d: %s, with parts %03b of %03b %s\n%s", seed, n, b, verdicts[more].String(), less, more, verdicts[less].String(), text(all))
					}
				}
			}
		}
	}
	for _, v := range []verify.Verdict{verify.Verified, verify.NotVerified, verify.Check, verify.CannotTell} {
		if seen[v] < worlds/4 {
			t.Errorf("%d reports say %s: the coalitions are too peaceful; %v", seen[v], v, seen)
		}
	}
}

// coalition is made by chance, and tells whether it says whose Riverbend is.
func coalition(rnd *rand.Rand, members []string, withdrawals string) (all files, owned bool) {
	odds := func(n int) bool { return rnd.IntN(n) == 0 }
	signers := []signer{riverbend, riverbend, nobody}
	names := []string{riverbend.kid, riverbend.kid, riverbend.did + "#key-9", ""}
	owner := ""
	if owned = !odds(3); owned {
		owner = fmt.Sprintf(`,"owners":{%q:[%q]}`, members[rnd.IntN(len(members))], riverbend.did)
	}
	all = files{"consortium.json": `{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z"` + owner + `}`}
	for _, m := range members {
		at := "districts/" + m + "/"
		all[at+"district.json"] = `{"name":"` + m + `"}`
		some := func() o { return key(names[rnd.IntN(len(names))], signers[rnd.IntN(len(signers))]) }
		if !odds(3) {
			l := o{"name": "Riverbend Academy", "ids": []string{riverbend.did}, "keys": []o{some(), some()}}
			if odds(4) {
				l["guest"] = "employer"
			}
			if odds(4) {
				l["statusIssuers"] = []string{nobody.did}
			}
			all[at+"issuers/r.json"] = text(l)
			if odds(3) {
				all[at+"withdrawals.tsv"] = withdrawals
			}
		}
		if odds(3) {
			all[at+"issuers/x.json"] = listing("Another of "+m, []string{"did:web:" + m + "-other.example"}, some())
		}
		if odds(2) {
			by, set := []signer{riverbend, nobody}[rnd.IntN(2)], []int{5 + rnd.IntN(2)}
			fetched := fmt.Sprintf("2026-11-%02dT08:00:00Z", 10+rnd.IntN(10))
			all = all.with(documents(m, [3]string{list, by.list(list, "revocation", set), fetched}))
		}
	}
	return all, owned
}

// judgeParts judges by the parts of the members whose bits are set.
func judgeParts(t *testing.T, all files, members []string, parts int, badge string) verify.Report {
	t.Helper()
	tree := fstest.MapFS{}
	for name, data := range all {
		here := true
		for i, m := range members {
			here = here && (parts&(1<<i) != 0 || !strings.HasPrefix(name, "districts/"+m+"/"))
		}
		if here {
			tree[name] = &fstest.MapFile{Data: []byte(data)}
		}
	}
	set, err := trust.OpenSealed(tree)
	if err != nil {
		t.Fatal(err)
	}
	v := verify.Verifier{Trust: set}
	return v.Verify([]byte(badge), verify.Ask{At: verify.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))})
}
