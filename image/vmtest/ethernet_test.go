package main

import (
	"archive/zip"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// TestHost: who believes the host's authority is given what was published
// last, and who does not is given nothing.
func TestHost(t *testing.T) {
	h, err := newHost()
	if err != nil {
		t.Fatal(err)
	}
	defer h.listener.Close()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(h.authority) {
		t.Fatal("the authority is no certificate")
	}
	get := func(believes *x509.CertPool) (string, error) {
		c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: believes, ServerName: hostAddress}}}
		defer c.CloseIdleConnections()
		r, err := c.Get("https://" + h.listener.Addr().String() + "/timestamp.json")
		if err != nil {
			return "", err
		}
		defer r.Body.Close()
		data, err := io.ReadAll(r.Body)
		if r.StatusCode != http.StatusOK {
			return r.Status, err
		}
		return string(data), err
	}
	if got, err := get(roots); got != "404 Not Found" || err != nil {
		t.Errorf("before anything was published: %q (%v)", got, err)
	}
	for _, version := range []string{"one", "two"} {
		bundle := filepath.Join(t.TempDir(), "bundle.zip")
		f, err := os.Create(bundle)
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		w, err := z.Create("timestamp.json")
		if err == nil {
			_, err = w.Write([]byte(version))
		}
		if err != nil || z.Close() != nil || f.Close() != nil {
			t.Fatal(err)
		}
		if err := h.publish(bundle); err != nil {
			t.Fatal(err)
		}
		if got, err := get(roots); got != version || err != nil {
			t.Errorf("%q, want %q (%v)", got, version, err)
		}
	}
	if _, err := get(x509.NewCertPool()); err == nil {
		t.Error("nobody vouched for it, and it was believed")
	}
	if h.asked.Load() != 3 {
		t.Errorf("asked %d times, want 3", h.asked.Load())
	}
}
