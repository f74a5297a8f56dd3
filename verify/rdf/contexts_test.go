package rdf

import (
	"strings"
	"sync"
	"testing"

	"badgekiosk/verify/reason"
)

// TestOlderEdition holds that a badge signed before its context was changed
// can still be read: endorsementJwt came to the Open Badges context later.
func TestOlderEdition(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	doc := treeOf(t, string(fixtures(t)["simple"]))
	if v := parsed(t, doc.append(nil)); !Builtin().HasOlder(v.Get("@context")) {
		t.Error("HasOlder: no")
	}
	if v := parsed(t, fixtures(t)["list"]); Builtin().HasOlder(v.Get("@context")) {
		t.Error("HasOlder: yes for other contexts")
	}
	for _, older := range []bool{false, true} {
		if _, err := z.Canonical(nil, parsed(t, doc.append(nil)), Options{Older: older}); err != nil {
			t.Errorf("older %v: %v", older, err)
		}
	}
	doc.set("endorsementJwt", list1(text("eyJhbGciOiJFUzI1NiJ9.e30.AA")))
	v := parsed(t, doc.append(nil))
	if got, err := z.Canonical(nil, v, Options{}); err != nil || !strings.Contains(string(got), "ndorsementJwt") {
		t.Errorf("newer edition: %v\n%s", err, got)
	}
	if _, err := z.Canonical(nil, v, Options{Older: true}); reason.CodeOf(err, "") != reason.SUncovered {
		t.Errorf("older edition: %v", err)
	}
}

// TestDraftEdition holds that a badge of the draft of Open Badges 3.0, which
// had other names in its vocabulary under the same URL, can still be read.
func TestDraftEdition(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	doc := treeOf(t, string(fixtures(t)["older"]))
	doc.get("credentialSubject").get("achievement").set("tags", list1(text("books")))
	v := parsed(t, doc.append(nil))
	if _, err := z.Canonical(nil, v, Options{}); reason.CodeOf(err, "") != reason.SUncovered {
		t.Errorf("as published later: %v", err)
	}
	got, err := z.Canonical(nil, v, Options{Older: true})
	if want := `<https://imsglobal.github.io/openbadges-specification/ob_v3p0.html#Achievement>`; err != nil || !strings.Contains(string(got), want) {
		t.Errorf("as drafted: %v\n%s", err, got)
	}
}

const furtherURL = "https://consortium.example/contexts/shop/v1"

