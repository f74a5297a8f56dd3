package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
	"testing"
)

// TestManifestDigest gives a member a manifest for one document while another
// stands at the achievement's id: only the one of that document is believed.
func TestManifestDigest(t *testing.T) {
	const id = "https://riverbend.example/a/welding"
	sum := func(s string) string { d := sha256.Sum256([]byte(s)); return hex.EncodeToString(d[:]) }
	files := map[string]string{
		"districts/a/district.json":             `{"name":"A"}`,
		"districts/a/documents/index.tsv":       id + "\tw.json\t2026-11-20T00:00:00Z\n",
		"districts/a/documents/w.json":          `{"name":"Welding I"}`,
		"districts/b/district.json":             `{"name":"B"}`,
		"districts/b/manifests/of-another.json": `{"achievement":"` + id + `","sha256":"` + sum("b's own") + `"}`,
	}
	for _, c := range []struct {
		digest, fault string
	}{
		{sum(`{"name":"Welding I"}`), ""},
		{sum(`{"name":"Welding II"}`), "another achievement under the same id"},
		{"abc", "is no SHA-256"},
		{"", "is no SHA-256"},
	} {
		files := maps.Clone(files)
		files["districts/a/manifests/w.json"] = `{"achievement":"` + id + `","sha256":"` + c.digest + `"}`
		s := open(t, files)
		m := s.Manifest(s.Members[0], id)
		if (m != nil) != (c.fault == "") || (len(s.Faults) == 0) != (c.fault == "") {
			t.Errorf("%q: manifest %v, faults %v", c.digest, m, s.Faults)
		}
		if c.fault != "" && (len(s.Faults) != 1 || !strings.Contains(s.Faults[0].Error(), c.fault)) {
			t.Errorf("%q: faults %v", c.digest, s.Faults)
		}
		if s.Manifest(s.Members[1], id) == nil {
			t.Errorf("%q: a's document keeps b from describing its own", c.digest)
		}
	}
}

// TestPicture asks for pictures as a report names them, in a set read as a
// whole and in one read by its index.
func TestPicture(t *testing.T) {
	const at = "districts/a/manifests/"
	files := map[string]string{
		"districts/a/district.json":           `{"name":"A"}`,
		at + "w.json":                         `{"achievement":"w","picture":"w.png"}`,
		at + "w.png":                          "the picture",
		at + "large.json":                     `{"achievement":"large","picture":"large.png"}`,
		at + "large.png":                      strings.Repeat("x", MaxPicture+1),
		at + "out.json":                       `{"achievement":"out","picture":"../district.json"}`,
		at + "none.json":                      `{"achievement":"none","picture":"none.png"}`,
		at + "unnamed.png":                    "no manifest's",
		"districts/b/district.json":           `{"name":"B"}`,
		"districts/b/documents/of-nobody.png": "x",
	}
	s, lazy := lazily(t, files)
	if len(s.Faults) != 2 {
		t.Errorf("faults %v, want one for the large and one for the one outside", s.Faults)
	}
	for uri, want := range map[string]string{
		at + "w.png": "the picture", at + "large.png": "", at + "none.png": "", at + "unnamed.png": "",
		"districts/a/district.json": "", "districts/b/documents/of-nobody.png": "",
		"": "", "districts/": "", "districts/a": "", "https://a.example/w.png": "", "districts/c/manifests/w.png": "",
	} {
		if got := string(s.Picture(uri)); got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
		if got := string(lazy.Picture(uri)); got != want {
			t.Errorf("%q of a part by itself: %q, want %q", uri, got, want)
		}
	}
	if (*Set)(nil).Picture(at+"w.png") != nil {
		t.Error("a set of nobody has a picture")
	}
}
