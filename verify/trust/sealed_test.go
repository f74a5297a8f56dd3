package trust

import (
	"bytes"
	"testing"
	"testing/fstest"
	"time"
)

// TestSealedDocument: a badge behind its share link is found by the link, and
// by nothing else that is in the tree.
func TestSealedDocument(t *testing.T) {
	const url = "https://badges.riverbend.example/share/3f6c0a7e-9b1d-4f0e-8a52-6f1c2d3e4b5a"
	fetched := time.Date(2026, 11, 20, 8, 10, 0, 0, time.UTC)
	name, file, err := SealDocument(url, []byte(`{"name":"Mira Example"}`), fetched)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(file, []byte("Mira")) || bytes.Contains([]byte(name), []byte("3f6c0a7e")) {
		t.Error("the learner is in the file, or the link in its name")
	}
	set, err := Open(fstest.MapFS{
		"districts/riverbend/district.json":  {Data: []byte(`{"name":"Riverbend"}`)},
		"districts/riverbend/sealed/" + name: {Data: file},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{url, url + "#badge"} {
		found := set.Document(link)
		if len(found) != 1 || string(found[0].Data) != `{"name":"Mira Example"}` ||
			!found[0].Fetched.Equal(fetched) || found[0].Member.ID != "riverbend" {
			t.Errorf("%s found %v", link, found)
		}
	}
	if found := set.Document(url + "x"); found != nil {
		t.Error("another link opened it")
	}
}
