package fdt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Names that overlays give to their nodes.
const (
	body      = "__overlay__"
	dormant   = "__dormant__" // a body that no parameter has woken
	symbols   = "__symbols__"
	fixups    = "__fixups__"
	local     = "__local_fixups__"
	overrides = "__overrides__"
	handle    = "phandle"
)

// Apply lays overlay over n, a root; overlay is used up. Bodies of an overlay
// that are laid over its own others come to rest where those do, and kernel
// arguments add up, as on a board.
//
// The error names a label that n does not have. n is not whole then.
func (n *Node) Apply(overlay *Node) error {
	if err := overlay.renumber(overlay.child(local), n.lastHandle()); err != nil {
		return err
	}
	if f := overlay.child(fixups); f != nil {
		for _, p := range f.Properties {
			if err := n.resolve(overlay, p); err != nil {
				return err
			}
		}
	}
	for _, f := range overlay.Children {
		b := f.child(body)
		if b == nil {
			continue
		}
		target, err := n.target(overlay, f, 0)
		if err != nil {
			return fmt.Errorf("fdt: %s: %w", f.Name, err)
		}
		b.Delete(handle) // it named the body inside the overlay
		target.merge(b)
	}
	return nil
}

// each calls do for n and all below it until it says that it has what it
// wanted.
func (n *Node) each(do func(*Node) bool) bool {
	if do(n) {
		return true
	}
	for _, c := range n.Children {
		if c.each(do) {
			return true
		}
	}
	return false
}

func (n *Node) handle() uint32 {
	if v, ok := n.Get(handle); ok && len(v) == 4 {
		return binary.BigEndian.Uint32(v)
	}
	return 0
}

func (n *Node) lastHandle() (last uint32) {
	n.each(func(c *Node) bool { last = max(last, c.handle()); return false })
	return last
}

func (n *Node) handled(h uint32) (found *Node) {
	n.each(func(c *Node) bool {
		if c.handle() == h {
			found = c
		}
		return found != nil
	})
	return found
}

// renumber adds to all handles of an overlay, and to where they are used, so
// that they are those of nobody else.
func (n *Node) renumber(used *Node, by uint32) error {
	n.each(func(c *Node) bool {
		if h := c.handle(); h != 0 {
			c.Set(handle, Word(h+by))
		}
		return false
	})
	return n.shift(used, by)
}

// shift adds to the cells of n that used names.
func (n *Node) shift(used *Node, by uint32) error {
	if used == nil {
		return nil
	}
	for _, p := range used.Properties {
		for at := 0; at+4 <= len(p.Value); at += 4 {
			old, err := n.cell(p.Name, int64(binary.BigEndian.Uint32(p.Value[at:])))
			if err != nil {
				return err
			}
			binary.BigEndian.PutUint32(old, binary.BigEndian.Uint32(old)+by)
		}
	}
	for _, c := range used.Children {
		of := n.child(c.Name)
		if of == nil {
			return fmt.Errorf("fdt: %s speaks of %s/%s, which is not there", local, n.Name, c.Name)
		}
		if err := of.shift(c, by); err != nil {
			return err
		}
	}
	return nil
}

// cell are the four bytes of a property at an offset, n's own from here on.
func (n *Node) cell(name string, at int64) ([]byte, error) {
	v, ok := n.Get(name)
	if !ok || at < 0 || at+4 > int64(len(v)) {
		return nil, fmt.Errorf("fdt: %s: %s has no cell at byte %d", n.Name, name, at)
	}
	v = bytes.Clone(v)
	n.Set(name, v)
	return v[at : at+4], nil
}

// resolve writes the handle of a label of n's to where overlay uses it:
// "path:property:offset", one behind the other.
func (n *Node) resolve(overlay *Node, label Property) error {
	var path string
	if s := n.child(symbols); s != nil {
		path = s.Text(label.Name)
	}
	node := n.Find(path)
	if path == "" || node == nil {
		return fmt.Errorf("fdt: the tree has no node labelled %s", label.Name)
	}
	if node.handle() == 0 {
		node.Set(handle, Word(n.lastHandle()+overlay.lastHandle()+1))
	}
	for place := range strings.SplitSeq(strings.TrimRight(string(label.Value), "\x00"), "\x00") {
		var at int64
		f := strings.Split(place, ":")
		if len(f) != 3 {
			return fmt.Errorf("fdt: %s: %q is not path:property:offset", label.Name, place)
		}
		if _, err := fmt.Sscan(f[2], &at); err != nil {
			return fmt.Errorf("fdt: %s: %q: %w", label.Name, place, err)
		}
		in := overlay.Find(f[0])
		if in == nil {
			return fmt.Errorf("fdt: %s: there is no %s", label.Name, f[0])
		}
		c, err := in.cell(f[1], at)
		if err != nil {
			return err
		}
		binary.BigEndian.PutUint32(c, node.handle())
	}
	return nil
}

