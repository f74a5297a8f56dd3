package trust

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/verify/key"
	"badgekiosk/verify/reason"
)

// Keys of nobody: did:key values whose private halves were never kept.
const (
	keyA = "z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7"
	keyB = "z6MkspwiQS6huYcV5SPJNW9GXyrz46okQ5gQJ7NQYF7GPctT"
	keyC = "zDnaetJ8MsCgvCvo6AN8kNMt9cYQj9mhtmgEuZ9Ka3iP16W4y"
)

// tree makes a file system of "name: contents" pairs.
func tree(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return m
}

func open(t testing.TB, files map[string]string) *Set {
	t.Helper()
	s, err := Open(tree(files))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func whole(t testing.TB, files map[string]string) *Set {
	t.Helper()
	s := open(t, files)
	for _, err := range s.Faults {
		t.Errorf("fault: %v", err)
	}
	return s
}

func public(t testing.TB, multibase string) *key.Key {
	t.Helper()
	k, err := key.FromMultibase(multibase)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// example is a tree with one of everything.
var example = map[string]string{
	"consortium.json": `{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z","unknown":1,
		"policy":{"status":{"freshDays":10,"notedDays":20,"checkDays":40},"keyDays":100,"clockSlackDays":7,"audiences":{"employer":["achievement","dates"]}}}`,
	"districts/riverbend/district.json": `{"name":"Riverbend District","kind":"district","languages":["en","es"],"minorsByDefault":true}`,
	"districts/riverbend/issuers/academy.json": `{"name":"Riverbend Academy","ids":["did:web:Riverbend.example","https://riverbend.example/"],
		"keys":[{"id":"did:web:riverbend.example#key-1","publicKeyMultibase":"` + keyA + `","from":"2025-01-01T00:00:00Z","until":"2026-01-01T00:00:00Z"},
		        {"id":"#key-2","publicKeyMultibase":"` + keyB + `","compromised":"2026-05-01T00:00:00Z"}]}`,
	"districts/riverbend/documents/index.tsv":     "# url, file, fetched\n\nhttps://riverbend.example/status/1\tstatus-1.json\t2026-11-20T08:10:00Z\nhttps://riverbend.example/status/1\told.json\t2026-11-01T08:10:00Z\n",
	"districts/riverbend/documents/status-1.json": "new",
	"districts/riverbend/documents/old.json":      "old",
	"districts/riverbend/manifests/welding.json":  `{"achievement":"https://riverbend.example/a/welding","name":{"en":"Welding I","es":"Soldadura I"},"level":{"n":3,"of":4,"name":{"en":"Proficient"}},"skills":[{"name":{"en":"MIG"},"caseUri":"https://case.example/1"}],"class":"Certificate","picture":"w.png"}`,
	"districts/lakeside/issuers/high.json":        `{"name":"Lakeside High","ids":["did:key:` + keyC + `"],"specimen":true}`,
}

func TestOpen(t *testing.T) {
	s := whole(t, example)
	if s.Name != "Valley Coalition" || s.Serial != 41 || !s.Issued.Equal(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("consortium: %q, %d, %v", s.Name, s.Serial, s.Issued)
	}
	if p := s.Policy; p.Fresh != 10*day || p.Noted != 20*day || p.Check != 40*day || p.Keys != 100*day || p.ClockSlack != 7*day || len(p.Audiences["employer"]) != 2 {
		t.Errorf("policy: %+v", p)
	}
	if len(s.Notes) != 1 || s.Notes[0] != reason.BUnsealed {
		t.Errorf("notes: %v", s.Notes)
	}
	i := s.Listed("did:web:riverbend.example")
	if len(i) != 1 || i[0].Name != "Riverbend Academy" || i[0].Member.Name != "Riverbend District" || !i[0].Member.MinorsByDefault {
		t.Fatalf("listed: %+v", i)
	}
	if got := s.Listed("https://RIVERBEND.example:443"); len(got) != 1 || got[0] != i[0] {
		t.Errorf("the same by its URL: %+v", got)
	}
	if got := s.Listed("did:key:" + keyC); len(got) != 1 || !got[0].Specimen || len(got[0].Keys) != 1 {
		t.Errorf("listed by did:key: %+v", got)
	}
	if d := s.Document("https://riverbend.example/status/1#17"); len(d) != 2 || string(d[0].Data) != "new" {
		t.Errorf("documents: %+v", d)
	}
	m := s.Manifest(i[0].Member, "https://riverbend.example/a/welding")
	if m == nil || m.Name.In("es-MX") != "Soldadura I" || m.Name.In("fr") != "Welding I" || m.N != 3 || m.Of != 4 ||
		m.Picture != "districts/riverbend/manifests/w.png" || m.Skills[0].Name.In("") != "MIG" {
		t.Errorf("manifest: %+v", m)
	}
	if s.Manifest(s.Listed("did:key:" + keyC)[0].Member, "https://riverbend.example/a/welding") != nil {
		t.Error("one member describes another's badge")
	}
}

// TestKeyNames walks the ways in which tokens name a key.
func TestKeyNames(t *testing.T) {
	i := whole(t, example).Listed("did:web:riverbend.example")[0]
	for _, c := range []struct {
		kid  string
		want string // multikeys
	}{
		{"did:web:riverbend.example#key-1", keyA},
		{"did:web:RIVERBEND.example#key-1", keyA},
		{"did:web:riverbend.example#KEY-1", ""},
		{"#key-1", keyA},
		{"key-1", keyA},
		{"#key-2", keyB},
		{public(t, keyA).Thumbprint(), keyA},
		{"urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + public(t, keyB).Thumbprint(), keyB},
		{"https://riverbend.example/#" + keyB, keyB},
		{"https://riverbend.example/#" + keyC, ""},
		{"did:web:riverbend.example#key-3", ""},
		{"did:web:other.example#key-1", ""},
	} {
		keys, exact := i.For(c.kid)
		got := ""
		for _, k := range keys {
			got += k.Multibase()
		}
		if got != c.want || exact != (c.want != "") {
			t.Errorf("kid %q: %q, exact %v, want %q", c.kid, got, exact, c.want)
		}
	}
	if keys, exact := i.For(""); len(keys) != 2 || exact {
		t.Errorf("no kid: %d keys, exact %v", len(keys), exact)
	}
}

// TestKeyWithoutName holds that a key without an id serves any kid of its
// issuer, never another's, and is never certain to be the one meant.
func TestKeyWithoutName(t *testing.T) {
	i := whole(t, map[string]string{"districts/a/issuers/x.json": `{"name":"X","ids":["https://x.example/issuer"],"keys":[{"publicKeyMultibase":"` + keyA + `"}]}`}).
		Listed("https://x.example/issuer")[0]
	for kid, want := range map[string]int{"https://x.example/keys/1": 1, "key-7": 1, "": 1, "https://y.example/keys/1": 0, "did:web:y.example#1": 0} {
		if keys, exact := i.For(kid); len(keys) != want || exact {
			t.Errorf("kid %q: %d keys, exact %v, want %d", kid, len(keys), exact, want)
		}
	}
}

func TestKeyTimes(t *testing.T) {
	s := whole(t, example)
	a, b := s.ByID("did:web:riverbend.example#key-1")[0], s.Holders(public(t, keyB))[0]
	for at, want := range map[string]bool{"2024-12-31T23:59:59Z": false, "2025-01-01T00:00:00Z": true, "2026-01-01T00:00:00Z": true, "2026-01-01T00:00:01Z": false} {
		when, _ := time.Parse(time.RFC3339, at)
		if a.Covers(when) != want {
			t.Errorf("key 1 at %s: %v", at, !want)
		}
	}
	if a.Covers(time.Time{}) || !b.Covers(time.Time{}) {
		t.Error("a badge without a date falls into a key's bounds, or out of none")
	}
	if b.Compromised.IsZero() || b.Issuer.Name != "Riverbend Academy" {
		t.Errorf("key 2: %+v", b)
	}
}

// didDocument has every quirk that documents in the field have.
const didDocument = `{"@context":"https://www.w3.org/ns/did/v1","id":"did:web:Issuer.example%3A3000:schools",
	"verificationMethod":[{"id":"#a","type":"Multikey","controller":"did:web:issuer.example%3a3000:schools","publicKeyMultibase":"` + keyA + `"},
		{"id":"did:web:issuer.example%3A3000:schools#login","type":"Multikey","publicKeyMultibase":"` + keyC + `"}],
	"authentication":["#login"],
	"assertionMethod":["#a",{"id":"#b","type":"Multikey","controller":"did:web:issuer.example%3A3000:schools","publicKeyMultibase":"` + keyB + `"},
		{"id":"did:key:` + keyC + `#lent","controller":"did:key:` + keyC + `","publicKeyMultibase":"` + keyC + `"}]}`

func TestDIDDocument(t *testing.T) {
	inline := map[string]string{"districts/a/issuers/x.json": `{"name":"X","didDocument":` + didDocument + `}`}
	cached := map[string]string{
		"districts/a/issuers/x.json":      `{"name":"X","ids":["did:web:issuer.example%3A3000:schools"]}`,
		"districts/a/documents/index.tsv": "https://issuer.example:3000/schools/did.json\tdid.json\t2026-11-20T08:10:00Z",
		"districts/a/documents/did.json":  didDocument,
	}
	for name, files := range map[string]map[string]string{"inline": inline, "cached": cached} {
		i := whole(t, files).Listed("did:web:issuer.example%3a3000:schools")
		if len(i) != 1 || len(i[0].Keys) != 2 {
			t.Fatalf("%s: %+v", name, i)
		}
		for kid, want := range map[string]string{"#a": keyA, "did:web:issuer.example%3A3000:schools#b": keyB} {
			if keys, exact := i[0].For(kid); len(keys) != 1 || !exact || keys[0].Multibase() != want {
				t.Errorf("%s: kid %s: %v, exact %v", name, kid, keys, exact)
			}
		}
	}
}

// TestUnsortedKeys: a document that does not say which keys sign badges means
// all of them, but for those that it names for something else.
func TestUnsortedKeys(t *testing.T) {
	const methods = `"verificationMethod":[{"id":"#a","type":"Multikey","publicKeyMultibase":"` + keyA + `"},{"id":"#b","type":"Multikey","publicKeyMultibase":"` + keyB + `"}]`
	for more, want := range map[string]int{
		``:                         2,
		`,"authentication":["#b"]`: 1,
		`,"authentication":["did:web:Issuer.example#b"],"keyAgreement":["#a"]`: 0,
		`,"authentication":["#b"],"assertionMethod":["#a","#b"]`:               2,
		`,"assertionMethod":[]`: 0,
	} {
		doc := `{"id":"did:web:issuer.example",` + methods + more + `}`
		set, err := Open(tree(map[string]string{"districts/a/issuers/x.json": `{"name":"X","didDocument":` + doc + `}`}))
		if err != nil {
			t.Fatal(err)
		}
		if i := set.Listed("did:web:issuer.example"); len(i) != 1 || len(i[0].Keys) != want {
			t.Errorf("%s: %+v, want %d keys", more, i, want)
		}
	}
}

// TestProfile takes keys from a cached profile of Open Badges 2.0, but none
// that says it is somebody else's.
func TestProfile(t *testing.T) {
	files := map[string]string{
		"districts/a/issuers/x.json":      `{"name":"X","ids":["https://x.example/profile"],"statusIssuers":["https://x.example/lists"]}`,
		"districts/a/documents/index.tsv": "https://x.example/profile\tp\t2026-11-20T08:10:00Z\nhttps://x.example/key\tk\t2026-11-20T08:10:00Z\nhttps://x.example/other\to\t2026-11-20T08:10:00Z\n",
		"districts/a/documents/p":         `{"type":"Issuer","id":"https://x.example/profile","publicKey":["https://x.example/key","https://x.example/other"]}`,
		"districts/a/documents/k":         `{"type":"CryptographicKey","owner":"https://x.example/profile","publicKeyMultibase":"` + keyA + `"}`,
		"districts/a/documents/o":         `{"type":"CryptographicKey","owner":"https://y.example/profile","publicKeyMultibase":"` + keyB + `"}`,
	}
	s := open(t, files)
	i := s.Listed("https://x.example/profile")[0]
	if keys, exact := i.For("https://x.example/key"); len(keys) != 1 || !exact || keys[0].Multibase() != keyA {
		t.Errorf("key: %v, exact %v", keys, exact)
	}
	if s.Holders(public(t, keyB)) != nil || len(s.Faults) != 1 || !strings.Contains(s.Faults[0].Error(), "https://y.example/profile") {
		t.Errorf("another's key: %v", s.Faults)
	}
	if !i.MaySignStatus("https://x.example/lists") || !i.MaySignStatus("https://x.example/profile") || i.MaySignStatus("https://y.example/lists") {
		t.Error("who may sign its lists")
	}
}

// TestCachedDocumentListsNobody holds that a cached document, by itself or of
// another member, makes nobody trusted.
func TestCachedDocumentListsNobody(t *testing.T) {
	s := open(t, map[string]string{
		"districts/a/issuers/x.json":      `{"name":"X","ids":["did:web:issuer.example%3A3000:schools"]}`,
		"districts/b/documents/index.tsv": "https://issuer.example:3000/schools/did.json\tdid.json\t2026-11-20T08:10:00Z",
		"districts/b/documents/did.json":  didDocument,
	})
	if i := s.Listed("did:web:issuer.example%3A3000:schools"); len(i) != 1 || len(i[0].Keys) != 0 || s.Holders(public(t, keyA)) != nil {
		t.Errorf("member b gave member a's issuer keys: %+v", i)
	}
	if len(s.Faults) != 1 || !strings.Contains(s.Faults[0].Error(), "no key") {
		t.Errorf("faults: %v", s.Faults)
	}
}

// TestCompromisedStays holds that a cached document cannot clean a key.
func TestCompromisedStays(t *testing.T) {
	i := whole(t, map[string]string{
		"districts/a/issuers/x.json": `{"name":"X","ids":["did:web:issuer.example%3A3000:schools"],
			"keys":[{"id":"#old","publicKeyMultibase":"` + keyA + `","compromised":"2026-01-01T00:00:00Z"}],"didDocument":` + didDocument + `}`,
	}).Listed("did:web:issuer.example%3A3000:schools")[0]
	for _, k := range i.Keys {
		if k.Equal(public(t, keyA)) && k.Compromised.IsZero() {
			t.Errorf("%s is clean again", k.ID)
		}
	}
}

// TestFaults holds that what is wrong is named, file and value, and takes
// nothing else with it.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ file, data, want string }{
		{"districts/a/issuers/bad.json", `{"name":"B"`, "districts/a/issuers/bad.json: S-MALFORMED"},
		{"districts/a/issuers/bad.json", `[]`, "holds a JSON array"},
		{"districts/a/issuers/bad.json", `{"ids":["did:web:b.example"]}`, "name is missing"},
		{"districts/a/issuers/bad.json", `{"name":"B"}`, "ids is missing"},
		{"districts/a/issuers/bad.json", `{"name":"B","name":"C","ids":["did:web:b.example"]}`, `"name" occurs twice`},
		{"districts/a/issuers/bad.json", `{"name":"B","ids":["did:web:b.example"],"keys":[{"id":"#1"}]}`, `key "#1": holds none of publicKeyJwk`},
		{"districts/a/issuers/bad.json", `{"name":"B","ids":["did:web:b.example"],"keys":[{"id":"#1","publicKeyMultibase":"z6Mk"}]}`, `key "#1"`},
		{"districts/a/issuers/bad.json", `{"name":"B","ids":["did:web:b.example"],"keys":[{"id":"#1","until":"tomorrow","publicKeyMultibase":"` + keyB + `"}]}`, `until: S-MALFORMED: "tomorrow"`},
		{"districts/a/issuers/bad.json", `{"name":"B","ids":["did:key:z123"]}`, "ids: "},
		{"districts/a/issuers/bad.json", `{"name":"B","ids":["did:web:b.example"],"didDocument":{"id":"did:web:c.example"}}`, `document of "did:web:c.example" is not of issuer "B"`},
		{"districts/a/documents/index.tsv", "https://x.example", "has 1 fields"},
		{"districts/a/documents/index.tsv", "https://x.example\tx.json\tyesterday", `"yesterday"`},
		{"districts/a/documents/index.tsv", "https://x.example\tx.json\t2026-01-01T00:00:00Z", "districts/a/documents/x.json: no such file"},
		{"districts/a/documents/index.tsv", "https://x.example\t../district.json\t2026-01-01T00:00:00Z", "outside the folder"},
		{"districts/a/manifests/m.json", `{"name":{}}`, "achievement is missing"},
		{"districts/a/manifests/m.json", `{"achievement":"x","level":{"n":5,"of":4}}`, "level: "},
		{"consortium.json", `{"policy":{"keyDays":-1}}`, "policy.keyDays: -1"},
		{"consortium.json", `{"issued":"41"}`, "issued: "},
	} {
		s := open(t, map[string]string{
			"districts/a/issuers/good.json": `{"name":"G","ids":["did:key:` + keyA + `"]}`, c.file: c.data,
		})
		said := fmt.Sprint(s.Faults)
		if len(s.Faults) == 0 || !strings.Contains(said, c.want) || !strings.Contains(said, c.file) && !strings.Contains(c.want, "x.json") {
			t.Errorf("%s\n%s\nfaults %v\nwant   %s", c.file, c.data, s.Faults, c.want)
		}
		if len(s.Listed("did:key:"+keyA)) != 1 {
			t.Errorf("%s %s: took the good issuer with it", c.file, c.data)
		}
	}
	if _, err := Open(fstest.MapFS{}); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestPolicyOnlyNarrowsInOrder holds the horizons in their order.
func TestPolicyOnlyNarrowsInOrder(t *testing.T) {
	p := whole(t, map[string]string{"consortium.json": `{"policy":{"status":{"freshDays":100}}}`}).Policy
	if p.Fresh != 100*day || p.Noted != 100*day || p.Check != 400*day {
		t.Errorf("%v %v %v", p.Fresh, p.Noted, p.Check)
	}
}

func TestSame(t *testing.T) {
	for _, c := range [][2]string{
		{"did:web:Example.COM:Schools", "did:web:example.com:Schools"},
		{"did:web:host%3A3000", "did:web:host%3a3000"},
		{"HTTPS://Example.com:443/a", "https://example.com/a"},
		{"https://example.com", "https://example.com/"},
		{"https://example.com#k", "https://example.com/#k"},
	} {
		if same(c[0]) != same(c[1]) {
			t.Errorf("%q and %q are not the same", c[0], c[1])
		}
	}
	for _, c := range [][2]string{
		{"https://example.com/a", "https://example.com/A"},
		{"https://example.com/a", "https://example.com/a/"},
		{"https://example.com", "http://example.com"},
		{"did:web:example.com:A", "did:web:example.com:a"},
		{"did:key:z6MkA", "did:key:z6Mka"},
		{"https://example.com/%41", "https://example.com/A"},
	} {
		if same(c[0]) == same(c[1]) {
			t.Errorf("%q and %q are the same", c[0], c[1])
		}
	}
}

func TestLookalike(t *testing.T) {
	s := whole(t, example)
	for _, name := range []string{
		"Riverbend Academy", "RIVERBEND  ACADEMY", "River-bend Academy", "Rіverbеnd Аcаdemу", // Cyrillic
		"Riverbend\u200b Academy", "\u202eRiverbend Academy", "Riverbend Acádemy", "R1verbend Academy",
		"Ｒiverbend Academy", "The Riverbend Academy", "Riverbend Αcademy", "Riverbencl Academy", "RiverbendAcaderny",
	} {
		if got := s.Lookalike(name); got == nil || got.Name != "Riverbend Academy" {
			t.Errorf("%+q is taken for %v", name, got)
		}
	}
	for _, name := range []string{"", "Riverside Academy", "Academy", "河畔学院"} {
		if got := s.Lookalike(name); got != nil {
			t.Errorf("%+q is taken for %q", name, got.Name)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Welding I", "Welding I"},
		{"Welding  I ", "Welding I"},
		{"Z" + strings.Repeat("\u0301", 5) + "Z" + strings.Repeat("\u0301", 5), "Z" + strings.Repeat("\u0301", 4) + "Z" + strings.Repeat("\u0301", 4)},
		{strings.Repeat("a ", MaxText), strings.Repeat("a ", MaxText/2-1) + "a"},
		{"  a\r\n\tb\u2028c ", "a b c"},
		{"safe\u202eexe.gpj", "safeexe.gpj"},
		{"a\u200bb\ufeffc\u00add", "abcd"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"a\u200cb", "ab"},
		{"A\U000E0041\U000E007F", "A"},
		{"ñ 日本語 🎓 é", "ñ 日本語 🎓 é"},
		{"Z" + strings.Repeat("\u0301", 40), "Z" + strings.Repeat("\u0301", maxMarks)},
		{"\x00\x1b[31mred\x7f", "[31mred"},
		{"a\xffb", "ab"},
		{"ㅤx", "x"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("Clean(%+q) = %+q, want %+q", c.in, got, c.want)
		}
	}
	if got := Clean(strings.Repeat("日", MaxText)); len(got) > MaxText || len(got) < MaxText-3 {
		t.Errorf("a long text leaves %d bytes, at most %d may", len(got), MaxText)
	}
}

func TestNilSetBelievesNothing(t *testing.T) {
	var s *Set
	if s.Listed("x") != nil || s.ByID("x") != nil || s.Holders(public(t, keyA)) != nil || s.Document("x") != nil ||
		s.Manifest(nil, "x") != nil || s.Lookalike("x") != nil {
		t.Error("a nil Set answers")
	}
}

// FuzzOpen feeds every kind of file anything at all.
func FuzzOpen(f *testing.F) {
	for _, data := range example {
		f.Add([]byte(data))
	}
	f.Add([]byte(`{"name":"X","didDocument":` + didDocument + `}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		files := fstest.MapFS{}
		for _, name := range []string{"consortium.json", "districts/a/district.json", "districts/a/issuers/x.json",
			"districts/a/documents/index.tsv", "districts/a/documents/x", "districts/a/manifests/m.json"} {
			files[name] = &fstest.MapFile{Data: data}
		}
		s, err := Open(files)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Faults) > MaxFaults {
			t.Errorf("%d faults", len(s.Faults))
		}
		for _, keys := range s.holders {
			for _, k := range keys {
				k.Issuer.For(k.ID)
			}
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("a\u202eb\xff\u0301")
	f.Fuzz(func(t *testing.T, in string) {
		got := Clean(in)
		if len(got) > MaxText || Clean(got) != got || strings.ContainsAny(got, "\n\r\t\u202e\u200b") {
			t.Errorf("Clean(%+q) = %+q", in, got)
		}
	})
}

// BenchmarkListed grows the set: a look-up must not.
func BenchmarkListed(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		files := map[string]string{}
		for i := range n {
			files[fmt.Sprintf("districts/d%d/issuers/%d.json", i/100, i)] =
				fmt.Sprintf(`{"name":"Issuer %d","ids":["did:web:i%d.example"],"keys":[{"publicKeyMultibase":"%s"}]}`, i, i, keyA)
		}
		s := open(b, files)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if len(s.Listed("did:web:i0.example")) != 1 {
					b.Fatal("lost")
				}
			}
		})
	}
}

// BenchmarkOpen is what starting a kiosk costs, an issuer.
func BenchmarkOpen(b *testing.B) {
	files := tree(example)
	for i := range 1000 {
		files[fmt.Sprintf("districts/d%d/issuers/%d.json", i/100, i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			`{"name":"Issuer %d","ids":["did:web:i%d.example"],"keys":[{"publicKeyMultibase":"%s"}]}`, i, i, keyA)}
	}
	for b.Loop() {
		if _, err := Open(files); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/issuer")
}
