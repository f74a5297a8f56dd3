package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// stickImage is a stick as other people's tools write it.
func stickImage(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open("../../provision/stick/testdata/" + name + ".img.gz")
	must(t, err)
	defer f.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(f)
	must(t, err)
	data, err := io.ReadAll(z)
	must(t, err)
	file := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(file, data, 0o600))
	return file
}

// TestStickRead reads sticks as kiosk run does: by this program, as a process
// of its own.
func TestStickRead(t *testing.T) {
	self, err := exec.LookPath("kiosk")
	must(t, err)
	read := provision.ReadBy(self, "stick-read")
	for _, name := range []string{"fat12", "fat16", "fat32", "exfat"} {
		c, err := read(t.Context(), provision.Stick{Device: stickImage(t, name)})
		if err != nil || len(c.Bundles) != 3 || c.Root == nil || len(c.Systems) != 1 {
			t.Errorf("%s: %d bundles, systems %v, %v", name, len(c.Bundles), c.Systems, err)
		}
	}
	none := filepath.Join(t.TempDir(), "none")
	if _, err := read(t.Context(), provision.Stick{Device: none}); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("a stick that is gone: %v", err)
	}
	must(t, os.WriteFile(none, make([]byte, 1<<20), 0o600))
	if _, err := read(t.Context(), provision.Stick{Device: none}); reason.CodeOf(err, "") != reason.HFormat {
		t.Errorf("a stick of no format: %v", err)
	}
	c, err := provision.ReadBy(self, "stick-read", "--systems")(t.Context(), provision.Stick{Device: stickImage(t, "exfat")})
	if err != nil || len(c.Bundles) != 0 || len(c.Systems) != 1 || reason.CodeOf(c.Systems[0].Err, "") != reason.BBroken {
		t.Errorf("of the systems alone: %d bundles, %v, %v", len(c.Bundles), c.Systems, err)
	}
	f, err := provision.StickSystem(t.Context(), provision.Stick{Device: stickImage(t, "exfat")}, "badge-kiosk-system-2.zip", self, "stick-read")
	must(t, err)
	if data, err := io.ReadAll(f); reason.CodeOf(err, "") != reason.HStick { // it is no zip
		t.Errorf("the system's image is %q, %v", data, err)
	}
	must(t, f.Close())
}

// TestStickFolder: who may not read the device reads where the desktop has
// mounted it, and no link leads out of there.
func TestStickFolder(t *testing.T) {
	dir, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(secret, []byte("not the stick's"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "badge-kiosk-bundle.zip"), []byte("zip"), 0o600))
	must(t, os.Symlink(secret, filepath.Join(dir, "badge-kiosk-bundle-2.zip")))
	must(t, os.Symlink(filepath.Dir(secret), filepath.Join(dir, "badge-kiosk-bundle-3")))
	refused := func(string) (*os.File, error) { return nil, fs.ErrPermission }
	volumes, done, err := openStick(refused, "/dev/sda", []string{dir})
	must(t, err)
	defer done()
	c, err := stick.Read(volumes...)
	must(t, err)
	if len(c.Bundles) != 1 || string(c.Bundles[0].Data) != "zip" {
		t.Errorf("read %+v", c.Bundles)
	}
	if _, _, err := openStick(refused, "/dev/sda", nil); err == nil {
		t.Error("a device that may not be read, mounted nowhere, says nothing")
	}
}

// TestSyncCommand fetches a bundle from a web host, once.
func TestSyncCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	e, err := sample.NewExample(time.Now())
	must(t, err)
	must(t, exampleBundle(io.Discard, "ex", e))
	files, err := bundle.Unzip(contents(t, "ex/"+bundleName))
	must(t, err)
	server := httptest.NewServer(http.FileServerFS(files.Index()))
	defer server.Close()
	args := func(more ...string) []string {
		return append([]string{"sync", "--root", "ex/root.json", "--state", "state"}, append(more, server.URL)...)
	}
	for _, c := range []struct {
		args []string
		code exit
		says string
	}{
		{args("--to", "fetched.zip"), exitAll, ""},
		{args(), exitAll, "is installed"},
		{args(), exitAll, "nothing new"},
		{[]string{"sync", "--root", "ex/root.json", "--state", "state", "http://badges.example/"}, exitSome, "is not an https URL"},
		{[]string{"sync", "--root", "none", "--state", "none", server.URL}, exitUsage, "no root"},
	} {
		var out bytes.Buffer
		if code := run(c.args, nil, &out, &out); code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: exit %d, %s", c.args, code, &out)
		}
	}
	if _, err := bundle.Unzip(contents(t, "fetched.zip")); err != nil {
		t.Error(err)
	}
}

// TestPatiently waits for a stick that is lent a little later, and not for
// ever.
func TestPatiently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		lent := func(after time.Duration, then error) func(string) (*os.File, error) {
			return func(string) (*os.File, error) {
				if time.Since(began) < after {
					return nil, fs.ErrPermission
				}
				return nil, then
			}
		}
		if _, err := patiently(lent(time.Second, nil))("sda"); err != nil || time.Since(began) > time.Second {
			t.Errorf("lent after a second: %v after %s", err, time.Since(began))
		}
		if _, err := patiently(lent(time.Hour, nil))("sda"); !errors.Is(err, fs.ErrPermission) || time.Since(began) > 2*lentAfter {
			t.Errorf("never lent: %v after %s", err, time.Since(began))
		}
		began = time.Now()
		if _, err := patiently(lent(0, fs.ErrNotExist))("sda"); !errors.Is(err, fs.ErrNotExist) || time.Since(began) > 0 {
			t.Errorf("not there: %v after %s", err, time.Since(began))
		}
	})
}
