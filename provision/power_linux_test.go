package provision

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"badgekiosk/image/ext4"
	"badgekiosk/verify/reason"
)

const platterSize = ext4.MinSize

// An ack is what must survive from here on.
type ack struct {
	edition int
	passed  time.Time
}

// A rig is an ext4 on a platter, mounted.
type rig struct {
	*platter
	dir  string
	undo func() error
}

// newRig mounts one. ok is false on a machine that cannot: who is not root, or
// has no FUSE, loop devices or ext4. What is missing is then said, and the
// cards in memory (TestPowerCut, TestEveryFailure) stand alone.
func newRig(t *testing.T) (r rig, ok bool) {
	t.Helper()
	image := freshExt4(t)
	shown, dir := t.TempDir(), t.TempDir()
	p, err := mountPlatter(shown, image)
	if err != nil {
		t.Logf("no FUSE here, only cards in memory were cut off: %v", err)
		return r, false
	}
	undo, err := loopMount(filepath.Join(shown, diskName), dir)
	if err != nil {
		must(t, unix.Unmount(shown, unix.MNT_DETACH))
		t.Logf("no loop device here, only cards in memory were cut off: %v", err)
		return r, false
	}
	r = rig{p, dir, sync.OnceValue(undo)}
	t.Cleanup(func() {
		must(t, r.undo())
		must(t, unix.Unmount(shown, unix.MNT_DETACH))
	})
	return r, true
}

// A wiring is a store on a rig, with editions to install.
type wiring struct {
	rig
	store  *Store
	state  string
	zips   [][]byte
	anchor []byte
}

// wired is not ok where there is no rig.
func wired(t *testing.T) (w wiring, ok bool) {
	t.Helper()
	if !apart(t) {
		return w, false
	}
	if w.rig, ok = newRig(t); !ok {
		return w, false
	}
	w.zips, w.anchor = editionsWith(t, 3, 40<<10)
	w.state = filepath.Join(w.dir, "state")
	var err error
	w.store, err = OpenStore(w.state, w.anchor)
	must(t, err)
	return w, true
}

// TestExt4PowerCut cuts the power of a real ext4: every write and flush that
// its disk sees is written down, and the disk as it may be after each is
// mounted, its journal replayed, and the store opened. 150 states; PROOF=1
// makes it 1,200.
func TestExt4PowerCut(t *testing.T) {
	w, ok := wired(t)
	if !ok {
		return
	}
	r, s, zips, anchor := w.rig, w.store, w.zips, w.anchor
	unix.Sync()
	base := r.keep()
	work(s, zips, func(edition int, passed time.Time) {
		r.acknowledge(ack{edition: edition, passed: passed})
	})
	must(t, r.undo())
	log := r.deeds()
	if s.Fault() != nil {
		t.Fatalf("the card at work: %v", s.Fault())
	}
	writes := 0
	for _, d := range log {
		if d.data != nil {
			writes++
		}
	}
	states := 150
	if os.Getenv("PROOF") != "" {
		states = 1200
	}
	t.Run("states", func(t *testing.T) {
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel() // mounting is mostly waiting
				rng := rand.New(rand.NewPCG(5, uint64(shard)))
				after := crash{t: t, file: filepath.Join(quickDir(t), "disk"), dir: t.TempDir(), anchor: anchor, newest: zips[2]}
				for range states / shards {
					after.any(base, log, rng)
				}
				t.Logf("editions found: %v", after.seen)
			})
		}
	})
	t.Logf("%d states of %d writes and %d events", states/shards*shards, writes, len(log))
}

// shards is how many disks are looked at side by side.
const shards = 6

// any looks at one disk as it may be after some of log.
func (c *crash) any(base []byte, log []deed, rng *rand.Rand) {
	kind, n := rng.IntN(len(cuts)), 1+rng.IntN(len(log))
	want := ack{}
	for _, d := range log[:n] {
		if d.ack != nil {
			want = *d.ack
		}
	}
	c.check(cuts[kind].name, n, cuts[kind].cut(slices.Clone(base), log[:n], rng), want)
}

// cuts are what a disk may hold when the power goes after some deeds. What was
// written before the last flush is there; of what came since, anything.
var cuts = []struct {
	name string
	cut  func(image []byte, log []deed, rng *rand.Rand) []byte
}{
	{"all", func(image []byte, log []deed, _ *rand.Rand) []byte { return spin(image, log, nil) }},
	{"flushed", func(image []byte, log []deed, _ *rand.Rand) []byte {
		return spin(image, log, func(deed) int { return 0 })
	}},
	{"some", func(image []byte, log []deed, rng *rand.Rand) []byte {
		return spin(image, log, func(d deed) int { return rng.IntN(2) * len(d.data) })
	}},
	{"torn", func(image []byte, log []deed, rng *rand.Rand) []byte {
		return spin(image, log, func(d deed) int { return rng.IntN(len(d.data)/512+1) * 512 })
	}},
}

