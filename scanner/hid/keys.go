// Package hid is a hand scanner that types what it read, as a USB keyboard, or
// sends it over a serial line.
//
// The kernel hands its keys to this program alone, so that they reach no
// other. What the scanner typed up to Enter, or sent up to a short silence, is
// one [scanner.Frame] with its Text set and no picture.
package hid

import (
	"fmt"
	"strings"
)

// MaxText is the longest code, in bytes: a version 40 symbol holds 7,089
// digits.
const MaxText = 8 << 10

// Key codes. Source: linux/input-event-codes.h.
const (
	keyEnter      = 28
	keyKPEnter    = 96
	keyLeftShift  = 42
	keyRightShift = 54
	keyLeftCtrl   = 29
	keyRightCtrl  = 97
	keyRightAlt   = 100 // AltGr
	keyCaps       = 58
)

// A Layout says which character each key types: alone, with Shift, with
// AltGr. A scanner types as if it were a keyboard of one country, and is set
// up for it by a code in its manual.
type Layout struct {
	plain, shift, altgr map[uint16]rune
}

// rows are the key codes from left to right, as keyboards have them.
var rows = [4][]uint16{
	{41, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13},
	{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27},
	{30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 43},
	{86, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53},
}

// layouts are what the keys of each row type. A dot-circle stands for a key
// that types nothing here.
var layouts = map[string]struct {
	plain, shift [4]string
	altgr        map[uint16]rune
}{
	"us": {
		plain: [4]string{"`1234567890-=", "qwertyuiop[]", `asdfghjkl;'\`, "◌zxcvbnm,./"},
		shift: [4]string{"~!@#$%^&*()_+", "QWERTYUIOP{}", `ASDFGHJKL:"|`, "◌ZXCVBNM<>?"},
	},
	"de": {
		plain: [4]string{"^1234567890ß´", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"},
		shift: [4]string{"°!\"§$%&/()=?`", "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"},
		altgr: map[uint16]rune{8: '{', 9: '[', 10: ']', 11: '}', 12: '\\', 16: '@', 27: '~', 86: '|'},
	},
	"fr": {
		plain: [4]string{"²&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "<wxcvbn,;:!"},
		shift: [4]string{"◌1234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM%µ", ">WXCVBN?./§"},
		altgr: map[uint16]rune{3: '~', 4: '#', 5: '{', 6: '[', 7: '|', 8: '`', 9: '\\', 10: '^', 11: '@', 12: ']', 13: '}'},
	},
	"es": {
		plain: [4]string{"º1234567890'¡", "qwertyuiop`+", "asdfghjklñ´ç", "<zxcvbnm,.-"},
		shift: [4]string{"ª!\"·$%&/()=?¿", "QWERTYUIOP^*", "ASDFGHJKLÑ¨Ç", ">ZXCVBNM;:_"},
		altgr: map[uint16]rune{41: '\\', 2: '|', 3: '@', 4: '#', 5: '~', 26: '[', 27: ']', 40: '{', 43: '}'},
	},
}

// ParseLayout returns the layout of a name: us, de, fr, es.
func ParseLayout(name string) (*Layout, error) {
	spec, ok := layouts[strings.ToLower(name)]
	if !ok {
		return nil, fmt.Errorf("keyboard layout %q is not one of us, de, fr, es", name)
	}
	l := &Layout{plain: keypad(), shift: map[uint16]rune{57: ' '}, altgr: spec.altgr}
	for r, keys := range rows {
		lay(l.plain, keys, spec.plain[r])
		lay(l.shift, keys, spec.shift[r])
	}
	return l, nil
}

func lay(to map[uint16]rune, keys []uint16, characters string) {
	for i, c := range []rune(characters) {
		if c != '◌' {
			to[keys[i]] = c
		}
	}
}

// keypad is the space bar, the tabulator and the number pad, alike everywhere.
func keypad() map[uint16]rune {
	return map[uint16]rune{57: ' ', 15: '\t', 82: '0', 79: '1', 80: '2', 81: '3', 75: '4', 76: '5', 77: '6',
		71: '7', 72: '8', 73: '9', 83: '.', 78: '+', 74: '-', 55: '*', 98: '/'}
}

// A typist turns keys into text.
type typist struct {
	layout *Layout
	held   modifier // keys held down
	caps   bool
	over   bool // the code is too long, or has a hole: it is thrown away up to its end
	text   []byte
}

// A modifier is a set of keys that change what others type. A set, not a
// number: a key whose release was missed is let go with its next one.
type modifier uint8

const (
	leftShift modifier = 1 << iota
	rightShift
	leftCtrl
	rightCtrl
	altGr
)

var modifiers = map[uint16]modifier{
	keyLeftShift: leftShift, keyRightShift: rightShift, keyLeftCtrl: leftCtrl, keyRightCtrl: rightCtrl, keyRightAlt: altGr,
}

// key takes one key, going down or up, and returns the text when it ended a
// code. Text over [MaxText] is thrown away up to its end.
func (t *typist) key(code uint16, down bool) (text []byte, done bool) {
	switch code {
	case keyLeftShift, keyRightShift, keyLeftCtrl, keyRightCtrl, keyRightAlt:
		if t.held |= modifiers[code]; !down {
			t.held &^= modifiers[code]
		}
	case keyCaps:
		t.caps = t.caps != down && down || t.caps && !down
	case keyEnter, keyKPEnter:
		if down {
			return t.end()
		}
	default:
		if down {
			t.character(code)
		}
	}
	return nil, false
}

// lose is told that keys went by unheard: what was typed so far has a hole,
// and so has the rest of it. Which keys are held is not known any more.
func (t *typist) lose() {
	clear(t.text)
	t.text, t.over, t.held = t.text[:0], true, 0
}

// busy tells whether a code has begun that only silence may end.
func (t *typist) busy() bool { return len(t.text) > 0 || t.over }

func (t *typist) character(code uint16) {
	c, ok := t.layout.plain[code]
	upper := t.held&(leftShift|rightShift) != 0
	if t.caps && isLetter(c) {
		upper = !upper
	}
	switch {
	case t.held&altGr != 0:
		c, ok = t.layout.altgr[code]
	case t.held&(leftCtrl|rightCtrl) != 0:
		c, ok = control(c)
	case upper:
		c, ok = t.layout.shift[code]
	}
	if !ok {
		return
	}
	if len(t.text) >= MaxText {
		t.over = true
		return
	}
	t.text = append(t.text, string(c)...)
}

func isLetter(c rune) bool { return 'a' <= c && c <= 'z' }

// control is what a key types with Ctrl held: scanners send the separators of
// a code so, GS as Ctrl and ].
func control(c rune) (rune, bool) {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 1, true
	}
	if i := strings.IndexRune(`[\]`, c); i >= 0 {
		return rune(0x1b + i), true
	}
	return 0, false
}

// end is the end of a code: by Enter, or by silence.
func (t *typist) end() (text []byte, done bool) {
	text, over := t.text, t.over
	t.text, t.over = nil, false
	return text, len(text) > 0 && !over
}
