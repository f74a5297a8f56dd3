// Package marks finds words that must not be anywhere, also where ordinary
// software has written them in another form.
//
// Sources: RFC 4648, sections 4, 5 and 8; RFC 2781, section 2.1.
package marks

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// MinWord is the shortest word that is looked for, in bytes: a shorter one is
// found by chance in a card's worth of bytes.
const MinWord = 10

// MaxHits is how many places are kept of those that were found.
const MaxHits = 20

// Turned turns every bit of a text, and back again: what is looked for is
// never said in clear, or it would be found where it was said.
func Turned(text string) string {
	b := []byte(text)
	for i := range b {
		b[i] ^= 0xff
	}
	return string(b)
}

// A form is one way in which a word may be written.
type form struct {
	name  string
	bytes []byte
}

// A Finder looks for words in all their forms.
type Finder struct {
	forms []form
	first [1 << 16][]int32 // forms by their first two bytes
	most  int              // bytes of the longest form
}

// A Hit is a place where a word was found.
type Hit struct {
	At   int64  // byte
	Form string // "base64 of Marker"
}

// New looks for words as they are, in capitals and small letters, as UTF-16,
// in hexadecimal, and within base64 of both alphabets.
//
// The error names a word that is shorter than [MinWord].
func New(words ...string) (*Finder, error) {
	f := &Finder{}
	for _, w := range words {
		if len(w) < MinWord {
			return nil, fmt.Errorf("marks: %q is too short to be told from chance", w)
		}
		for _, v := range []string{w, strings.ToUpper(w), strings.ToLower(w)} {
			f.add(v, v, []byte(v))
		}
		wide := utf16.Encode([]rune(w))
		var little, big []byte
		for _, c := range wide {
			little, big = append(little, byte(c), byte(c>>8)), append(big, byte(c>>8), byte(c))
		}
		f.add("UTF-16LE", w, little)
		f.add("UTF-16BE", w, big)
		f.add("hexadecimal", w, []byte(hex.EncodeToString([]byte(w))))
		f.add("hexadecimal", w, []byte(strings.ToUpper(hex.EncodeToString([]byte(w)))))
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for before := range 3 {
				f.add("base64", w, within(e, w, before))
			}
		}
	}
	return f, nil
}

// Exact looks for words only as they are.
func Exact(words ...string) (*Finder, error) {
	f := &Finder{}
	for _, w := range words {
		if len(w) < MinWord {
			return nil, fmt.Errorf("marks: %q is too short to be told from chance", w)
		}
		f.add("as it is", w, []byte(w))
	}
	return f, nil
}

// within is what of a text in base64 a word alone decides, when as many bytes
// more than a multiple of three stand before it.
func within(e *base64.Encoding, word string, before int) []byte {
	const bits = 6
	text := e.EncodeToString(append(make([]byte, before), word...))
	return []byte(text[(8*before+bits-1)/bits : 8*(before+len(word))/bits])
}

func (f *Finder) add(how, word string, b []byte) {
	for _, old := range f.forms {
		if bytes.Equal(old.bytes, b) {
			return
		}
	}
	name := how
	if how != word {
		name = how + " of " + word
	}
	at := int(b[0])<<8 | int(b[1])
	f.first[at] = append(f.first[at], int32(len(f.forms)))
	f.forms = append(f.forms, form{name, b})
	f.most = max(f.most, len(b))
}

// In reads all of r, and says how often and where it found a word, and how
// many bytes it read. The first [MaxHits] places are kept.
func (f *Finder) In(r io.Reader) (places []Hit, hits int, size int64, err error) {
	b := make([]byte, 0, 1<<20)
	for {
		n, err := io.ReadFull(r, b[len(b):cap(b)])
		start := size - int64(len(b))
		size += int64(n)
		b = b[:len(b)+n]
		end := err != nil
		until := len(b) - f.most // whatever begins after that is looked at with what follows
		if end {
			until = len(b) - 1
		}
		for i := 0; i < until; i++ {
			for _, k := range f.first[int(b[i])<<8|int(b[i+1])] {
				if !bytes.HasPrefix(b[i:], f.forms[k].bytes) {
					continue
				}
				if hits++; len(places) < MaxHits {
					places = append(places, Hit{start + int64(i), f.forms[k].name})
				}
			}
		}
		if end {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil
			}
			return places, hits, size, err
		}
		kept := copy(b, b[max(0, until):])
		b = b[:kept]
	}
}
