package rdf

import (
	"slices"
	"strings"
)

// A quad is one line of a dataset. Its numbers are those of the graph.
type quad struct {
	subject   int32  // of subjects; or ^blank node
	predicate int32  // of the engine; or ^number of the graph's own
	object    int32  // blank node; or objectIRI; or objectLiteral minus a suffix
	graph     int32  // blank node; or noGraph; or namedGraph minus one of subjects
	text      string // of an IRI or literal, escaped, without its delimiters
}

const (
	objectIRI     int32 = -1
	objectLiteral int32 = -2
	noGraph       int32 = -1
	namedGraph    int32 = -2
	// ownSuffix is where the numbers of suffixes begin that only this
	// document has.
	ownSuffix int32 = 1 << 24
)

// A graph is the dataset of one document. Texts are the document's own
// memory where nothing had to be changed.
type graph struct {
	engine     *engine
	quads      []quad
	most       int      // of quads
	subjects   []string // IRIs; the same one may stand more than once
	blanks     int32
	predicates []string         // "<iri> " of those that no context names
	own        map[string]int32 // the number of each, by IRI
	ranks      []uint32         // of these
	suffixes   []string
	arena      []byte
}

func (g *graph) reset(e *engine) {
	if len(g.own) > few {
		g.own = nil
	}
	clear(g.own)
	clear(g.quads[:cap(g.quads)][:len(g.quads)])
	*g = graph{engine: e, quads: g.quads[:0:min(cap(g.quads), g.most)], most: g.most, subjects: g.subjects[:0], predicates: g.predicates[:0], own: g.own,
		ranks: g.ranks[:0], suffixes: g.suffixes[:0], arena: g.arena[:0]}
}

// room makes sure that n bytes fit the arena without moving it, since texts
// point into it.
func (g *graph) room(n int) {
	if cap(g.arena)-len(g.arena) < n {
		g.arena = make([]byte, 0, max(2*cap(g.arena), n, 8192))
	}
}

// keep returns what was appended to the arena since start as a string.
func (g *graph) keep(start int) string { return alias(g.arena[start:]) }

func (g *graph) predicate(p int32) string {
	if p >= 0 {
		return g.engine.predicates[p]
	}
	return g.predicates[^p]
}

func (g *graph) predicateRank(p int32) uint32 {
	if p >= 0 {
		return g.engine.ranks[p]
	}
	return g.ranks[^p]
}

func (g *graph) suffix(object int32) string {
	s := objectLiteral - object
	if s < ownSuffix {
		return g.engine.suffixes[s]
	}
	return g.suffixes[s-ownSuffix]
}

// ownPredicate numbers a predicate that may be in no context.
func (g *graph) ownPredicate(iri string) (int32, error) {
	if i, ok := g.engine.byIRI[iri]; ok {
		return i, nil
	}
	if i, ok := g.own[iri]; ok {
		return ^i, nil
	}
	if len(g.predicates) == maxPredicates {
		return 0, tooBig("more than %d predicates that no context names", maxPredicates)
	}
	if g.own == nil {
		g.own = map[string]int32{}
	}
	g.own[iri] = int32(len(g.predicates))
	g.predicates = append(g.predicates, "<"+iri+"> ")
	return ^int32(len(g.predicates) - 1), nil
}

// ownLiteral is the object number of a literal with this suffix.
func (g *graph) ownLiteral(suffix string) (int32, error) {
	for i, s := range g.suffixes {
		if s == suffix {
			return objectLiteral - ownSuffix - int32(i), nil
		}
	}
	if len(g.suffixes) == maxSuffixes {
		return 0, tooBig("more than %d languages and datatypes that no context names", maxSuffixes)
	}
	g.suffixes = append(g.suffixes, suffix)
	return objectLiteral - ownSuffix - int32(len(g.suffixes)-1), nil
}

// size is about how many bytes the lines take. What comes from contexts is
// counted as usual, what the document chose as it is.
func (g *graph) size() int64 {
	const fixed = 60 // a predicate and a datatype of contexts, blank nodes, delimiters
	n := int64(len(g.quads)) * fixed
	for i := range g.quads {
		q := &g.quads[i]
		n += int64(len(q.text))
		if q.subject >= 0 {
			n += int64(len(g.subjects[q.subject]))
		}
		if q.predicate < 0 {
			n += int64(len(g.predicates[^q.predicate]))
		}
		if q.object <= objectLiteral-ownSuffix {
			n += int64(len(g.suffix(q.object)))
		}
	}
	return n
}

// rank puts the graph's own predicates between those of the engine.
func (g *graph) rank() {
	e := g.engine
	e.rank()
	if len(g.predicates) == 0 {
		return
	}
	all := make([]int32, 0, len(e.predicates)+len(g.predicates))
	for i := range e.predicates {
		all = append(all, int32(i))
	}
	for i := range g.predicates {
		all = append(all, ^int32(i))
	}
	slices.SortFunc(all, func(a, b int32) int { return strings.Compare(g.predicate(a), g.predicate(b)) })
	g.ranks = append(g.ranks, make([]uint32, len(g.predicates))...)
	below := uint32(0)
	for _, p := range all {
		if p >= 0 {
			below = e.ranks[p]
			continue
		}
		below++
		g.ranks[^p] = below
	}
}
