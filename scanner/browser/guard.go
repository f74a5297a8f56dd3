package browser

import (
	"encoding/base64"
	"html/template"
	"net"
	"net/http"
	"path"
)

// policy lets the page load its own files and nothing else, run no inline
// script, and stand in no frame.
//
// Source: W3C Content Security Policy Level 3.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard keeps other sites' pages out. A name that was rebound to 127.0.0.1
// is seen by its Host, a foreign page's request by its Origin.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !loopback(r.Host) {
			http.Error(w, "this kiosk answers at 127.0.0.1 only", http.StatusForbidden)
			return
		}
		if foreign(r) {
			http.Error(w, "this kiosk answers its own page only", http.StatusForbidden)
			return
		}
		if origin := r.Header.Get("Origin"); r.Method != http.MethodGet && origin != "http://"+r.Host {
			http.Error(w, "this kiosk answers its own page only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// foreign tells whether a browser asks for another site's page, be it for a
// picture in it, and not because somebody followed a link: each page that is
// opened is a kiosk, and takes the place of one.
//
// Source: W3C Fetch Metadata Request Headers.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
	}
	return false // its own page, an address that was typed, or no browser
}

// loopback tells whether a Host header names this computer, at any port.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "127.0.0.1" || host == "localhost"
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	return "application/octet-stream"
}

func pictureURL(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}
