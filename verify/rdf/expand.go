package rdf

import (
	"bytes"
	"strings"

	"badgekiosk/verify/reason"
)

// ownTerm makes a term of a name that is an IRI, or gets one from a
// vocabulary.
func (w *walk) ownTerm(active *state, name []byte) (*term, error) {
	iri, blank, err := w.expand(active, name, true)
	if err != nil {
		return nil, err
	}
	if blank != noBlank {
		return nil, uncovered("%.80q is a blank node, no property", name)
	}
	if other := active.termOf(iri); other != nil {
		return nil, unsupported("property %.80q, which is called %q here", name, other.name)
	}
	t := &term{name: string(name), iri: strings.Clone(iri), absolute: true}
	t.predicate, err = w.ownPredicate(t.iri)
	return t, err
}

// expand expands an IRI of the document: JSON-LD 1.1, section 5.2.2. The
// result is a blank node's number or, with noBlank, an absolute IRI.
func (w *walk) expand(active *state, s []byte, vocab bool) (iri string, blank int32, err error) {
	if len(s) > 0 && s[0] == '@' {
		return "", noBlank, uncovered("%.80q looks like a keyword", s)
	}
	if vocab {
		if t := active.find(s); t != nil {
			if !t.absolute {
				return "", noBlank, uncovered("%.80q stands for nothing here", s)
			}
			return t.iri, noBlank, nil
		}
	}
	colon := bytes.IndexByte(s, ':')
	if colon > 0 {
		if colon == 1 && s[0] == '_' {
			return w.label(s)
		}
		prefix, suffix := s[:colon], s[colon+1:]
		if !bytes.HasPrefix(suffix, []byte("//")) {
			if t := active.find(prefix); t != nil && t.prefix {
				return w.join(t.iri, suffix, s)
			}
		}
		err := checkIRI(s)
		// What some processors take for an IRI and others do not is no name.
		if err == nil || !vocab || active.vocab == "" || reason.CodeOf(err, "") == reason.SMalformed {
			return alias(s), noBlank, err
		}
	}
	if vocab && active.vocab != "" {
		return w.join(active.vocab, s, s)
	}
	return "", noBlank, uncovered("%.80q: no context explains it", s)
}

// join makes an IRI of two parts.
func (w *walk) join(prefix string, rest, whole []byte) (string, int32, error) {
	w.room(len(prefix) + len(rest))
	start := len(w.arena)
	w.arena = append(append(w.arena, prefix...), rest...)
	return w.keep(start), noBlank, checkIRI(w.arena[start:])
}

// label numbers a blank node that the document names itself.
func (w *walk) label(s []byte) (string, int32, error) {
	if err := checkIRIBytes(s, s); err != nil {
		return "", noBlank, err
	}
	n, ok := w.labels[string(s)]
	if !ok {
		n = w.newBlank()
		if w.labels == nil {
			w.labels = map[string]int32{}
		}
		w.labels[string(s)] = n
	}
	return "", n, nil
}