// TestWith holds what a further context may and may not say.
func TestWith(t *testing.T) {
	own := `{"@context":{"@version":1.1,"@protected":true,"id":"@id","type":"@type","ShopHours":{"@id":"https://consortium.example/v#ShopHours","@context":{"hours":{"@id":"https://consortium.example/v#hours","@type":"http://www.w3.org/2001/XMLSchema#integer"}}},"shop":{"@id":"https://consortium.example/v#shop","@type":"@id"}}}`
	with, err := Builtin().With(furtherURL, []byte(own))
	if err != nil {
		t.Fatal(err)
	}
	doc := treeOf(t, string(fixtures(t)["simple"]))
	doc.get("@context").kids = append(doc.get("@context").kids, text(furtherURL))
	doc.set("shop", treeOf(t, `{"id":"https://riverbend.example/shop","type":"ShopHours","hours":12}`))
	v := parsed(t, doc.append(nil))
	got, err := NewCanonicalizer(with).Canonical(nil, v, Options{})
	if want := `<https://riverbend.example/shop> <https://consortium.example/v#hours> "12"^^<http://www.w3.org/2001/XMLSchema#integer> .`; err != nil || !strings.Contains(string(got), want) {
		t.Errorf("%v\n%s", err, got)
	}
	if _, err := NewCanonicalizer(Builtin()).Canonical(nil, v, Options{}); reason.CodeOf(err, "") != reason.SContext {
		t.Errorf("the set itself was changed: %v", err)
	}

	if same, err := Builtin().With(furtherURL, []byte(`{"@context":{"@protected":true,"id":"@id","name":"https://schema.org/name","xsd":"http://www.w3.org/2001/XMLSchema#"}}`)); err != nil || same == nil {
		t.Errorf("terms as the world has them: %v", err)
	}
	for body, want := range map[string]reason.Code{
		`{"@context":{"name":"https://consortium.example/v#title"}}`:                                                                                                                              reason.SContext,
		`{"@context":{"validUntil":"https://schema.org/validUntil"}}`:                                                                                                                             reason.SContext,
		`{"@context":{"validUntil":{"@id":"https://www.w3.org/2018/credentials#validUntil"}}}`:                                                                                                    reason.SContext,
		`{"@context":{"AchievementCredential":"https://consortium.example/v#Other"}}`:                                                                                                             reason.SContext,
		`{"@context":{"Mine":{"@id":"https://consortium.example/v#Mine","@context":{"issuer":"https://consortium.example/v#x"}}}}`:                                                                reason.SContext,
		`{"@context":{"mine":{"@id":"https://consortium.example/v#m","@context":{"deep":{"@id":"https://consortium.example/v#d","@context":{"description":"https://consortium.example/v#x"}}}}}}`: reason.SContext,
		`{"@context":{"hidden":"@index"}}`:                reason.SContext,
		`{"@context":{"graph":"@graph"}}`:                 reason.SContext,
		`{"@context":"https://consortium.example/other"}`: reason.SContext,
		`{"@context":["https://www.w3.org/ns/credentials/v2",{"type":"https://consortium.example/v#t"}]}`: reason.SMalformed,
		`{"@context":{"@import":"https://www.w3.org/ns/credentials/v2"}}`:                                 reason.SUnsupported,
		`{"@context":{"a":{"@id":"https://consortium.example/a","@nest":"b"}}}`:                           reason.SUnsupported,
		`{"@context":{"a":{"@id":"b:x"},"b":{"@id":"a:x"}}}`:                                              reason.SMalformed,
		`{"@context":{"a":"a:b"}}`:                                           reason.SMalformed,
		`{"@context":{"nothing":{}}}`:                                        reason.SMalformed,
		`{"@context":{"a":5}}`:                                               reason.SMalformed,
		`{"@context":"` + furtherURL + `"}`:                                  reason.SMalformed,
		`{"@context":{"a":"https://e.example/a","a":"https://e.example/b"}}`: reason.SMalformed,
		`{}`: reason.SMalformed,
		`x`:  reason.SMalformed,
	} {
		if _, err := Builtin().With(furtherURL, []byte(body)); reason.CodeOf(err, "") != want {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
	if _, err := Builtin().With("https://www.w3.org/ns/credentials/v2", []byte(own)); reason.CodeOf(err, "") != reason.SContext {
		t.Errorf("a compiled-in URL given again: %v", err)
	}
	if _, err := with.With(furtherURL, []byte(own)); reason.CodeOf(err, "") != reason.SContext {
		t.Errorf("a URL given twice: %v", err)
	}
}

// TestConcurrent holds that one set serves many Canonicalizers.
func TestConcurrent(t *testing.T) {
	set := &Contexts{table: newTable(builtinTable)}
	docs := fixtures(t)
	want, err := NewCanonicalizer(set).Canonical(nil, parsed(t, docs["badge"]), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			z := NewCanonicalizer(set)
			for _, name := range []string{"record", "older", "licence", "badge"} {
				got, err := z.Canonical(nil, parsed(t, docs[name]), Options{})
				if err != nil || name == "badge" && string(got) != string(want) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	wait.Wait()
}

// TestProofOptions holds how the options of a proof are read.
func TestProofOptions(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	const proof = `{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","created":"2026-03-01T08:00:00Z","proofPurpose":"assertionMethod","verificationMethod":"did:web:riverbend.example#key-1","proofValue":"z3AAAA"}`
	const want = `_:c14n0 <http://purl.org/dc/terms/created> "2026-03-01T08:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .
_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
_:c14n0 <https://w3id.org/security#verificationMethod> <did:web:riverbend.example#key-1> .
`
	old := parsed(t, []byte(`["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context.json"]`))
	for what, o := range map[string]Options{
		"VCDM 2":                     {Without: "proofValue", Context: parsed(t, []byte(`["https://www.w3.org/ns/credentials/v2"]`))},
		"VCDM 1.1, suite's appended": {Without: "proofValue", Context: old, Append: []string{"https://w3id.org/security/data-integrity/v2"}},
	} {
		if got, err := z.Canonical(nil, parsed(t, []byte(proof)), o); err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s", what, err, got)
		}
	}
	if _, err := z.Canonical(nil, parsed(t, []byte(proof)), Options{Without: "proofValue", Context: old}); reason.CodeOf(err, "") != reason.SUncovered {
		t.Errorf("VCDM 1.1 alone: %v", err)
	}
}

// TestProofChain holds that a document can be read with the proofs that a
// later one builds on.
func TestProofChain(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	doc := treeOf(t, string(fixtures(t)["simple"]))
	first, second := treeOf(t, madeUpProof), treeOf(t, madeUpProof)
	first.set("id", text("urn:uuid:first"))
	second.set("previousProof", text("urn:uuid:first"))
	doc.set("proof", list1(first, second))
	v := parsed(t, doc.append(nil))
	o := Options{Without: "proof"}
	o.Set = append(o.Set, set("proof", v.Get("proof").First()))
	got, err := z.Canonical(nil, v, o)
	if err != nil {
		t.Fatal(err)
	}
	doc.set("proof", list1(first))
	want, err := z.Canonical(nil, parsed(t, doc.append(nil)), Options{})
	if err != nil || string(got) != string(want) || !strings.Contains(string(got), "<urn:uuid:first>") {
		t.Errorf("%v\ngot\n%s\nwant\n%s", err, got, want)
	}
	for _, name := range []string{"@context", "id", "@type"} {
		o.Set[0].Name = name
		if _, err := z.Canonical(nil, v, o); reason.CodeOf(err, "") != reason.SUnsupported {
			t.Errorf("%s set: %v", name, err)
		}
	}
}

// TestLabels holds that names sort the quads, and must differ.
func TestLabels(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	v := parsed(t, fixtures(t)["badge"])
	plain, err := z.Canonical(nil, v, Options{})
	if err != nil {
		t.Fatal(err)
	}
	same, err := z.Canonical(nil, v, Options{Label: func(dst []byte, n int) ([]byte, error) { return appendC14N(dst, int32(n)), nil }})
	if err != nil || string(same) != string(plain) {
		t.Errorf("the same names: %v", err)
	}
	turned, err := z.Canonical(nil, v, Options{Label: func(dst []byte, n int) ([]byte, error) { return append(dst, "u"+string(rune('z'-n))...), nil }})
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for line := range strings.Lines(string(turned)) {
		if line <= last {
			t.Errorf("%q does not sort after %q", line, last)
		}
		last = line
	}
	if _, err := z.Canonical(nil, v, Options{Label: func(dst []byte, n int) ([]byte, error) { return append(dst, 'x'), nil }}); reason.CodeOf(err, "") != reason.SMalformed {
		t.Errorf("one name for all: %v", err)
	}
}

// TestNoAllocation holds that a badge like an earlier one costs no memory.
func TestNoAllocation(t *testing.T) {
	for _, name := range []string{"simple", "badge"} {
		body := withProof(t, fixtures(t)[name])
		c := newCheck(t, body)
		if n := testing.AllocsPerRun(20, func() {
			if _, err := c.message(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
