package trust

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

// TestContexts: only the consortium adds contexts, by hash, and none that
// changes what a word of the world's badges means.
func TestContexts(t *testing.T) {
	const url = "https://fiverivers.example/badges/v1"
	good := `{"@context":{"weldPosition":"https://fiverivers.example/terms#weldPosition"}}`
	bad := `{"@context":{"credentialSubject":"https://fiverivers.example/terms#other"}}`
	line := func(body, url string) string {
		return fmt.Sprintf("%s\tv1.json\t%x\n", url, sha256.Sum256([]byte(body)))
	}
	for _, c := range []struct{ name, index, body, fault string }{
		{"a new word", line(good, url), good, ""},
		{"another file than the one listed", line(good, url), bad, "has sha256"},
		{"redefines a word", line(bad, url), bad, "redefines"},
		{"replaces a context", line(good, "https://www.w3.org/ns/credentials/v2"), good, "compiled in"},
		{"outside its folder", strings.Replace(line(good, url), "v1.json", "../districts/x", 1), good, "is not URL, file and sha256"},
		{"missing file", strings.Replace(line(good, url), "v1.json", "v2.json", 1), good, "is missing"},
	} {
		s := open(t, map[string]string{"contexts/index.tsv": c.index, "contexts/v1.json": c.body})
		_, ok := s.Contexts().Lookup(url, false)
		if ok != (c.fault == "") || ok != (len(s.Faults) == 0) || !ok && !strings.Contains(s.Faults[0].Error(), c.fault) {
			t.Errorf("%s: known %v, faults %v", c.name, ok, s.Faults)
		}
	}
	if s := whole(t, map[string]string{"districts/marlow/contexts/index.tsv": line(good, url), "districts/marlow/contexts/v1.json": good}); s.contexts != nil {
		t.Error("a member added a context")
	}
}
