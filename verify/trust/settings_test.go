package trust

import (
	"slices"
	"strings"
	"testing"
)

// TestSettings: the consortium bounds members, members bound their kiosks,
// and nobody gets more by asking.
func TestSettings(t *testing.T) {
	s := whole(t, map[string]string{
		"consortium.json": `{"policy":{"status":{"freshDays":30,"notedDays":90,"checkDays":400},"accepts":["a","b"]},
			"settings":{"audience":"employer","pin":"all","sync":"https://x.example/","languages":["en"],"types":["OpenBadgeCredential","Certificate"]}}`,
		"districts/a/district.json": `{"name":"A","kiosks":{
			"office":{"audience":"office","accepts":["b","c"],"types":["Certificate","Diploma"],"status":{"freshDays":90,"checkDays":60}},
			"fair":{"audience":"partner","pin":"own","languages":["es","en"],"notice":{"en":"Career\u202e fair"},"sites":["North","South"]}}}`,
	})
	both := []string{"OpenBadgeCredential", "Certificate"}
	for _, c := range []struct {
		group, audience, pin string
		accepts, types       []string
		fresh, check         int
	}{
		{"", "employer", "all", []string{"a", "b"}, both, 30, 400},
		{"a/office", "employer", "all", []string{"b"}, []string{"Certificate"}, 30, 60},
		{"a/fair", "partner", "own", []string{"a", "b"}, both, 30, 400},
		{"a/nobody", "public", "all", []string{"a", "b"}, both, 30, 400},
	} {
		set, got, err := s.For(c.group)
		if (err != nil) != (c.group == "a/nobody") {
			t.Errorf("%s: %v", c.group, err)
		}
		p := set.Policy
		if got.Audience != c.audience || got.PINHash != c.pin || !slices.Equal(p.Accepts, c.accepts) || !slices.Equal(p.Types, c.types) || int(p.Fresh/day) != c.fresh || int(p.Check/day) != c.check {
			t.Errorf("%s: %+v, accepts %v, fresh %d days, check %d days", c.group, got, p.Accepts, p.Fresh/day, p.Check/day)
		}
	}
	if _, fair, _ := s.For("a/fair"); fair.Notice.In("en") != "Career fair" || len(fair.Sites) != 2 || fair.Language[0] != "es" || fair.Sync == "" {
		t.Errorf("%+v", fair)
	}
	if s.Policy.Check != 400*day {
		t.Error("a group's horizon changed the set")
	}
	if _, got, _ := whole(t, nil).For(""); got.Audience != "public" {
		t.Errorf("without settings the ceiling is %s", got.Audience)
	}
	bad := open(t, map[string]string{"consortium.json": `{"settings":{"audience":"everybody","sync":"http://x"}}`})
	if _, got, _ := bad.For(""); got.Audience != "public" || got.Sync != "" || len(bad.Faults) != 2 || !strings.Contains(bad.Faults[0].Error(), "not one of") {
		t.Errorf("%+v, %v", got, bad.Faults)
	}
}
