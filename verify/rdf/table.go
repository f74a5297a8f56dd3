package rdf

import (
	"bytes"
	_ "embed" // the table
	"fmt"
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

// Published is a context document as WriteTable takes it.
type Published struct {
	URL    string
	SHA256 string // of the published bytes, in hex
	Older  bool   // an earlier edition under the same URL
	Def    *Definition
}

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

// tableWriter numbers blocks in the order in which they are complete, so
// that a block only names earlier ones.
type tableWriter struct {
	prefixes []string
	numbers  map[string]int
	out      bytes.Buffer
}

// WriteTable returns the text of the table that holds these contexts. The
// error names what the text could not express.
func WriteTable(all []Published) ([]byte, error) {
	w := &tableWriter{prefixes: commonPrefixes(all), numbers: map[string]int{}}
	w.out.WriteString("# Written by verify/rdf/gen from the published contexts; do not edit.\n")
	for i, p := range w.prefixes {
		fmt.Fprintf(&w.out, "%%%d %s\n", i, p)
	}
	var tail bytes.Buffer
	for _, p := range all {
		n := w.block(p.Def)
		fmt.Fprintf(&tail, "@ %s %s %d", p.URL, p.SHA256, n)
		if p.Older {
			tail.WriteString(" older")
		}
		tail.WriteByte('\n')
	}
	w.out.Write(tail.Bytes())
	read := newTable(w.out.String())
	for _, p := range all {
		if got := read.lookup(p.URL, p.Older); got == nil || !got.Equal(p.Def) {
			return nil, fmt.Errorf("the table's text cannot hold %s", p.URL)
		}
	}
	return w.out.Bytes(), nil
}

func (w *tableWriter) block(d *Definition) int {
	var b strings.Builder
	if d.Null {
		b.WriteString(" null")
	}
	if d.Protected {
		b.WriteString(" protected")
	}
	if d.Vocab != "" {
		b.WriteString(" vocab:" + w.iri(d.Vocab))
	}
	if d.Ref != "" {
		b.WriteString(" ref " + d.Ref)
	}
	if d.List != nil {
		b.WriteString(" list")
		for _, part := range d.List {
			fmt.Fprintf(&b, " %d", w.block(part))
		}
	}
	b.WriteByte('\n')
	for _, t := range d.Terms {
		b.WriteString(w.term(t))
	}
	text := b.String()
	n, ok := w.numbers[text]
	if !ok {
		n = len(w.numbers)
		w.numbers[text] = n
		fmt.Fprintf(&w.out, "=%d%s", n, text)
	}
	return n
}

func (w *tableWriter) iri(s string) string {
	for i, p := range w.prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return fmt.Sprintf("%%%d%%%s", i, rest)
		}
	}
	return s
}

func (w *tableWriter) term(t Term) string {
	id := w.iri(t.ID)
	if t.ID == "" {
		id = "*"
	}
	if t.Null {
		id = "-"
	}
	var o []string
	for word, set := range map[string]bool{
		"simple": t.Simple, "prefix": t.Prefix, "reverse": t.Reverse,
		"protected": t.Protected == Protected, "unprotected": t.Protected == Unprotected,
	} {
		if set {
			o = append(o, word)
		}
	}
	slices.Sort(o)
	if t.Type != "" {
		o = append(o, "type:"+w.iri(t.Type))
	}
	for i, c := range containerWords {
		if t.Container&(1<<i) != 0 {
			o = append(o, "in:"+c)
		}
	}
	if t.Context != nil {
		o = append(o, fmt.Sprintf("context:%d", w.block(t.Context)))
	}
	return t.Name + "\t" + id + "\t" + strings.Join(o, " ") + "\n"
}

// commonPrefixes are the namespaces that are worth a number, longest first.
func commonPrefixes(all []Published) []string {
	count := map[string]int{}
	var visit func(d *Definition)
	note := func(s string) {
		if i := strings.LastIndexAny(s, "#/"); i > len("https://") {
			count[s[:i+1]]++
		}
	}
	visit = func(d *Definition) {
		if d == nil {
			return
		}
		for _, part := range d.List {
			visit(part)
		}
		for _, t := range d.Terms {
			note(t.ID)
			note(t.Type)
			visit(t.Context)
		}
	}
	for _, p := range all {
		visit(p.Def)
	}
	var out []string
	for s, n := range count {
		if n >= 4 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return out
}

// Equal tells that two Definitions say the same.
func (d *Definition) Equal(o *Definition) bool {
	if d == nil || o == nil {
		return d == o
	}
	return d.Null == o.Null && d.Ref == o.Ref && d.Protected == o.Protected && d.Vocab == o.Vocab &&
		slices.EqualFunc(d.List, o.List, (*Definition).Equal) &&
		slices.EqualFunc(d.Terms, o.Terms, func(a, b Term) bool {
			ca, cb := a.Context, b.Context
			a.Context, b.Context = nil, nil
			return a == b && ca.Equal(cb)
		})
}
