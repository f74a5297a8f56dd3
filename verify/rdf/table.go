package rdf

import (
	_ "embed" // the table
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The table holds every context that is compiled in, as text:
//
//	%N prefix                   in IRIs below, "%N" stands for this prefix
//	=N [protected] [vocab:IRI]  block N: a Definition; its terms follow
//	=N null | =N ref URL | =N list N…
//	name TAB id TAB option…     a term of the block above
//	@ URL SHA256 N [older]      a published context: its hash and its block
//
// An id is * where there is none and - where it is null. Options are simple,
// prefix, reverse, protected, unprotected, type:IRI, in:CONTAINER and
// context:N. Equal blocks stand once. Only the blocks that are asked for are
// read.
//
//go:generate go run ./gen -from ../../../shared/vectors/contexts
//go:embed contexts.txt
var builtinTable string

// table finds blocks in the text and keeps those that were read.
type table struct {
	text     string
	prefixes []string
	blocks   []int // where each begins in text
	urls     map[string]int32
	older    map[string]int32

	mu   sync.Mutex
	defs []*Definition // by block, read when first wanted
}

var builtin = sync.OnceValue(func() *table { return newTable(builtinTable) })

// newTable only looks at the beginning of each line.
func newTable(text string) *table {
	t := &table{text: text, urls: map[string]int32{}, older: map[string]int32{}}
	for at := 0; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		switch {
		case strings.HasPrefix(line, "%"):
			_, prefix, _ := strings.Cut(line, " ")
			t.prefixes = append(t.prefixes, prefix)
		case strings.HasPrefix(line, "="):
			t.blocks = append(t.blocks, at)
		case strings.HasPrefix(line, "@ "):
			f := strings.Fields(line)
			n, _ := strconv.Atoi(f[3])
			if len(f) == 5 {
				t.older[f[1]] = int32(n)
			} else {
				t.urls[f[1]] = int32(n)
			}
		}
		at += len(line) + 1
	}
	t.defs = make([]*Definition, len(t.blocks))
	return t
}

// lookup returns the context published at url, in its older edition if that
// is wanted and there is one.
func (t *table) lookup(url string, older bool) *Definition {
	n, ok := t.older[url]
	if !older || !ok {
		if n, ok = t.urls[url]; !ok {
			return nil
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.block(int(n))
}

func (t *table) block(n int) *Definition {
	if t.defs[n] != nil {
		return t.defs[n]
	}
	lines := strings.Lines(t.text[t.blocks[n]:])
	d := &Definition{}
	first := true
	for line := range lines {
		line = strings.TrimSuffix(line, "\n")
		if first {
			t.head(d, strings.Fields(line)[1:])
			first = false
			continue
		}
		if line == "" || strings.IndexByte("=@#%", line[0]) >= 0 {
			break
		}
		d.Terms = append(d.Terms, t.term(line))
	}
	t.defs[n] = d
	return d
}

func (t *table) head(d *Definition, words []string) {
	for i, w := range words {
		switch {
		case w == "null":
			d.Null = true
		case w == "protected":
			d.Protected = true
		case strings.HasPrefix(w, "vocab:"):
			d.Vocab = t.iri(w[len("vocab:"):])
		case w == "ref":
			d.Ref = words[i+1]
			return
		case w == "list":
			d.List = []*Definition{}
			for _, n := range words[i+1:] {
				n, _ := strconv.Atoi(n)
				d.List = append(d.List, t.block(n))
			}
			return
		}
	}
}

func (t *table) iri(s string) string {
	if s == "" || s[0] != '%' {
		return s
	}
	n, rest, _ := strings.Cut(s[1:], "%")
	i, _ := strconv.Atoi(n)
	return t.prefixes[i] + rest
}

func (t *table) term(line string) Term {
	name, rest, _ := strings.Cut(line, "\t")
	id, options, _ := strings.Cut(rest, "\t")
	out := Term{Name: name}
	switch id {
	case "*":
	case "-":
		out.Null = true
	default:
		out.ID = t.iri(id)
	}
	for _, o := range strings.Fields(options) {
		word, arg, _ := strings.Cut(o, ":")
		switch word {
		case "simple":
			out.Simple = true
		case "prefix":
			out.Prefix = true
		case "reverse":
			out.Reverse = true
		case "protected":
			out.Protected = Protected
		case "unprotected":
			out.Protected = Unprotected
		case "type":
			out.Type = t.iri(arg)
		case "in":
			out.Container |= 1 << slices.Index(containerWords, arg)
		case "context":
			n, _ := strconv.Atoi(arg)
			out.Context = t.block(n)
		}
	}
	return out
}
