package trust

import (
	"maps"
	"strings"
	"testing"
)

const (
	ours   = `{"name":"Riverbend Academy","ids":["did:web:riverbend.example"],"keys":[{"id":"#key-1","publicKeyMultibase":"` + keyA + `"}]}`
	theirs = `{"name":"Riverbend Academy","ids":["did:web:marlow.example","did:web:Riverbend.example"],"keys":[{"id":"#key-9","publicKeyMultibase":"` + keyB + `"}]}`
	owner  = `{"owners":{"riverbend":["did:web:riverbend.example"]}}`
)

// usable says which keys count for an identifier, and by whose listing.
func usable(t *testing.T, s *Set, id string) string {
	t.Helper()
	var out []string
	for _, i := range s.Listed(id) {
		for _, k := range i.Keys {
			name := map[bool]string{true: "A", false: "B"}[k.Equal(public(t, keyA))]
			if !k.Compromised.IsZero() {
				name += " stolen"
			}
			out = append(out, i.Member.ID+" "+name)
		}
	}
	return strings.Join(out, ", ")
}

// TestStolenMemberKey: whoever signs Marlow's part lists Riverbend's issuer
// in it, in every way there is.
func TestStolenMemberKey(t *testing.T) {
	const r, m = "districts/riverbend/issuers/a.json", "districts/marlow/issuers/a.json"
	same := strings.Replace(ours, "Academy", "by Marlow", 1)
	stolen := strings.Replace(same, `"id":`, `"compromised":"2026-01-01T00:00:00Z","id":`, 1)
	for _, c := range []struct {
		name, marlow, consortium, want string
		faulty                         bool
	}{
		{"nothing", `{"name":"Marlow","ids":["did:web:marlow.example"],"keys":[{"publicKeyMultibase":"` + keyB + `"}]}`, "", "riverbend A", false},
		{"a key of its own, the consortium knows", theirs, owner, "riverbend A", true},
		{"a key of its own, nobody knows", theirs, "", "", true},
		{"reported stolen, the consortium knows", stolen, owner, "riverbend A", false},
		{"reported stolen, nobody knows", stolen, "", "riverbend A", true},
		{"the same key, the consortium knows", same, owner, "riverbend A", false},
		{"the same key, nobody knows", same, "", "marlow A, riverbend A", false},
	} {
		files := map[string]string{r: ours, m: c.marlow}
		if c.consortium != "" {
			files["consortium.json"] = c.consortium
		}
		s := open(t, files)
		if got := usable(t, s, "did:web:riverbend.example"); got != c.want {
			t.Errorf("%s: %s count, want %s", c.name, got, c.want)
		}
		if got := len(s.Faults) > 0; got != c.faulty {
			t.Errorf("%s: faults %v", c.name, s.Faults)
		}
	}
}

// TestGuests: a member lists an employer that has no part of its own, and
// reaches with that nothing that is another member's.
func TestGuests(t *testing.T) {
	const r, m = "districts/riverbend/issuers/a.json", "districts/marlow/issuers/a.json"
	guest := strings.Replace(theirs, `{`, `{"guest":"employer",`, 1)
	both := strings.Replace(guest, keyB, keyA, 1)
	for _, c := range []struct{ name, riverbend, marlow, consortium, want string }{
		{"the only listing", `{}`, guest, "", "marlow B"},
		{"another's own, nobody knows", ours, guest, "", "riverbend A"},
		{"another's own with its key, nobody knows", ours, both, "", "riverbend A"},
		{"another's own, the consortium knows", ours, guest, owner, "riverbend A"},
		{"the owner's part is missing", `{}`, guest, owner, ""},
		{"two hosts that agree", strings.Replace(guest, "B", "B", 1), guest, "", "marlow B, riverbend B"},
	} {
		files := map[string]string{r: c.riverbend, m: c.marlow}
		if c.consortium != "" {
			files["consortium.json"] = c.consortium
		}
		s := open(t, files)
		if got := usable(t, s, "did:web:riverbend.example"); got != c.want {
			t.Errorf("%s: %s count, want %s", c.name, got, c.want)
		}
		for _, i := range s.Listed("did:web:marlow.example") {
			if i.Guest != "employer" || i.Member.ID != "marlow" && c.riverbend == ours {
				t.Errorf("%s: %s of %s is listed as %q", c.name, i.Name, i.Member.ID, i.Guest)
			}
		}
	}
}

// TestNamesOfOthers: neither a key's name nor an issuer's takes what is
// another member's.
func TestNamesOfOthers(t *testing.T) {
	s := whole(t, map[string]string{
		"districts/riverbend/district.json":  `{"name":"Riverbend"}`,
		"districts/riverbend/issuers/a.json": ours,
		"districts/marlow/district.json":     `{"name":"Riverbend"}`,
		"districts/marlow/issuers/a.json": `{"name":"RIVERBEND ACADEMY","ids":["did:web:marlow.example"],
			"keys":[{"id":"did:web:riverbend.example#key-2","publicKeyMultibase":"` + keyB + `"}]}`,
	})
	if got := s.ByID("did:web:riverbend.example#key-2"); len(got) != 0 {
		t.Errorf("a key of %s took the name of Riverbend's next one", got[0].Issuer.Member.ID)
	}
	for id, want := range map[string]string{
		"did:web:riverbend.example": "Riverbend Academy (Riverbend (riverbend))",
		"did:web:marlow.example":    "RIVERBEND ACADEMY (Riverbend (marlow))",
	} {
		if got := s.Listed(id)[0].Name; got != want {
			t.Errorf("%s is shown as %q, want %q", id, got, want)
		}
	}
}

func TestOwners(t *testing.T) {
	s := whole(t, example)
	got := s.Owners()
	if len(got["riverbend"]) != 2 || len(got["lakeside"]) != 1 || got["riverbend"][0] != "did:web:riverbend.example" {
		t.Errorf("owners %v", got)
	}
	files := maps.Clone(example)
	files["consortium.json"] = `{"owners":{"a":["x"],"b":["x"]}}`
	if s := open(t, files); len(s.Faults) != 1 || !strings.Contains(s.Faults[0].Error(), "said to be of") {
		t.Errorf("an identifier of two: %v", s.Faults)
	}
}
