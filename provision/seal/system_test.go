package seal

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"testing"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"badgekiosk/provision/bundle"
)

var slotImage = bytes.Repeat([]byte("a slot's image"), 10_000)

func systemOf(number int64) bundle.System {
	return bundle.System{Number: number, Length: int64(len(slotImage)), Sum: sha256.Sum256(slotImage),
		SystemTraits: bundle.SystemTraits{Boards: []string{"raspberrypi,3-model-b"}, Build: "kiosk 1"}}
}

// member is one file of a system's zip.
func member(t *testing.T, zipped []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSystemCeremony: two of three people sign a system, each at a machine of
// their own, and a kiosk with the coalition's bundle takes it.
func TestSystemCeremony(t *testing.T) {
	c, p := founded(t)
	if err := c.PackSystem(systemOf(7)); err == nil {
		t.Error("a system is packed that nobody may sign")
	}
	if err := c.AddMember(System, []*metadata.Key{p.make("member", System)}); err == nil {
		t.Error("a member has the name of the role")
	}
	keys := []*metadata.Key{p.make("system-a", System), p.make("system-b", System), p.make("system-c", System)}
	if err := c.AddSystem(keys, 4); err == nil {
		t.Error("four of three keys are needed")
	}
	for i, want := range []bool{true, false} {
		if err := c.AddSystem(keys, 2); (err == nil) != want {
			t.Fatalf("added for the %d. time: %v", i+1, err)
		}
	}
	if err := c.Sign(System, p.signer("system-a")); err == nil {
		t.Error("nothing was signed")
	}
	p.sign(c, metadata.TARGETS, "targets-a", "targets-b")
	sealed, err := c.Finish(p.signer("snapshot"), p.signer("timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, sealed, c.anchor(t), bundle.Before{})
	for i, name := range []string{"system-a", "system-c"} {
		if c, err = Load(c.dir, now); err != nil { // another person's machine
			t.Fatal(err)
		}
		if err := c.PackSystem(systemOf(7)); err != nil { // the same again keeps what was signed
			t.Fatal(err)
		}
		if n := c.Lacks(System); n != 2-i {
			t.Errorf("%d signatures lack before that of %s", n, name)
		}
		if err := c.WriteSystem(io.Discard, bytes.NewReader(slotImage)); err == nil || !strings.Contains(err.Error(), "more") {
			t.Errorf("written before it was signed: %v", err)
		}
		p.sign(c, System, name)
	}
	if err := c.Sign(System, p.signer("riverbend")); err == nil {
		t.Error("a member's key signs a system")
	}
	var out bytes.Buffer
	if err := c.WriteSystem(&out, bytes.NewReader(slotImage)); err != nil {
		t.Fatal(err)
	}
	s, err := b.System(member(t, out.Bytes(), SystemMeta))
	if err != nil || s.Number != 7 || s.Sum != sha256.Sum256(member(t, out.Bytes(), SystemImage)) || s.Build != "kiosk 1" {
		t.Errorf("a kiosk reads %+v, %v", s, err)
	}
	if err := c.PackSystem(systemOf(6)); err == nil {
		t.Error("an older system is packed")
	}
}

// TestSystemBesideBundle: a system that waits for signatures holds up no
// bundle, and one whose key was replaced needs them anew.
func TestSystemBesideBundle(t *testing.T) {
	c, p := founded(t)
	keys := []*metadata.Key{p.make("system-a", System), p.make("system-b", System)}
	if err := c.AddSystem(keys, 1); err != nil {
		t.Fatal(err)
	}
	if err := c.PackSystem(systemOf(7)); err != nil {
		t.Fatal(err)
	}
	p.sign(c, metadata.TARGETS, "targets-a", "targets-b")
	if _, err := c.Finish(p.signer("snapshot"), p.signer("timestamp")); err != nil {
		t.Errorf("a bundle beside a system that is not signed: %v", err)
	}
	p.sign(c, System, "system-a")
	id, err := keys[0].ID()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Rotate(System, id[:12], p.make("system-d", System)); err != nil {
		t.Fatal(err)
	}
	if c, err = Load(c.dir, now); err != nil {
		t.Fatal(err)
	}
	if n := c.Lacks(System); n != 1 {
		t.Errorf("%d signatures lack after the key that signed was replaced", n)
	}
	if err := c.Sign(System, p.signer("system-a")); err == nil {
		t.Error("the old key still signs")
	}
	p.sign(c, System, "system-d")
}
