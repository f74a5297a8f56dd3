package provision

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// TestFirstRoot: a kiosk that knows nobody takes its root from a stick, once.
func TestFirstRoot(t *testing.T) {
	zips, anchor := editions(t, 1)
	sealed := stick.File{Name: "badge-kiosk-bundle.zip", Data: zips[0]}
	words := bundle.Words(anchor)
	for what, c := range map[string]stick.Contents{
		"root.json":  {Root: anchor},
		"the bundle": {Bundles: []stick.File{{Name: "torn", Data: zips[0][:9]}, sealed}},
		"both":       {Root: anchor, Bundles: []stick.File{sealed}},
	} {
		root, err := ReadFirstRoot(c)
		if err != nil || root.Words != words || string(root.JSON) != string(anchor) {
			t.Errorf("%s: words %q, %v; want %q", what, root.Words, err, words)
		}
	}
	for what, c := range map[string]stick.Contents{
		"nothing":              {},
		"a root of no meaning": {Root: []byte("{}")},
		"a root with a change": {Root: append([]byte(" "), anchor[1:]...)},
		"a torn bundle":        {Bundles: []stick.File{{Name: "torn", Data: zips[0][:9]}}},
	} {
		if _, err := ReadFirstRoot(c); reason.CodeOf(err, "") != reason.BRoot {
			t.Errorf("%s: %v", what, err)
		}
	}

	dir, none := filepath.Join(t.TempDir(), "state"), filepath.Join(t.TempDir(), "root.json")
	if _, err := ReadRoot(none, dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a root: %v", err)
	}
	root, err := ReadFirstRoot(stick.Contents{Bundles: []stick.File{sealed}})
	must(t, err)
	must(t, Adopt(none, dir, root))
	got, err := ReadRoot(none, dir)
	must(t, err)
	s, err := OpenStore(dir, got)
	must(t, err)
	out := s.Judge(stick.Contents{Bundles: []stick.File{sealed}})
	must(t, out.Err)
	_, err = s.Install(out.Found[0].Zipped)
	must(t, err)

	_, other := editions(t, 1)
	if err := Adopt(none, dir, FirstRoot{JSON: other}); !errors.Is(err, ErrHasRoot) {
		t.Errorf("a second root: %v", err)
	}
	must(t, os.WriteFile(none, anchor, 0o600))
	if err := Adopt(none, t.TempDir(), root); !errors.Is(err, ErrHasRoot) {
		t.Errorf("beside the system's own root: %v", err)
	}
}

// TestAdoptPowerCut cuts the power in all of Adopt: there is no root or the
// whole one, and once it was acknowledged it is there.
func TestAdoptPowerCut(t *testing.T) {
	_, anchor := editions(t, 1)
	root := FirstRoot{JSON: anchor}
	c := newCard()
	must(t, adopt("/nowhere", c, root))
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		for n := range len(c.ops) + 1 {
			after := c.cut(n, rng)
			got, err := readRoot("/nowhere", after)
			switch {
			case err == nil && string(got) != string(anchor):
				t.Fatalf("cut at %d: a root of %d bytes", n, len(got))
			case err != nil && n == len(c.ops):
				t.Fatalf("acknowledged, and gone: %v", err)
			case err != nil:
				must(t, adopt("/nowhere", after, root))
			}
		}
	}
	for nth := range len(c.ops) {
		full := newCard()
		full.fail, full.with = nth+1, errFull
		if err := adopt("/nowhere", full, root); reason.CodeOf(err, "") != reason.HDisk {
			t.Errorf("operation %d failed: %v", nth+1, err)
		}
	}
}
