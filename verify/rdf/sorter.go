package rdf

import (
	"hash/maphash"
	"slices"
	"strings"
)

// A sorter puts the quads of a graph in order: by subject, predicate, object
// and graph, as their lines sort byte by byte. Blank nodes have no names yet
// and stand in the order of their numbers, behind everything else; a repeated
// quad is left out.
//
// Subjects become slots: first the different IRIs in their order, then the
// blank nodes by number.
type sorter struct {
	order  []ranked // the quads
	starts []int32  // of each slot in order, and the end
	iris   int      // slots of IRIs
	slots  []int32  // of each of graph.subjects
	byText []int32
	ranks  []int32 // of the first subject of each IRI
	table  []int32 // see findSame
	seed   maphash.Seed
	slotOf []int32 // of each quad
	counts []int32
	merged []ranked
	// disputed: a quad was left out that another processor writes again.
	disputed bool
}

// A ranked is a quad by number with the rank of its predicate.
type ranked struct {
	rank uint32
	quad int32
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2+8)
	}
	return s[:n]
}

// compareUntil compares two texts that stop followed by end, which no text
// need be free of bytes below: "a>" sorts after "a/>".
func compareUntil(a, b string, end byte) int {
	n := min(len(a), len(b))
	if c := strings.Compare(a[:n], b[:n]); c != 0 || len(a) == len(b) {
		return c
	}
	if len(a) == n {
		return int(end) - int(b[n])
	}
	return int(a[n]) - int(end)
}

// class puts literals ("), IRIs (<) and blank nodes (_) in their order.
func class(object int32) int32 {
	switch {
	case object >= 0:
		return 2
	case object == objectIRI:
		return 1
	}
	return 0
}

// compareTexts compares two objects neither of which is a blank node.
func (g *graph) compareTexts(a, b *quad) int {
	if a.object != b.object {
		if x, y := class(a.object), class(b.object); x != y {
			return int(x - y)
		}
	}
	if a.object == objectIRI {
		return compareUntil(a.text, b.text, '>')
	}
	if c := compareUntil(a.text, b.text, '"'); c != 0 || a.object == b.object {
		return c
	}
	return strings.Compare(g.suffix(a.object), g.suffix(b.object))
}

// compareGraphs puts the default graph ( .) before IRIs (<) and blank nodes.
func (g *graph) compareGraphs(a, b int32) int {
	if a == b {
		return 0
	}
	rank := func(x int32) int {
		switch {
		case x == noGraph:
			return 0
		case x <= namedGraph:
			return 1
		}
		return 2
	}
	if x, y := rank(a), rank(b); x != y {
		return x - y
	}
	if a <= namedGraph {
		return compareUntil(g.subjects[namedGraph-a], g.subjects[namedGraph-b], '>')
	}
	return int(a - b)
}

// compare orders two quads of one subject.
func (g *graph) compare(a, b ranked) int {
	if a.rank != b.rank {
		return int(a.rank) - int(b.rank)
	}
	p, q := &g.quads[a.quad], &g.quads[b.quad]
	if p.object >= 0 || q.object >= 0 {
		if p.object != q.object {
			return int(p.object - q.object)
		}
	} else if c := g.compareTexts(p, q); c != 0 {
		return c
	}
	return g.compareGraphs(p.graph, q.graph)
}

// sort orders the quads. graph.rank must have been called.
func (s *sorter) sort(g *graph) {
	s.disputed = false
	s.rankSubjects(g)
	s.deal(g)
	kept := int32(0)
	for slot := 0; slot+1 < len(s.starts); slot++ {
		group := s.order[s.starts[slot]:s.starts[slot+1]]
		repeats := s.sortGroup(g, group)
		s.starts[slot] = kept
		if repeats {
			group = s.once(g, group)
		}
		kept += int32(copy(s.order[kept:], group))
	}
	s.starts[len(s.starts)-1] = kept
	s.order = s.order[:kept]
}

// once keeps one of each repeated quad in a sorted list.
func (s *sorter) once(g *graph, list []ranked) []ranked {
	kept := list[:1]
	for i, q := range list[1:] {
		if g.compare(q, list[i]) == 0 {
			s.disputed = s.disputed || g.isComposite(&g.quads[q.quad])
			continue
		}
		kept = append(kept, q)
	}
	return kept
}

// isComposite tells whether q's object is a JSON literal that is an object or
// an array. Said twice, it is one quad; jsonld.js writes two lines for it.
func (g *graph) isComposite(q *quad) bool {
	return q.object == objectLiteral-suffixJSON && (q.text[0] == '{' || q.text[0] == '[')
}

