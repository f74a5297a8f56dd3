package provision

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/seal"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

const testBoard = "raspberrypi,3-model-b"

// makers are a coalition that makes systems.
type makers struct {
	*founders
	zipped []byte // its bundle
	anchor []byte
	b      *bundle.Bundle
}

func newMakers(t *testing.T) *makers {
	t.Helper()
	m := &makers{founders: found(t)}
	m.key(seal.System)
	must(t, m.AddSystem(m.public[seal.System], 1))
	m.open()
	m.zipped, m.anchor = m.edition(bundle.Files{"consortium.json": []byte(`{"serial":1}`)}, bundle.Consortium), m.root()
	files, err := bundle.Unzip(m.zipped)
	must(t, err)
	m.b, err = bundle.Open(files, m.anchor, bundle.Before{})
	must(t, err)
	return m
}

// sign is the signed metadata of system number, whose image it is.
func (m *makers) sign(number int64, image []byte, boards ...string) []byte {
	m.t.Helper()
	must(m.t, m.PackSystem(bundle.System{Number: number, Length: int64(len(image)), Sum: sha256.Sum256(image),
		SystemTraits: bundle.SystemTraits{Boards: boards, Build: fmt.Sprint("kiosk ", number)}}))
	must(m.t, m.Sign(seal.System, m.signer[seal.System]))
	var b bytes.Buffer
	must(m.t, m.WriteSystem(&b, bytes.NewReader(image)))
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	must(m.t, err)
	f, err := z.Open(seal.SystemMeta)
	must(m.t, err)
	meta, err := io.ReadAll(f)
	must(m.t, err)
	return meta
}

// TestJudgeSystems: the newest system for this board is taken, and any other
// says why not.
func TestJudgeSystems(t *testing.T) {
	m, other := newMakers(t), newMakers(t)
	image := []byte("a slot")
	meta := map[int64]stick.File{}
	for n := int64(4); n <= 8; n++ {
		meta[n] = stick.File{Name: fmt.Sprint(n), Data: m.sign(n, image, testBoard, "raspberrypi,400")}
	}
	strange := stick.File{Name: "strange", Data: other.sign(9, image, testBoard)}
	board := stick.File{Name: "board", Data: m.sign(9, image, "raspberrypi,400")}
	gone := stick.File{Name: "gone", Err: reason.Errorf(reason.HStick, "pulled")}
	damaged := stick.File{Name: "damaged", Data: meta[8].Data[1:]}
	runs := Running{Number: 5, Board: testBoard}
	floors := bundle.Floors{bundle.SystemRole: m.b.SystemFloor(7)}
	for _, c := range []struct {
		name   string
		files  []stick.File
		floors bundle.Floors
		want   string
	}{
		{"a newer one", []stick.File{meta[6]}, nil, "6 "},
		{"the newest of several", []stick.File{meta[6], gone, meta[8], meta[5], strange}, nil, "8 "},
		{"what runs", []stick.File{meta[5]}, nil, "5 B-SAME"},
		{"an older one", []stick.File{meta[4]}, nil, "4 B-ROLLBACK"},
		{"older than what ran", []stick.File{meta[6]}, floors, "6 B-ROLLBACK"},
		{"what ran last", []stick.File{meta[7]}, floors, "7 "},
		{"a floor under other keys", []stick.File{meta[6]}, bundle.Floors{bundle.SystemRole: other.b.SystemFloor(7)}, "6 "},
		{"for another board", []stick.File{board}, nil, "board B-BOARD"},
		{"another coalition's", []stick.File{strange}, nil, "strange B-SIGN"},
		{"a stick that was pulled", []stick.File{gone}, nil, "gone H-STICK"},
		{"damaged", []stick.File{gone, damaged}, nil, "damaged B-BROKEN"},
		{"the nearest of those refused", []stick.File{strange, gone, meta[4], board}, nil, "4 B-ROLLBACK"},
	} {
		got, ok := runs.JudgeSystems(m.b, c.floors, c.files)
		if said := got.Name + " " + string(reason.CodeOf(got.Err, "")); said != c.want || !ok {
			t.Errorf("%s: %q (%v), want %q", c.name, said, got.Err, c.want)
		}
	}
	if _, ok := runs.JudgeSystems(m.b, nil, nil); ok {
		t.Error("a stick without a system offers one")
	}
	for name, c := range map[string]struct {
		r    Running
		b    *bundle.Bundle
		want reason.Code
	}{
		"no bundle":          {runs, nil, reason.BNone},
		"no name of a board": {Running{Number: 1}, m.b, reason.BBoard},
		"no number":          {Running{Board: testBoard}, m.b, ""},
	} {
		if got, _ := c.r.JudgeSystems(c.b, nil, []stick.File{meta[8]}); reason.CodeOf(got.Err, "") != c.want {
			t.Errorf("%s: %v, want %q", name, got.Err, c.want)
		}
	}
}

