package trust

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// MaxText is the longest text, in bytes, that [Clean] leaves.
	MaxText = 2000
	// maxMarks is how many combining marks may stand on one letter: no living
	// script needs more, and a pile of them reaches into the lines above.
	maxMarks = 4
)

// Clean makes a text fit for a screen: one line of valid UTF-8 of at most
// [MaxText] bytes, without control characters, direction overrides,
// invisible characters or private ones, with single spaces between words.
// Joiners stay inside the scripts that need them.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	space, marks := false, 0
	var last rune
	for _, r := range s {
		if ' ' < r && r <= '~' && b.Len()+2 < MaxText {
			if space {
				b.WriteByte(' ')
			}
			b.WriteByte(byte(r))
			space, marks, last = false, 0, r
			continue
		}
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == utf8.RuneError || invisible(r) && !(isJoiner(r) && unicode.In(last, joining...)):
			continue
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if b.Len()+utf8.RuneLen(r)+1 > MaxText {
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// plain tells a text that is clean as it stands, as most are: printable ASCII
// with single spaces between words. It looks at eight bytes at a time.
func plain(s string) bool {
	if len(s) > MaxText-1 || s != "" && (s[0] == ' ' || s[len(s)-1] == ' ') {
		return false
	}
	before := uint64(0) // the top bit of a byte: the one before is a space
	for ; len(s) >= 8; s = s[8:] {
		x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		// Top bits: of what is below a space (or, beyond the first one, seems
		// so), of U+007F, of what is not ASCII.
		if ((x-' '*ones)|(x+ones)|x)&tops != 0 {
			return false
		}
		spaces := ^((x ^ ' '*ones) + 0x7F*ones) & tops
		if spaces&(spaces<<8|before) != 0 {
			return false
		}
		before = spaces >> 56
	}
	last := byte(before >> 7 * ' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return true
}

// invisible tells characters that leave no mark of their own: controls,
// formats (bidi, zero width, tags), private use, and the letters that Unicode
// gives no shape.
func invisible(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0: // joiner, Hangul and Khmer fillers
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

func isJoiner(r rune) bool { return r == 0x200C || r == 0x200D }

// joining are the scripts in whose words a joiner or non-joiner is spelling.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
	unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
	unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// skeleton is what is left of a name for a hasty eye: two names with the same
// skeleton could be taken for one another. Case, accents, spaces, punctuation
// and invisible characters go; letters of other scripts that look like Latin
// ones become those.
//
// Source: Unicode Technical Standard 39, section 4, Confusable Detection; the
// table is of the letters that school and company names are made of.
func skeleton(name string) string {
	var b strings.Builder
	for _, r := range decomposed(name) {
		if latin, ok := looksLike[r]; ok {
			r = latin
		}
		if unicode.IsLetter(r) && !invisible(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return strings.TrimPrefix(pairs.Replace(b.String()), "the")
}

// decomposed is a name in small letters without accents on them; ASCII, as
// most names are, needs no table for it.
func decomposed(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return norm.NFKD.String(strings.ToLower(norm.NFKD.String(name)))
		}
	}
	return strings.ToLower(name)
}

// pairs are two letters that look like one.
var pairs = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// looksLike maps lower-case letters and digits to the Latin letter that they
// are taken for. i, l and 1 are one.
var looksLike = func() map[rune]rune {
	m := map[rune]rune{}
	for latin, others := range map[rune]string{
		'a': "аαɑɐа",
		'b': "ьъвβƅ8",
		'c': "сϲᴄⅽ",
		'd': "ԁɗⅾ",
		'e': "еєεҽ3",
		'f': "ƒϝ",
		'g': "ɡɢԍց9",
		'h': "һнհᏂ",
		'j': "јϳ",
		'k': "кκķ",
		'l': "iіıɩιӏlǀ1|!ⅼⅰ",
		'm': "мⅿ",
		'n': "пηո",
		'o': "оοσօо0ºᴏ",
		'p': "рρϱ",
		'q': "ԛգ",
		'r': "гᴦ",
		's': "ѕꜱ5$",
		't': "тτ",
		'u': "υսᴜцμ",
		'v': "νѵⅴ",
		'w': "шωѡԝщ",
		'x': "хχⅹ",
		'y': "уүγ",
		'z': "ᴢ2",
	} {
		for _, r := range others {
			m[r] = latin
		}
	}
	return m
}()
