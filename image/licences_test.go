package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestLicences writes the words of every input's licence, Go's and ours, and
// where the kernel's source is.
func TestLicences(t *testing.T) {
	t.Chdir("..")
	s := stand()
	s[kernelInput].(fstest.MapFS)["_build/upstream-url.txt"] = &fstest.MapFile{Data: []byte("the kernel's address\n")}
	s[kernelInput].(fstest.MapFS)["COPYING"] = &fstest.MapFile{Data: []byte("the kernel's licence")}
	in := input{"any/" + kernelInput, "v1", "h1:x", "GPL-2.0-only", []string{"COPYING"}}
	program := &buildinfo.BuildInfo{GoVersion: "go1.0"}
	got, err := licences(program, []input{in}, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"the kernel's address", "the kernel's licence", "go1.0: LICENSE", "the badge kiosk: LICENSE"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("the licences lack %q", want)
		}
	}
	in.notices = []string{"NOWHERE"}
	if _, err := licences(program, []input{in}, s); err == nil {
		t.Error("made without an input's licence")
	}
}

// TestNotices finds licences by the names that people give them, and does
// not let a part without any pass.
func TestNotices(t *testing.T) {
	folder := t.TempDir()
	if got, err := notices(folder); err == nil {
		t.Errorf("an empty folder has licences %v", got)
	}
	for _, name := range []string{"LICENSE.md", "Copying", "notice.txt", "license_test.go.d/x", "README"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := notices(folder)
	if want := []string{"Copying", "LICENSE.md", "notice.txt"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("found %v (%v), want %v", got, err, want)
	}
}

// TestBill lists each part with its version and hash.
func TestBill(t *testing.T) {
	program := &buildinfo.BuildInfo{GoVersion: "go1.2", Deps: []*debug.Module{{Path: "a/b", Version: "v3", Sum: "h1:c"}}}
	got, err := json.Marshal(parts(program, []input{{module: "k", version: "v1", hash: "h1:k"}}))
	want := `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[` +
		`{"type":"operating-system","name":"k","version":"v1","purl":"pkg:golang/k@v1","properties":[{"name":"go:sum","value":"h1:k"}]},` +
		`{"type":"library","name":"std","version":"1.2","purl":"pkg:golang/std@1.2"},` +
		`{"type":"library","name":"a/b","version":"v3","purl":"pkg:golang/a/b@v3","properties":[{"name":"go:sum","value":"h1:c"}]}]}`
	if err != nil || string(got) != want {
		t.Errorf("got %s (%v)\nwant %s", got, err, want)
	}
}

// FuzzLock reads any lock: an error, or inputs with all that they need.
func FuzzLock(f *testing.F) {
	f.Add([]byte("m v1 h1:x GPL-2.0-only COPYING\n# more\n"))
	f.Add([]byte("m v1 h1: GPL ,"))
	f.Add([]byte("debian/m 1.2-3+deb12 sha256:00 GPL usr/share/doc/m/copyright"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := readLock(data)
		if (err == nil) != (len(all) > 0) {
			t.Errorf("%d inputs with %v", len(all), err)
		}
		for _, in := range all {
			if in.module == "" || in.version == "" || !strings.HasPrefix(in.hash, map[bool]string{false: "h1:", true: "sha256:"}[in.debian()]) || in.licence == "" || len(in.notices) == 0 {
				t.Errorf("read %+v", in)
			}
		}
	})
}
