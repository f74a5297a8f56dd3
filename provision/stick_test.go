package provision

import (
	"errors"
	"io"
	"io/fs"
	"testing"
	"testing/fstest"

	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// judged is what comes of a stick with these files.
func judged(t *testing.T, s *Store, files fs.FS) Outcome {
	t.Helper()
	c, err := stick.Read(files)
	must(t, err)
	return s.Judge(c)
}

func TestStick(t *testing.T) {
	zips, anchor := editions(t, 3)
	s, err := OpenStore(t.TempDir(), anchor)
	must(t, err)
	_, err = s.Install(zips[1])
	must(t, err)

	unpacked := fstest.MapFS{"badge-kiosk-bundle/.DS_Store": {Data: []byte("left by a laptop")}}
	files, err := bundle.Unzip(zips[2])
	must(t, err)
	for name, data := range files {
		unpacked["badge-kiosk-bundle/"+name] = &fstest.MapFile{Data: data}
	}
	held := fstest.MapFS{
		"AUTORUN.INF":                  {Data: []byte("[autorun]")},
		"Badge-Kiosk-Bundle (1).ZIP":   {Data: zips[0]},
		"badge-kiosk-bundle-new.zip":   {Data: zips[2]},
		"badge-kiosk-bundle-same.zip":  {Data: zips[1]},
		"badge-kiosk-bundle-torn.zip":  {Data: zips[2][:100]},
		"other/badge-kiosk-bundle.zip": {Data: zips[2]},
	}
	found := judged(t, s, held).Found
	if len(found) != 4 || found[0].Name != "badge-kiosk-bundle-new.zip" || found[0].Err != nil {
		t.Fatalf("found %d, the best %s: %v", len(found), found[0].Name, found[0].Err)
	}
	said := map[string]error{}
	for _, f := range found {
		said[f.Name] = f.Err
	}
	if err := said["badge-kiosk-bundle-same.zip"]; !errors.Is(err, ErrInstalled) {
		t.Errorf("the one installed: %v", err)
	}
	for name, want := range map[string]reason.Code{"Badge-Kiosk-Bundle (1).ZIP": reason.BRollback, "badge-kiosk-bundle-torn.zip": reason.BBroken} {
		if got := reason.CodeOf(said[name], ""); got != want {
			t.Errorf("%s: %v, want %s", name, said[name], want)
		}
	}
	if edition(s) != 2 {
		t.Error("looking at a stick installed something")
	}

	found = judged(t, s, unpacked).Found
	if found[0].Err != nil {
		t.Errorf("the unpacked folder: %v", found[0].Err)
	}
	_, err = s.Install(found[0].Zipped)
	must(t, err)
	if edition(s) != 3 {
		t.Error("the unpacked folder was not installed")
	}
	if err := judged(t, s, fstest.MapFS{"holiday.jpg": {}}).Err; !errors.Is(err, ErrNoBundle) {
		t.Errorf("a stick without a bundle: %v", err)
	}
}

// pulled is a stick that is pulled after some bytes were read.
type pulled struct {
	fs.FS
	after int
}

func (p *pulled) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if info, e := fs.Stat(p.FS, name); e == nil && info.IsDir() {
		return f, err
	}
	return &torn{f, p}, err
}

type torn struct {
	fs.File
	stick *pulled
}

func (f *torn) Read(b []byte) (int, error) {
	if f.stick.after <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := f.File.Read(b[:min(len(b), f.stick.after)])
	f.stick.after -= n
	return n, err
}

// TestStickPulled pulls the stick at every byte: what was installed stays.
func TestStickPulled(t *testing.T) {
	zips, anchor := editions(t, 2)
	s, err := OpenStore(t.TempDir(), anchor)
	must(t, err)
	_, err = s.Install(zips[0])
	must(t, err)
	for after := 0; after < len(zips[1]); after++ {
		found := judged(t, s, &pulled{fstest.MapFS{"badge-kiosk-bundle.zip": {Data: zips[1]}}, after}).Found
		if reason.CodeOf(found[0].Err, "") != reason.HStick || found[0].Bundle != nil {
			t.Fatalf("pulled after %d bytes: %v", after, found[0].Err)
		}
	}
	if edition(s) != 1 {
		t.Errorf("edition %d in use, want 1", edition(s))
	}
}
