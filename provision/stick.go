package provision

import (
	"cmp"
	"errors"
	"slices"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// ErrNoBundle says that a stick holds nothing that could be a bundle.
var ErrNoBundle = reason.Errorf(reason.BEmpty, "no file badge-kiosk-bundle.zip at the top of this stick")

// A Found is a bundle that a stick held.
type Found struct {
	Name   string // of the file or folder
	Zipped []byte
	Bundle *bundle.Bundle // nil if it was refused
	Err    error          // why
}

// An Outcome is what came of a stick. Nothing is installed yet.
type Outcome struct {
	Found []Found // the best first: those that can be installed, newest first
	Root  []byte  // root.json, for a kiosk without one; nil if there is none

	// Err is nil if the first of Found can be installed. Else it says why
	// not: B-EMPTY, B-SAME, B-ROLLBACK, B-SIGN, B-BROKEN, B-ROOT, H-FORMAT or
	// H-STICK; each code has its words and its line of advice.
	Err error
}

// Judge opens each bundle of a stick's contents as [Store.Install] would. A
// nil store, of a kiosk without a root, takes none of them: B-ROOT.
func (s *Store) Judge(c stick.Contents) Outcome {
	out := Outcome{Root: c.Root}
	for _, f := range c.Bundles {
		found := Found{Name: f.Name, Zipped: f.Data, Err: f.Err}
		if found.Err == nil {
			found.Bundle, found.Err = s.try(f.Data)
		}
		out.Found = append(out.Found, found)
	}
	slices.SortStableFunc(out.Found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.version(), a.version()))
	})
	if len(out.Found) == 0 {
		out.Err = ErrNoBundle
	} else {
		out.Err = out.Found[0].Err
	}
	return out
}

// rank is how near a bundle came to being installed: of several that were
// refused the person is told of the one that came nearest.
func (f Found) rank() int {
	if f.Err == nil {
		return -1
	}
	near := []reason.Code{reason.BSame, reason.BRollback, reason.BRoot, reason.BSign, reason.BBroken, reason.HStick}
	return slices.Index(near, reason.CodeOf(f.Err, reason.HStick))
}

func (f Found) version() int64 {
	if f.Bundle == nil {
		return 0
	}
	return f.Bundle.Version
}

// try opens a bundle as [Store.Install] would.
func (s *Store) try(zipped []byte) (*bundle.Bundle, error) {
	if s == nil {
		return nil, reason.Errorf(reason.BRoot, "this kiosk has no root to judge a bundle by")
	}
	files, err := bundle.Unzip(zipped)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.open(files)
	if errors.Is(err, ErrInstalled) {
		return nil, err
	}
	return b, err
}
