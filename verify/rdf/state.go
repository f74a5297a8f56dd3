package rdf

import (
	"encoding/binary"
	"strings"
)

type keyword uint8

const (
	notKeyword keyword = iota
	keywordID
	keywordType
	keywordValue
	keywordLanguage
	keywordContext
	keywordIndex
	keywordOther
)

func keywordOf(s string) keyword {
	switch s {
	case "@id":
		return keywordID
	case "@type":
		return keywordType
	case "@value":
		return keywordValue
	case "@language":
		return keywordLanguage
	case "@context":
		return keywordContext
	case "@index":
		return keywordIndex
	case "@base", "@container", "@default", "@direction", "@embed", "@explicit", "@graph", "@import", "@included",
		"@json", "@list", "@nest", "@none", "@omitDefault", "@prefix", "@preserve", "@propagate", "@protected",
		"@requireAll", "@reverse", "@set", "@version", "@vocab":
		return keywordOther
	}
	return notKeyword
}

// coercion is what a term's @type does to its values.
type coercion uint8

const (
	plainValue coercion = iota // strings are strings
	toID                       // strings are IRIs
	toVocab                    // strings are terms or IRIs
	toJSON                     // the value is JSON, as a whole
	toDatatype                 // literals get the term's datatype
)

// A term is a [Term] in force: expanded, in some state. What every member of
// a document asks for stands first, in one line of the processor's cache.
type term struct {
	name      string
	context   *Definition
	predicate int32 // of an IRI
	suffix    int32 // of its literals, see engine.suffixes
	keyword   keyword
	coercion  coercion
	container Container
	protected bool
	prefix    bool
	reverse   bool
	absolute  bool   // iri is an absolute IRI
	class     bool   // so, and the name can be nothing but a term
	iri       string // empty: stands for nothing; or a keyword

	// Where its scoped context leads from a state. The last answer is kept
	// apart: most documents ask for the same one again and again.
	asProperty, asType edges
}

// A slot of a state may hold a term. after is the slot of the one that was
// asked for next the last time: objects of a kind have their members in the
// same order again and again.
type slot struct {
	*term
	after uint32
}

type edges struct {
	lastFrom, lastTo *state
	all              map[*state]*state
}

// A state is an active context: the terms in force at one place.
type state struct {
	slots    []slot // open addressing, at most half full
	used     int
	first    uint32  // as slot.after, of an object's first member
	unclear  []*term // as properties, see findUnclear
	aliases  *aliases
	vocab    string
	previous *state // to return to inside, if this one holds for one object only
	older    bool
	byURL    map[string]*state
	err      error // in the place of terms: why there is no such state
}

// hashName mixes the ends of a name and its length. Names in a state come
// from contexts only, so nobody can choose them to collide.
func hashName(b []byte) uint32 {
	n := len(b)
	var first, last uint64
	switch {
	case n >= 8:
		first, last = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		first, last = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	default:
		for _, c := range b {
			first = first<<8 | uint64(c)
		}
	}
	h := (first ^ uint64(n)<<56) * 0x9E3779B97F4A7C15
	h = (h ^ h>>32 ^ last) * 0xD6E8FEB86659FD93
	return uint32(h >> 32)
}

// find returns the term of this name, nil if there is none.
func (s *state) find(name []byte) *term { return s.slots[s.at(name)].term }

// at is the slot of the term of this name, or the free one where it would be.
func (s *state) at(name []byte) uint32 {
	mask := uint32(len(s.slots) - 1)
	for i := hashName(name) & mask; ; i = (i + 1) & mask {
		t := s.slots[i].term
		if t == nil || t.name == string(name) {
			return i
		}
	}
}

// next is the slot of this name. guess is where it may be, and is corrected.
func (s *state) next(guess *uint32, name []byte) *slot {
	likely := &s.slots[*guess]
	if likely.term != nil && likely.name == string(name) {
		return likely
	}
	i := s.at(name)
	if s.slots[i].term != nil {
		*guess = i
	}
	return &s.slots[i]
}

func (s *state) put(t *term) {
	if 2*(s.used+1) > len(s.slots) {
		old := s.slots
		s.slots, s.used = make([]slot, 2*len(old)), 0
		for _, x := range old {
			if x.term != nil {
				s.put(x.term)
			}
		}
	}
	to := &s.slots[s.at([]byte(t.name))]
	if to.term == nil {
		s.used++
	}
	to.term = t
}

const emptySlots = 16

func (s *state) clone() *state {
	c := &state{used: s.used, vocab: s.vocab, previous: s.previous, older: s.older}
	c.slots = append(make([]slot, 0, len(s.slots)), s.slots...)
	return c
}

func isPrefixEnd(iri string) bool {
	return iri != "" && strings.IndexByte(":/?#[]@", iri[len(iri)-1]) >= 0
}
