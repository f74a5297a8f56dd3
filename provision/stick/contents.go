package stick

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
	MaxTotal      = 64 << 20 // bytes that are copied off it
	MaxRoot       = 1 << 20  // bytes of a root.json
	maxCandidates = 20       // bundles copied off one stick
	maxSystems    = 20       // systems looked into on one stick
)

// Names at the top of a stick, whatever their case.
const (
	bundlePrefix = "badge-kiosk-bundle" // a zip, or a folder with the unpacked tree
	systemPrefix = "badge-kiosk-system" // a zip with an image of the kiosk's system
	rootName     = "root.json"
)

// Contents are what a stick holds for a kiosk, copied into memory.
type Contents struct {
	Bundles []File // in the order of their names, some perhaps unreadable
	Root    []byte // root.json, nil if there is none
	Systems []File // badge-kiosk-system*.zip: what was signed of each, not its image
}

// A File is one that a stick held.
type File struct {
	Name string
	Data []byte // a zip: an unpacked folder has been packed again; of a system, its signed metadata
	Err  error  // why it could not be copied: H-STICK, or B-BROKEN when too large
}

// Read copies what is for a kiosk off the top of a stick. Everything else on
// it is passed over.
//
// The error is that of a stick that cannot be read at all, H-STICK; a file
// that cannot be read says so itself.
func Read(volumes ...fs.FS) (Contents, error) {
	var c Contents
	left := int64(MaxTotal)
	for _, v := range volumes {
		entries, err := fs.ReadDir(v, ".")
		if err != nil {
			return Contents{}, reason.Errorf(reason.HStick, "this stick cannot be read: %w", err)
		}
		for _, e := range entries {
			c.take(v, e, &left)
		}
	}
	slices.SortStableFunc(c.Bundles, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return c, nil
}

// ReadSystems is Read of the systems alone.
func ReadSystems(volumes ...fs.FS) (c Contents, err error) {
	only := make([]fs.FS, len(volumes))
	for i, v := range volumes {
		only[i] = systemsOf{v}
	}
	return Read(only...)
}

// systemsOf is a file system in which there are only systems to be found.
type systemsOf struct{ fs.FS }

// ReadDir implements [fs.ReadDirFS].
func (s systemsOf) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool {
		return !strings.HasPrefix(strings.ToLower(e.Name()), systemPrefix)
	}), err
}

// take copies one entry, if it is for a kiosk. left is how many bytes may
// still be copied.
func (c *Contents) take(v fs.FS, e fs.DirEntry, left *int64) {
	name := strings.ToLower(e.Name())
	zipped := e.Type().IsRegular() && strings.HasSuffix(name, ".zip")
	switch {
	case strings.HasPrefix(name, systemPrefix) && zipped && len(c.Systems) < maxSystems:
		f := File{Name: e.Name()}
		f.Data, f.Err = SystemMeta(v, e.Name())
		*left -= int64(len(f.Data))
		c.Systems = append(c.Systems, f)
	case name == rootName && e.Type().IsRegular():
		if data, err := copyFile(v, e.Name(), min(MaxRoot, *left)); err == nil {
			c.Root = data
			*left -= int64(len(data))
		}
	case strings.HasPrefix(name, bundlePrefix) && (zipped || e.IsDir()) && len(c.Bundles) < maxCandidates:
		f := File{Name: e.Name()}
		if e.IsDir() {
			f.Data, f.Err = copyFolder(v, e.Name(), *left)
		} else {
			f.Data, f.Err = copyFile(v, e.Name(), *left)
		}
		*left -= int64(len(f.Data))
		c.Bundles = append(c.Bundles, f)
	}
}

// copyFile reads a file of at most limit bytes; the stick may be pulled at
// any of them.
func copyFile(v fs.FS, name string, limit int64) ([]byte, error) {
	f, err := v.Open(name)
	if err != nil {
		return nil, pulled(err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, pulled(err)
	}
	if int64(len(data)) > limit {
		return nil, reason.Errorf(reason.BBroken, "%s is larger than the %d bytes that are read of it", name, limit)
	}
	return data, nil
}

// pulled puts H-STICK to an error that has no code of its own.
func pulled(err error) error {
	if coded := (*reason.Error)(nil); errors.As(err, &coded) {
		return err
	}
	return reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", err)
}

// copyFolder packs an unpacked bundle again.
func copyFolder(v fs.FS, dir string, limit int64) ([]byte, error) {
	files, left := bundle.Files{}, limit
	err := fs.WalkDir(v, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		if len(files) == bundle.MaxZipFiles {
			return reason.Errorf(reason.BBroken, "the folder %s holds more than %d files", dir, bundle.MaxZipFiles)
		}
		data, err := copyFile(v, name, left)
		left -= int64(len(data))
		files[strings.TrimPrefix(name, dir+"/")] = data
		return err
	})
	if err != nil {
		return nil, pulled(err)
	}
	return bundle.Zip(files)
}
