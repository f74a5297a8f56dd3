// Package rdf turns a JSON-LD document into canonical N-Quads, the bytes
// that a Data Integrity proof signs.
//
// It is a safe processor: whatever JSON-LD would drop on the way (a term, a
// type, a relative IRI or a value that no context explains) is an error,
// since a signature would not cover it and a screen could still show it.
// Contexts come from a fixed set and are never fetched. The work that a
// document may cause is bounded, also for graphs made to be slow.
//
// Source: W3C JSON-LD 1.1 Processing Algorithms and API; W3C RDF Dataset
// Canonicalization (RDFC-1.0).
package rdf

import (
	"hash/maphash"
	"slices"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// Limits. Over any of them a document is Q-TOOBIG.
const (
	// MaxQuads is the largest dataset. A learner record of 500 badges and
	// 1.2 MB has 52,000 quads.
	MaxQuads = 1 << 17
	// MaxContexts is how many contexts one @context may name.
	MaxContexts = 12
	// maxDefined bounds the terms that one document makes the processor
	// define: 250 ns each. A first badge takes about 1,200; a later one none.
	maxDefined = 12_000
	// maxPredicates bounds predicates that no context names.
	maxPredicates = 4096
	// maxSuffixes bounds languages and datatypes that no context names.
	maxSuffixes = 512
	// MaxLines is how many bytes the lines of a dataset may take. Those of a
	// learner record of 500 badges take 4 MB.
	MaxLines = 8 << 20
	// maxGrowth bounds them to so many times the document's bytes, after the
	// first slackLines: one long name or id can stand in every line. Badges
	// take two to four times.
	maxGrowth  = 32
	slackLines = 64 << 10
	// maxWork bounds the telling apart of blank nodes that look alike, in
	// steps of about 100 ns. The hardest graph of the RDFC-1.0 test suite that
	// has a result takes 17,952.
	maxWork = 40_000
)

// Hash is the hash function that tells blank nodes apart. It is that of the
// proof's cryptosuite.
type Hash uint8

// The hash functions of RDFC-1.0. ECDSA with P-384 takes SHA384.
const (
	SHA256 Hash = iota
	SHA384
)

// Options say how a document is to be read.
type Options struct {
	// Without is a member of the document that is left out: "proof" of a
	// document, "proofValue" of a proof.
	Without string
	// Set are members added to the document, or standing in the place of
	// those of the same name: the earlier proofs of a proof chain.
	Set []ijson.Member
	// Context, if it exists, stands in the place of the document's own
	// @context. A proof's options are read in that of the document.
	Context ijson.Value
	// Append are URLs of contexts after those.
	Append []string
	// Older reads the older edition of a context that has two.
	Older bool
	// Hash tells blank nodes apart.
	Hash Hash
	// Label, if not nil, names blank node n in place of "c14n" and n, as
	// selective disclosure does. It appends the name, without "_:", to dst.
	// The quads are sorted by these names. Two equal names are S-MALFORMED.
	Label func(dst []byte, n int) ([]byte, error)
}

// A Canonicalizer is the memory for canonicalising one document after
// another. It is not for concurrent use.
type Canonicalizer struct {
	contexts *Contexts
	engine   engine
	walk     walk
	sorter   sorter
	canon    canon
	left     budget
	lines    int64 // about how many bytes what was read will take
}

// NewCanonicalizer returns a Canonicalizer that knows the contexts of c.
func NewCanonicalizer(c *Contexts) *Canonicalizer {
	z := &Canonicalizer{contexts: c, left: unbounded}
	z.engine.reset(c)
	z.sorter.seed = maphash.MakeSeed()
	return z
}

// Canonical appends the canonical N-Quads of the JSON-LD document v to dst.
//
// The error's code is S-CONTEXT for a context that is not in the set (also
// an inline one), S-UNCOVERED for anything that JSON-LD would drop,
// S-UNSUPPORTED for what this processor does not know or what published
// processors disagree on, S-MALFORMED for what is not JSON-LD, Q-TOOBIG over
// a limit.
func (z *Canonicalizer) Canonical(dst []byte, v ijson.Value, o Options) ([]byte, error) {
	if err := z.read(v, o); err != nil {
		return dst, err
	}
	return z.write(dst, o)
}

// What a Canonicalizer that forgot its document keeps room for: some 2 MB. A
// usual badge has 123 quads and 15 kB, a record of 20 badges 2,640 quads.
const (
	keepQuads = 8192
	keepBytes = 64 << 10 // of each kind
)

// Forget wipes what is left of documents: their texts and what was written
// of them. What was learned of contexts stays.
func (z *Canonicalizer) Forget() {
	if cap(z.walk.quads) > keepQuads {
		z.walk, z.sorter, z.canon = walk{}, sorter{seed: z.sorter.seed}, canon{}
		return
	}
	w := &z.walk
	w.labels, w.own = nil, nil
	w.root, w.edit, w.drop = node{}, ijson.Edit{}, [1]string{}
	clear(w.quads)
	for _, texts := range []*[]string{&w.subjects, &w.predicates, &w.suffixes, &w.urls} {
		clear((*texts)[:cap(*texts)])
	}
	clear(w.members[:cap(w.members)])
	for _, bytes := range []*[]byte{&w.arena, &w.jcs, &z.canon.buf} {
		if clear((*bytes)[:cap(*bytes)]); cap(*bytes) > keepBytes {
			*bytes = nil
		}
	}
}

// read turns v into quads.
func (z *Canonicalizer) read(v ijson.Value, o Options) error {
	if v.Kind() != ijson.Object {
		return malformed("a document is %s, want an object", v.Kind())
	}
	z.engine.begin(z.contexts)
	z.engine.most = int(min(maxDefined, z.left.terms))
	z.walk.most = int(min(MaxQuads, max(0, z.left.quads)))
	z.walk.reset(&z.engine)
	z.canon.reordered = reordered(v, o)
	err := z.walk.document(v, o)
	z.left.terms -= int64(z.engine.defined)
	if err != nil {
		return err
	}
	lines := z.walk.size()
	if most := min(MaxLines, slackLines+maxGrowth*int64(len(v.Raw()))); lines > most {
		return tooBig("its lines take about %d bytes, at most %d are written", lines, most)
	}
	z.lines = lines
	return z.charge(lines)
}

// write orders the quads, names the blank nodes and writes the lines.
func (z *Canonicalizer) write(dst []byte, o Options) ([]byte, error) {
	g := &z.walk.graph
	g.rank()
	z.sorter.sort(g)
	if z.sorter.disputed {
		return dst, reason.Errorf(reason.SUnsupported, "json-ld: a JSON literal that is said twice: processors write it in different ways")
	}
	z.canon.most = min(maxWork, z.left.steps)
	err := z.canon.name(g, &z.sorter, o.Hash)
	z.left.steps -= z.canon.work
	if err != nil {
		return dst, err
	}
	start := len(dst)
	dst, err = z.canon.writeTo(slices.Grow(dst, int(z.lines)), o.Label)
	if err == nil {
		err = z.canon.checkOrder(dst[start:])
	}
	if err != nil {
		return dst[:start], err
	}
	return dst, nil
}

func tooBig(format string, args ...any) error {
	return reason.Errorf(reason.QTooBig, "json-ld: "+format, args...)
}

func uncovered(format string, args ...any) error {
	return reason.Errorf(reason.SUncovered, "json-ld: "+format, args...)
}
