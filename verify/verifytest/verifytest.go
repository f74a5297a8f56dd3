// Package verifytest holds the badges that every part of the product is
// tested with: what was scanned, what the kiosk believed, when, and the
// verdict that we stand by. Nothing outside tests imports it.
package verifytest

import (
	"embed"
	"encoding/base64"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

//go:embed badges
var badges embed.FS

// Noon is the instant at which a badge is judged that names no other.
var Noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// A Badge is one file of badges/: an archive of these parts.
//
//	payload         as it leaves the scanner; or payload.base64
//	trust/…         the unsealed trust folder; without it, no trust at all
//	at              RFC 3339, or earliest/latest for a clock that is not set
//	audience        public if missing
//	want            verdict and codes, as Report.String writes them
//
// What stands before the first part says what the badge is for.
type Badge struct {
	Name    string // of the file, without its ending
	About   string
	Payload []byte
	Tree    fs.FS      // of the trust folder, nil for none
	Trust   *trust.Set // opened, nil for none
	Ask     verify.Ask
	Want    string
}

// Each runs f for every badge, as a subtest named after its file.
func Each(t *testing.T, f func(*testing.T, Badge)) {
	t.Helper()
	for _, b := range All(t) {
		t.Run(b.Name, func(t *testing.T) { f(t, b) })
	}
}

// All returns every badge, sorted by name.
func All(t testing.TB) (all []Badge) {
	t.Helper()
	names, err := fs.Glob(badges, "badges/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no badges: %v", err)
	}
	for _, name := range names {
		data, err := badges.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Parse(t, strings.TrimSuffix(strings.TrimPrefix(name, "badges/"), ".txtar"), data))
	}
	return all
}

// Named returns the badge in one file.
func Named(t testing.TB, name string) Badge {
	t.Helper()
	data, err := badges.ReadFile("badges/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return Parse(t, name, data)
}

// Parse reads one archive.
func Parse(t testing.TB, name string, data []byte) Badge {
	t.Helper()
	archive := txtar.Parse(data)
	b := Badge{Name: name, About: strings.TrimSpace(string(archive.Comment)), Ask: verify.Ask{At: verify.At(Noon)}}
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		text := strings.TrimSuffix(string(f.Data), "\n")
		switch file, isTrust := strings.CutPrefix(f.Name, "trust/"); {
		case isTrust:
			tree[file] = &fstest.MapFile{Data: f.Data}
		case f.Name == "payload":
			b.Payload = []byte(text)
		case f.Name == "payload.base64":
			var err error
			if b.Payload, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", "")); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		case f.Name == "at":
			b.Ask.At = moment(t, name, text)
		case f.Name == "audience":
			var ok bool
			if b.Ask.Audience, ok = verify.ParseAudience(text); !ok {
				t.Fatalf("%s: audience %q", name, text)
			}
		case f.Name == "want":
			b.Want = text
		default:
			t.Fatalf("%s: no part is called %q", name, f.Name)
		}
	}
	if len(tree) > 0 {
		var err error
		b.Tree = tree
		if b.Trust, err = trust.Open(tree); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return b
}

// moment reads an instant of a kiosk that knows the time, or an interval of
// one whose clock is not set.
func moment(t testing.TB, name, text string) verify.Moment {
	t.Helper()
	first, last, interval := strings.Cut(text, "/")
	if !interval {
		last = first
	}
	earliest, err := time.Parse(time.RFC3339, first)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	latest, err := time.Parse(time.RFC3339, last)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return verify.Moment{Earliest: earliest, Latest: latest, Set: !interval}
}
