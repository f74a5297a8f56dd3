package rdf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

const vectors = "../../../shared/vectors"

// TestSuite runs every test of W3C's RDFC-1.0 suite.
func TestSuite(t *testing.T) {
	dir := filepath.Join(vectors, "rdfc-1.0")
	body, err := os.ReadFile(filepath.Join(dir, "manifest.jsonld"))
	if err != nil {
		t.Skip("SKIP-SHARED: no RDFC-1.0 suite beside the repository")
	}
	var manifest struct {
		Entries []struct{ ID, Type, Action, Result, HashAlgorithm string }
	}
	if err := json.Unmarshal(body, &manifest); err != nil {
		t.Fatal(err)
	}
	z := NewCanonicalizer(Builtin())
	for _, e := range manifest.Entries {
		t.Run(e.ID, func(t *testing.T) {
			in, err := os.ReadFile(filepath.Join(dir, e.Action))
			if err != nil {
				t.Fatal(err)
			}
			names, err := z.parseNQuads(string(in))
			if err != nil {
				t.Fatal(err)
			}
			o := Options{}
			if e.HashAlgorithm == "SHA384" {
				o.Hash = SHA384
			}
			got, err := z.write(nil, o)
			t.Logf("work %d", z.canon.work)
			if strings.Contains(e.Type, "Negative") {
				if reason.CodeOf(err, "") != reason.QTooBig {
					t.Errorf("poison: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(dir, e.Result))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(e.Type, "Map") {
				if string(got) != string(want) {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				return
			}
			var labels map[string]string
			if err := json.Unmarshal(want, &labels); err != nil {
				t.Fatal(err)
			}
			for b, name := range names {
				if l := string(appendC14N(nil, z.canon.labels[b])); l != labels[name] {
					t.Errorf("%s is %s, want %s", name, l, labels[name])
				}
			}
		})
	}
}
