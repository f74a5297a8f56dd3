package rdf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Published is a context document as WriteTable takes it.
type Published struct {
	URL    string
	SHA256 string // of the published bytes, in hex
	Older  bool   // an earlier edition under the same URL
	Def    *Definition
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