// TestReadRunning reads what a board says of itself, and makes do without.
func TestReadRunning(t *testing.T) {
	root := t.TempDir()
	if r := ReadRunning(root); r != (Running{}) {
		t.Errorf("nothing says %+v", r)
	}
	must(t, os.MkdirAll(filepath.Join(root, "proc/device-tree"), 0o700))
	must(t, os.WriteFile(filepath.Join(root, "proc/device-tree/compatible"), []byte(testBoard+"\x00brcm,bcm2837\x00"), 0o600))
	must(t, os.WriteFile(filepath.Join(root, "kiosk-system.json"), []byte(`{"number": 202611220340, "boards": ["x"]}`), 0o600))
	if r := ReadRunning(root); r != (Running{202611220340, testBoard}) {
		t.Errorf("it says %+v", r)
	}
	must(t, os.WriteFile(filepath.Join(root, "kiosk-system.json"), []byte("torn"), 0o600))
	if r := ReadRunning(root); r != (Running{0, testBoard}) {
		t.Errorf("a torn file says %+v", r)
	}
}

// A flash is a part of a card whose power can be cut: what was not synced may
// be there or not, sector by sector.
type flash struct {
	t       *testing.T
	kept    []byte
	memory  []byte
	dice    *rand.Rand
	left    int // writes and syncs until the power is cut; -1 is never
	lies    bool
	written int
}

var errCut = errors.New("the power is cut")

func newFlash(t *testing.T, data []byte) *flash {
	return &flash{t: t, kept: bytes.Clone(data), memory: bytes.Clone(data), dice: rand.New(rand.NewPCG(1, 2)), left: -1}
}

func (f *flash) step() error {
	if f.left == 0 {
		return errCut
	}
	f.left--
	return nil
}

func (f *flash) ReadAt(b []byte, at int64) (int, error) {
	n := copy(b, f.memory[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *flash) WriteAt(b []byte, at int64) (int, error) {
	err := f.step()
	f.written += copy(f.memory[at:], b)
	if f.lies && at > 0 {
		f.memory[at] ^= 1
	}
	return len(b), err
}

func (f *flash) Sync() error {
	if err := f.step(); err != nil {
		return err
	}
	copy(f.kept, f.memory)
	return nil
}

func (f *flash) Forget() error        { return nil }
func (f *flash) Size() (int64, error) { return int64(len(f.memory)), nil }

// cut is what is on the card after the power went.
func (f *flash) cut() []byte {
	out := bytes.Clone(f.kept)
	for at := 0; at < len(out); at += slotSector {
		if f.dice.IntN(2) == 0 {
			copy(out[at:min(at+slotSector, len(out))], f.memory[at:])
		}
	}
	return out
}

// again reads the same image each time.
func again(image []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(image)), nil }
}

func slotImage(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 0))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func nobody(string, int64, int64) {}

