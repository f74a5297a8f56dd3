package envelope

import (
	"bytes"
	"strings"
	"testing"
)

var secret = []byte("https://badges.riverbend.example/share/3f6c0a7e-9b1d-4f0e-8a52-6f1c2d3e4b5a")

func TestRoundTrip(t *testing.T) {
	for _, contents := range []string{"", "x", strings.Repeat("Mira Example ", 500)} {
		name, file, err := Seal(secret, []byte(contents))
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := Name(secret); name != want || len(name) != 32 {
			t.Errorf("named %s, looked up as %s", name, want)
		}
		if got, err := Open(secret, file); err != nil || string(got) != contents {
			t.Errorf("%d bytes came back as %d: %v", len(contents), len(got), err)
		}
		if bytes.Contains(file, []byte("Mira")) {
			t.Error("the learner's name is in the file")
		}
	}
}

// TestLengthTellsLittle: short contents of different lengths make files of
// one length.
func TestLengthTellsLittle(t *testing.T) {
	_, a, err := Seal(secret, []byte("yes"))
	if err != nil {
		t.Fatal(err)
	}
	_, b, err := Seal(secret, bytes.Repeat([]byte("no"), 200))
	if err != nil {
		t.Fatal(err)
	}
	if len(a) != len(b) {
		t.Errorf("files of %d and %d bytes", len(a), len(b))
	}
}

// TestMangled flips and cuts every byte: none opens. Nor does another badge.
func TestMangled(t *testing.T) {
	_, file, err := Seal(secret, []byte("contents"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range file {
		flipped := bytes.Clone(file)
		flipped[i] ^= 1
		if _, err := Open(secret, flipped); err == nil {
			t.Errorf("opened with byte %d flipped", i)
		}
		if _, err := Open(secret, file[:i]); err == nil {
			t.Errorf("opened when cut at %d", i)
		}
	}
	if _, err := Open(append([]byte("x"), secret...), file); err == nil {
		t.Error("another badge opened it")
	}
}

func TestGuessableSecret(t *testing.T) {
	if _, _, err := Seal([]byte("1234"), nil); err == nil {
		t.Error("sealed under four digits")
	}
}

func FuzzOpen(f *testing.F) {
	_, file, _ := Seal(secret, []byte("contents"))
	f.Add(file)
	f.Fuzz(func(t *testing.T, file []byte) { Open(secret, file) })
}
