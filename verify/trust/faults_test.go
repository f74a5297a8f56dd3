package trust

import (
	"fmt"
	"testing"
	"testing/fstest"
)

// TestFaultsBeyondCount: a key whose dates cannot be read is left out, however
// many faults another member's files had before, more than are kept.
func TestFaultsBeyondCount(t *testing.T) {
	const did = "did:web:riverbend.example"
	for _, faults := range []int{0, MaxFaults - 1, MaxFaults, MaxFaults + 1} {
		tree := fstest.MapFS{
			"consortium.json":                    {Data: []byte(`{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z"}`)},
			"districts/riverbend/issuers/r.json": {Data: fmt.Appendf(nil, `{"ids":[%q],"name":"Riverbend","keys":[{"id":"#1","publicKeyMultibase":"z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp","compromised":"last week"}]}`, did)},
		}
		for i := range faults { // read before: folders are read by name
			tree[fmt.Sprintf("districts/a/issuers/%04d.json", i)] = &fstest.MapFile{Data: []byte(`{}`)}
		}
		s, err := Open(tree)
		if err != nil {
			t.Fatal(err)
		}
		if faults >= MaxFaults && len(s.Faults) != MaxFaults {
			t.Fatalf("%d faults are kept of %d", len(s.Faults), faults)
		}
		for _, i := range s.Listed(did) {
			if len(i.Keys) > 0 {
				t.Errorf("after %d faults a key that was stolen at nobody knows when is listed", faults)
			}
		}
	}
}
