package rdf

import (
	"strconv"
)

// A line is a quad as the first-degree hash of a blank node sees it: that
// node is _:a, all others are _:z.
type line struct {
	key  uint64 // subject and predicate
	quad *quad
}

// firstDegree is the Hash First Degree Quads algorithm, section 4.6. Lines
// of IRIs come first (<), then those of b itself (_:a), then those of other
// blank nodes (_:z). The first two are sorted but for the names of blank
// nodes, the last are a sorted run for each subject.
func (c *canon) firstDegree(b int32) digest {
	g := c.graph
	c.lines = c.lines[:0]
	for _, r := range c.others(b) {
		q := &g.quads[r.quad]
		if q.subject >= 0 {
			c.lines = append(c.lines, line{uint64(c.sorter.slots[q.subject])<<32 | uint64(r.rank), q})
		}
	}
	self, other := uint64(c.sorter.iris)<<32, uint64(c.sorter.iris+1)<<32
	for _, r := range c.own(b) {
		c.lines = append(c.lines, line{self | uint64(r.rank), &g.quads[r.quad]})
	}
	c.insertLines(c.lines, b)
	near := len(c.lines)
	for _, r := range c.others(b) {
		if q := &g.quads[r.quad]; q.subject < 0 {
			c.lines = append(c.lines, line{other | uint64(r.rank), q})
		}
	}
	c.sortLines(c.lines[near:], b)
	buf := c.buf[:0]
	for i := range c.lines {
		buf = g.appendHashed(buf, c.lines[i].quad, b)
	}
	c.buf = buf
	if c.reordered && !inUTF16Order(buf) {
		c.disputed = true
	}
	return c.sum(buf)
}

// insertLines sorts lines that are nearly sorted.
func (c *canon) insertLines(l []line, b int32) {
	for i := 1; i < len(l); i++ {
		x, j := l[i], i
		for j > 0 && (x.key < l[j-1].key || x.key == l[j-1].key && c.graph.compareLines(&x, &l[j-1], b) < 0) {
			l[j] = l[j-1]
			j--
		}
		l[j] = x
	}
}

// sortLines merges runs that are sorted already, two by two.
func (c *canon) sortLines(l []line, b int32) {
	if len(l) <= few {
		c.insertLines(l, b)
		return
	}
	c.merged = sized(c.merged, len(l))
	from, to := l, c.merged
	for {
		runs := 0
		for i := 0; i < len(from); runs++ {
			mid := c.run(from, i, b)
			end := mid
			if mid < len(from) {
				end = c.run(from, mid, b)
			}
			c.merge(to[i:end], from[i:mid], from[mid:end], b)
			i = end
		}
		from, to = to, from
		if runs == 1 {
			break
		}
	}
	if &from[0] != &l[0] {
		copy(l, from)
	}
}

// run is the end of the sorted run that begins at i.
func (c *canon) run(l []line, i int, b int32) int {
	for i++; i < len(l) && c.graph.compareLines(&l[i-1], &l[i], b) <= 0; i++ {
	}
	return i
}

func (c *canon) merge(out, x, y []line, b int32) {
	for i := range out {
		if len(y) == 0 || len(x) > 0 && c.graph.compareLines(&x[0], &y[0], b) <= 0 {
			out[i], x = x[0], x[1:]
		} else {
			out[i], y = y[0], y[1:]
		}
	}
}

func (g *graph) compareLines(x, y *line, self int32) int {
	if x.key != y.key {
		if x.key < y.key {
			return -1
		}
		return 1
	}
	p, q := x.quad, y.quad
	if p.object >= 0 || q.object >= 0 {
		if d := masked(p.object, self) - masked(q.object, self); d != 0 {
			return int(d)
		}
	} else if d := g.compareTexts(p, q); d != 0 {
		return d
	}
	if p.graph >= 0 && q.graph >= 0 {
		return int(masked(p.graph, self) - masked(q.graph, self))
	}
	return g.compareGraphs(p.graph, q.graph)
}

// masked is 0 for what is no blank node, 1 for self, 2 for another.
func masked(b, self int32) int32 {
	switch {
	case b < 0:
		return 0
	case b == self:
		return 1
	}
	return 2
}

var maskedNames = [...]string{"", "_:a", "_:z"}

func (g *graph) appendHashed(buf []byte, q *quad, self int32) []byte {
	if q.subject >= 0 {
		buf = append(append(append(buf, '<'), g.subjects[q.subject]...), '>', ' ')
	} else {
		buf = append(append(buf, maskedNames[masked(^q.subject, self)]...), ' ')
	}
	buf = append(buf, g.predicate(q.predicate)...)
	if q.object >= 0 {
		buf = append(buf, maskedNames[masked(q.object, self)]...)
	} else {
		buf = g.appendText(buf, q)
	}
	if q.graph >= 0 {
		buf = append(append(buf, ' '), maskedNames[masked(q.graph, self)]...)
	} else if q.graph != noGraph {
		buf = g.appendGraphIRI(buf, q.graph)
	}
	return append(buf, " .\n"...)
}

func (g *graph) appendText(buf []byte, q *quad) []byte {
	if q.object == objectIRI {
		return append(append(append(buf, '<'), q.text...), '>')
	}
	buf = append(append(append(buf, '"'), q.text...), '"')
	return append(buf, g.suffix(q.object)...)
}

func (g *graph) appendGraphIRI(buf []byte, graph int32) []byte {
	return append(append(append(buf, " <"...), g.subjects[namedGraph-graph]...), '>')
}

func appendC14N(dst []byte, n int32) []byte {
	return strconv.AppendInt(append(dst, "c14n"...), int64(n), 10)
}
