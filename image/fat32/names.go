package fat32

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxName   = 255 // UTF-16 units of a long name
	perEntry  = 13  // of them in one entry
	attrLong  = 0x0f
	lastLong  = 0x40
	maxTail   = 999999 // the highest number behind a short name's ~
	shortSize = 11
)

// checkName refuses what a long name cannot be.
func checkName(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return errors.New("the path has an empty part, or . or .. in it")
	case !utf8.ValidString(name):
		return errors.New("the name is not UTF-8")
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return errors.New("a name cannot end in a dot or a space")
	case len(utf16.Encode([]rune(name))) > maxName:
		return fmt.Errorf("the name is longer than %d characters", maxName)
	}
	if i := strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`"*/:<>?\|`, r) }); i >= 0 {
		return fmt.Errorf("a name cannot have %q", name[i])
	}
	return nil
}

// shorten is the 8.3 name, 11 characters without the dot, of a file beside
// those taken. A name that fits but for its case keeps its letters.
// Source: section "The Basis-Name Generation Algorithm".
func shorten(name string, taken map[string]bool) (string, error) {
	base, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		base, ext = name[:i], name[i+1:]
	}
	b, lossyBase := plain(base)
	e, lossyExt := plain(ext)
	fits := !lossyBase && !lossyExt && b != "" && len(b) <= 8 && len(e) <= 3
	e = e[:min(3, len(e))]
	if s := joined(b, e); fits && !taken[s] {
		return s, nil
	}
	for n := 1; n <= maxTail; n++ {
		tail := fmt.Sprintf("~%d", n)
		if s := joined(b[:min(len(b), 8-len(tail))]+tail, e); !taken[s] {
			return s, nil
		}
	}
	return "", fmt.Errorf("fat32: no short name is left for %q", name)
}

// plain turns s into the characters of a short name, and says whether any
// other than the letters' case was lost.
func plain(s string) (out string, lossy bool) {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r == ' ' || r == '.':
			lossy = true
		case r < 0x80 && (r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("$%'-_@~`!(){}^#&", r)):
			b.WriteRune(r)
		default:
			b.WriteByte('_')
			lossy = true
		}
	}
	return b.String(), lossy
}

func joined(base, ext string) string { return fmt.Sprintf("%-8s%-3s", base, ext) }

func padded(s string) string { return fmt.Sprintf("%-11s", s) }

// dotted is a short name as people write it.
func dotted(short string) string {
	base, ext := strings.TrimRight(short[:8], " "), strings.TrimRight(short[8:], " ")
	if ext == "" {
		return base
	}
	return base + "." + ext
}

// longEntries is how many entries a long name takes: none where the short
// name is the name.
func longEntries(name, short string) int {
	if dotted(short) == name {
		return 0
	}
	return (len(utf16.Encode([]rune(name))) + perEntry - 1) / perEntry
}

// longName is a long name's entries, last part first.
// Source: section "FAT Long Directory Entries".
func longName(name, short string) []byte {
	n := longEntries(name, short)
	units := utf16.Encode([]rune(name))
	units = append(units, 0)
	for len(units) < n*perEntry {
		units = append(units, 0xffff)
	}
	var out []byte
	for i := n; i > 0; i-- {
		b := make([]byte, entrySize)
		b[0], b[11], b[13] = byte(i), attrLong, checksum(short)
		if i == n {
			b[0] |= lastLong
		}
		for k, at := range longAt {
			binary.LittleEndian.PutUint16(b[at:], units[(i-1)*perEntry+k])
		}
		out = append(out, b...)
	}
	return out
}

// longAt is where the units of a long name stand in an entry.
var longAt = [perEntry]int{1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30}

// checksum ties a long name to its short one.
func checksum(short string) (sum byte) {
	for _, c := range []byte(short[:shortSize]) {
		sum = sum>>1 | sum<<7
		sum += c
	}
	return sum
}