// target is where a fragment of an overlay is to be laid.
func (n *Node) target(overlay, fragment *Node, depth int) (*Node, error) {
	if path := fragment.Text("target-path"); path != "" {
		if t := n.Find(path); t != nil {
			return t, nil
		}
		return nil, fmt.Errorf("the tree has no %s", path)
	}
	v, ok := fragment.Get("target")
	if !ok || len(v) != 4 || depth > MaxDepth {
		return nil, errors.New("it has no target")
	}
	h := binary.BigEndian.Uint32(v)
	if t := n.handled(h); t != nil {
		return t, nil
	}
	for _, f := range overlay.Children {
		for _, name := range []string{body, dormant} {
			if b := f.child(name); b != nil && b.handle() == h {
				return n.target(overlay, f, depth+1)
			}
		}
	}
	return nil, fmt.Errorf("nothing has handle %d", h)
}

// merge lays all that is in over onto n.
func (n *Node) merge(over *Node) {
	for _, p := range over.Properties {
		if old := n.Text(p.Name); p.Name == "bootargs" && old != "" {
			p.Value = String(old + " " + strings.TrimRight(string(p.Value), "\x00"))
		}
		n.Set(p.Name, p.Value)
	}
	for _, c := range over.Children {
		n.Make(c.Name).merge(c)
	}
}

// Param sets a parameter of n, a tree or an overlay that is yet to be laid.
// It knows those that switch a node or a fragment on or off, those that are
// there or not, and those that have words for on and off; value is "on" or
// "off".
//
// The error names a parameter that n does not have, or one of another kind.
func (n *Node) Param(name, value string) error {
	if value != "on" && value != "off" {
		return fmt.Errorf("fdt: parameter %s=%s: only on and off are known", name, value)
	}
	o := n.child(overrides)
	if o == nil {
		return fmt.Errorf("fdt: no parameter %s: there are none", name)
	}
	v, ok := o.Get(name)
	if !ok || len(v) == 0 {
		return fmt.Errorf("fdt: there is no parameter %s", name)
	}
	for len(v) > 0 {
		if len(v) < 5 {
			return fmt.Errorf("fdt: parameter %s is damaged", name)
		}
		what, rest, ended := bytes.Cut(v[4:], []byte{0})
		if !ended {
			return fmt.Errorf("fdt: parameter %s has no end", name)
		}
		if err := n.override(binary.BigEndian.Uint32(v), string(what), value == "on"); err != nil {
			return fmt.Errorf("fdt: parameter %s: %w", name, err)
		}
		v = rest
	}
	return nil
}

// override does one thing that a parameter asks for.
// Source: "Device Trees, overlays, and parameters", part 2.
func (n *Node) override(h uint32, what string, on bool) error {
	if h == 0 {
		return n.switchFragment(what, on)
	}
	node := n.handled(h)
	if node == nil {
		return fmt.Errorf("nothing has handle %d", h)
	}
	if name, ok := strings.CutSuffix(what, "?"); ok {
		node.Delete(name)
		if on {
			node.Set(name, nil)
		}
		return nil
	}
	if name, choice, ok := strings.Cut(what, "{"); ok {
		value, err := chosen(choice, on)
		if err == nil {
			node.merge(&Node{Properties: []Property{{name, String(value)}}})
		}
		return err
	}
	if what != "status" {
		return fmt.Errorf("%q is of a kind that is not followed", what)
	}
	node.Set(what, String(map[bool]string{true: "okay", false: "disabled"}[on]))
	return nil
}

// chosen is the value that a parameter has for on, or for off, of
// "on='some words',off='others'}".
func chosen(choice string, on bool) (string, error) {
	key := map[bool]string{true: "on='", false: "off='"}[on]
	for rest := choice; ; {
		value, ok := strings.CutPrefix(rest, key)
		if ok {
			value, _, ok = strings.Cut(value, "'")
			if ok {
				return value, nil
			}
		}
		_, after, more := strings.Cut(rest, "',")
		if !more {
			return "", fmt.Errorf("%q is of a kind that is not followed", choice)
		}
		rest = after
	}
}

// switchFragment wakes "+3" or puts to sleep "-3" a fragment by its number.
func (n *Node) switchFragment(what string, on bool) error {
	if !on {
		return nil // "+" and "-" are for who asks
	}
	number, up := strings.CutPrefix(what, "+")
	down := false
	if !up {
		number, down = strings.CutPrefix(what, "-")
	}
	f := n.child("fragment@" + number)
	if !up && !down || f == nil {
		return fmt.Errorf("%q is of a kind that is not followed", what)
	}
	for _, c := range f.Children {
		if c.Name == body || c.Name == dormant {
			c.Name = map[bool]string{true: body, false: dormant}[up]
		}
	}
	return nil
}
