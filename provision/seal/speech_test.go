package seal

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"badgekiosk/display/signal/clip"
	"badgekiosk/provision/issue"
)

// TestSpeech: every name of issuers and badges gets a clip in its own
// language, once; what is not a name, and what is too long, is in no bundle.
func TestSpeech(t *testing.T) {
	tree := issue.Tree{
		"districts/a/district.json":               []byte(`{"name":"A District","languages":["es-US","en"]}`),
		"districts/a/issuers/one.json":            []byte("\ufeff" + `{"name":"Academia Riverbend","ids":["did:web:a.example"]}`),
		"districts/a/manifests/m.json":            []byte(`{"achievement":"x:m","name":{"en":"Welding I","zh":"焊接一级"},"skills":[{"name":"Shop safety"}]}`),
		"districts/a/manifests/n.json":            []byte(`{"achievement":"x:n","name":"Soldadura II"}`),
		"districts/a/manifests/broken":            []byte(`{"name":"Broken"}`),
		"districts/a/manifests/bad.json":          []byte(`{`),
		"districts/b/district.json":               []byte(`{"name":"B"}`),
		"districts/b/issuers/long.json":           []byte(`{"name":"` + strings.Repeat("Long ", 50) + `"}`),
		"districts/b/issuers/silent.json":         []byte(`{"name":"Silent School"}`),
		"districts/b/speech/0123456789abcdef.wav": (clip.Clip{Rate: 11025, Channels: 1, Samples: make([]int16, 10)}).Pack(),
	}
	var asked []string
	say := func(_ context.Context, lang, text string) ([]byte, error) {
		asked = append(asked, lang+" "+text)
		if strings.HasPrefix(text, "Silent") {
			return nil, errors.New("no voice")
		}
		return (clip.Clip{Rate: 11025, Channels: 1, Samples: make([]int16, 500*len(text))}).Pack(), nil
	}
	made, unsaid, err := Speech(t.Context(), tree, say)
	if err != nil || made != 4 || len(unsaid) != 2 || !strings.Contains(unsaid[0], "Long") || !strings.Contains(unsaid[1], "no voice") {
		t.Errorf("made %d, left out %q, %v", made, unsaid, err)
	}
	slices.Sort(asked)
	if got, want := strings.Join(asked[1:], "|"), "en Silent School|en Welding I|es Academia Riverbend|es Soldadura II|zh 焊接一级"; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
	asked = nil
	if made, _, err := Speech(t.Context(), tree, say); err != nil || made != 0 || len(asked) != 2 {
		t.Errorf("a second time made %d, asked for %q, %v", made, asked, err)
	}
	a, err := owned("a", tree)
	if err != nil || a["districts/a/speech/"+clip.Name("Welding I")] == nil {
		t.Errorf("the part has no clip of Welding I: %v", err)
	}
	b, err := owned("b", tree)
	if err != nil || len(b) != 3 {
		t.Errorf("a clip of no name goes into the bundle: %d files, %v", len(b), err)
	}
	// A name that is changed leaves its clip behind.
	tree["districts/a/manifests/m.json"] = []byte(`{"achievement":"x:m","name":"Welding 1"}`)
	if a, err = owned("a", tree); err != nil || a["districts/a/speech/"+clip.Name("Welding I")] != nil {
		t.Errorf("the part still says Welding I: %v", err)
	}
	if _, _, err := Speech(t.Context(), full{tree}, say); err == nil {
		t.Error("a disk that is full is no error")
	}
}

// full is a folder that cannot be written.
type full struct{ issue.Tree }

func (full) WriteFile(string, []byte) error { return fs.ErrPermission }

// TestSpeechLint: sealing takes clips, and nothing else that is called one.
func TestSpeechLint(t *testing.T) {
	good := (clip.Clip{Rate: 11025, Channels: 1, Samples: make([]int16, 100)}).Pack()
	at := "districts/a/speech/" + clip.Name("Welding I")
	for name, c := range map[string]struct {
		file string
		data []byte
		ok   bool
	}{
		"a clip":    {at, good, true},
		"no clip":   {at, []byte(`{"givenName":"Avery"}`), false},
		"a name":    {"districts/a/speech/avery.wav", good, false},
		"too long":  {at, bytes.Repeat(good, MaxClip/len(good)+1), false},
		"elsewhere": {"districts/a/speech/en/" + clip.Name("x"), good, false},
	} {
		found, err := Check(issue.Tree{c.file: c.data})
		if err != nil || (Refusals(found) == nil) != c.ok {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}
