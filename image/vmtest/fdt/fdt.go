// Package fdt reads, changes and writes flattened device trees, and lays
// overlays over them, as a board's firmware does before it starts a kernel.
//
// Sources: Devicetree Specification v0.4, chapter 5; Linux,
// Documentation/devicetree/overlay-notes.rst; Raspberry Pi documentation,
// "Device Trees, overlays, and parameters".
package fdt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Limits on a tree.
const (
	MaxSize  = 1 << 20 // bytes
	MaxDepth = 32      // nodes inside one another
	MaxNodes = 1 << 14
)

// A Node is one node. The root's name is empty.
type Node struct {
	Name       string
	Properties []Property
	Children   []*Node
}

// A Property is a name with bytes, which may be none.
type Property struct {
	Name  string
	Value []byte
}

const (
	magic      = 0xd00dfeed
	version    = 17
	compatible = 16 // the oldest reader that understands it
	headerSize = 40
)

// Tokens of the structure block. Source: section 5.4.1.
const (
	beginNode = 1
	endNode   = 2
	property  = 3
	nothing   = 4
	end       = 9
)

// Parse reads a tree. The error says what is damaged and where.
func Parse(data []byte) (*Node, error) {
	if len(data) < headerSize || len(data) > MaxSize {
		return nil, fmt.Errorf("fdt: %d bytes; a tree has %d to %d", len(data), headerSize, MaxSize)
	}
	word := func(at int) int { return int(binary.BigEndian.Uint32(data[at:])) }
	if word(0) != magic {
		return nil, fmt.Errorf("fdt: it begins with %08x, not %08x", word(0), magic)
	}
	if v, c := word(20), word(24); v < compatible || c > version {
		return nil, fmt.Errorf("fdt: version %d, compatible with %d; this reads %d", v, c, version)
	}
	cut := func(what string, at, size int) ([]byte, error) {
		if at < 0 || size < 0 || at > len(data) || size > len(data)-at {
			return nil, fmt.Errorf("fdt: %s of %d bytes at %d is outside", what, size, at)
		}
		return data[at : at+size], nil
	}
	structure, err := cut("structure", word(8), word(36))
	if err != nil {
		return nil, err
	}
	names, err := cut("strings", word(12), word(32))
	if err != nil {
		return nil, err
	}
	p := parser{left: structure, names: names}
	root, err := p.root()
	if err != nil {
		return nil, fmt.Errorf("fdt: byte %d of the structure: %w", len(structure)-len(p.left), err)
	}
	return root, nil
}

type parser struct {
	left, names []byte
	nodes       int
}

var errShort = errors.New("it ends too early")

func (p *parser) word() (uint32, error) {
	if len(p.left) < 4 {
		return 0, errShort
	}
	v := binary.BigEndian.Uint32(p.left)
	p.left = p.left[4:]
	return v, nil
}

// take takes n bytes and what fills them up to a word.
func (p *parser) take(n int) ([]byte, error) {
	whole := (n + 3) &^ 3
	if n < 0 || whole < n || whole > len(p.left) {
		return nil, errShort
	}
	b := p.left[:n]
	p.left = p.left[whole:]
	return b, nil
}

func (p *parser) token() (uint32, error) {
	for {
		if t, err := p.word(); err != nil || t != nothing {
			return t, err
		}
	}
}

func (p *parser) root() (*Node, error) {
	if t, err := p.token(); err != nil || t != beginNode {
		return nil, errors.Join(fmt.Errorf("token %d where the root begins", t), err)
	}
	n, err := p.node(0)
	if err != nil {
		return nil, err
	}
	if t, err := p.token(); err != nil || t != end {
		return nil, errors.Join(fmt.Errorf("token %d behind the root", t), err)
	}
	return n, nil
}

