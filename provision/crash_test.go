package provision

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"syscall"
)

// A card is a disk in memory that behaves like a real one when the power
// goes: bytes that were not waited for may be there, in part or not at all,
// and entries of folders that were not settled may be old, in the order they
// were changed.
type card struct {
	now     map[string][]byte // what the running system sees
	folders map[string]bool
	ops     []op // everything done, in order
	fail    int  // the operation that fails, counted from 1; 0 never
	with    error
	done    int
}

// An op is one thing done to the card. wait is set for those that return only
// when the card has it.
type op struct {
	kind string // "data" (a file's bytes, waited for), "rename", "remove", "mkdir", "settle"
	name string
	to   string
	data []byte
}

func newCard() *card {
	return &card{now: map[string][]byte{}, folders: map[string]bool{".": true}}
}

func (c *card) step(o op) error {
	c.done++
	if c.done == c.fail {
		return c.with
	}
	c.ops = append(c.ops, o)
	return nil
}

func (c *card) read(name string) ([]byte, error) {
	data, ok := c.now[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return slices.Clone(data), nil
}

func (c *card) open(name string) (io.ReaderAt, error) {
	data, err := c.read(name)
	return bytes.NewReader(data), err
}

func (c *card) list(dir string) ([]string, error) {
	found := map[string]bool{}
	for name := range c.now {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok {
			first, _, _ := strings.Cut(rest, "/")
			found[first] = true
		}
	}
	for name := range c.folders {
		if path.Dir(name) == dir {
			found[path.Base(name)] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func (c *card) mkdir(dir string) error {
	if err := c.step(op{kind: "mkdir", name: dir}); err != nil {
		return err
	}
	c.folders[dir] = true
	return nil
}

func (c *card) write(name string, data []byte) error { return c.put(name, slices.Clone(data)) }

func (c *card) extend(name string, data []byte) error {
	return c.put(name, append(slices.Clone(c.now[name]), data...))
}

func (c *card) put(name string, data []byte) error {
	before := c.now[name]
	err := c.step(op{kind: "data", name: name, data: data})
	if err != nil { // a full card takes a part of it
		c.now[name] = data[:len(before)+(len(data)-len(before))/2]
		if len(data) < len(before) {
			c.now[name] = data[:len(data)/2]
		}
		c.ops = append(c.ops, op{kind: "data", name: name, data: c.now[name]})
		return err
	}
	c.now[name] = data
	return nil
}

func (c *card) rename(from, to string) error {
	if err := c.step(op{kind: "rename", name: from, to: to}); err != nil {
		return err
	}
	move(c.now, from, to)
	return nil
}

func (c *card) remove(name string) error {
	if err := c.step(op{kind: "remove", name: name}); err != nil {
		return err
	}
	drop(c.now, name)
	delete(c.folders, name)
	return nil
}

func (c *card) settle(dir string) error { return c.step(op{kind: "settle", name: dir}) }

func move(files map[string][]byte, from, to string) {
	for name, data := range maps.Clone(files) {
		if name == from {
			files[to] = data
			delete(files, name)
		} else if rest, ok := strings.CutPrefix(name, from+"/"); ok {
			files[to+"/"+rest] = data
			delete(files, name)
		}
	}
}

func drop(files map[string][]byte, name string) {
	for n := range maps.Clone(files) {
		if n == name || strings.HasPrefix(n, name+"/") {
			delete(files, n)
		}
	}
}

// cut is the card after the power went during operation n: everything settled
// before is there; of the entries changed since, a random prefix; of the
// bytes being written, a random part, some of it zeros.
func (c *card) cut(n int, rng *rand.Rand) *card {
	after := newCard()
	// Entries are a journal: a settle, or waiting for any file's bytes, puts
	// down all before it; past the last of those a random prefix is there.
	sure := 0
	for i, o := range c.ops[:n] {
		if o.kind == "settle" || o.kind == "data" {
			sure = i + 1
		}
	}
	kept := sure + rng.IntN(n-sure+1)
	for _, o := range c.ops[:kept] {
		after.apply(o)
	}
	if kept == n && n < len(c.ops) && c.ops[n].kind == "data" {
		after.tear(c.ops[n], rng)
	}
	return after
}

func (c *card) apply(o op) {
	switch o.kind {
	case "data":
		c.now[o.name] = o.data
	case "rename":
		move(c.now, o.name, o.to)
	case "remove":
		drop(c.now, o.name)
		delete(c.folders, o.name)
	case "mkdir":
		c.folders[o.name] = true
	}
}

// tear leaves a part of what o was writing.
func (c *card) tear(o op, rng *rand.Rand) {
	before := c.now[o.name]
	data := slices.Clone(o.data[:rng.IntN(len(o.data)+1)])
	if same := min(len(before), len(data)); slices.Equal(before[:same], data[:same]) && len(o.data) >= len(before) {
		data = slices.Clone(o.data[:max(len(before), len(data))]) // appended to: what was there stays
		for i := len(before); i < len(data); i++ {
			if rng.IntN(4) == 0 {
				data[i] = 0
			}
		}
	}
	c.now[o.name] = data
}

var errFull = syscall.ENOSPC
