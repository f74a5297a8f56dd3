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

// A term is a [Term] in force: expanded, in some state.
type term struct {
	name      string
	iri       string // empty: stands for nothing; or a keyword
	keyword   keyword
	predicate int32 // of an IRI
	coercion  coercion
	datatype  string
	suffix    int32 // of its literals, see engine.suffixes
	container Container
	protected bool
	prefix    bool
	reverse   bool
	absolute  bool // iri is an absolute IRI
	class     bool // so, and the name can be nothing but a term
	context   *Definition

	// Where its scoped context leads from a state. The last answer is kept
	// apart: most documents ask for the same one again and again.
	asProperty, asType edges

	// The term that came after this one the last time, and where: objects of
	// a kind have their members in the same order again and again.
	after   *term
	afterIn *state
}

type edges struct {
	lastFrom, lastTo *state
	all              map[*state]*state
}

// A state is an active context: the terms in force at one place.
type state struct {
	slots    []*term // open addressing, at most half full
	used     int
	unclear  []*term // as properties, see findUnclear
	head     term    // before the first member of an object
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
func (s *state) find(name []byte) *term {
	mask := uint32(len(s.slots) - 1)
	for i := hashName(name) & mask; ; i = (i + 1) & mask {
		t := s.slots[i]
		if t == nil || t.name == string(name) {
			return t
		}
	}
}

// findAfter is find for a member that follows last in an object.
func (s *state) findAfter(last *term, name []byte) *term {
	if last.afterIn == s && last.after.name == string(name) {
		return last.after
	}
	t := s.find(name)
	if t != nil {
		last.after, last.afterIn = t, s
	}
	return t
}

func (s *state) put(t *term) {
	if 2*(s.used+1) > len(s.slots) {
		old := s.slots
		s.slots, s.used = make([]*term, 2*len(old)), 0
		for _, t := range old {
			if t != nil {
				s.put(t)
			}
		}
	}
	mask := uint32(len(s.slots) - 1)
	i := hashName([]byte(t.name)) & mask
	for ; s.slots[i] != nil; i = (i + 1) & mask {
		if s.slots[i].name == t.name {
			s.slots[i] = t
			return
		}
	}
	s.slots[i] = t
	s.used++
}

const emptySlots = 16

func (s *state) clone() *state {
	c := &state{used: s.used, vocab: s.vocab, previous: s.previous, older: s.older}
	c.slots = append(make([]*term, 0, len(s.slots)), s.slots...)
	return c
}

func isPrefixEnd(iri string) bool {
	return iri != "" && strings.IndexByte(":/?#[]@", iri[len(iri)-1]) >= 0
}
