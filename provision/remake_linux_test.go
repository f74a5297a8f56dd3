package provision

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"badgekiosk/image/ext4"
)

// A recorder writes down what is done to a partition full of rubbish.
type recorder struct {
	image []byte
	log   []deed
}

// WriteAt implements [io.WriterAt].
func (r *recorder) WriteAt(b []byte, at int64) (int, error) {
	r.log = append(r.log, deed{at: at, data: slices.Clone(b)})
	return len(b), nil
}

// Sync flushes.
func (r *recorder) Sync() error {
	r.log = append(r.log, deed{})
	return nil
}

// TestRemake makes a partition of rubbish anew, and cuts the power at each of
// its writes: it does not mount, and is made anew again; or it is whole.
func TestRemake(t *testing.T) {
	if !apart(t) {
		return
	}
	rng := rand.New(rand.NewPCG(11, 12))
	old := freshExt4(t) // a file system whose superblock is good and nothing else
	for i := 16 << 10; i < len(old); i++ {
		old[i] = byte(rng.Uint32())
	}
	r := &recorder{image: old}
	must(t, remake(r, platterSize))
	file, dir := filepath.Join(quickDir(t), "disk"), t.TempDir()
	try := func(image []byte) error {
		must(t, os.WriteFile(file, image, 0o600))
		undo, err := loopMount(file, dir)
		if err != nil {
			return err
		}
		s, err := OpenStore(filepath.Join(dir, "state"), nil)
		if err == nil {
			err = s.Passed(start)
		}
		return errors.Join(err, undo())
	}
	if err := try(spin(slices.Clone(old), r.log, nil)); err != nil {
		if os.Getuid() != 0 || !Unmountable(err) {
			t.Logf("no loop device here, nothing was mounted: %v", err)
			return
		}
		t.Fatalf("made anew, and: %v", err)
	}
	mounted := 0
	for n := 1; n < len(r.log); n += 1 + len(r.log)/25 {
		for _, c := range cuts {
			switch err := try(c.cut(slices.Clone(old), r.log[:n], rng)); {
			case err == nil:
				mounted++
			case !Unmountable(err):
				t.Errorf("cut after %d deeds, %s: %v, and it is not made anew", n, c.name, err)
			}
		}
	}
	t.Logf("%d deeds, mounted in the midst: %d times", len(r.log), mounted)
	must(t, os.WriteFile(file, old, 0o600))
	must(t, RemakeState(file))
	image, err := os.ReadFile(file)
	must(t, err)
	if err := try(image); err != nil {
		t.Errorf("by its name: %v", err)
	}
	if err := remake(r, ext4.MinSize-4096); err == nil {
		t.Error("a partition that is too small was made")
	}
	if Unmountable(os.ErrNotExist) {
		t.Error("a partition that is not there is to be made anew")
	}
}
