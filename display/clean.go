package display

import (
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/language"
	"golang.org/x/text/unicode/norm"
)

// Limits of one text on a screen. A badge may hold anything; what is beyond
// them is cut, and the cut shows as an ellipsis.
const (
	MaxRunes = 400 // of one text
	MaxMarks = 4   // combining marks on one letter; Vietnamese needs 2, Burmese 4
)

// maxBytes is how much of a text is looked at: enough for MaxRunes letters
// with all their marks, so that no text costs more than that.
const maxBytes = MaxRunes * (1 + MaxMarks) * utf8.UTFMax

// clean makes text safe to lay out: normalised (NFC), on one line, without
// controls, bidi overrides, invisible or private characters, and with no more
// than MaxMarks on a letter. Whoever wrote it, it cannot leave its place.
func clean(text string) []rune {
	cut := len(text) > maxBytes
	if cut {
		text = text[:maxBytes]
	}
	out := make([]rune, 0, min(len(text), MaxRunes+1))
	marks, space := 0, true // a leading space is dropped
	for _, r := range norm.NFC.String(text) {
		switch {
		case r != 0xA0 && (unicode.IsSpace(r) || r == '\u2800'):
			if space {
				continue
			}
			r = ' '
		case joiner(r):
			if len(out) == 0 || !usesJoiner(out[len(out)-1]) {
				continue
			}
		case invisible(r):
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > MaxMarks || len(out) == 0 {
				continue
			}
		default:
			marks = 0
		}
		if len(out) == MaxRunes {
			cut = true
			break
		}
		space = r == ' '
		out = append(out, r)
	}
	for len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	if cut {
		out = append(out, ellipsis)
	}
	return out
}

const ellipsis = '…'

// invisible tells whether r would leave no ink of its own, or reorder, hide
// or restyle its neighbours.
func invisible(r rune) bool {
	switch {
	case r >= 0x600 && r <= 0x605, r == 0x6DD, r == 0x70F, r == 0x8E2:
		return false // signs of Arabic and Syriac that are drawn
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, r >= 0x180B && r <= 0x180F:
		return true // variation selectors, tags
	case r == 0x34F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0xFFFC:
		return true // joiner and fillers without ink
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Zl, unicode.Zp)
}

func joiner(r rune) bool { return r == 0x200C || r == 0x200D }

// usesJoiner tells whether a joiner after r changes how letters are written,
// as in Persian and the scripts of India, rather than only hiding in the text.
func usesJoiner(r rune) bool {
	switch language.LookupScript(r) {
	case language.Arabic, language.Syriac, language.Mongolian, language.Devanagari, language.Bengali,
		language.Gurmukhi, language.Gujarati, language.Oriya, language.Tamil, language.Telugu,
		language.Kannada, language.Malayalam, language.Sinhala, language.Khmer:
		return !joiner(r)
	}
	return false
}
