package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"badgekiosk/image/cpio"
)

// hostAddress is where a board finds this computer, on the emulator's network.
// Source: QEMU, "Network emulation", "Using the user mode network stack".
const hostAddress = "10.0.2.2"

// wireTime is how long a kiosk may take until it has asked and installed what
// it got: it asks first within five minutes, and every two while it has no
// cable. A computer with other work keeps an idle board waiting twice as long.
const wireTime = 20 * time.Minute

// A host serves a coalition's bundle by https, unpacked, as any web host does.
type host struct {
	listener  net.Listener
	authority []byte // PEM
	asked     atomic.Int64

	mu    sync.Mutex
	files *zip.Reader
}

// newHost is a host on this computer with a certificate of its own authority.
func newHost() (*host, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	of := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), IPAddresses: []net.IP{net.ParseIP(hostAddress)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	if err != nil {
		return nil, err
	}
	h := &host{authority: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
	h.listener, err = tls.Listen("tcp", "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		return nil, err
	}
	s := http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	go s.Serve(h.listener) //nolint:errcheck // it ends with the listener
	return h, nil
}

func (h *host) url() string {
	return fmt.Sprintf("https://%s:%d/", hostAddress, h.listener.Addr().(*net.TCPAddr).Port)
}

// publish has it serve what is in a sealed bundle.
func (h *host) publish(bundle string) error {
	data, err := os.ReadFile(bundle)
	if err != nil {
		return err
	}
	files, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files = files
	return err
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.asked.Add(1)
	h.mu.Lock()
	files := h.files
	h.mu.Unlock()
	if files == nil {
		http.NotFound(w, r)
		return
	}
	data, err := fs.ReadFile(files, strings.TrimPrefix(path.Clean(r.URL.Path), "/"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// authorities is where a card has the certificate authorities that it
// believes about web hosts.
const authorities = "etc/ssl/certs/ca-certificates.crt"

// wired is a coalition whose kiosks ask a host, with badges that it can
// withdraw: kept is never, gone and missed are.
const (
	keptBadge   = "kept.json"
	goneBadge   = "gone.json"
	missedBadge = "missed.json"
	afterBadge  = "after.json"
	lateBadge   = "late.json"
)

func (t *trial) wired(ctx context.Context, url string) (*coalition, error) {
	dir, err := os.MkdirTemp(t.dir, "wired-")
	if err != nil {
		return nil, err
	}
	c, err := begin(ctx, t.coalition.program, dir)
	if err != nil {
		return nil, err
	}
	issue := func(name, out string) []string {
		return []string{"issue", "badge", "--key", "riverbend.jwk", "--name", name, "--status", "status.jwt", "--compact", "--out", out}
	}
	err = c.all(ctx,
		[]string{"bundle", "settings", "co", "--sync", url},
		[]string{"issue", "status", "status.jwt", "--key", "riverbend.jwk", "--url", "https://riverbend.example/status/1", "--trust", "co/trust"},
		issue("Welding I", keptBadge), issue("Welding II", goneBadge), issue("Carpentry I", missedBadge), issue("Carpentry II", afterBadge), issue("First Aid", lateBadge))
	return c, errors.Join(err, c.seal(ctx))
}

// withdraw withdraws badges and seals that.
func (c *coalition) withdraw(ctx context.Context, badges ...string) error {
	args := []string{"issue", "status", "status.jwt", "--key", "riverbend.jwk", "--trust", "co/trust"}
	for _, b := range badges {
		args = append(args, "--withdraw", b)
	}
	if _, err := c.kiosk(ctx, args...); err != nil {
		return err
	}
	return c.seal(ctx)
}

// told has a kiosk hear by wire that badges were withdrawn, and takes the
// cable away again.
func told(ctx context.Context, t *trial) error {
	h, err := newHost()
	if err != nil {
		return err
	}
	defer h.listener.Close() //nolint:errcheck // it only serves
	c, err := t.wired(ctx, h.url())
	if err != nil {
		return err
	}
	d := desk{t: t, c: c, choices: choices{panel: "kms-800x480", camera: "hand", clock: true}, cable: true}
	if err := d.begin(ctx, cpio.File{Name: "etc", Mode: cpio.Dir | 0o755}, cpio.File{Name: "etc/ssl", Mode: cpio.Dir | 0o755},
		cpio.File{Name: filepath.Dir(authorities), Mode: cpio.Dir | 0o755}, cpio.File{Name: authorities, Mode: cpio.Regular | 0o644, Data: h.authority}); err != nil {
		return err
	}
	defer d.line.Close() //nolint:errcheck // the board is off by then
	if err := errors.Join(d.judges(ctx, goneBadge, "verified"), d.judges(ctx, keptBadge, "verified")); err != nil {
		return fmt.Errorf("before the cable is in: %w", err)
	}
	if h.asked.Load() > 0 {
		return errors.New("the kiosk asked its host without a cable")
	}
	if err := errors.Join(c.withdraw(ctx, goneBadge, missedBadge, lateBadge), h.publish(c.file(bundleFile))); err != nil {
		return err
	}
	if err := t.cable(true); err != nil {
		return err
	}
	plugged := time.Now()
	if _, _, err := t.board.wait(` installed [0-9]+`, d.w.line, wireTime); err != nil {
		return fmt.Errorf("the host was asked %d times: %w", h.asked.Load(), err)
	}
	t.note("%.0f s after the cable was in the newer bundle was installed, from %d questions to the host by https", time.Since(plugged).Seconds(), h.asked.Load())
	if err := errors.Join(d.judges(ctx, missedBadge, "not-verified"), d.again(ctx, goneBadge, "notVerified"), d.judges(ctx, afterBadge, "verified")); err != nil {
		return fmt.Errorf("after the newer bundle came: %w", err)
	}
	if err := t.cable(false); err != nil {
		return err
	}
	if err := errors.Join(d.judges(ctx, lateBadge, "not-verified"), d.again(ctx, keptBadge, "verified")); err != nil {
		return fmt.Errorf("after the cable was out: %w", err)
	}
	return d.w.seesWalls(t)
}

// cable puts the board's cable in or out.
func (t *trial) cable(in bool) error {
	_, err := t.board.monitor.do("set_link", map[string]any{"name": "cable", "up": in})
	return err
}
