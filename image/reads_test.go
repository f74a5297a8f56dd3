package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// authority is a certificate, the same each time.
func authority() []byte {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	der, err := x509.CreateCertificate(nil, c, c, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return der
}

// TestAuthorities writes each certificate so that Go's own reader takes it.
func TestAuthorities(t *testing.T) {
	s := stand()
	s[rootsInput].(fstest.MapFS)[rootsFile] = &fstest.MapFile{Data: slices.Concat(authority(), authority())}
	files, err := certificates(s)
	if err != nil {
		t.Fatal(err)
	}
	last := files[len(files)-1]
	if last.Name != "etc/ssl/certs/ca-certificates.crt" || bytes.Count(last.Data, []byte("BEGIN CERTIFICATE")) != 2 || !x509.NewCertPool().AppendCertsFromPEM(last.Data) {
		t.Errorf("%s holds %q", last.Name, last.Data)
	}
	for _, bad := range [][]byte{nil, []byte("no certificate"), authority()[:99]} {
		s[rootsInput].(fstest.MapFS)[rootsFile].Data = bad
		if _, err := certificates(s); err == nil {
			t.Errorf("made of %d bytes that are none", len(bad))
		}
	}
}

// TestNoFonts makes a card without a font pack.
func TestNoFonts(t *testing.T) {
	o := order(t)
	o.fonts = filepath.Join(o.fonts, "nowhere")
	if _, err := o.card(stand()); err != nil {
		t.Error(err)
	}
}

// TestFontNotices lists each font by its hash and quotes their licence.
func TestFontNotices(t *testing.T) {
	o := order(t)
	words, list, err := fontNotices(o.fonts)
	if err != nil || !strings.Contains(string(words), "their licence") || len(list) != 2 {
		t.Fatalf("%q, %+v, %v", words, list, err)
	}
	data, err := os.ReadFile(filepath.Join(o.fonts, "arab.ttf"))
	want := component{Type: "file", Name: "fonts/arab.ttf", Properties: []property{{"sha256", fmt.Sprintf("%x", sha256.Sum256(data))}}}
	if err != nil || list[0].Name != want.Name || list[0].Properties[0] != want.Properties[0] {
		t.Errorf("listed %+v, want %+v", list[0], want)
	}
}