// TestPutSystem: after a cut at any write the slot holds what it held, what
// was signed, or nothing that starts.
func TestPutSystem(t *testing.T) {
	before, image := slotImage(3<<20, 1), slotImage(2<<20+1000, 2)
	s := bundle.System{Number: 7, Length: int64(len(image)), Sum: sha256.Sum256(image)}
	f := newFlash(t, before)
	var steps []string
	must(t, PutSystem(f, s, again(image), func(step string, done, of int64) {
		if done > of || of != s.Length {
			t.Errorf("%s: %d of %d", step, done, of)
		}
		steps = append(steps, step)
	}))
	if !bytes.HasPrefix(f.kept, image) || !bytes.Equal(f.kept[len(image):], before[len(image):]) {
		t.Error("the slot holds another image, or more was written than it has")
	}
	if got := slices.Compact(steps); !slices.Equal(got, []string{StepCheck, StepWrite, StepCompare}) {
		t.Errorf("told of %q", got)
	}
	cuts := 0
	for n := 0; ; n++ {
		f := newFlash(t, before)
		f.left = n
		err := PutSystem(f, s, again(image), nobody)
		if err == nil {
			break
		}
		cuts++
		if reason.CodeOf(err, "") != reason.HDisk {
			t.Fatalf("cut at step %d: %v", n, err)
		}
		for range 20 {
			now := f.cut()
			starts := !bytes.Equal(now[:slotSector], make([]byte, slotSector))
			if starts && !bytes.Equal(now, before) && !bytes.HasPrefix(now, image) {
				t.Fatalf("cut at step %d the slot begins like a system, and is none", n)
			}
		}
	}
	if cuts < 8 {
		t.Errorf("cut at %d steps", cuts)
	}
}

// TestPutRefused: nothing is written of an image that is not the one that was
// signed, and a slot that does not keep it does not start.
func TestPutRefused(t *testing.T) {
	before, image := slotImage(2<<20, 1), slotImage(1<<20+77, 2)
	s := bundle.System{Number: 7, Length: int64(len(image)), Sum: sha256.Sum256(image)}
	for at := 0; at < len(image); at += len(image)/40 + 1 {
		bad := bytes.Clone(image)
		bad[at] ^= 16
		f := newFlash(t, before)
		if err := PutSystem(f, s, again(bad), nobody); reason.CodeOf(err, "") != reason.BBroken || f.written > 0 {
			t.Fatalf("byte %d is another: %v, %d bytes written", at, err, f.written)
		}
		if err := PutSystem(f, s, again(image[:at]), nobody); reason.CodeOf(err, "") != reason.HStick || f.written > 0 {
			t.Fatalf("cut after %d bytes: %v, %d bytes written", at, err, f.written)
		}
	}
	f := newFlash(t, before[:1<<20])
	if err := PutSystem(f, s, again(image), nobody); reason.CodeOf(err, "") != reason.HDisk || f.written > 0 {
		t.Errorf("a slot that is too small: %v, %d bytes written", err, f.written)
	}
	gone := func() (io.ReadCloser, error) { return nil, reason.Errorf(reason.HStick, "pulled") }
	if err := PutSystem(newFlash(t, before), s, gone, nobody); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("no stick: %v", err)
	}
	// A stick that holds another image the second time.
	bad, times := bytes.Clone(image), 0
	bad[len(bad)-1] ^= 1
	f = newFlash(t, before)
	err := PutSystem(f, s, func() (io.ReadCloser, error) {
		times++
		if times == 2 {
			return again(bad)()
		}
		return again(image)()
	}, nobody)
	if reason.CodeOf(err, "") != reason.BBroken || !bytes.Equal(f.memory[:slotSector], make([]byte, slotSector)) {
		t.Errorf("a stick that changes: %v, the slot begins with %x", err, f.memory[:4])
	}
	f = newFlash(t, before)
	f.lies = true
	if err := PutSystem(f, s, again(image), nobody); reason.CodeOf(err, "") != reason.HDisk || !bytes.Equal(f.memory[:slotSector], make([]byte, slotSector)) {
		t.Errorf("a card that keeps something else: %v, the slot begins with %x", err, f.memory[:4])
	}
}

