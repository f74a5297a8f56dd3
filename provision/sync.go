package provision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// Limits of fetching.
const (
	fetchTimeout = 2 * time.Minute  // for one file
	allTimeout   = 30 * time.Minute // for all of them
	fetchTries   = 3                // for one file
	tryPause     = 2 * time.Second  // before the second try, then twice as long
	timestamp    = "metadata/timestamp.json"
)

// A Wish is what a kiosk asks for: what changed since the bundle it has. None
// of it is a secret.
type Wish struct {
	URL   string    // of the bundle's tree on a static host: https
	ETag  string    // of the timestamp that was fetched last, if the host gave one
	At    time.Time // for the dates of the host's certificate; zero while the clock is not set
	Proxy string    // URL of a proxy; "" takes the environment's
	Root  []byte    // the kiosk's root.json
	Have  []byte    // the bundle in use, zipped; nil without one
}

// A Fetched is a bundle that came by the network. Nobody believes it yet: that
// is [Store.Install]'s to say.
type Fetched struct {
	Zipped []byte
	ETag   string // of its timestamp
}

// Fetch asks for what changed. The error is [ErrInstalled] when nothing did.
//
// It asks for the timestamp first, by ETag where the host gives one; when
// that is the one in use, nothing else is asked for. Every other file has its
// version or hash in its name, so files that are in Have are not fetched
// again. Signatures are checked on the way, so that a host cannot make the
// kiosk fetch what its coalition did not sign.
func (w Wish) Fetch(ctx context.Context, client *http.Client) (Fetched, error) {
	at, err := url.Parse(w.URL)
	if err != nil || at.Scheme != "https" && at.Hostname() != "127.0.0.1" {
		return Fetched{}, fmt.Errorf("sync URL %q is not an https URL", w.URL)
	}
	ctx, cancel := context.WithTimeout(ctx, allTimeout)
	defer cancel()
	h := &host{ctx: ctx, client: client, base: strings.TrimSuffix(w.URL, "/") + "/", used: bundle.Files{}}
	if w.Have != nil {
		if h.have, err = bundle.Unzip(w.Have); err != nil {
			return Fetched{}, err
		}
	}
	data, tag, err := h.try(timestamp, w.ETag)
	if err != nil {
		return Fetched{}, err
	}
	if had, ok := h.have[timestamp]; ok && bytes.Equal(had, data) {
		return Fetched{ETag: tag}, ErrInstalled
	}
	h.used[timestamp] = data
	_, err = bundle.Open(h, w.Root, bundle.Before{})
	if h.fault != nil { // not the fault of the part that it befell
		return Fetched{}, h.fault
	}
	if err != nil {
		return Fetched{}, err
	}
	zipped, err := bundle.Zip(h.used)
	return Fetched{zipped, tag}, err
}

// Wish is what to ask a host for. The caller adds At and Proxy.
func (s *Store) Wish(base string) Wish {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := Wish{URL: base, Root: s.anchor, Have: s.zipped()}
	if w.Have != nil {
		w.ETag = s.etag
	}
	return w
}

// Take installs what was fetched, as [Store.Install] does, and keeps its ETag.
func (s *Store) Take(f Fetched) (*bundle.Bundle, error) {
	b, err := s.Install(f.Zipped)
	if err == nil || errors.Is(err, ErrInstalled) {
		s.saw(f.ETag)
	}
	return b, err
}

func (s *Store) saw(etag string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.etag = etag
}

// Sync fetches what changed from base and installs it, in this process. It is
// never needed: a stick does the same. The error is [ErrInstalled] when
// nothing changed.
func (s *Store) Sync(ctx context.Context, client *http.Client, base string) (*bundle.Bundle, error) {
	f, err := s.Wish(base).Fetch(ctx, client)
	if errors.Is(err, ErrInstalled) && f.ETag != "" {
		s.saw(f.ETag)
	}
	if err != nil {
		return nil, err
	}
	return s.Take(f)
}

// zipped is the bundle in use, nil without one, or when the card would not
// keep it.
func (s *Store) zipped() []byte {
	if s.current == nil {
		return nil
	}
	if s.factory != nil {
		return s.factory
	}
	data, err := s.disk.read(bundlesDir + "/" + folderName(s.current) + "/" + zipName)
	if err != nil {
		return nil // in use but not kept: everything is fetched anew
	}
	return data
}

// installed are the files of the bundle in use, none without one.
func (s *Store) installed() (bundle.Files, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if data := s.zipped(); data != nil {
		return bundle.Unzip(data)
	}
	return nil, nil
}

// A host is a bundle's tree on a web server, over what is installed already.
type host struct {
	ctx    context.Context
	client *http.Client
	base   string
	have   bundle.Files
	used   bundle.Files // every file that was read: the new bundle
	fault  error        // of the network, the first
}

// Open implements [fs.FS].
func (h *host) Open(name string) (fs.File, error) {
	data, ok := h.used[name]
	if !ok {
		if data, ok = h.have[name]; !ok {
			var err error
			if data, _, err = h.try(name, ""); err != nil {
				if !errors.Is(err, fs.ErrNotExist) && h.fault == nil {
					h.fault = err
				}
				return nil, &fs.PathError{Op: "open", Path: name, Err: err}
			}
		}
		h.used[name] = data
	}
	return bundle.Files{name: data}.Open(name)
}

// Glob implements [fs.GlobFS]: a static host lists nothing.
func (h *host) Glob(string) ([]string, error) { return nil, nil }

// try asks for one file, more than once if the network stumbles.
func (h *host) try(name, etag string) (data []byte, tag string, err error) {
	if h.fault != nil {
		return nil, "", h.fault // one file that cannot be had is enough
	}
	for n := range fetchTries {
		data, tag, err = h.get(name, etag)
		if err == nil || n == fetchTries-1 || errors.Is(err, fs.ErrNotExist) || reason.CodeOf(err, "") != "" {
			break // had, or not to be had by asking again
		}
		select {
		case <-h.ctx.Done():
			return nil, "", h.ctx.Err()
		case <-time.After(tryPause << n):
		}
	}
	return data, tag, err
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
	req.Header.Set("User-Agent", "badge-kiosk")
	res, err := h.client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close() //nolint:errcheck // only read
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		return nil, "", ErrInstalled
	case http.StatusNotFound, http.StatusForbidden, http.StatusGone: // what static hosts say of a file that is not there
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
