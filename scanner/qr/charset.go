package qr

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// ECI designators of character sets that have a rule of their own here.
//
// Source: AIM ITS/04-001, Extended Channel Interpretations.
const (
	eciNone     = -1
	eciShiftJIS = 20
	eciUTF16BE  = 25
	eciUTF8     = 26
	eciASCII    = 27
	eciGB18030  = 29
	eciASCIIToo = 170
)

// eciCharset returns the character set of a designator, or nil if this
// kiosk does not know it or its bytes are text as they stand.
func eciCharset(eci int) encoding.Encoding {
	switch eci {
	case 0, 2:
		return charmap.CodePage437
	case 1, 3:
		return charmap.ISO8859_1
	case 4:
		return charmap.ISO8859_2
	case 5:
		return charmap.ISO8859_3
	case 6:
		return charmap.ISO8859_4
	case 7:
		return charmap.ISO8859_5
	case 8:
		return charmap.ISO8859_6
	case 9:
		return charmap.ISO8859_7
	case 10:
		return charmap.ISO8859_8
	case 11:
		return charmap.ISO8859_9
	case 12:
		return charmap.ISO8859_10
	case 15:
		return charmap.ISO8859_13
	case 16:
		return charmap.ISO8859_14
	case 17:
		return charmap.ISO8859_15
	case 18:
		return charmap.ISO8859_16
	case eciShiftJIS:
		return japanese.ShiftJIS
	case 21:
		return charmap.Windows1250
	case 22:
		return charmap.Windows1251
	case 23:
		return charmap.Windows1252
	case 24:
		return charmap.Windows1256
	case eciGB18030:
		return simplifiedchinese.GB18030
	case eciUTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// A textBuilder turns segments into UTF-8. Without an ECI the standard's
// default is Latin-1, but most codes hold UTF-8 and older Japanese ones
// Shift-JIS: a run of such bytes is what it can be, in that order.
type textBuilder struct {
	out    strings.Builder
	run    []byte // not yet interpreted
	set    int    // ECI designator + 1; zero is none
	binary bool
	// declared tells that a segment's character set was not guessed.
	declared bool
}

func (t *textBuilder) eci(designator int) {
	t.flush()
	t.set, t.declared = designator+1, true
}

func (t *textBuilder) bytes(b []byte) { t.run = append(t.run, b...) }

// ascii adds characters that are the same in every character set of one byte.
func (t *textBuilder) ascii(b []byte) {
	if t.set-1 == eciUTF16BE {
		t.flush()
		t.out.Write(b)
		return
	}
	t.run = append(t.run, b...)
}

// double adds characters of two bytes whose character set the mode says.
func (t *textBuilder) double(e encoding.Encoding, b []byte) {
	t.flush()
	t.declared = true
	t.write(decode(e, b))
}

// finish returns the text, or nothing if a part of it is none.
func (t *textBuilder) finish() string {
	t.flush()
	if t.binary {
		return ""
	}
	return t.out.String()
}

func (t *textBuilder) flush() {
	if len(t.run) == 0 {
		return
	}
	switch set := t.set - 1; set {
	case eciNone:
		t.write(guess(t.run))
	case eciUTF8, eciASCII, eciASCIIToo:
		t.write(string(t.run), utf8.Valid(t.run))
	default:
		if e := eciCharset(set); e != nil {
			t.write(decode(e, t.run))
		} else {
			t.binary = true
		}
	}
	t.run = t.run[:0]
}

func (t *textBuilder) write(s string, ok bool) {
	if !ok {
		t.binary = true
		return
	}
	t.out.WriteString(s)
}

func decode(e encoding.Encoding, b []byte) (string, bool) {
	out, err := e.NewDecoder().Bytes(b)
	return string(out), err == nil && !strings.ContainsRune(string(out), utf8.RuneError)
}

// guess interprets bytes that carry no ECI.
func guess(b []byte) (string, bool) {
	if utf8.Valid(b) {
		return string(b), true
	}
	latin, latinOK := decode(charmap.ISO8859_1, b)
	latinOK = latinOK && printable(latin)
	if jis, ok := decode(japanese.ShiftJIS, b); ok && printable(jis) && (!latinOK || japaneseRun(jis)) {
		return jis, true
	}
	return latin, latinOK
}

// japaneseRun tells whether three characters in a row are Japanese: by
// chance Latin-1 seldom looks like that.
func japaneseRun(s string) bool {
	run := 0
	for _, r := range s {
		if run++; r < 0x3000 {
			run = 0
		}
		if run == 3 {
			return true
		}
	}
	return false
}

// printable tells text from data where a character set is guessed: no control characters but white space and
// the separators that other standards put into codes (GS1, ISO/IEC 15434).
func printable(s string) bool {
	for _, r := range s {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == 0x04 || r >= 0x1b && r <= 0x1f:
		case r < 0x20 || r >= 0x7f && r < 0xa0:
			return false
		}
	}
	return true
}
