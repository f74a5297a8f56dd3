package provision

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// Names below the store's folder of a root that was taken from a stick.
const (
	rootName    = "root.json"
	newRootName = "root.json.new"
	maxRoot     = stick.MaxRoot
)

// ErrHasRoot says that a kiosk knows already whose bundles to believe. Only a
// card made anew takes another root.
var ErrHasRoot = errors.New("this kiosk has a root already; another one needs a card made anew")

// A FirstRoot is a root that a kiosk without one could take from a stick,
// after a person has compared its words.
type FirstRoot struct {
	JSON  []byte
	Words string // six, as kiosk bundle inspect prints them
}

// ReadFirstRoot is the root that a stick offers: its root.json, or else the
// newest root of the best bundle on it, which that bundle's own first root
// leads to. The error has code B-ROOT if it offers none that holds together.
//
// Anybody can make such a stick. What makes the root right is the person who
// holds the button while its words are the ones they were given.
func ReadFirstRoot(c stick.Contents) (FirstRoot, error) {
	if c.Root != nil {
		if err := checkRoot(c.Root); err != nil {
			return FirstRoot{}, err
		}
		return FirstRoot{c.Root, bundle.Words(c.Root)}, nil
	}
	var best *bundle.Bundle
	for _, f := range c.Bundles {
		if b, err := openByItself(f.Data); f.Err == nil && err == nil && (best == nil || b.Version > best.Version) {
			best = b
		}
	}
	if best == nil {
		return FirstRoot{}, reason.Errorf(reason.BRoot, "this stick offers no root: put root.json beside the bundle")
	}
	return FirstRoot{best.Root, bundle.Words(best.Root)}, nil
}

// checkRoot tells whether data is a root at all: one that its own keys have
// signed.
func checkRoot(data []byte) error {
	// Without any other file the bundle is broken; a bad root is told before.
	if _, err := bundle.Open(bundle.Files{}, data, bundle.Before{}); reason.CodeOf(err, "") == reason.BRoot {
		return err
	}
	return nil
}

// openByItself opens a bundle by the oldest root in it.
func openByItself(zipped []byte) (*bundle.Bundle, error) {
	files, err := bundle.Unzip(zipped)
	if err != nil {
		return nil, err
	}
	var versions []int
	for name := range files {
		if n, ok := strings.CutSuffix(strings.TrimPrefix(name, "metadata/"), ".root.json"); ok {
			if v, err := strconv.Atoi(n); err == nil {
				versions = append(versions, v)
			}
		}
	}
	if len(versions) == 0 {
		return nil, reason.Errorf(reason.BRoot, "there is no root in the bundle")
	}
	return bundle.Open(files, files["metadata/"+strconv.Itoa(slices.Min(versions))+".root.json"], bundle.Before{})
}

// ReadRoot returns the kiosk's root.json: the one in file, which came with its
// system, or else the one that was taken from a stick into the state folder
// dir. The error is [fs.ErrNotExist] if there is neither.
func ReadRoot(file, dir string) ([]byte, error) { return readRoot(file, osDisk(dir)) }

func readRoot(file string, d disk) ([]byte, error) {
	if data, err := os.ReadFile(file); !errors.Is(err, fs.ErrNotExist) {
		return data, err
	}
	return d.read(rootName)
}

// Adopt makes root the kiosk's, for good: it is [ErrHasRoot] if there is one,
// in file or in the state folder dir. When it returns nil the root is on the
// card; a power cut before leaves the kiosk without one, as it was.
func Adopt(file, dir string, root FirstRoot) error { return adopt(file, osDisk(dir), root) }

func adopt(file string, d disk, root FirstRoot) error {
	if _, err := readRoot(file, d); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(ErrHasRoot, err)
	}
	if len(root.JSON) > maxRoot {
		return reason.Errorf(reason.BRoot, "a root of %d bytes, the limit is %d", len(root.JSON), maxRoot)
	}
	if err := checkRoot(root.JSON); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return d.mkdir(".") },
		func() error { return d.write(newRootName, root.JSON) },
		func() error { return d.rename(newRootName, rootName) },
		func() error { return d.settle(".") },
	} {
		if err := step(); err != nil {
			return reason.Errorf(reason.HDisk, "the root could not be kept: %w", err)
		}
	}
	return nil
}
