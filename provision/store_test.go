package provision

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// editions are n sealed bundles, one after the other, of a coalition with one
// member whose file says which edition it is; and the coalition's first root.
func editions(t *testing.T, n int) (zips [][]byte, anchor []byte) {
	t.Helper()
	return editionsWith(t, n, 0)
}

// editionsWith are editions with a file of so many random bytes in each.
func editionsWith(t *testing.T, n, extra int) (zips [][]byte, anchor []byte) {
	t.Helper()
	rng := rand.NewChaCha8([32]byte{})
	f := found(t, "riverbend").open()
	for i := range n {
		tree := bundle.Files{
			"consortium.json":                    fmt.Appendf(nil, `{"serial":%d}`, i+1),
			"districts/riverbend/issuers/a.json": fmt.Appendf(nil, `{"edition":%d}`, i+1),
		}
		if extra > 0 {
			noise := make([]byte, extra)
			_, _ = rng.Read(noise) // never fails
			tree["districts/riverbend/documents/noise.bin"] = noise
		}
		zips = append(zips, f.edition(tree, bundle.Consortium, "riverbend"))
	}
	return zips, f.root()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// edition is the number of the edition in use, 0 for none.
func edition(s *Store) (n int) {
	b := s.Current()
	if b == nil {
		return 0
	}
	data, err := fs.ReadFile(b.Tree(), "districts/riverbend/issuers/a.json")
	if err != nil {
		return -1
	}
	fmt.Sscanf(string(data), `{"edition":%d}`, &n)
	return n
}

func TestInstall(t *testing.T) {
	zips, anchor := editions(t, 3)
	dir := t.TempDir()
	s, err := OpenStore(dir, anchor)
	must(t, err)
	if edition(s) != 0 {
		t.Error("an empty store believes something")
	}
	_, err = s.Install(zips[1])
	must(t, err)
	if _, err := s.Install(zips[1]); !errors.Is(err, ErrInstalled) {
		t.Errorf("the same stick again: %v", err)
	}
	if _, err := s.Install(zips[0]); reason.CodeOf(err, "") != reason.BRollback {
		t.Errorf("an older stick: %v", err)
	}
	_, err = s.Install(zips[2])
	must(t, err)
	for range 2 { // and it is there after a restart, twice
		s, err = OpenStore(dir, anchor)
		must(t, err)
		if n := edition(s); n != 3 {
			t.Errorf("after a restart: edition %d, want 3", n)
		}
		if _, err := s.Install(zips[1]); reason.CodeOf(err, "") != reason.BRollback {
			t.Errorf("an older stick after a restart: %v", err)
		}
	}
	names, err := os.ReadDir(filepath.Join(dir, bundlesDir))
	must(t, err)
	if len(names) != 2 {
		t.Errorf("the store keeps %d bundles, want the 2 newest", len(names))
	}
	if other, err := OpenStore(dir, []byte("{}")); err != nil || other.Current() != nil {
		t.Errorf("with another root: %v believed, %v", other.Current() != nil, err)
	}
}

// TestFallsBack spoils the newest bundle on the card: the one before it is
// used, and the version floor still stands.
func TestFallsBack(t *testing.T) {
	zips, anchor := editions(t, 2)
	dir := t.TempDir()
	s, err := OpenStore(dir, anchor)
	must(t, err)
	for _, z := range zips {
		_, err := s.Install(z)
		must(t, err)
	}
	newest := filepath.Join(dir, bundlesDir, folderName(s.Current()), zipName)
	must(t, os.WriteFile(newest, []byte("worn out"), 0o600))
	s, err = OpenStore(dir, anchor)
	must(t, err)
	if n := edition(s); n != 1 {
		t.Errorf("with the newest spoiled: edition %d, want 1", n)
	}
	if _, err := s.Install(zips[1]); err != nil {
		t.Errorf("installing it again: %v", err)
	}
}

// work does everything a kiosk does to its store and tells, after each step
// that was acknowledged, what must survive from then on.
func work(s *Store, zips [][]byte, acknowledged func(edition int, passed time.Time)) {
	passed, installed := time.Time{}, 0
	for i := range 12 {
		if i%4 == 0 {
			if _, err := s.Install(zips[i/4]); err == nil {
				installed = i/4 + 1
			}
		}
		at := start.Add(time.Duration(i) * 10 * time.Minute)
		if s.Passed(at) == nil {
			passed = at
		}
		acknowledged(installed, passed)
		_ = s.Count("2026-11-21", map[string]int{"verified": 1})
		_ = s.Admin("audience office")
	}
}

// TestPowerCut cuts the power at random moments of a kiosk's work: what was
// acknowledged before is there after, and the store works on.
func TestPowerCut(t *testing.T) {
	zips, anchor := editions(t, 3)
	states := 300
	if os.Getenv("PROOF") != "" {
		states = 3000
	}
	c := newCard()
	s, err := openStore(c, anchor)
	must(t, err)
	type mark struct {
		ops, edition int
		passed       time.Time
	}
	var acks []mark
	work(s, zips, func(edition int, passed time.Time) {
		acks = append(acks, mark{len(c.ops), edition, passed})
	})
	rng := rand.New(rand.NewPCG(1, 2))
	for range states {
		n := rng.IntN(len(c.ops) + 1)
		var want mark
		for _, a := range acks {
			if a.ops <= n {
				want = a
			}
		}
		after := c.cut(n, rng)
		s, err := openStore(after, anchor)
		if err != nil {
			t.Fatalf("cut at %d: unusable: %v", n, err)
		}
		if got := edition(s); got < want.edition {
			t.Fatalf("cut at operation %d of %d: edition %d, acknowledged was %d", n, len(c.ops), got, want.edition)
		}
		if got := s.State().Time; got.Before(want.passed) {
			t.Fatalf("cut at operation %d: time floor %v, acknowledged was %v", n, got, want.passed)
		}
		if err := s.Passed(start.AddDate(1, 0, 0)); err != nil {
			t.Fatalf("cut at %d: does not write any more: %v", n, err)
		}
		if _, err := s.Install(zips[2]); err != nil && !errors.Is(err, ErrInstalled) {
			t.Fatalf("cut at %d: does not install any more: %v", n, err)
		}
	}
	t.Logf("%d states of %d operations", states, len(c.ops))
}

// TestEveryFailure lets each operation in turn fail with a full card: nothing
// is lost that was acknowledged, the kiosk goes on, and the next write heals.
func TestEveryFailure(t *testing.T) {
	zips, anchor := editions(t, 3)
	for nth := 1; ; nth++ {
		c := newCard()
		c.fail, c.with = nth, errFull
		s, _ := openStore(c, anchor)
		var edited int
		var passed time.Time
		work(s, zips, func(e int, p time.Time) { edited, passed = e, p })
		if c.done < nth {
			t.Logf("%d operations failed, one at a time", nth-1)
			return
		}
		c.fail = 0
		if got := edition(s); got != 3 {
			t.Fatalf("operation %d failed: edition %d in use, want 3", nth, got)
		}
		after, err := openStore(c, anchor)
		if err != nil {
			t.Fatalf("operation %d failed: unusable: %v", nth, err)
		}
		if got := edition(after); got < edited {
			t.Fatalf("operation %d failed: edition %d after a restart, acknowledged was %d", nth, got, edited)
		}
		if got := after.State().Time; got.Before(passed) {
			t.Fatalf("operation %d failed: time floor %v, acknowledged was %v", nth, got, passed)
		}
	}
}

// TestReadOnly: a card that takes nothing stops nothing.
func TestReadOnly(t *testing.T) {
	zips, anchor := editions(t, 1)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, bundlesDir), nil, 0o600); err != nil { // no folder can be made of it
		t.Fatal(err)
	}
	s, err := OpenStore(dir, anchor)
	if err == nil {
		t.Error("a store that cannot be made says nothing")
	}
	b, err := s.Install(zips[0])
	if b == nil || reason.CodeOf(err, "") != reason.HDisk {
		t.Errorf("Install = %v, %v; want the bundle in use and H-DISK", b, err)
	}
	if edition(s) != 1 {
		t.Error("the bundle is not in use")
	}
}

