package status

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"badgekiosk/cmd/kiosk/packed"
	"badgekiosk/verify/reason"
)

// The text of a status code: a name, the form's number, and in base32 what is
// packed, compressed and followed by its CRC-32. All are characters that a QR
// code keeps in eleven bits for two (ISO/IEC 18004, alphanumeric mode).
const (
	name    = "BADGE-KIOSK-STATUS:"
	version = "1:"

	// MaxText is the longest text that is read, in bytes.
	MaxText = 2000
	// maxPacked is the largest packed status, in bytes.
	maxPacked = 4000
)

var base = base32.StdEncoding.WithPadding(base32.NoPadding)

// Errors of Parse.
var (
	ErrForeign = errors.New("not a kiosk's status code")
	ErrVersion = errors.New("a status code of another form; use a newer kiosk program to read it")
	ErrDamaged = errors.New("a damaged status code; take the photograph again")
)

// small is a status in the form 1: days and minutes instead of instants.
type small struct {
	Site, Build, Root, Clock string
	Serial                   int64
	Issued, Oldest           int32  // days since 1970; 0 for none
	At                       int64  // minutes since 1970
	Up                       uint32 // minutes
	Codes                    []smallCode
	Counts                   Counts
	Missing                  string
}

type smallCode struct {
	Code  string
	Ago   uint32 // minutes before At
	Times uint32
}

// Text is the status as a text for a QR code. What is longer than its limit
// is cut.
func (s Status) Text() string {
	p := small{
		Site: cut(s.Site, MaxSite), Build: cut(s.Build, MaxBuild), Clock: cut(s.Clock, MaxBuild),
		Root: strings.Join(s.Root[:min(len(s.Root), MaxWords)], " "), Missing: strings.Join(s.Missing, ","),
		Serial: s.Serial, Issued: day(s.Issued), Oldest: day(s.Oldest), At: max(0, s.At.Unix()/60),
		Up: uint32(max(0, s.Uptime/60)), Counts: s.Counts,
	}
	for _, c := range s.Codes[:min(len(s.Codes), MaxCodes)] {
		ago := max(0, p.At-c.At.Unix()/60)
		p.Codes = append(p.Codes, smallCode{string(c.Code), uint32(min(ago, 1<<31)), uint32(max(0, c.Times))})
	}
	data, err := packed.Append(nil, &p)
	if err != nil {
		panic(err) // small holds nothing that is not packed
	}
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level is one
	w.Write(data)                                      // a buffer takes everything
	w.Close()
	body := binary.BigEndian.AppendUint32(b.Bytes(), crc32.ChecksumIEEE(b.Bytes()))
	return name + version + base.EncodeToString(body)
}

func cut(s string, most int) string {
	for len(s) > most {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

func day(t time.Time) int32 {
	if t.IsZero() {
		return 0
	}
	return int32(t.Unix() / (24 * 60 * 60))
}

func onDay(d int32) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Unix(int64(d)*24*60*60, 0).UTC()
}

// Parse reads a text that Text has written. Its errors are [ErrForeign],
// [ErrVersion] and [ErrDamaged]; what it returns is fit to be printed.
func Parse(text string) (s Status, err error) {
	rest, ours := strings.CutPrefix(text, name)
	if !ours || len(text) > MaxText {
		return s, ErrForeign
	}
	rest, ours = strings.CutPrefix(rest, version)
	if !ours {
		return s, ErrVersion
	}
	body, err := base.DecodeString(rest)
	if err != nil || len(body) < 4 || base.EncodeToString(body) != rest {
		return s, ErrDamaged
	}
	data, sum := body[:len(body)-4], binary.BigEndian.Uint32(body[len(body)-4:])
	if crc32.ChecksumIEEE(data) != sum {
		return s, ErrDamaged
	}
	var p small
	data, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), maxPacked+1))
	if err != nil || len(data) > maxPacked || packed.Read(data, &p) != nil || !p.sound() {
		return s, ErrDamaged
	}
	return p.status(), nil
}

var codeForm = regexp.MustCompile(`^[A-Z]-[A-Z]{2,16}$`)

// sound tells whether p can be a kiosk's: the sum is no signature, and what a
// photograph says is shown on an administrator's terminal.
func (p *small) sound() bool {
	for _, s := range []struct {
		text string
		most int
	}{{p.Site, MaxSite}, {p.Build, MaxBuild}, {p.Clock, MaxBuild}, {p.Root, 120}, {p.Missing, 200}} {
		if len(s.text) > s.most || !utf8.ValidString(s.text) || strings.ContainsFunc(s.text, func(c rune) bool { return !unicode.IsPrint(c) }) {
			return false
		}
	}
	for _, c := range p.Codes {
		if !codeForm.MatchString(c.Code) {
			return false
		}
	}
	const farthest = 1 << 27 // minutes: the year 2225
	n := p.Counts
	return len(p.Codes) <= MaxCodes && len(strings.Fields(p.Root)) <= MaxWords && p.Serial >= 0 && p.Issued >= 0 && p.Oldest >= 0 &&
		p.At >= 0 && p.At <= farthest && min(n.Verified, n.Check, n.NotVerified, n.CannotTell, n.Demo) >= 0
}

func (p *small) status() Status {
	s := Status{
		Site: p.Site, Build: p.Build, Clock: p.Clock, Root: strings.Fields(p.Root),
		Serial: p.Serial, Issued: onDay(p.Issued), Oldest: onDay(p.Oldest), At: time.Unix(p.At*60, 0).UTC(),
		Uptime: int64(p.Up) * 60, Counts: p.Counts,
	}
	if p.Missing != "" {
		s.Missing = strings.Split(p.Missing, ",")
	}
	for _, c := range p.Codes {
		s.Codes = append(s.Codes, Code{reason.Code(c.Code), s.At.Add(-time.Duration(c.Ago) * time.Minute), int(c.Times)})
	}
	return s
}

// String is the status in one line, for a log.
func (s Status) String() string {
	return fmt.Sprintf("%s, bundle %d, clock %s, %d codes", s.Site, s.Serial, s.Clock, len(s.Codes))
}
