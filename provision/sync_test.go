package provision

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// A site serves one edition's tree, and counts.
type site struct {
	files           bundle.Files
	requests, bytes atomic.Int64
	broken          string // answers this file with rubbish
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	name := strings.TrimPrefix(r.URL.Path, "/tuf/")
	data, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if name == s.broken {
		data = []byte("{rubbish}")
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(data))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	n, _ := w.Write(data)
	s.bytes.Add(int64(n))
}

func TestSync(t *testing.T) {
	zips, anchor := editions(t, 3)
	host := &site{}
	server := httptest.NewServer(host)
	defer server.Close()
	base := server.URL + "/tuf/"
	serve := func(i int) {
		files, err := bundle.Unzip(zips[i])
		must(t, err)
		host.files = files
		host.requests.Store(0)
		host.bytes.Store(0)
	}
	s, err := OpenStore(t.TempDir(), anchor)
	must(t, err)

	serve(0)
	_, err = s.Sync(t.Context(), server.Client(), base)
	must(t, err)
	t.Logf("first: %d requests, %d bytes", host.requests.Load(), host.bytes.Load())

	serve(0)
	if _, err := s.Sync(t.Context(), server.Client(), base); !errors.Is(err, ErrInstalled) {
		t.Errorf("nothing new: %v", err)
	}
	if n := host.requests.Load(); n != 1 || host.bytes.Load() != 0 {
		t.Errorf("nothing new took %d requests and %d bytes, want one request and no bytes", n, host.bytes.Load())
	}

	serve(1)
	_, err = s.Sync(t.Context(), server.Client(), base)
	must(t, err)
	t.Logf("a new edition: %d requests, %d bytes", host.requests.Load(), host.bytes.Load())
	if edition(s) != 2 {
		t.Errorf("edition %d in use, want 2", edition(s))
	}

	serve(0)
	if _, err := s.Sync(t.Context(), server.Client(), base); reason.CodeOf(err, "") != reason.BRollback {
		t.Errorf("a host that goes back: %v", err)
	}
	serve(2)
	host.broken = timestamp
	if _, err := s.Sync(t.Context(), server.Client(), base); reason.CodeOf(err, "") != reason.BBroken {
		t.Errorf("a host that serves rubbish: %v", err)
	}
	if edition(s) != 2 {
		t.Errorf("edition %d in use after faults, want 2", edition(s))
	}
	server.Close()
	soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Sync(soon, server.Client(), base); err == nil {
		t.Error("a host that is gone says nothing")
	}
	if _, err := s.Sync(t.Context(), server.Client(), "http://example.org/"); err == nil {
		t.Error("synced without TLS")
	}
}