// TestLogGrows writes the log anew when it is long, and loses nothing.
func TestLogGrows(t *testing.T) {
	c := newCard()
	s, err := openStore(c, nil)
	must(t, err)
	for range 6000 {
		must(t, s.Count("2026-11-21", map[string]int{"verified": 1}))
		c.ops = nil
	}
	if n := len(c.now[logName]); n > maxLog {
		t.Errorf("the log has %d bytes, the limit is %d", n, maxLog)
	}
	again, err := openStore(c, nil)
	must(t, err)
	if n := again.State().Days["2026-11-21"]["verified"]; n != 6000 {
		t.Errorf("counted %d, want 6000", n)
	}
}

func TestLogMangled(t *testing.T) {
	var data []byte
	for i := range 5 {
		var err error
		data, err = appendRecord(data, Record{Time: start.Add(time.Duration(i) * time.Hour), Admin: strings.Repeat("x", i)})
		must(t, err)
	}
	whole, _ := readLog(data)
	for i := range data {
		cut, n := readLog(data[:i])
		if n > i || cut.Time.After(whole.Time) {
			t.Fatalf("cut at %d: read %d bytes, time %v", i, n, cut.Time)
		}
		flipped := bytes.Clone(data)
		flipped[i] ^= 1
		if s, _ := readLog(flipped); s.Time.After(whole.Time) || s.Time.Equal(whole.Time) {
			t.Fatalf("byte %d flipped: the last record still counts", i)
		}
	}
}

func FuzzLog(f *testing.F) {
	data, _ := appendRecord(nil, Record{Time: start})
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, n := readLog(data); n > len(data) {
			t.Errorf("read %d of %d bytes", n, len(data))
		}
	})
}

// TestPeek: another process sees the bundle that is believed, without a file
// afterwards, and disturbs nothing that is being installed.
func TestPeek(t *testing.T) {
	zips, anchor := editions(t, 2)
	dir := t.TempDir()
	if b := Peek(dir, anchor, nil); b != nil {
		t.Errorf("an empty folder holds version %d", b.Version)
	}
	if b := Peek(dir, anchor, zips[0]); b == nil || b.Version != 1 {
		t.Errorf("the system's own bundle: %+v", b)
	}
	s, err := OpenStore(dir, anchor)
	must(t, err)
	_, err = s.Install(zips[0])
	must(t, err)
	staged := filepath.Join(dir, bundlesDir, "00000000000000000002-4096"+stagedMark)
	must(t, os.Mkdir(staged, 0o700)) // kiosk run is at it
	b := Peek(dir, anchor, nil)
	if b == nil || b.Version != 1 {
		t.Fatalf("while another is installed: %+v", b)
	}
	if _, err := os.Stat(staged); err != nil {
		t.Errorf("what was being installed is gone: %v", err)
	}
	_, err = s.Install(zips[1])
	must(t, err)
	must(t, os.RemoveAll(dir))
	if _, err := trust.OpenSealed(b.Tree()); err != nil {
		t.Errorf("without its files: %v", err)
	}
	if b := Peek(dir, anchor, zips[1]); b == nil || b.Version != 2 {
		t.Errorf("the system's own bundle, newer: %+v", b)
	}
}
