package rdf

import (
	"bytes"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// checkAny holds what is promised for any document at all: an error carries
// a code; a result is sorted N-Quads, the same from a fresh Canonicalizer,
// with another order of the members and after something else was read.
func checkAny(t *testing.T, z *Canonicalizer, body []byte) {
	v, err := ijson.Parse(body)
	if err != nil {
		return
	}
	got, err := z.Canonical(nil, v, Options{})
	if err != nil {
		if reason.CodeOf(err, "") == "" {
			t.Fatalf("%s: error without a code: %v", body, err)
		}
		return
	}
	last := ""
	for line := range strings.Lines(string(got)) {
		if line <= last || !strings.HasSuffix(line, " .\n") {
			t.Fatalf("%s: line %q after %q", body, line, last)
		}
		last = line
	}
	fresh := NewCanonicalizer(Builtin())
	again, err := fresh.Canonical(nil, parsed(t, reversed(parseTree(v)).append(nil)), Options{})
	if err != nil || !bytes.Equal(got, again) {
		t.Fatalf("%s: members in another order: %v\n%s\n%s", body, err, got, again)
	}
	names, err := fresh.parseNQuads(string(got))
	if err != nil {
		t.Fatalf("%s: no N-Quads: %v\n%s", body, err, got)
	}
	again, err = fresh.write(nil, Options{})
	if err != nil || !bytes.Equal(got, again) {
		t.Fatalf("%s: not canonical (%d blank nodes): %v\n%s\n%s", body, len(names), err, got, again)
	}
}

// reversed turns the members of every object round.
func reversed(t *tree) *tree {
	c := *t
	c.names, c.kids = nil, nil
	if t.names != nil {
		c.names = []string{}
	}
	for i := range t.kids {
		k := i
		if t.names != nil {
			k = len(t.kids) - 1 - i
			c.names = append(c.names, t.names[k])
		}
		c.kids = append(c.kids, reversed(t.kids[k]))
	}
	return &c
}

// FuzzCanonical feeds any bytes.
func FuzzCanonical(f *testing.F) {
	for _, body := range fixtures(f) {
		f.Add(body)
	}
	m := newMutator(f, 4)
	for range 30 {
		f.Add(m.next().append(nil))
	}
	z := NewCanonicalizer(Builtin())
	f.Fuzz(func(t *testing.T, body []byte) { checkAny(t, z, body) })
}

// FuzzContext feeds any bytes as a further context.
func FuzzContext(f *testing.F) {
	f.Add([]byte(`{"@context":{"a":"https://e.example/a","b":{"@id":"a:x","@type":"@id","@container":"@set","@context":{"c":"a:c"}}}}`))
	f.Add([]byte(`{"@context":["https://www.w3.org/ns/credentials/v2",null,{"@vocab":"https://e.example/","x":{}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := Builtin().With(furtherURL, body); err != nil && reason.CodeOf(err, "") == "" {
			t.Fatalf("%s: error without a code: %v", body, err)
		}
	})
}

// TestAnyMutation holds the same for documents near to real ones.
func TestAnyMutation(t *testing.T) {
	z, m := NewCanonicalizer(Builtin()), newMutator(t, 11)
	for range 300 {
		checkAny(t, z, m.next().append(nil))
	}
}

// TestMangled changes each byte of a badge and cuts it at each: whatever is
// still read must say something else than the badge did.
func TestMangled(t *testing.T) {
	body := bytes.TrimSpace(fixtures(t)["simple"])
	z := NewCanonicalizer(Builtin())
	whole, err := z.Canonical(nil, parsed(t, body), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var d ijson.Doc
	for i := range body {
		if _, err := d.Parse(body[:i]); err == nil {
			t.Errorf("cut at %d is read", i)
		}
		for _, c := range []byte{body[i] ^ 1, body[i] ^ 0x20, '"', '\\'} {
			changed := bytes.Clone(body)
			changed[i] = c
			v, err := d.Parse(changed)
			if err != nil || c == body[i] {
				continue
			}
			if got, err := z.Canonical(nil, v, Options{}); err == nil && bytes.Equal(got, whole) && !sameTree(t, v, body) {
				t.Errorf("byte %d as %q goes unnoticed", i, c)
			}
		}
	}
}

// sameTree tells that v is the document body in another spelling.
func sameTree(t *testing.T, v ijson.Value, body []byte) bool {
	a, _ := ijson.AppendCanonical(nil, v)
	b, _ := ijson.AppendCanonical(nil, parsed(t, body))
	return bytes.Equal(a, b)
}
