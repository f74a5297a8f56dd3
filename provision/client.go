package provision

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxRedirects is how often a host may send a kiosk elsewhere.
const maxRedirects = 3

// A Dial opens a connection, as [net.Dialer.DialContext] does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Client is the HTTP client that a wish is fetched with: through the proxy
// that it names or the environment does, over TLS.
//
// A kiosk whose clock is not set checks whose certificate it is and who vouches
// for it, and leaves its dates alone: what is fetched is believed by its own
// signatures, and a kiosk that was off for a year must still reach its host.
// roots are who may vouch and dial is the way there; nil are the system's.
func (w Wish) Client(roots *x509.CertPool, dial Dial) (*http.Client, error) {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		TLSClientConfig:       w.tls(roots),
		TLSHandshakeTimeout:   30 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		IdleConnTimeout:       time.Minute,
		ForceAttemptHTTP2:     true,
		DialContext:           dial,
	}
	if w.Proxy != "" {
		proxy, err := url.Parse(w.Proxy)
		if err != nil || proxy.Host == "" {
			return nil, fmt.Errorf("proxy %q is not a URL as http://proxy.example:3128", w.Proxy)
		}
		t.Proxy = http.ProxyURL(proxy)
	}
	return &http.Client{Transport: t, CheckRedirect: redirect}, nil
}

// redirect follows a host that has moved, never to one without TLS.
func redirect(next *http.Request, via []*http.Request) error {
	if next.URL.Scheme != "https" {
		return fmt.Errorf("the host sends this kiosk to %s, which is not https", next.URL)
	}
	if len(via) > maxRedirects {
		return errors.New("the host sends this kiosk in circles")
	}
	return nil
}

func (w Wish) tls(roots *x509.CertPool) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	if !w.At.IsZero() {
		c.Time = func() time.Time { return w.At }
		return c
	}
	c.InsecureSkipVerify = true // VerifyConnection does all of it but the dates
	c.VerifyConnection = func(s tls.ConnectionState) error { return timeless(s, roots) }
	return c
}

// timeless verifies a host's certificate at a time at which it was valid.
func timeless(s tls.ConnectionState, roots *x509.CertPool) error {
	if len(s.PeerCertificates) == 0 {
		return errors.New("the host shows no certificate")
	}
	leaf, between := s.PeerCertificates[0], x509.NewCertPool()
	at := leaf.NotBefore
	for _, c := range s.PeerCertificates[1:] {
		between.AddCert(c)
		if c.NotBefore.After(at) && c.NotBefore.Before(leaf.NotAfter) {
			at = c.NotBefore
		}
	}
	_, err := leaf.Verify(x509.VerifyOptions{DNSName: s.ServerName, Roots: roots, Intermediates: between, CurrentTime: at})
	return err
}
