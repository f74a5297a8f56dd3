package rdf

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"slices"
)

// digest holds a SHA-256 or SHA-384 value, the former followed by zeros.
type digest [sha512.Size384]byte

func (d *digest) compare(o *digest) int {
	x, y := binary.BigEndian.Uint64(d[:]), binary.BigEndian.Uint64(o[:])
	if x != y {
		return cmp.Compare(x, y)
	}
	return bytes.Compare(d[:], o[:])
}

// A canon names the blank nodes of a graph: RDFC-1.0, section 4.4.
type canon struct {
	graph  *graph
	sorter *sorter
	hash   Hash
	work   int64
	most   int64 // work that is allowed
	hashed int   // bytes
	// reordered: lines may stand in another order by UTF-16; disputed: those
	// of a hash do.
	reordered, disputed bool

	touching []ranked // for each blank node the quads that name it as object or graph
	begins   []int32  // of each blank node in touching, and the end
	hashes   []digest // first degree
	labels   []int32  // canonical number, or unnamed
	byHash   []int32  // those in any quad
	next     int32
	lines    []line
	merged   []line

	relations []relation // a stack, see relate
	data      []byte     // a stack, see nDegree
	found     []candidate
	slab      []int32 // for issuers
	buf       []byte

	write writer
}

const unnamed int32 = -1

func (c *canon) sum(b []byte) (d digest) {
	c.hashed += len(b)
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
	c.work, c.hashed, c.next, c.relations = 0, 0, 0, c.relations[:0]
	c.disputed = false
	c.slab, c.data = c.slab[:0], c.data[:0]
	n := int(g.blanks)
	c.findTouching()
	c.hashes = sized(c.hashes, n)
	c.labels = sized(c.labels, n)
	c.byHash = c.byHash[:0]
	for b := range int32(n) {
		if c.labels[b] = unnamed; c.used(b) {
			c.byHash = append(c.byHash, b)
		}
	}
	if len(c.byHash) == 1 { // as in a proof: whatever its hash is
		c.issue(c.byHash[0])
		return nil
	}
	for _, b := range c.byHash {
		c.hashes[b] = c.firstDegree(b)
	}
	slices.SortFunc(c.byHash, func(a, b int32) int { return c.hashes[a].compare(&c.hashes[b]) })
	alike := false
	for i := 0; i < len(c.byHash); {
		same := c.sameHash(i)
		if len(same) > 1 {
			alike = true
		} else {
			c.issue(same[0])
		}
		i += len(same)
	}
	for i := 0; alike && i < len(c.byHash); {
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
