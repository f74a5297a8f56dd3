package trust

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestWithdrawn: a member withdraws badges of its own issuers and of nobody
// else's.
func TestWithdrawn(t *testing.T) {
	issuer := func(id string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"name":"` + id + `","ids":["` + id + `"]}`)}
	}
	set, err := Open(fstest.MapFS{
		"districts/riverbend/issuers/a.json": issuer("did:web:riverbend.example"),
		"districts/marlow/issuers/a.json":    issuer("did:web:marlow.example"),
		"districts/riverbend/withdrawals.tsv": {Data: []byte("# issuer, badge, when\n" +
			"did:web:riverbend.example\t" + HashID("urn:uuid:1") + "\t2026-11-20T08:00:00Z\n" +
			"did:web:marlow.example\t" + HashID("urn:uuid:2") + "\t2026-11-20T08:00:00Z\n" +
			"did:web:riverbend.example\turn:uuid:3\t2026-11-20T08:00:00Z\n" +
			"did:web:riverbend.example\t" + HashID("urn:uuid:4") + "\tyesterday\n" +
			"did:web:riverbend.example\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	riverbend, marlow := set.Listed("did:web:riverbend.example")[0], set.Listed("did:web:marlow.example")[0]
	if when, ok := set.Withdrawn(riverbend, "urn:uuid:1"); !ok || when.Day() != 20 {
		t.Errorf("withdrawn badge: %v, %v", when, ok)
	}
	for id, i := range map[string]*Issuer{"urn:uuid:1": marlow, "urn:uuid:2": marlow, "urn:uuid:3": riverbend, "urn:uuid:4": riverbend, "": riverbend} {
		if _, ok := set.Withdrawn(i, id); ok {
			t.Errorf("%q of %s is withdrawn", id, i.Name)
		}
	}
	faults := 0
	for _, f := range set.Faults {
		if strings.Contains(f.Error(), "withdrawals.tsv") {
			faults++
		}
	}
	if faults != 4 {
		t.Errorf("%d faults, want one for each of the four other lines: %v", faults, set.Faults)
	}
}

// TestWithdrawnByOne: where nobody says whose an issuer is, a member that
// lists it too, and whose key was stolen, withdraws none of its badges.
func TestWithdrawnByOne(t *testing.T) {
	line := "did:web:riverbend.example\t" + HashID("urn:uuid:1") + "\t2026-11-20T08:00:00Z\n"
	const mine, its = "districts/riverbend/withdrawals.tsv", "districts/marlow/withdrawals.tsv"
	for _, c := range []struct {
		name       string
		files      []string
		consortium string
		want       bool
	}{
		{"by both", []string{mine, its}, "{}", true},
		{"by the other alone", []string{its}, "{}", false},
		{"by one alone", []string{mine}, "{}", false},
		{"by the other, the consortium knows", []string{its}, owner, false},
		{"by its own, the consortium knows", []string{mine}, owner, true},
	} {
		files := map[string]string{"consortium.json": c.consortium,
			"districts/riverbend/issuers/a.json": ours, "districts/marlow/issuers/a.json": ours}
		for _, f := range c.files {
			files[f] = line
		}
		s := open(t, files)
		got := false
		for _, i := range s.Listed("did:web:riverbend.example") {
			_, ok := s.Withdrawn(i, "urn:uuid:1")
			got = got || ok
		}
		if got != c.want {
			t.Errorf("%s: withdrawn %v, want %v; %v", c.name, got, c.want, s.Faults)
		}
	}
}
