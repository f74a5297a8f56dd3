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

type candidate struct {
	hash   digest
	issuer issuer
}

// nameAlike names blank nodes whose quads look the same: RDFC-1.0, section
// 4.4.3, step 5.
func (c *canon) nameAlike(same []int32) error {
	if len(same) == 1 || !c.used(same[0]) {
		return nil
	}
	var found []candidate
	for _, b := range same {
		if c.labels[b] != unnamed {
			continue
		}
		var i issuer
		i.issue(b)
		hash, i, err := c.nDegree(b, i)
		if err != nil {
			return err
		}
		found = append(found, candidate{hash, i})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return bytes.Compare(a.hash[:], b.hash[:]) })
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
	if c.work += steps; c.work > maxWork {
		return tooBig("its blank nodes are too hard to tell apart")
	}
	return nil
}

// relatives are blank nodes that stand in the same relation to another one.
type relatives struct {
	hash  digest
	nodes []int32
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

// relate groups the blank nodes around b by how they look from it.
func (c *canon) relate(b int32, i *issuer) ([]relatives, error) {
	var groups []relatives
	add := func(other int32, q *quad, position byte) error {
		if other < 0 || other == b {
			return nil
		}
		if err := c.spend(4 + len(groups)/16 + len(i.ids)/16); err != nil {
			return err
		}
		h := c.relatedHash(other, q, i, position)
		for k := range groups {
			if groups[k].hash == h {
				groups[k].nodes = append(groups[k].nodes, other)
				return nil
			}
		}
		groups = append(groups, relatives{h, []int32{other}})
		return nil
	}
	for _, list := range [][]int32{c.own(b), c.others(b)} {
		for _, k := range list {
			q := &c.graph.quads[k]
			if err := add(^q.subject, q, 's'); err != nil {
				return nil, err
			}
			if err := add(q.object, q, 'o'); err != nil {
				return nil, err
			}
			if err := add(q.graph, q, 'g'); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(groups, func(x, y relatives) int { return bytes.Compare(x.hash[:], y.hash[:]) })
	return groups, nil
}

// nDegree is the Hash N-Degree Quads algorithm, section 4.8.
func (c *canon) nDegree(b int32, i issuer) (digest, issuer, error) {
	groups, err := c.relate(b, &i)
	if err != nil {
		return digest{}, i, err
	}
	var data []byte
	for _, g := range groups {
		data = hex.AppendEncode(data, g.hash[:c.size()])
		t := trial{canon: c, from: i}
		slices.Sort(g.nodes)
		for more := true; more; more = permute(g.nodes) {
			if err := t.try(g.nodes); err != nil {
				return digest{}, i, err
			}
		}
		data = append(data, t.path...)
		i = t.issuer
	}
	return c.sum(data), i, nil
}

// A trial looks for the order of relatives that gives the smallest path.
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
