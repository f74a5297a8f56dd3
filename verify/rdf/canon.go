package rdf

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"slices"
	"strconv"
)

// digest holds a SHA-256 or SHA-384 value, the former followed by zeros.
type digest [sha512.Size384]byte

// A canon names the blank nodes of a graph: RDFC-1.0, section 4.4.
type canon struct {
	graph  *graph
	sorter *sorter
	hash   Hash
	work   int

	touching []ranked // for each blank node the quads that name it as object or graph
	begins   []int32  // of each blank node in touching, and the end
	hashes   []digest // first degree
	labels   []int32  // canonical number, or unnamed
	byHash   []int32
	next     int32
	lines    []line
	merged   []line

	relations []relation // a stack, see relate
	buf       []byte

	write writer
}

const unnamed int32 = -1

func (c *canon) sum(b []byte) (d digest) {
	if c.hash == SHA384 {
		return sha512.Sum384(b)
	}
	s := sha256.Sum256(b)
	copy(d[:], s[:])
	return d
}

// size is how many bytes of a digest count.
func (c *canon) size() int {
	if c.hash == SHA384 {
		return sha512.Size384
	}
	return sha256.Size
}

// name gives every blank node its number, in c.labels.
func (c *canon) name(g *graph, s *sorter, h Hash) error {
	c.graph, c.sorter, c.hash = g, s, h
	c.work, c.next, c.relations = 0, 0, c.relations[:0]
	n := int(g.blanks)
	c.findTouching()
	c.hashes = sized(c.hashes, n)
	c.labels = sized(c.labels, n)
	c.byHash = sized(c.byHash, n)
	for b := range n {
		c.hashes[b] = c.firstDegree(int32(b))
		c.labels[b] = unnamed
		c.byHash[b] = int32(b)
	}
	slices.SortFunc(c.byHash, func(a, b int32) int { return bytes.Compare(c.hashes[a][:], c.hashes[b][:]) })
	alike := false
	for i := 0; i < n; {
		same := c.sameHash(i)
		if len(same) > 1 {
			alike = true
		} else if c.used(same[0]) {
			c.issue(same[0])
		}
		i += len(same)
	}
	for i := 0; alike && i < n; {
		same := c.sameHash(i)
		if err := c.nameAlike(same); err != nil {
			return err
		}
		i += len(same)
	}
	return nil
}

// sameHash are the blank nodes of the same hash as number i of c.byHash.
func (c *canon) sameHash(i int) []int32 {
	j := i + 1
	for j < len(c.byHash) && c.hashes[c.byHash[i]] == c.hashes[c.byHash[j]] {
		j++
	}
	return c.byHash[i:j]
}

func (c *canon) issue(b int32) {
	c.labels[b] = c.next
	c.next++
}

// own are the quads whose subject is b.
func (c *canon) own(b int32) []ranked {
	slot := c.sorter.iris + int(b)
	return c.sorter.order[c.sorter.starts[slot]:c.sorter.starts[slot+1]]
}

// others are the quads with another subject that name b.
func (c *canon) others(b int32) []ranked { return c.touching[c.begins[b]:c.begins[b+1]] }

// used tells that b is in any quad. One whose object said nothing, in no
// place that needs it, is in none.
func (c *canon) used(b int32) bool { return len(c.own(b))+len(c.others(b)) > 0 }

// findTouching lists for each blank node the quads that name it as object or
// graph, but those whose subject it is too.
func (c *canon) findTouching() {
	g := c.graph
	c.begins = sized(c.begins, int(g.blanks)+1)
	clear(c.begins)
	total := 0
	for _, r := range c.sorter.order {
		q := &g.quads[r.quad]
		if q.object >= 0 && q.subject != ^q.object {
			c.begins[q.object]++
			total++
		}
		if q.graph >= 0 && q.subject != ^q.graph && q.graph != q.object {
			c.begins[q.graph]++
			total++
		}
	}
	for i, sum := 0, int32(0); i < len(c.begins); i++ {
		sum += c.begins[i]
		c.begins[i] = sum // the end of i, moved to its beginning below
	}
	c.touching = sized(c.touching, total)
	for k := len(c.sorter.order) - 1; k >= 0; k-- {
		r := c.sorter.order[k]
		q := &g.quads[r.quad]
		if q.graph >= 0 && q.subject != ^q.graph && q.graph != q.object {
			c.begins[q.graph]--
			c.touching[c.begins[q.graph]] = r
		}
		if q.object >= 0 && q.subject != ^q.object {
			c.begins[q.object]--
			c.touching[c.begins[q.object]] = r
		}
	}
}

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