// TestSlotFile is a slot as a file of the operating system's.
func TestSlotFile(t *testing.T) {
	before, image := slotImage(2<<20, 1), slotImage(1<<20+77, 2)
	name := filepath.Join(t.TempDir(), "slot")
	must(t, os.WriteFile(name, before, 0o600))
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	must(t, PutSystem(SlotFile{f}, bundle.System{Number: 7, Length: int64(len(image)), Sum: sha256.Sum256(image)}, again(image), nobody))
	if got, err := os.ReadFile(name); err != nil || !bytes.HasPrefix(got, image) || len(got) != len(before) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestTrial: what is tried is known to the next kiosk, and the floor rises
// only when it is what runs.
func TestTrial(t *testing.T) {
	m := newMakers(t)
	dir := t.TempDir()
	open := func() *Store {
		s, err := OpenStore(dir, m.anchor)
		must(t, err)
		return s
	}
	s := open()
	_, err := s.Install(m.zipped)
	must(t, err)
	must(t, s.EndTrial(5)) // what runs is a floor too
	want := Trial{Number: 7, Ill: []reason.Code{reason.HCam}}
	must(t, s.Try(want))
	s = open()
	if got := s.State(); fmt.Sprint(got.Trial) != fmt.Sprint(want) || got.Floors[bundle.SystemRole].Version != 5 {
		t.Errorf("the next kiosk knows of %+v, floors %v", got.Trial, got.Floors)
	}
	for ill, well := range map[reason.Code]bool{reason.HCam: true, reason.HPanel: false} {
		if want.Well([]reason.Code{ill}) != well {
			t.Errorf("%s: well %t, want %t", ill, !well, well)
		}
	}
	must(t, s.EndTrial(5)) // it went back
	if got := open().State(); got.Trial.Number != 0 || got.Floors[bundle.SystemRole].Version != 5 {
		t.Errorf("gone back: %+v, floors %v", got.Trial, got.Floors)
	}
	must(t, s.Try(want))
	must(t, s.EndTrial(7)) // it stays
	got := PeekState(dir)
	if got.Trial.Number != 0 || got.Floors[bundle.SystemRole] != m.b.SystemFloor(7) {
		t.Errorf("kept: %+v, floors %v", got.Trial, got.Floors)
	}
	runs := Running{Number: 6, Board: testBoard} // an older card in the same kiosk
	if found, _ := runs.JudgeSystems(m.b, got.Floors, []stick.File{{Data: m.sign(6, []byte("x"), testBoard)}}); reason.CodeOf(found.Err, "") == "" {
		t.Error("an older system is taken")
	}
}

// TestSlotsSay: what one process writes of the slots, another reads.
func TestSlotsSay(t *testing.T) {
	root := t.TempDir()
	if s, p := ReadSlots(root); s != (Slots{}) || p != (Put{}) {
		t.Errorf("nothing says %+v, %+v", s, p)
	}
	must(t, os.Mkdir(filepath.Join(root, "run"), 0o700))
	must(t, os.WriteFile(filepath.Join(root, SlotsFile), []byte(`{"slot":"b","trial":true}`), 0o600))
	f, err := os.Create(filepath.Join(root, PutFile))
	must(t, err)
	defer f.Close()
	for _, want := range []Put{{Step: StepWrite, Done: 1 << 40, Of: 1 << 50, Number: 1 << 60}, {Step: StepRefused, Code: reason.BRollback}} {
		must(t, want.Write(f))
		if s, p := ReadSlots(root); s != (Slots{"b", true}) || p != want {
			t.Errorf("read %+v, %+v, want %+v", s, p, want)
		}
	}
}
