package rdf

import (
	"slices"
	"strings"
)

const (
	rdfNS    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	rdfType  = rdfNS + "type"
	rdfFirst = rdfNS + "first"
	rdfRest  = rdfNS + "rest"
	rdfNil   = rdfNS + "nil"
	rdfJSON  = rdfNS + "JSON"
	rdfLang  = rdfNS + "langString"
	xsd      = "http://www.w3.org/2001/XMLSchema#"
)

// Predicates and suffixes that every engine knows by number.
const (
	predicateType int32 = iota
	predicateFirst
	predicateRest
)

const (
	suffixNone int32 = iota
	suffixBoolean
	suffixInteger
	suffixDouble
	suffixJSON
)

// An engine keeps the states that documents have reached, so that a context
// is processed once for all documents. States form a graph: a document's
// contexts, a term's scoped context and a type's lead from one to another.
type engine struct {
	contexts *Contexts
	roots    [2]*state // before any context; of the older editions

	aliases    []*aliases
	named      []*term  // by predicate, see findUnclear
	predicates []string // "<iri> ", ready to be written
	byIRI      map[string]int32
	ranks      []uint32 // of predicates, in the order of their bytes
	unranked   bool

	suffixes []string // what follows a literal's closing quotation mark
	bySuffix map[string]int32

	key     []byte
	defined int // terms defined for this document
	most    int // that may be
	slots   int // of all states together
}

// maxSlots bounds the memory of the states kept between documents: 8 MB.
const maxSlots = 1 << 19

func (e *engine) reset(c *Contexts) {
	*e = engine{contexts: c, most: maxDefined, byIRI: map[string]int32{}, bySuffix: map[string]int32{"": suffixNone}, suffixes: []string{""}}
	for i := range e.roots {
		e.roots[i] = &state{slots: make([]slot, emptySlots), aliases: noAliases, older: i == 1}
	}
	for _, p := range []string{rdfType, rdfFirst, rdfRest} {
		e.predicate(p)
	}
	for _, s := range []string{xsd + "boolean", xsd + "integer", xsd + "double", rdfJSON} {
		e.suffix(s)
	}
}

// begin prepares for a document. States that a hostile one piled up go.
func (e *engine) begin(c *Contexts) {
	if e.slots > maxSlots {
		e.reset(c)
	}
	e.defined, e.most = 0, maxDefined
}

func (e *engine) predicate(iri string) int32 {
	if i, ok := e.byIRI[iri]; ok {
		return i
	}
	i := int32(len(e.predicates))
	e.byIRI[iri] = i
	e.predicates = append(e.predicates, "<"+iri+"> ")
	e.unranked = true
	return i
}

func (e *engine) suffix(datatype string) int32 {
	if datatype == xsd+"string" {
		return suffixNone
	}
	if i, ok := e.bySuffix[datatype]; ok {
		return i
	}
	i := int32(len(e.suffixes))
	e.bySuffix[datatype] = i
	e.suffixes = append(e.suffixes, "^^<"+datatype+">")
	return i
}

// spread leaves room between the ranks of two predicates for those that only
// one document has.
const spread = 1 << 13

// rank numbers the predicates in the order of their bytes.
func (e *engine) rank() {
	if !e.unranked {
		return
	}
	order := make([]int32, len(e.predicates))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(e.predicates[a], e.predicates[b]) })
	e.ranks = make([]uint32, len(order))
	for r, i := range order {
		e.ranks[i] = uint32(r+1) * spread
	}
	e.unranked = false
}

// enter returns the state after the contexts at urls, a document's @context.
func (e *engine) enter(from *state, urls []string) (*state, error) {
	e.key = e.key[:0]
	for _, u := range urls {
		e.key = append(append(e.key, u...), '\n')
	}
	if s, ok := from.byURL[string(e.key)]; ok {
		return s, s.err
	}
	d := &Definition{List: []*Definition{}}
	for _, u := range urls {
		if _, ok := e.contexts.Lookup(u, from.older); !ok {
			return nil, contextErrorf("context %.200q is not on this kiosk", u) // not kept: hostile ones have no end
		}
		d.List = append(d.List, &Definition{Ref: strings.Clone(u)})
	}
	s, err := e.process(from, d, false, true, 0)
	if tooMuch(err) {
		return nil, err
	}
	if err != nil {
		s = &state{err: err}
	}
	if from.byURL == nil {
		from.byURL = map[string]*state{}
	}
	from.byURL[string(e.key)] = s
	return s, err
}

// scoped returns the state after a term's scoped context.
func (e *engine) scoped(from *state, t *term, edge *edges, override, propagate bool) (*state, error) {
	s, ok := edge.all[from]
	if !ok {
		var err error
		if s, err = e.process(from, t.context, override, propagate, 0); tooMuch(err) {
			return nil, err
		} else if err != nil {
			s = &state{err: err}
		}
		if edge.all == nil {
			edge.all = map[*state]*state{}
		}
		edge.all[from] = s
	}
	edge.lastFrom, edge.lastTo = from, s
	return s, s.err
}

func (e *engine) property(from *state, t *term) (*state, error) {
	if edge := &t.asProperty; edge.lastFrom == from {
		return edge.lastTo, edge.lastTo.err
	}
	return e.scoped(from, t, &t.asProperty, true, true)
}

func (e *engine) class(from *state, t *term) (*state, error) {
	if edge := &t.asType; edge.lastFrom == from {
		return edge.lastTo, edge.lastTo.err
	}
	return e.scoped(from, t, &t.asType, false, false)
}
