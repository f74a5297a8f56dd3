// Package interop judges badges that other people's libraries issued, and
// has other people's libraries judge ours. README.md says what was proven,
// and with which versions.
package interop

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"
)

// freshVar names a folder with cases made just now, in place of testdata.
const freshVar = "KIOSK_INTEROP"

func folder() string {
	if dir := os.Getenv(freshVar); dir != "" {
		return dir
	}
	return "testdata"
}

// A row is one case of cases.tsv.
type row struct {
	file  string
	want  string   // a verdict, or "refused": neither verified nor check
	codes []string // that must be among the report's
	why   string
}

// table reads cases.tsv: the instant to judge at, and the cases.
func table(t *testing.T) (at time.Time, rows []row) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder(), "cases.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if f[0] == "# at" {
			if at, err = time.Parse(time.RFC3339, f[1]); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want := strings.Fields(f[1])
		rows = append(rows, row{f[0], want[0], want[1:], f[2]})
	}
	return at, rows
}

// payload is what a kiosk gets: the file, or the code in a picture of one.
func payload(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder(), file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wire.Open(data); reason.CodeOf(err, "") != reason.QNotBadge || !wire.Picture(data) {
		return data
	}
	picture, err := scanner.DecodePicture(data)
	if err != nil {
		t.Fatal(err)
	}
	var r qr.Reader
	symbols := r.Read(&scanner.Frame{Gray: *picture})
	if len(symbols) != 1 {
		t.Fatalf("%s: %d codes in the picture, want 1", file, len(symbols))
	}
	return symbols[0].Data()
}

// TestPeersBadges judges every case as a kiosk would that believes the cases'
// own trust folder.
func TestPeersBadges(t *testing.T) {
	at, rows := table(t)
	set, err := trust.Open(os.DirFS(filepath.Join(folder(), "trust")))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range set.Faults {
		t.Error(fault)
	}
	if len(rows) < 150 {
		t.Errorf("only %d cases", len(rows))
	}
	v := verify.Verifier{Trust: set}
	for _, c := range rows {
		r := v.Verify(payload(t, c.file), verify.Ask{At: verify.At(at)})
		verdict := r.Verdict.String()
		if c.want == "refused" && (r.Verdict == verify.NotVerified || r.Verdict == verify.CannotTell) {
			verdict = c.want
		}
		lacks := slices.ContainsFunc(c.codes, func(code string) bool { return !r.Has(reason.Code(code)) })
		if verdict != c.want || lacks {
			t.Errorf("%s: %s, want %s %v: %s", c.file, &r, c.want, c.codes, c.why)
		}
	}
}

// TestPeersBadgesWithoutTrust: a kiosk that believes nothing calls none of
// them verified or, but for what is wrong in itself, bad.
func TestPeersBadgesWithoutTrust(t *testing.T) {
	at, rows := table(t)
	var v verify.Verifier
	for _, c := range rows {
		r := v.Verify(payload(t, c.file), verify.Ask{At: verify.At(at)})
		good := c.want == "verified" || c.want == "check"
		if r.Verdict == verify.Verified || r.Verdict == verify.Check || good && r.Verdict != verify.CannotTell {
			t.Errorf("%s: %s without trust, wanted %s with it", c.file, &r, c.want)
		}
	}
}

// TestNoPrivateKeys: fixtures hold nothing that signs.
func TestNoPrivateKeys(t *testing.T) {
	err := filepath.WalkDir("testdata", func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		for _, sign := range []string{`"d":`, "PRIVATE KEY", "secretKeyMultibase"} {
			if strings.Contains(string(data), sign) {
				t.Errorf("%s holds %s", file, sign)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
