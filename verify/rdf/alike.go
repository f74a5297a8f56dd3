package rdf

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"
)

// An issuer numbers blank nodes on trial, in the order of asking.
type issuer struct{ ids []int32 }

func (i *issuer) find(b int32) int { return slices.Index(i.ids, b) }

func (i *issuer) issue(b int32) int {
	if n := i.find(b); n >= 0 {
		return n
	}
	i.ids = append(i.ids, b)
	return len(i.ids) - 1
}

// newIssuer cuts an issuer's first numbers from one piece of memory.
func (c *canon) newIssuer() issuer {
	const room = 6
	if cap(c.slab)-len(c.slab) < room {
		c.slab = make([]int32, 0, max(256, 2*cap(c.slab)))
	}
	n := len(c.slab)
	c.slab = c.slab[:n+room]
	return issuer{c.slab[n:n:len(c.slab)]}
}

type candidate struct {
	hash   digest
	issuer issuer
}

// nameAlike names blank nodes whose quads look the same: RDFC-1.0, section
// 4.4.3, step 5.
func (c *canon) nameAlike(same []int32) error {
	if len(same) == 1 {
		return nil
	}
	found := c.found[:0]
	for _, b := range same {
		if c.labels[b] != unnamed {
			continue
		}
		i := c.newIssuer()
		i.issue(b)
		hash, i, err := c.nDegree(b, i)
		if err != nil {
			return err
		}
		found = append(found, candidate{hash, i})
	}
	c.found = found
	slices.SortStableFunc(found, func(a, b candidate) int { return a.hash.compare(&b.hash) })
	for _, f := range found {
		for _, b := range f.issuer.ids {
			if c.labels[b] == unnamed {
				c.issue(b)
			}
		}
	}
	return nil
}

// spend counts work and refuses too much of it.
func (c *canon) spend(steps int) error {
	if c.work += int64(steps); c.work > c.most {
		return tooBig("its blank nodes are too hard to tell apart")
	}
	return nil
}

// A relation is a blank node with how it looks from another one: nodes of the
// same hash stand in the same relation to it.
type relation struct {
	hash digest
	node int32
}

// relatedHash is section 4.7: how blank node b looks from a quad of another.
func (c *canon) relatedHash(b int32, q *quad, i *issuer, position byte) digest {
	buf := append(c.buf[:0], position)
	if position != 'g' {
		p := c.graph.predicate(q.predicate)
		buf = append(buf, p[:len(p)-1]...)
	}
	if c.labels[b] != unnamed {
		buf = appendC14N(append(buf, "_:"...), c.labels[b])
	} else if n := i.find(b); n >= 0 {
		buf = strconv.AppendInt(append(buf, "_:b"...), int64(n), 10)
	} else {
		buf = hex.AppendEncode(buf, c.hashes[b][:c.size()])
	}
	c.buf = buf
	return c.sum(buf)
}

// relate appends the blank nodes around b to c.relations, sorted by how they
// look from it, and returns where they begin. One that stands around b in
// several quads is there as often.
func (c *canon) relate(b int32, i *issuer) (base int, err error) {
	base = len(c.relations)
	graph, graphAt := noGraph, 0 // all quads of an object are in one graph
	add := func(other int32, q *quad, position byte) error {
		if other < 0 || other == b {
			return nil
		}
		if position == 'g' && other == graph {
			c.relations = append(c.relations, c.relations[graphAt])
			return c.spend(1)
		}
		if position == 'g' {
			graph, graphAt = other, len(c.relations)
		}
		c.relations = append(c.relations, relation{c.relatedHash(other, q, i, position), other})
		return c.spend(4 + len(i.ids)/16 + len(c.graph.predicate(q.predicate))/128)
	}
	for _, list := range [...][]ranked{c.own(b), c.others(b)} {
		for _, r := range list {
			q := &c.graph.quads[r.quad]
			if err := add(^q.subject, q, 's'); err != nil {
				return base, err
			}
			if err := add(q.object, q, 'o'); err != nil {
				return base, err
			}
			if err := add(q.graph, q, 'g'); err != nil {
				return base, err
			}
		}
	}
	slices.SortFunc(c.relations[base:], func(x, y relation) int {
		if d := x.hash.compare(&y.hash); d != 0 {
			return d
		}
		return int(x.node - y.node)
	})
	return base, nil
}