// few is up to where inserting beats the general sort.
const few = 24

// sortGroup sorts the quads of one subject and tells if one is repeated.
func (s *sorter) sortGroup(g *graph, list []ranked) (repeats bool) {
	for at := 0; at < len(list); at += few {
		repeats = g.insert(list[at:min(at+few, len(list))]) || repeats
	}
	s.merged = sized(s.merged, len(list))
	for width := few; width < len(list); width *= 2 {
		for at := 0; at+width < len(list); at += 2 * width {
			end := min(at+2*width, len(list))
			repeats = g.merge(list[at:end], width, s.merged) || repeats
		}
	}
	return repeats
}

// insert sorts few quads.
func (g *graph) insert(list []ranked) (repeats bool) {
	for i := 1; i < len(list); i++ {
		x, j := list[i], i
		for ; j > 0 && x.rank <= list[j-1].rank; j-- {
			if x.rank == list[j-1].rank {
				c := g.compare(x, list[j-1])
				repeats = repeats || c == 0
				if c >= 0 {
					break
				}
			}
			list[j] = list[j-1]
		}
		list[j] = x
	}
	return repeats
}

// merge joins the sorted first mid quads of list with the sorted others.
func (g *graph) merge(list []ranked, mid int, room []ranked) (repeats bool) {
	left := room[:copy(room, list[:mid])]
	right, out := list[mid:], 0
	for len(left) > 0 && len(right) > 0 {
		take := left[0].rank <= right[0].rank
		if left[0].rank == right[0].rank {
			c := g.compare(left[0], right[0])
			repeats = repeats || c == 0
			take = c <= 0
		}
		if take {
			list[out], left = left[0], left[1:]
		} else {
			list[out], right = right[0], right[1:]
		}
		out++
	}
	copy(list[out:], left)
	return repeats
}

// rankSubjects gives each subject its slot, equal IRIs the same one.
func (s *sorter) rankSubjects(g *graph) {
	s.findSame(g)
	slices.SortFunc(s.byText, func(a, b int32) int { return compareUntil(g.subjects[a], g.subjects[b], '>') })
	s.iris = len(s.byText)
	s.ranks = sized(s.ranks, len(g.subjects))
	for rank, i := range s.byText {
		s.ranks[i] = int32(rank)
	}
	for i, first := range s.slots {
		s.slots[i] = s.ranks[first]
	}
}

// findSame puts the first subject of each IRI into s.byText, and for every
// subject the first with its IRI into s.slots: in a record the same few stand
// in every badge, and comparing them all takes longer than finding them.
func (s *sorter) findSame(g *graph) {
	n := len(g.subjects)
	s.slots, s.byText = sized(s.slots, n), s.byText[:0]
	size := 16
	for size < 2*n {
		size *= 2
	}
	s.table = sized(s.table, size) // number of a subject and 1; 0 is free
	clear(s.table)
	mask := uint64(size - 1)
	for i, iri := range g.subjects {
		at := maphash.String(s.seed, iri) & mask
		for s.table[at] != 0 && g.subjects[s.table[at]-1] != iri {
			at = (at + 1) & mask
		}
		if s.table[at] == 0 {
			s.table[at] = int32(i + 1)
			s.byText = append(s.byText, int32(i))
		}
		s.slots[i] = s.table[at] - 1
	}
}

// slot is where quads of this subject stand.
func (s *sorter) slot(subject int32) int32 {
	if subject < 0 {
		return int32(s.iris) + ^subject
	}
	return s.slots[subject]
}

// deal puts each quad into its slot, in the order of the document.
func (s *sorter) deal(g *graph) {
	n := s.iris + int(g.blanks)
	s.starts = sized(s.starts, n+1)
	clear(s.starts)
	s.slotOf = sized(s.slotOf, len(g.quads))
	for i := range g.quads {
		slot := s.slot(g.quads[i].subject)
		s.slotOf[i] = slot
		s.starts[slot+1]++
	}
	for i := range n {
		s.starts[i+1] += s.starts[i]
	}
	s.counts = append(s.counts[:0], s.starts...)
	s.order = sized(s.order, len(g.quads))
	for i, slot := range s.slotOf {
		s.order[s.counts[slot]] = ranked{g.predicateRank(g.quads[i].predicate), int32(i)}
		s.counts[slot]++
	}
}
