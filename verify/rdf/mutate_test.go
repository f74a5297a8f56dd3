package rdf

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A mutator makes documents near to real ones: values moved, doubled,
// replaced by what processors trip over.
type mutator struct {
	rng   *rand.Rand
	bases []*tree
}

// fixtures are the documents that all tests start from: made up, one of each
// kind that a kiosk meets.
func fixtures(t testing.TB) map[string][]byte {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	all := map[string][]byte{}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".json")] = body
	}
	return all
}

// kinds names the fixtures, the usual ones more than once.
var kinds = strings.Fields("simple simple simple badge badge badge record older presentation licence list")

func newMutator(t testing.TB, seed uint64) *mutator {
	m := &mutator{rng: rand.New(rand.NewPCG(seed, 20))}
	docs := fixtures(t)
	for _, k := range kinds {
		m.bases = append(m.bases, treeOf(t, string(docs[k])))
	}
	return m
}

func pick[T any](m *mutator, list []T) T { return list[m.rng.IntN(len(list))] }

var oddStrings = []string{"", "plain", "urn:x:y", "http://example.org/ünï/ñ", "_:b0", "_:b1", "_:", "_:a b", "did:web:a.example",
	"http://a b", "http://a\u00a0b", "http://a\u2028b", "https://a_b.example/x", "http://bad_host_!/r",
	"line\n\ttab\"quote\\ \a \u007f \u2028 \u0000 \b\f end", "obi:foo", "cred:x", "schema:x", "xsd:date", "mailto:a@b",
	"@id", "@foo", "@foo1", "@type", "@", "http://", "https://example.org/a>b", "https://example.org/a\"b", "https://example.org/a\\b",
	"https://example.org/{x}", "https://exämple.org/", "Achievement", "Profile", "name", "id", "type", "tag:a,2020:b", "a:b", "a:", ":b", "a,b:c", "1a:b",
	"🎓 grad", "2024-01-01T00:00:00Z", "https://example.org/%zz", "https://user:pw@example.org:8080/p?q#f", "http://192.168.0.1/x",
	"data:image/png;base64,AAAA", "HTTPS://Example.ORG/A/../B", "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002", "did:key:z6Mk#z6Mk",
	"https://example.org/a", "https://example.org/a/b", "https://example.org/a!", "abc", "abc!", "abc \u007f", "\ufeff", "relative/path", "thesis", "#x", "?q", "//host/x"}

var oddNumbers = []string{"0", "-0", "1.5", "1e21", "1e20", "123456789012345678", "1.0", "100", "-5", "0.1", "5e-324", "3.0e2",
	"9007199254740993", "-1.25e-7", "0.30000000000000004", "1e-7", "123456.789", "4503599627370496.5", "2251799813685248.5", "1.7976931348623157e308", "-1e-7", "1e300", "999999999999999999999", "0.000001"}

var someNames = strings.Fields("name description image id type narrative targetName targetUrl foo bar:baz http://example.org/p @id @type @value achievement result criteria " +
	"creator identifier related tag alignment creditsEarned creditsAvailable evidence endorsement issuer credentialSubject verifiableCredential proof awardedDate inLanguage " +
	"allowedValue address geo credentialStatus statusListIndex @graph @list @set @index @included @reverse @nest @language @direction @context assertionMethod VerifiableCredential " +
	"Achievement digestSRI mediaType termsOfUse hashed valueMax otherIdentifier parentOrg version degree gpa schema:about https://schema.org/name _:p document_number driving_privileges " +
	"holder encodedList validFrom association latitude rubricCriterionLevel publicKeyJwk @gpa @foo1 @ a,b:c :x #x")

var someTypes = strings.Fields("Achievement Profile AchievementSubject Foo VerifiableCredential OpenBadgeCredential Alignment Result ResultDescription Evidence Image " +
	"Criteria IdentityObject Address ClrSubject BitstringStatusListEntry 1EdTechRevocationList EndorsementCredential https://example.org/T DataIntegrityProof " +
	"Ed25519Signature2020 VerifiablePresentation JsonSchema Association GeoCoordinates IdentifierEntry JsonWebKey id @id _:t schema:T LicensedDriver Iso18013DriversLicense " +
	"EnvelopedVerifiableCredential RubricCriterionLevel")

var someContexts = []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
	"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
	"https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/data-integrity/v2", "https://w3id.org/security/suites/ed25519-2020/v1",
	"https://www.w3.org/ns/credentials/examples/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2", "https://w3id.org/citizenship/v4rc1",
	"https://w3id.org/dcc/v1", "https://w3id.org/utopia/v2", "https://www.w3.org/ns/did/v1", "https://example.org/unknown"}

