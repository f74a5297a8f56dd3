package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/image/vmtest/marks"
	"badgekiosk/provision/issue"
)

// TestMarkedWorld: what learners hold names them, and what goes into the bundle
// does not.
func TestMarkedWorld(t *testing.T) {
	key, err := issue.NewKey(issue.EdDSA)
	if err != nil {
		t.Fatal(err)
	}
	key.Name("did:web:riverbend.example")
	m := markedWorld{coalition: &coalition{dir: t.TempDir()}, word: newWord()}
	if err := os.WriteFile(m.file("riverbend.jwk"), key.JWK(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(m.file("co/trust/districts/riverbend"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := m.issue(3); err != nil {
		t.Fatal(err)
	}
	if newWord() == m.word || len(m.codes) != 3 || m.codes[0] == m.codes[1] {
		t.Errorf("%d codes of learners called %s", len(m.codes), m.word)
	}
	find, err := marks.New(m.word)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range m.badges {
		data, err := os.ReadFile(m.file(b))
		if err != nil {
			t.Fatal(err)
		}
		if _, hits, _, _ := find.In(strings.NewReader(string(data))); hits < 2 {
			t.Errorf("%s names its learner %d times, want the name and the identifier", b, hits)
		}
	}
	files := 0
	err = filepath.WalkDir(m.file("co"), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		h := harvest{where: map[string]bool{}}
		if err := h.file(name, name, find); err != nil || h.hits > 0 || strings.Contains(name, m.word) {
			t.Errorf("%v (%v)", h.found, err)
		}
		return nil
	})
	if err != nil || files != 2*inBundle {
		t.Errorf("%d records, want %d (%v)", files, 2*inBundle, err)
	}
}

// TestHarvest: what is hidden in a file is found, and said to be there.
func TestHarvest(t *testing.T) {
	word := newWord()
	find, err := marks.New(word)
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), "card")
	if err := os.WriteFile(at, []byte("...."+base64.StdEncoding.EncodeToString([]byte("name: "+word))), 0o600); err != nil {
		t.Fatal(err)
	}
	h := harvest{where: map[string]bool{}}
	if err := h.file("the card", at, find); err != nil || h.hits != 1 || !h.where["the card"] {
		t.Errorf("%+v (%v)", h, err)
	}
}