// nDegree is the Hash N-Degree Quads algorithm, section 4.8. It changes i.
func (c *canon) nDegree(b int32, i issuer) (digest, issuer, error) {
	start := len(c.data)
	base, err := c.relate(b, &i)
	end := len(c.relations)
	for at := base; err == nil && at < end; {
		next := at + 1
		for next < end && c.relations[next].hash == c.relations[at].hash {
			next++
		}
		c.data = hex.AppendEncode(c.data, c.relations[at].hash[:c.size()])
		i, err = c.smallestPath(at, next, i)
		at = next
	}
	hash := c.sum(c.data[start:])
	c.data, c.relations = c.data[:start], c.relations[:base]
	return hash, i, err
}

// smallestPath appends the path over the relations from at to end to c.data.
func (c *canon) smallestPath(at, end int, i issuer) (issuer, error) {
	first, last := c.relations[at].node, c.relations[end-1].node
	if first == last && c.labels[first] != unnamed { // one node with its name: the only path
		for range end - at {
			c.data = appendC14N(append(c.data, "_:"...), c.labels[first])
		}
		return i, nil
	}
	if end == at+1 && i.find(first) < 0 { // one node without a name: nothing to choose
		return c.onlyPath(first, i)
	}
	nodes := make([]int32, 0, end-at)
	for _, r := range c.relations[at:end] {
		nodes = append(nodes, r.node)
	}
	t := trial{canon: c, from: i}
	for more := true; more; more = permute(nodes) {
		if err := t.try(nodes); err != nil {
			return i, err
		}
	}
	c.data = append(c.data, t.path...)
	return t.issuer, nil
}

// onlyPath appends the path over one node that i has not numbered yet.
func (c *canon) onlyPath(node int32, i issuer) (issuer, error) {
	if err := c.spend(4); err != nil {
		return i, err
	}
	number := int64(i.issue(node))
	hash, i, err := c.nDegree(node, i)
	if err != nil {
		return i, err
	}
	c.data = strconv.AppendInt(append(c.data, "_:b"...), number, 10)
	c.data = strconv.AppendInt(append(c.data, "_:b"...), number, 10)
	c.data = append(hex.AppendEncode(append(c.data, '<'), hash[:c.size()]), '>')
	return i, nil
}

// A trial looks for the order of related nodes that gives the smallest path.
type trial struct {
	canon  *canon
	from   issuer
	path   []byte // the smallest so far
	issuer issuer // as it was after that path
	found  bool
}

// worse tells that a path in the making cannot become the smallest.
func (t *trial) worse(path []byte) bool {
	return t.found && len(path) >= len(t.path) && bytes.Compare(path, t.path) > 0
}

func (t *trial) try(order []int32) error {
	c := t.canon
	i := issuer{slices.Clone(t.from.ids)}
	var path []byte
	var open []int32
	for _, b := range order {
		if err := c.spend(2 + len(i.ids)/16); err != nil {
			return err
		}
		if c.labels[b] != unnamed {
			path = appendC14N(append(path, "_:"...), c.labels[b])
		} else {
			if i.find(b) < 0 {
				open = append(open, b)
			}
			path = strconv.AppendInt(append(path, "_:b"...), int64(i.issue(b)), 10)
		}
		if t.worse(path) {
			return nil
		}
	}
	for _, b := range open {
		hash, next, err := c.nDegree(b, i)
		if err != nil {
			return err
		}
		path = strconv.AppendInt(append(path, "_:b"...), int64(i.issue(b)), 10)
		path = append(hex.AppendEncode(append(path, '<'), hash[:c.size()]), '>')
		i = next
		if t.worse(path) {
			return nil
		}
	}
	if !t.found || bytes.Compare(path, t.path) < 0 {
		t.found, t.path, t.issuer = true, path, i
	}
	return nil
}

// permute puts the next order of p in its place, false after the last.
func permute(p []int32) bool {
	i := len(p) - 2
	for i >= 0 && p[i] >= p[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(p) - 1
	for p[j] <= p[i] {
		j--
	}
	p[i], p[j] = p[j], p[i]
	slices.Reverse(p[i+1:])
	return true
}
