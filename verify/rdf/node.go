package rdf

import (
	"bytes"

	"badgekiosk/verify/ijson"
)

// A node is what an object of the document is in the dataset.
type node struct {
	blank   int32  // number of a blank node; or noBlank
	iri     string // otherwise
	subject int32  // as a quad has it, once a quad needs it
	graph   int32
	known   bool // subject is set
}

const noBlank int32 = -1

// identify says which node an object is.
func (w *walk) identify(id ijson.Value, active *state) (node, error) {
	if !id.Exists() {
		return node{blank: w.newBlank()}, nil
	}
	if id.Kind() != ijson.String {
		return node{}, malformed("id %.80s", id.Raw())
	}
	iri, blank, err := w.expand(active, id.Bytes(), false)
	return node{blank: blank, iri: iri}, err
}

func (w *walk) newBlank() int32 { w.blanks++; return w.blanks - 1 }

// noteTypes notes the types that enterTypes looked up.
func (w *walk) noteTypes(n *node, class ijson.Value, active *state) error {
	at := 0
	for v := first(class); v.Exists(); v = next(class, v) {
		t := w.classes[at]
		at++
		if t != nil && t.class {
			if err := w.note(n, predicateType, objectIRI, t.iri); err != nil {
				return err
			}
			continue
		}
		iri, blank, err := w.expand(active, v.Bytes(), true)
		if err != nil {
			return err
		}
		if bytes.IndexByte(v.Bytes(), ':') >= 0 && blank == noBlank {
			if other := active.termOf(iri); other != nil && other.name != string(v.Bytes()) {
				return unsupported("type %.80q, which is called %q here", v.Bytes(), other.name)
			}
		}
		if err := w.note(n, predicateType, object(iri, blank), iri); err != nil {
			return err
		}
	}
	return nil
}

func object(iri string, blank int32) int32 {
	if blank == noBlank {
		return objectIRI
	}
	return blank
}

// note adds a quad about n.
func (w *walk) note(n *node, predicate, object int32, text string) error {
	if !n.known {
		n.known = true
		if n.blank == noBlank {
			n.subject = int32(len(w.subjects))
			w.subjects = append(w.subjects, n.iri)
		} else {
			n.subject = ^n.blank
		}
	}
	return w.add(quad{n.subject, predicate, object, n.graph, text})
}

func (w *walk) add(q quad) error {
	if len(w.quads) == cap(w.quads) {
		if len(w.quads) == w.most {
			return tooBig("more than %d quads", w.most)
		}
		bigger := make([]quad, len(w.quads), min(w.most, 2*len(w.quads)+128))
		copy(bigger, w.quads)
		w.quads = bigger
	}
	i := len(w.quads)
	w.quads = w.quads[:i+1]
	to := &w.quads[i]
	to.subject, to.predicate, to.object, to.graph, to.text = q.subject, q.predicate, q.object, q.graph, q.text
	return nil
}
