package provision

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// Where a board says what runs on it.
const (
	aboutFile = "kiosk-system.json"           // of a card's own system: its number
	treeFile  = "proc/device-tree/compatible" // what board this is
	maxAbout  = bundle.MaxSystemMeta          // bytes of the first
	separator = "\x00"                        // between the names in the second
)

// Running is what runs here, and on what.
type Running struct {
	Number int64  // of the system; 0 for one that has none
	Board  string // as its device tree names it: "raspberrypi,3-model-b"
}

// ReadRunning reads what runs on the board whose root folder is root. A
// system that does not say has number 0, a board has no name; neither takes
// an update.
func ReadRunning(root string) (r Running) {
	if data, err := os.ReadFile(filepath.Join(root, aboutFile)); err == nil && len(data) <= maxAbout {
		var about struct{ Number int64 }
		if json.Unmarshal(data, &about) == nil {
			r.Number = about.Number
		}
	}
	names, _ := os.ReadFile(filepath.Join(root, treeFile)) // not there: no name
	r.Board, _, _ = strings.Cut(string(names), separator)
	return r
}

// A FoundSystem is a system that a stick held.
type FoundSystem struct {
	Name string // of the file
	bundle.System
	Err error // why it is not taken
}

// JudgeSystems tells which system of a stick is the one to take: the newest
// that those whom b trusts with systems have signed, for this board, and newer
// than what runs and than any that was kept before. ok is false for a stick
// without any.
//
// Err has B-SIGN, B-BROKEN, B-BOARD, B-SAME, B-ROLLBACK or H-STICK; B-NONE
// for a kiosk without a bundle.
func (r Running) JudgeSystems(b *bundle.Bundle, floors bundle.Floors, files []stick.File) (best FoundSystem, ok bool) {
	for _, f := range files {
		found := FoundSystem{Name: f.Name, Err: f.Err}
		if found.Err == nil {
			found.System, found.Err = r.judge(b, floors, f.Data)
		}
		if !ok || found.before(best) {
			best, ok = found, true
		}
	}
	return best, ok
}

func (r Running) judge(b *bundle.Bundle, floors bundle.Floors, meta []byte) (s bundle.System, err error) {
	if b == nil {
		return s, reason.Errorf(reason.BNone, "this kiosk has no bundle that says who may sign a system")
	}
	if s, err = b.System(meta); err != nil {
		return s, err
	}
	floor := floors[bundle.SystemRole]
	switch {
	case !slices.Contains(s.Boards, r.Board):
		return s, reason.Errorf(reason.BBoard, "system %d is for %s, this is %q", s.Number, strings.Join(s.Boards, ", "), r.Board)
	case s.Number == r.Number:
		return s, reason.Errorf(reason.BSame, "system %d runs already", s.Number)
	case s.Number < r.Number:
		return s, reason.Errorf(reason.BRollback, "system %d is older than %d, which runs", s.Number, r.Number)
	case s.Number < floor.Version && floor.Keys == b.SystemFloor(0).Keys:
		return s, reason.Errorf(reason.BRollback, "system %d is older than %d, which ran here", s.Number, floor.Version)
	}
	return s, nil
}

// before tells which of two a person is told of: the newest that can be
// taken, or the one that came nearest to it.
func (f FoundSystem) before(other FoundSystem) bool {
	if f.rank() != other.rank() {
		return f.rank() < other.rank()
	}
	return f.Number > other.Number
}

func (f FoundSystem) rank() int {
	if f.Err == nil {
		return -1
	}
	near := []reason.Code{reason.BSame, reason.BRollback, reason.BBoard, reason.BNone, reason.BSign, reason.BBroken, reason.HStick}
	return slices.Index(near, reason.CodeOf(f.Err, reason.HStick))
}