// node reads a node behind its first token.
func (p *parser) node(depth int) (*Node, error) {
	if p.nodes++; depth > MaxDepth || p.nodes > MaxNodes {
		return nil, fmt.Errorf("more than %d nodes, or more than %d inside one another", MaxNodes, MaxDepth)
	}
	length := bytes.IndexByte(p.left, 0)
	name, err := p.take(length + 1)
	if length < 0 || err != nil {
		return nil, errShort
	}
	n := &Node{Name: string(name[:length])}
	for {
		t, err := p.token()
		if err != nil {
			return nil, err
		}
		switch t {
		case property:
			err = p.property(n)
		case beginNode:
			var c *Node
			c, err = p.node(depth + 1)
			n.Children = append(n.Children, c)
		case endNode:
			return n, nil
		default:
			err = fmt.Errorf("token %d in node %q", t, n.Name)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (p *parser) property(n *Node) error {
	length, err := p.word()
	if err != nil {
		return err
	}
	at, err := p.word()
	if err != nil {
		return err
	}
	value, err := p.take(int(length))
	if err != nil {
		return err
	}
	if int64(at) >= int64(len(p.names)) {
		return fmt.Errorf("a property's name at %d of %d", at, len(p.names))
	}
	name, _, ended := bytes.Cut(p.names[at:], []byte{0})
	if !ended {
		return errors.New("a property's name has no end")
	}
	n.Set(string(name), value)
	return nil
}

// Bytes is the tree as a kernel takes it.
func (n *Node) Bytes() []byte {
	w := writer{at: map[string]uint32{}}
	w.node(n)
	w.word(end)
	const reserved = 16 // an empty list
	structure := headerSize + reserved
	names := structure + len(w.structure)
	all := names + len(w.names)
	var b []byte
	for _, v := range []int{magic, all, structure, names, headerSize, version, compatible, 0, len(w.names), len(w.structure)} {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return slices.Concat(b, make([]byte, reserved), w.structure, w.names)
}

type writer struct {
	structure, names []byte
	at               map[string]uint32
}

func (w *writer) word(v uint32) { w.structure = binary.BigEndian.AppendUint32(w.structure, v) }

func (w *writer) put(b []byte) {
	w.structure = append(w.structure, b...)
	for len(w.structure)%4 != 0 {
		w.structure = append(w.structure, 0)
	}
}

func (w *writer) node(n *Node) {
	w.word(beginNode)
	w.put(append([]byte(n.Name), 0))
	for _, p := range n.Properties {
		at, known := w.at[p.Name]
		if !known {
			at = uint32(len(w.names))
			w.at[p.Name] = at
			w.names = append(append(w.names, p.Name...), 0)
		}
		w.word(property)
		w.word(uint32(len(p.Value)))
		w.word(at)
		w.put(p.Value)
	}
	for _, c := range n.Children {
		w.node(c)
	}
	w.word(endNode)
}

// Find is the node at a path from n, "/soc/spi@7e204000" or "chosen"; nil if
// there is none.
func (n *Node) Find(path string) *Node {
	for name := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if name == "" {
			continue
		}
		if n = n.child(name); n == nil {
			return nil
		}
	}
	return n
}

func (n *Node) child(name string) *Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Make is the node at a path from n, made where it is not there.
func (n *Node) Make(path string) *Node {
	for name := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		c := n.child(name)
		if c == nil {
			c = &Node{Name: name}
			n.Children = append(n.Children, c)
		}
		n = c
	}
	return n
}

// Get is the value of a property, and whether n has it.
func (n *Node) Get(name string) ([]byte, bool) {
	for _, p := range n.Properties {
		if p.Name == name {
			return p.Value, true
		}
	}
	return nil, false
}

// Text is the first word of a property that is made of words.
func (n *Node) Text(name string) string {
	v, _ := n.Get(name)
	text, _, _ := strings.Cut(string(v), "\x00")
	return text
}

// Set gives a property its value, a new one at the end.
func (n *Node) Set(name string, value []byte) {
	for i := range n.Properties {
		if n.Properties[i].Name == name {
			n.Properties[i].Value = value
			return
		}
	}
	n.Properties = append(n.Properties, Property{name, value})
}

// Delete takes a property away.
func (n *Node) Delete(name string) {
	n.Properties = slices.DeleteFunc(n.Properties, func(p Property) bool { return p.Name == name })
}

// Word is a value of one cell.
func Word(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

// String is a value of one word.
func String(s string) []byte { return append([]byte(s), 0) }
