package rdf

import (
	"bytes"
	"slices"
)

// A writer writes the canonical form once every blank node has its number.
type writer struct {
	names  []byte  // "_:" and a name, one blank node after the other
	ends   []int32 // of each name
	order  []int32 // blank nodes by name
	ranks  []int32 // of each blank node in order
	number []int32 // the blank node of each canonical number
}

// write appends the lines to dst, sorted. label, if not nil, gives the names.
func (c *canon) writeTo(dst []byte, label func(dst []byte, n int) ([]byte, error)) ([]byte, error) {
	if err := c.write.nameAll(c, label); err != nil {
		return dst, err
	}
	for slot := range c.sorter.iris {
		dst = c.writeSlot(dst, slot)
	}
	for _, b := range c.write.order {
		dst = c.writeSlot(dst, c.sorter.iris+int(b))
	}
	return dst, nil
}

func (w *writer) name(b int32) []byte {
	start := int32(0)
	if b > 0 {
		start = w.ends[b-1]
	}
	return w.names[start:w.ends[b]]
}

// nameAll makes the names and sorts them. Blank nodes in no quad have none.
func (w *writer) nameAll(c *canon, label func(dst []byte, n int) ([]byte, error)) (err error) {
	n := len(c.labels)
	w.names, w.order = w.names[:0], w.order[:0]
	w.ends, w.ranks = sized(w.ends, n), sized(w.ranks, n)
	for b, number := range c.labels {
		if number != unnamed {
			w.names = append(w.names, "_:"...)
			if label == nil {
				w.names = appendC14N(w.names, number)
			} else if w.names, err = label(w.names, int(number)); err != nil {
				return err
			}
			w.order = append(w.order, int32(b))
		}
		w.ends[b] = int32(len(w.names))
	}
	if label == nil {
		w.sortNumbers(c.labels)
	} else {
		slices.SortFunc(w.order, func(a, b int32) int { return bytes.Compare(w.name(a), w.name(b)) })
	}
	for r, b := range w.order {
		if r > 0 && label != nil && bytes.Equal(w.name(b), w.name(w.order[r-1])) {
			return malformed("two blank nodes are called %.80q", w.name(b))
		}
		w.ranks[b] = int32(r)
	}
	return nil
}

// sortNumbers puts c14n0 to c14nN in the order of their bytes, in which 10
// stands between 1 and 2, without comparing anything.
func (w *writer) sortNumbers(labels []int32) {
	n := len(w.order)
	w.number = sized(w.number, n)
	for b, number := range labels {
		if number != unnamed {
			w.number[number] = int32(b)
		}
	}
	w.order = w.order[:0]
	if n > 0 {
		w.order = append(w.order, w.number[0])
	}
	for first := 1; first <= 9; first++ {
		w.below(first, n)
	}
}

// below appends number and what its digits begin, of those below n.
func (w *writer) below(number, n int) {
	if number >= n {
		return
	}
	w.order = append(w.order, w.number[number])
	for next := 10 * number; next < min(10*number+10, n); next++ {
		w.below(next, n)
	}
}

// writeSlot writes the quads of one subject. They are sorted but for the
// names of blank nodes, which matters where predicates are equal.
func (c *canon) writeSlot(dst []byte, slot int) []byte {
	quads := c.sorter.order[c.sorter.starts[slot]:c.sorter.starts[slot+1]]
	start, subject := len(dst), 0
	for i := 0; i < len(quads); {
		j := i + 1
		for j < len(quads) && quads[j].rank == quads[i].rank {
			j++
		}
		if j > i+1 {
			c.sortNamed(quads[i:j])
		}
		for _, r := range quads[i:j] {
			q := &c.graph.quads[r.quad]
			if subject == 0 {
				dst = c.writeSubject(dst, q)
				subject = len(dst) - start
			} else {
				dst = append(dst, dst[start:start+subject]...)
			}
			dst = c.writeRest(dst, q)
		}
		i = j
	}
	return dst
}

// sortNamed sorts quads of one subject and predicate.
func (c *canon) sortNamed(quads []ranked) {
	if len(quads) > few {
		slices.SortFunc(quads, c.compareNamed)
		return
	}
	for i := 1; i < len(quads); i++ {
		x, j := quads[i], i
		for ; j > 0 && c.compareNamed(x, quads[j-1]) < 0; j-- {
			quads[j] = quads[j-1]
		}
		quads[j] = x
	}
}

// compareNamed orders two quads of one subject and predicate.
func (c *canon) compareNamed(a, b ranked) int {
	g := c.graph
	p, q := &g.quads[a.quad], &g.quads[b.quad]
	switch {
	case p.object >= 0 && q.object >= 0:
		if d := c.write.ranks[p.object] - c.write.ranks[q.object]; d != 0 {
			return int(d)
		}
	case p.object >= 0 || q.object >= 0:
		return int(class(p.object) - class(q.object))
	default:
		if d := g.compareTexts(p, q); d != 0 {
			return d
		}
	}
	if p.graph >= 0 && q.graph >= 0 {
		return int(c.write.ranks[p.graph] - c.write.ranks[q.graph])
	}
	return g.compareGraphs(p.graph, q.graph)
}

func (c *canon) writeSubject(dst []byte, q *quad) []byte {
	if q.subject >= 0 {
		return append(append(append(dst, '<'), c.graph.subjects[q.subject]...), '>', ' ')
	}
	return append(append(dst, c.write.name(^q.subject)...), ' ')
}

func (c *canon) writeRest(dst []byte, q *quad) []byte {
	g := c.graph
	dst = append(dst, g.predicate(q.predicate)...)
	if q.object >= 0 {
		dst = append(dst, c.write.name(q.object)...)
	} else {
		dst = g.appendText(dst, q)
	}
	if q.graph >= 0 {
		dst = append(append(dst, ' '), c.write.name(q.graph)...)
	} else if q.graph != noGraph {
		dst = g.appendGraphIRI(dst, q.graph)
	}
	return append(dst, " .\n"...)
}
