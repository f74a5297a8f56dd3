package provision

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// Limits of a stick.
const (
	MaxZip        = 64 << 20 // bytes of a bundle's file
	maxCandidates = 20       // bundles looked at on one stick
	stickPrefix   = "badge-kiosk-bundle"
)

// ErrNoBundle says that a stick holds nothing that could be a bundle.
var ErrNoBundle = errors.New("no file badge-kiosk-bundle.zip at the top of this stick")

// A Found is a bundle that a stick held.
type Found struct {
	Name   string // of the file or folder
	Zipped []byte
	Bundle *bundle.Bundle // nil if it was refused
	Err    error          // why
}

// ReadStick copies the bundles at the top of a stick into memory and opens
// each, the best first: highest version of those that are whole. The stick
// may be pulled when it returns; nothing is installed yet.
//
// A bundle is a file badge-kiosk-bundle*.zip, or a folder of that name with
// the unpacked tree. Everything else on the stick is passed over. The error
// is [ErrNoBundle] or, with code H-STICK, that of a stick that cannot be read.
func (s *Store) ReadStick(stick fs.FS) ([]Found, error) {
	entries, err := fs.ReadDir(stick, ".")
	if err != nil {
		return nil, reason.Errorf(reason.HStick, "this stick cannot be read: %w", err)
	}
	var found []Found
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if !strings.HasPrefix(name, stickPrefix) || !e.IsDir() && !strings.HasSuffix(name, ".zip") || len(found) == maxCandidates {
			continue
		}
		f := Found{Name: e.Name()}
		if e.IsDir() {
			f.Zipped, f.Err = zipFolder(stick, e.Name())
		} else {
			f.Zipped, f.Err = readWhole(stick, e.Name())
		}
		if f.Err == nil {
			f.Bundle, f.Err = s.try(f.Zipped)
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		return nil, ErrNoBundle
	}
	slices.SortStableFunc(found, func(a, b Found) int { return int(b.version() - a.version()) })
	return found, nil
}

func (f Found) version() int64 {
	if f.Bundle == nil {
		return 0
	}
	return f.Bundle.Version
}

// try opens a bundle as [Store.Install] would.
func (s *Store) try(zipped []byte) (*bundle.Bundle, error) {
	files, err := bundle.Unzip(zipped)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(files)
}

// readWhole reads a file of a stick, which may be pulled at any byte.
func readWhole(stick fs.FS, name string) ([]byte, error) {
	f, err := stick.Open(name)
	if err != nil {
		return nil, reason.Errorf(reason.HStick, "%w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxZip+1))
	if err != nil {
		return nil, reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", err)
	}
	if len(data) > MaxZip {
		return nil, reason.Errorf(reason.BBroken, "%s is larger than %d bytes", name, MaxZip)
	}
	return data, nil
}

// zipFolder packs an unpacked bundle again.
func zipFolder(stick fs.FS, dir string) ([]byte, error) {
	files, total := bundle.Files{}, 0
	err := fs.WalkDir(stick, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := readWhole(stick, name)
		if err != nil {
			return err
		}
		if total += len(data); total > MaxZip || len(files) > bundle.MaxZipFiles {
			return reason.Errorf(reason.BBroken, "the folder %s holds more than %d bytes or %d files", dir, MaxZip, bundle.MaxZipFiles)
		}
		files[strings.TrimPrefix(name, dir+"/")] = data
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bundle.Zip(files)
}
