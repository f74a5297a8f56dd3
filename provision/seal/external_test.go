package seal

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/provision/bundle"
)

// TestMain lets this program be a token: SIGNER=right signs, SIGNER=wrong
// signs something else.
func TestMain(m *testing.M) {
	if how := os.Getenv("SIGNER"); how != "" {
		token(how)
		return
	}
	os.Exit(m.Run())
}

func token(how string) {
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat("t", ed25519.SeedSize)))
	if os.Args[len(os.Args)-1] == "public" {
		der, _ := x509.MarshalPKIXPublicKey(key.Public())
		os.Stdout.Write(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		return
	}
	message, _ := io.ReadAll(os.Stdin)
	if how == "wrong" {
		message = append(message, ' ')
	}
	fmt.Println(base64.StdEncoding.EncodeToString(ed25519.Sign(key, message)))
}

// TestExternal: a member whose key is in a token takes part like any other,
// and a token that signs something else is found out at once.
func TestExternal(t *testing.T) {
	c, p := founded(t)
	t.Setenv("SIGNER", "right")
	e := External{os.Args[0]}
	public, err := e.run("public", nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := PublicPEM(public)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Sign("riverbend", e); err == nil {
		t.Error("a key that is nobody's signed")
	}
	if err := c.Rotate("riverbend", c.Keys("riverbend")[0], key); err != nil {
		t.Fatal(err)
	}
	p.sign(c, "targets", "targets-a", "targets-b")
	t.Setenv("SIGNER", "wrong")
	if err := c.Sign("riverbend", e); err == nil || !strings.Contains(err.Error(), "is not the signature") {
		t.Errorf("a token that signs something else: %v", err)
	}
	t.Setenv("SIGNER", "right")
	if err := c.Sign("riverbend", e); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Finish(p.signer("snapshot"), p.signer("timestamp")); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "/no/such/command"} {
		if err := c.Sign("riverbend", External{bad}); err == nil {
			t.Errorf("%q signed", bad)
		}
	}
}

// TestStolenRootKeys: two of three root keys were stolen and are replaced. A
// kiosk with the first root follows; the thief's own next root counts for
// nothing, since the old keys alone no longer sign.
func TestStolenRootKeys(t *testing.T) {
	c, p := founded(t)
	for _, name := range []string{"root-a", "root-b"} {
		old, err := PublicKey(filepath.Join(p.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		id, err := old.ID()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Rotate(Root, id, p.make(name+"-new", "root")); err != nil {
			t.Fatal(err)
		}
	}
	p.sign(c, Root, "root-a-new", "root-b-new")
	if n := c.Missing()[Root]; n != 2 {
		t.Errorf("signed by new keys alone, %d are missing, want 2 of the root before", n)
	}
	p.sign(c, Root, "root-a", "root-c")
	if n := c.Missing()[Root]; n != 0 {
		t.Errorf("%d are missing", n)
	}
	zipped, err := c.Finish(p.signer("snapshot"), p.signer("timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := bundle.Unzip(zipped)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Open(files, files["metadata/1.root.json"], bundle.Before{}); err != nil {
		t.Errorf("a kiosk with the first root: %v", err)
	}
}
