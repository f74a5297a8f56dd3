package trust

import (
	"strings"
	"testing"
)

// TestHelp: a screen can name whom to ask and where the codes are, of the
// school itself or else of its district.
func TestHelp(t *testing.T) {
	s := open(t, map[string]string{
		"districts/riverbend/district.json":  `{"name":"Riverbend","contact":"registrar, 555 0100","codes":"https://riverbend.example/codes"}`,
		"districts/riverbend/issuers/a.json": ours,
		"districts/riverbend/issuers/b.json": `{"name":"Night School","ids":["did:key:` + keyB + `"],"contact":"night desk\u202e, 555 0101"}`,
	})
	for id, want := range map[string]Help{
		"did:web:riverbend.example": {"registrar, 555 0100", "https://riverbend.example/codes"},
		"did:key:" + keyB:           {"night desk, 555 0101", "https://riverbend.example/codes"},
	} {
		if got := s.Listed(id)[0].Help; got != want {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	for _, bad := range []string{`"codes":"http://riverbend.example"`, `"codes":"https://a.example/ b"`, `"codes":"https://` + strings.Repeat("a", MaxHelp) + `"`, `"contact":"` + strings.Repeat("a", MaxHelp+1) + `"`} {
		s := open(t, map[string]string{"districts/riverbend/district.json": "{" + bad + "}"})
		if len(s.Faults) != 1 || s.Members[0].Help != (Help{}) {
			t.Errorf("%.40s…: %+v, faults %v", bad, s.Members[0].Help, s.Faults)
		}
	}
}