func text(s string) *tree { return &tree{raw: string(appendJSONString(nil, s))} }

func object1(pairs ...any) *tree {
	t := &tree{names: []string{}}
	for i := 0; i < len(pairs); i += 2 {
		t.set(pairs[i].(string), pairs[i+1].(*tree))
	}
	return t
}

func list1(kids ...*tree) *tree { return &tree{array: true, kids: kids} }

func (m *mutator) value(all []place) *tree {
	switch m.rng.IntN(13) {
	case 0, 1, 2:
		return text(pick(m, oddStrings))
	case 3:
		return &tree{raw: pick(m, oddNumbers)}
	case 4:
		return &tree{raw: pick(m, []string{"true", "false", "null"})}
	case 5:
		return text("x" + strconv.Itoa(m.rng.IntN(3)))
	case 6:
		return pick(m, []*tree{list1(), object1(), list1(list1(text("a"), text("b")), text("c"))})
	case 7:
		return m.valueObject()
	case 8:
		return object1("id", text(pick(m, oddStrings)))
	case 9:
		return object1("type", text(pick(m, someTypes)))
	}
	return pick(m, all).value().clone()
}

func (m *mutator) valueObject() *tree {
	v := object1("@value", text("x"))
	switch m.rng.IntN(9) {
	case 0:
		v.set("@language", text(pick(m, []string{"en-US", "EN", "", "not a tag", "toolongtag", "en-", "x-y9"})))
	case 1:
		v.set("@type", text("http://www.w3.org/2001/XMLSchema#"+pick(m, []string{"date", "string", "double", "integer"})))
	case 2:
		v.set("@value", &tree{raw: pick(m, oddNumbers)})
	case 3:
		v.set("@language", text("en"))
		v.set("@direction", text("rtl"))
	case 4:
		v.set("@value", &tree{raw: pick(m, []string{"null", "true", "[]", "{}"})})
	case 5:
		return object1("@list", list1(text("a"), text("b")))
	case 6:
		v.set("@type", text(pick(m, oddStrings)))
	case 7:
		v.set("@index", text("i"))
	case 8:
		v.set("@value", &tree{raw: pick(m, oddNumbers)})
		v.set("@type", text(pick(m, []string{"xsd:double", "http://www.w3.org/2001/XMLSchema#double", "https://example.org/dt", "@json"})))
	}
	return v
}

// next makes one document of one to three mutations.
func (m *mutator) next() *tree {
	root := pick(m, m.bases).clone()
	for range 1 + m.rng.IntN(3) {
		m.mutate(root)
	}
	return root
}

func (m *mutator) mutate(root *tree) {
	all := root.all(nil)
	if len(all) == 0 {
		return
	}
	p := pick(m, all)
	v := p.value()
	switch m.rng.IntN(12) {
	case 0:
		p.in.drop(p.i)
	case 1, 2:
		p.in.kids[p.i] = m.value(all)
	case 3:
		p.in.kids[p.i] = list1(v)
	case 4:
		p.in.kids[p.i] = list1(v, v.clone())
	case 5:
		p.in.kids[p.i] = list1(v, m.value(all))
	default:
		if o := m.object(root, all); o != nil {
			m.change(o, all)
		}
	}
}

func (m *mutator) object(root *tree, all []place) *tree {
	for range 20 {
		if o := pick(m, all).value(); o.isObject() {
			return o
		}
	}
	return root
}

func (m *mutator) change(o *tree, all []place) {
	switch m.rng.IntN(6) {
	case 0, 1:
		o.set(pick(m, someNames), m.value(all))
	case 2:
		types := list1(text(pick(m, someTypes)))
		if t := o.get("type"); t != nil && m.rng.IntN(2) == 0 {
			if types = t.clone(); !types.array {
				types = list1(types)
			}
			types.kids = append(types.kids, text(pick(m, someTypes)))
		}
		o.set("type", types)
	case 3:
		o.set("id", text(pick(m, append(oddStrings, "_:b0", "_:b1", "_:b2", "urn:same:0", "urn:same:1"))))
	case 4:
		for i, n := range o.names {
			if n == "id" {
				o.drop(i)
				break
			}
		}
	case 5:
		urls := list1()
		for range 1 + m.rng.IntN(3) {
			urls.kids = append(urls.kids, text(pick(m, someContexts)))
		}
		switch m.rng.IntN(12) {
		case 0:
			urls = object1("foo", text("https://example.org/foo"))
		case 1:
			urls = &tree{raw: "null"}
		case 2:
			urls.kids = append(urls.kids, object1("foo", text("https://example.org/foo")))
		}
		o.set("@context", urls)
	}
}
