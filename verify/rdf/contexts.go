package rdf

import (
	"maps"
	"sync"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// Contexts is a set of JSON-LD contexts by URL. It never changes and may be
// used by many at once.
type Contexts struct {
	table *table
	extra map[string]*Definition
}

// Builtin returns the contexts that are compiled in. Each is read from the
// table when a document first names it.
func Builtin() *Contexts { return builtinContexts() }

var builtinContexts = sync.OnceValue(func() *Contexts { return &Contexts{table: builtin()} })

// Lookup returns the context published at url. With older it is the older
// edition, if the context has two.
func (c *Contexts) Lookup(url string, older bool) (d *Definition, ok bool) {
	if d, ok := c.extra[url]; ok {
		return d, true
	}
	if c.table == nil {
		return nil, false
	}
	d = c.table.lookup(url, older)
	return d, d != nil
}

// HasOlder tells that v, the @context of a document, names a context that
// was changed after it was published. If a proof fails, it is worth another
// look with [Options.Older].
func (c *Contexts) HasOlder(v ijson.Value) bool {
	for item := range v.Each() {
		if c.table == nil {
			return false
		}
		if _, ok := c.table.older[string(item.Bytes())]; ok {
			return true
		}
	}
	return false
}

// With returns the set with the context document body, published at url, in
// addition. c stays as it is.
//
// A further context may add terms, never change what the world's badges
// mean: it is S-CONTEXT if its URL is in the set already, if it redefines a
// term of the W3C's or of the Open Badges contexts, at any depth, or makes
// one of its terms stand for a JSON-LD keyword other than id and type.
func (c *Contexts) With(url string, body []byte) (*Contexts, error) {
	if _, taken := c.Lookup(url, false); taken {
		return nil, contextErrorf("%s is compiled in and cannot be given again", url)
	}
	d, err := ParseContext(body)
	if err != nil {
		return nil, err
	}
	next := &Contexts{c.table, maps.Clone(c.extra)}
	if next.extra == nil {
		next.extra = map[string]*Definition{}
	}
	next.extra[url] = d
	if err := next.harmless(url, d); err != nil {
		return nil, err
	}
	return next, nil
}

func contextErrorf(format string, args ...any) error {
	return reason.Errorf(reason.SContext, "json-ld: "+format, args...)
}

// bases are the contexts whose terms nothing may redefine.
var bases = []string{
	"https://www.w3.org/ns/credentials/v2",
	"https://www.w3.org/2018/credentials/v1",
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
	"https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
}

// harmless processes the context behind each base, which finds protected
// terms, and then looks at every term it holds.
func (c *Contexts) harmless(url string, d *Definition) error {
	var e engine
	e.reset(c)
	if _, err := e.enter(e.roots[0], []string{url}); err != nil {
		return err
	}
	for _, base := range bases {
		if _, ok := c.Lookup(base, false); !ok {
			continue
		}
		e.begin(c)
		at, err := e.enter(e.roots[0], []string{base})
		if err != nil {
			return err
		}
		if _, err := e.enter(at, []string{url}); err != nil {
			return contextErrorf("%s redefines a term: %v", url, err)
		}
		own, err := e.enter(e.roots[0], []string{url})
		if err != nil {
			return err
		}
		places := []*state{at}
		for _, class := range []string{"VerifiableCredential", "VerifiablePresentation"} {
			if t := at.find([]byte(class)); t != nil && t.context != nil {
				inside, err := e.class(at, t)
				if err != nil {
					return err
				}
				places = append(places, inside)
			}
		}
		for _, place := range places {
			if err := e.compareTerms(url, d, own, place); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareTerms refuses a term of d, as own has it, that means another thing
// in base.
func (e *engine) compareTerms(url string, d *Definition, own, base *state) error {
	for _, part := range d.List {
		if err := e.compareTerms(url, part, own, base); err != nil {
			return err
		}
	}
	for _, t := range d.Terms {
		mine, theirs := own.find([]byte(t.Name)), base.find([]byte(t.Name))
		if mine == nil {
			continue
		}
		if mine.keyword != notKeyword && mine.keyword != keywordID && mine.keyword != keywordType {
			return contextErrorf("%s makes %q stand for %s", url, t.Name, mine.iri)
		}
		if theirs != nil && (mine.iri != theirs.iri || mine.coercion != theirs.coercion || mine.suffix != theirs.suffix) {
			return contextErrorf("%s redefines %q", url, t.Name)
		}
		if t.Context == nil {
			continue
		}
		inner, err := e.process(own, t.Context, true, true, 0)
		if err != nil {
			return err
		}
		if err := e.compareTerms(url, t.Context, inner, base); err != nil {
			return err
		}
	}
	return nil
}
