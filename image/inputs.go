package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// An input is a Go module that is fetched for its files, with the hash that
// they must have and under which licence they are; or one of Debian's
// packages, debian/NAME, that image/speech/make fetches.
type input struct {
	module, version, hash, licence string
	notices                        []string // files with the licences' words
}

// inputFields is how many words a line of the lock has.
const inputFields = 5

// debian tells that an input is a package, whose files are not on the card.
func (in input) debian() bool { return strings.HasPrefix(in.module, "debian/") }

// onCard are the inputs whose files are.
func onCard(all []input) []input { return slices.DeleteFunc(slices.Clone(all), input.debian) }

// readLock reads inputs.lock: a line for each input, its module or package,
// version, hash, SPDX licence and licence files with commas between, blank
// lines and lines that begin with #.
func readLock(data []byte) ([]input, error) {
	var all []input
	for i, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Fields(line)
		if len(f) != inputFields {
			return nil, fmt.Errorf("line %d: %q is not module, version, hash, licence, files", i+1, line)
		}
		in := input{f[0], f[1], f[2], f[3], strings.Split(f[4], ",")}
		kind := "h1:"
		if in.debian() {
			kind = "sha256:"
		}
		if !strings.HasPrefix(in.hash, kind) {
			return nil, fmt.Errorf("line %d: the hash of %s begins with %s", i+1, in.module, kind)
		}
		all = append(all, in)
	}
	if len(all) == 0 {
		return nil, errors.New("no input is named")
	}
	return all, nil
}

// A fetched is a module in the cache, as go mod download says it.
type fetched struct{ Path, Version, Zip, Dir, Sum, Error string }

// download brings modules, each "path@version", into the module cache where
// they are not there. It changes no go.mod: it runs where there is none.
func download(modules ...string) (all []fetched, err error) {
	empty, err := os.MkdirTemp("", "image")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(empty) //nolint:errcheck // an empty folder
	cmd := exec.Command("go", append([]string{"mod", "download", "-json"}, modules...)...)
	cmd.Dir, cmd.Env = empty, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, failed := cmd.Output()
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var f fetched
		if err := dec.Decode(&f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if f.Error != "" {
			return nil, fmt.Errorf("fetch %s@%s: %s", f.Path, f.Version, f.Error)
		}
		all = append(all, f)
	}
	if failed != nil || len(all) != len(modules) {
		return nil, fmt.Errorf("fetch %s: %d of %d came: %w", modules, len(all), len(modules), errors.Join(failed, errors.New("is there a network?")))
	}
	return all, nil
}

// fetch returns an input's files. The hash is taken of the very bytes that
// are read from then on.
func fetch(in input) (fs.FS, error) {
	got, err := download(in.module + "@" + in.version)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(got[0].Zip)
	if err != nil {
		return nil, err
	}
	return in.open(data)
}

// open is a module's zip as a file system, if its hash is the one that the
// input must have.
func (in input) open(data []byte) (fs.FS, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.module, err)
	}
	hash, err := moduleHash(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.module, err)
	}
	if hash != in.hash {
		return nil, fmt.Errorf("%s@%s has hash %s, but inputs.lock wants %s: do not use it", in.module, in.version, hash, in.hash)
	}
	return fs.Sub(z, in.module+"@"+in.version)
}

// moduleHash is the "h1:" hash of a module's zip.
// Source: Go Modules Reference, "go.sum files"; sumdb/dirhash, Hash1.
func moduleHash(z *zip.Reader) (string, error) {
	files := slices.Clone(z.File)
	slices.SortFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	all := sha256.New()
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			return "", err
		}
		one := sha256.New()
		if _, err := io.Copy(one, r); err != nil {
			return "", fmt.Errorf("%s: %w", f.Name, err)
		}
		fmt.Fprintf(all, "%x  %s\n", one.Sum(nil), f.Name)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(all.Sum(nil)), nil
}

// sources are all inputs, by the last word of their modules.
type sources map[string]fs.FS

// fetchAll fetches what the lock names.
func fetchAll(all []input) (sources, error) {
	s := sources{}
	for _, in := range all {
		var err error
		if s[path.Base(in.module)], err = fetch(in); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// read reads a file of an input.
func (s sources) read(from, name string) ([]byte, error) {
	if s[from] == nil {
		return nil, fmt.Errorf("inputs.lock names no %s", from)
	}
	return fs.ReadFile(s[from], name)
}