// spin is the image after log; part says how many bytes are there of a write
// that was not flushed. nil has all of each.
func spin(image []byte, log []deed, part func(deed) int) []byte {
	sure := 0
	for i, d := range log {
		if d.data == nil && d.ack == nil {
			sure = i
		}
	}
	for i, d := range log {
		data := d.data
		if i > sure && part != nil && data != nil {
			data = data[:part(d)]
		}
		copy(image[d.at:], data)
	}
	return image
}

// A crash mounts disks as they were left.
type crash struct {
	t         *testing.T
	file, dir string
	anchor    []byte
	newest    []byte
	seen      [4]int // editions found
}

func (c *crash) check(kind string, n int, image []byte, want ack) {
	t := c.t
	t.Helper()
	must(t, os.WriteFile(c.file, image, 0o600))
	undo, err := loopMount(c.file, c.dir)
	if err != nil {
		t.Fatalf("%s after %d deeds: the ext4 does not mount: %v", kind, n, err)
	}
	defer func() { must(t, undo()) }()
	state := filepath.Join(c.dir, "state")
	s, err := OpenStore(state, c.anchor)
	if err != nil {
		t.Fatalf("%s after %d deeds: unusable: %v", kind, n, err)
	}
	got := edition(s)
	c.seen[got]++
	if got < want.edition {
		t.Fatalf("%s after %d deeds: edition %d, acknowledged was %d", kind, n, got, want.edition)
	}
	if passed := s.State().Time; passed.Before(want.passed) {
		t.Fatalf("%s after %d deeds: time floor %v, acknowledged was %v", kind, n, passed, want.passed)
	}
	must(t, s.Passed(start.AddDate(1, 0, 0)))
	if _, err := s.Install(c.newest); err != nil && !errors.Is(err, ErrInstalled) {
		t.Fatalf("%s after %d deeds: does not install any more: %v", kind, n, err)
	}
	if s, err = OpenStore(state, c.anchor); err != nil || edition(s) != 3 {
		t.Fatalf("%s after %d deeds: edition %d after mending, %v", kind, n, edition(s), err)
	}
}

// TestExt4Full fills a real ext4, then makes it read-only: the kiosk judges on
// by what it has, says H-DISK, and heals when there is room again.
func TestExt4Full(t *testing.T) {
	w, ok := wired(t)
	if !ok {
		return
	}
	r, s, state, zips, anchor := w.rig, w.store, w.state, w.zips, w.anchor
	_, err := s.Install(zips[0])
	must(t, err)
	ballast := filepath.Join(r.dir, "ballast")
	must(t, os.Mkdir(ballast, 0o700))
	fill(t, ballast)
	if b, err := s.Install(zips[1]); b == nil || reason.CodeOf(err, "") != reason.HDisk || edition(s) != 2 {
		t.Errorf("on a full card: %v, edition %d", err, edition(s))
	}
	if again, err := OpenStore(state, anchor); err != nil || edition(again) != 1 {
		t.Errorf("a full card restarted: %v, edition %d", err, edition(again))
	}
	must(t, os.RemoveAll(ballast))
	_, err = s.Install(zips[2])
	must(t, err)

	must(t, unix.Mount("", r.dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	if err := s.Passed(start); err == nil || s.Fault() == nil {
		t.Error("a read-only card takes everything")
	}
	if again, err := OpenStore(state, anchor); edition(again) != 3 {
		t.Errorf("a read-only card restarted: %v, edition %d", err, edition(again))
	}
	must(t, unix.Mount("", r.dir, "", unix.MS_REMOUNT, ""))
	if err := s.Passed(start); err != nil || s.Fault() != nil {
		t.Errorf("healed, and still %v", errors.Join(err, s.Fault()))
	}
}

// quickDir is a folder in memory, where there is one.
func quickDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "platter")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

// fill writes files until not even the smallest fits.
func fill(t *testing.T, dir string) {
	t.Helper()
	for _, size := range []int{1 << 20, 64 << 10, 4 << 10, 1} {
		for n := 0; ; n++ {
			name := filepath.Join(dir, fmt.Sprint(size, "-", n))
			if err := osDisk("/").write(name, make([]byte, size)); err != nil {
				if !errors.Is(err, unix.ENOSPC) {
					t.Fatal(err)
				}
				break
			}
		}
	}
}
