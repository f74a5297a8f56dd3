package provision

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// Limits of fetching.
const (
	fetchTimeout = 30 * time.Second // for one file
	timestamp    = "metadata/timestamp.json"
)

// Sync fetches what changed from a static host that serves the bundle's tree
// at base, and installs it. It is never needed: a stick does the same.
//
// It asks for the timestamp first, by ETag where the host gives one; when
// that is the one installed the error is [ErrInstalled] and nothing else was
// asked for. Every other file has its version or hash in its name, so files
// that are installed already are not fetched again. TUF decides what is
// believed; the host, the network and its clock do not.
func (s *Store) Sync(ctx context.Context, client *http.Client, base string) (*bundle.Bundle, error) {
	at, err := url.Parse(base)
	if err != nil || at.Scheme != "https" && at.Hostname() != "127.0.0.1" {
		return nil, fmt.Errorf("sync URL %q is not an https URL", base)
	}
	have, err := s.installed()
	if err != nil {
		return nil, err
	}
	h := &host{ctx: ctx, client: client, base: strings.TrimSuffix(base, "/") + "/", have: have, used: bundle.Files{}}
	newTag, err := h.first(s.seen())
	if err != nil {
		return nil, err
	}
	if _, err := s.openFrom(h); err != nil {
		return nil, err
	}
	zipped, err := bundle.Zip(h.used)
	if err != nil {
		return nil, err
	}
	b, err := s.Install(zipped)
	if err == nil || errors.Is(err, ErrInstalled) {
		s.mu.Lock()
		s.etag = newTag
		s.mu.Unlock()
	}
	return b, err
}

// seen is the ETag of the timestamp in use.
func (s *Store) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return ""
	}
	return s.etag
}

// openFrom reads and verifies a tree that may come piece by piece. A bundle that is installed
// already is no error here: its parts may have been left out before.
func (s *Store) openFrom(src fs.FS) (*bundle.Bundle, error) {
	s.mu.Lock()
	anchor, before := s.anchor, bundle.Before{Floors: maps.Clone(s.state.Floors)}
	if s.current != nil {
		before.Parts = s.current.Parts()
	}
	s.mu.Unlock() // the network may take its time
	return bundle.Open(src, anchor, before)
}

// installed are the files of the newest bundle on the card, none without one.
func (s *Store) installed() (bundle.Files, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return nil, nil
	}
	if s.factory != nil {
		return bundle.Unzip(s.factory)
	}
	data, err := s.disk.read(bundlesDir + "/" + folderName(s.current) + "/" + zipName)
	if err != nil {
		return nil, nil // in use but not kept: everything is fetched anew
	}
	return bundle.Unzip(data)
}

// A host is a bundle's tree on a web server, over what is installed already.
type host struct {
	ctx    context.Context
	client *http.Client
	base   string
	have   bundle.Files
	used   bundle.Files // every file that was read: the new bundle
}

// first fetches the timestamp unless it is the one that etag names.
func (h *host) first(etag string) (newTag string, err error) {
	data, tag, err := h.get(timestamp, etag)
	if err != nil {
		return "", err
	}
	h.used[timestamp] = data
	return tag, nil
}

// Open implements [fs.FS].
func (h *host) Open(name string) (fs.File, error) {
	data, ok := h.used[name]
	if !ok {
		if data, ok = h.have[name]; !ok {
			var err error
			if data, _, err = h.get(name, ""); err != nil {
				return nil, &fs.PathError{Op: "open", Path: name, Err: err}
			}
		}
		h.used[name] = data
	}
	return bundle.Files{name: data}.Open(name)
}

// get asks for one file. A missing one is [fs.ErrNotExist], one that is as
// etag says [ErrInstalled].
func (h *host) get(name, etag string) (data []byte, tag string, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base+name, nil)
	if err != nil {
		return nil, "", err
	}
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	res, err := h.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		return nil, "", ErrInstalled
	case http.StatusNotFound, http.StatusForbidden: // what static hosts say of a file that is not there
		return nil, "", fs.ErrNotExist
	default:
		return nil, "", fmt.Errorf("%s answers %s", h.base+name, res.Status)
	}
	data, err = io.ReadAll(io.LimitReader(res.Body, bundle.MaxFile+1))
	if err == nil && len(data) > bundle.MaxFile {
		err = reason.Errorf(reason.BBroken, "%s is larger than %d bytes", name, bundle.MaxFile)
	}
	return data, res.Header.Get("ETag"), err
}
