package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// lazily opens files by the index of the set that they make, each part by
// itself.
func lazily(t testing.TB, files map[string]string) (whole, lazy *Set) {
	t.Helper()
	whole, err := OpenSealed(tree(files))
	if err != nil {
		t.Fatal(err)
	}
	index, err := whole.Index()
	if err != nil {
		t.Fatal(err)
	}
	lazy, err = OpenIndexed(only(files, ""), index, func(member string) (fs.FS, error) { return only(files, member), nil }, whole.Notes...)
	if err != nil {
		t.Fatal(err)
	}
	return whole, lazy
}

// only is the files of one member, or those of the consortium.
func only(files map[string]string, member string) fstest.MapFS {
	out := map[string]string{}
	for name, data := range files {
		if strings.HasPrefix(name, "districts/") == (member != "") && (member == "" || strings.HasPrefix(name, "districts/"+member+"/")) {
			out[name] = data
		}
	}
	return tree(out)
}

// tell says all that a set answers to some questions.
func tell(t testing.TB, s *Set, ids, names []string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	badge := "urn:uuid:1"
	keys := func(what string, all []*Key) {
		for _, k := range all {
			say("%s: %s of %s (%s) %v", what, k.ID, k.Issuer.Name, k.Issuer.Member.ID, k.Compromised)
		}
	}
	for _, id := range ids {
		for _, i := range s.Listed(id) {
			_, withdrawn := s.Withdrawn(i, badge)
			say("listed %s: %s %v of %s, guest %q, %+v, speaks %v, owner %v, withdrawn %v", id, i.Name, i.IDs, i.Member.Name, i.Guest, i.Help, i.Speaks(id), s.HasOwner(id), withdrawn)
			keys("its key", i.Keys)
			for _, k := range i.Keys {
				keys("held", s.Holders(k.Key))
				keys("named", s.ByID(k.ID))
			}
			if m := s.Manifest(i.Member, id); m != nil {
				say("manifest %s by %s", m.Name.In("en"), m.Member.ID)
			}
			if c := s.Consent(i.Member, []byte(strings.Repeat("signature ", 3))); c != nil {
				say("consent %s", c)
			}
		}
		keys("under its name", s.ByID(id+"#key-1"))
		for _, d := range s.Document(id) {
			say("document %s %s of %s", d.Data, d.Fetched, d.Member.ID)
		}
	}
	for _, name := range names {
		if i := s.Lookalike(name); i != nil {
			say("%s looks like %s of %s", name, i.Name, i.Member.ID)
		}
	}
	for _, m := range s.Members {
		say("member %s %s %s %+v %v", m.ID, m.Name, m.Kind, m.Help, m.MinorsByDefault)
		for _, i := range s.IssuersOf(m) {
			say("lists %s", i.Name)
		}
		for _, d := range s.DocumentsOf(m) {
			say("keeps %s", d.URL)
		}
		_, g, err := s.For(m.ID + "/front")
		say("front %+v %v", g, err != nil)
	}
	say("%v %v %v %v", s.Owners(), s.Faults, s.Policy, s.Notes)
	return b.String()
}

// thrown makes a coalition by chance: identifiers, keys and names that
// several members list, with and without owners, guests, stolen keys,
// withdrawals by whom they concern and by others.
func thrown(r *rand.Rand) (files map[string]string, ids, names []string) {
	files = map[string]string{}
	pick := func(all []string) string { return all[r.IntN(len(all))] }
	members := []string{"a", "b", "c", "d", "e"}[:2+r.IntN(4)]
	for i := range 4 {
		ids = append(ids, fmt.Sprintf("https://s%d.example/", i), fmt.Sprintf("did:web:w%d.example", i))
	}
	keys := []string{keyA, keyB, keyC}
	names = []string{"Elm High", "ELM High", "Elm H1gh", "Fern School", "Night School"}
	owners := map[string][]string{}
	for _, m := range members {
		at := "districts/" + m + "/"
		files[at+"district.json"] = fmt.Sprintf(`{"name":%q,"contact":"ask %s","kiosks":{"front":{"audience":"employer"}}}`, pick([]string{"District", "District " + m}), m)
		for i := range 1 + r.IntN(3) {
			guest := ""
			if r.IntN(4) == 0 {
				guest = `"guest":"employer",`
			}
			stolen := ""
			if r.IntN(4) == 0 {
				stolen = `"compromised":"2026-01-01T00:00:00Z",`
			}
			id := pick(ids)
			files[fmt.Sprintf("%sissuers/%d.json", at, i)] = fmt.Sprintf(`{%s"name":%q,"ids":[%q,%q],"keys":[{%s"id":%q,"publicKeyMultibase":%q},{"publicKeyMultibase":%q}]}`,
				guest, pick(names), id, pick(ids), stolen, pick(ids)+"#key-1", pick(keys), pick(keys))
			if r.IntN(2) == 0 {
				files[at+"withdrawals.tsv"] += id + "\t" + HashID("urn:uuid:1") + "\t2026-11-20T08:00:00Z\n"
			}
			if r.IntN(2) == 0 {
				files[at+"manifests/a.json"] = fmt.Sprintf(`{"achievement":%q,"name":"by %s"}`, id, m)
			}
		}
		if r.IntN(2) == 0 {
			files[at+"documents/d"] = "of " + m
			files[at+"documents/index.tsv"] = fmt.Sprintf("%s\td\t2026-11-%02dT00:00:00Z\n", pick(ids), 1+r.IntN(20))
		}
		if r.IntN(2) == 0 {
			name, file, _ := SealConsent([]byte(strings.Repeat("signature ", 3)), []byte("consent of "+m))
			files[at+"consent/"+name] = string(file)
			name, file, _ = SealDocument(ids[0], []byte("shared by "+m), time.Unix(0, 0))
			files[at+"sealed/"+name] = string(file)
		}
	}
	said := map[string]string{}
	for _, id := range ids {
		if r.IntN(2) == 0 && said[id] == "" {
			m := pick(append(members, "gone"))
			owners[m], said[id] = append(owners[m], id), m
		}
	}
	var list []string
	for m, all := range owners {
		list = append(list, fmt.Sprintf("%q:[\"%s\"]", m, strings.Join(all, `","`)))
	}
	files["consortium.json"] = `{"name":"Thrown","owners":{` + strings.Join(list, ",") + `}}`
	return files, ids, names
}

// TestLazyIsWhole: a set whose parts are read when they are asked for answers
// every question as one that was read as a whole, whatever its members say
// of one another.
func TestLazyIsWhole(t *testing.T) {
	contested := 0
	for seed := range uint64(400) {
		files, ids, names := thrown(rand.New(rand.NewPCG(seed, 1)))
		whole, lazy := lazily(t, files)
		if seed%2 == 0 {
			lazy.lazy.limit = 1 // and forgets each part as it reads the next
		}
		want, got := tell(t, whole, ids, names), tell(t, lazy, ids, names)
		if got != want {
			t.Fatalf("seed %d:\n%s", seed, firstDifference(want, got))
		}
		contested += len(whole.ties)
	}
	if contested < 200 {
		t.Errorf("only %d identifiers were contested: the coalitions are too peaceful", contested)
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("whole: %s\nlazy:  %s\n", w[i], strings.Join(g[min(i, len(g)-1):min(i+1, len(g))], ""))
		}
	}
	return "more"
}

// TestLazyReadsOnlyWhatIsAsked: and each part once, also when many ask at the
// same time.
func TestLazyReadsOnlyWhatIsAsked(t *testing.T) {
	files := map[string]string{}
	const n = 20
	for i := range n {
		files[fmt.Sprintf("districts/d%02d/issuers/a.json", i)] = fmt.Sprintf(`{"name":"School %d","ids":["did:web:s%d.example"],"keys":[{"publicKeyMultibase":%q}]}`, i, i, keyA)
	}
	index, err := open(t, files).Index()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	read := map[string]int{}
	s, err := OpenIndexed(only(files, ""), index, func(member string) (fs.FS, error) {
		mu.Lock()
		read[member]++
		mu.Unlock()
		return only(files, member), nil
	})
	if err != nil || len(read) > 0 {
		t.Fatalf("%v, read %v before anybody asked", err, read)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range n / 2 {
				if len(s.Listed(fmt.Sprintf("did:web:s%d.example", i))) != 1 {
					t.Errorf("school %d is not listed", i)
				}
			}
		})
	}
	all.Wait()
	if len(s.Listed("did:web:nobody.example")) != 0 || len(read) != n/2 || read["d03"] != 1 {
		t.Errorf("read %v", read)
	}
}

// TestLazyLost: a part that is damaged when it is first asked for counts as
// missing, and so does who must be heard with it.
func TestLazyLost(t *testing.T) {
	files := map[string]string{
		"districts/riverbend/issuers/a.json": ours, "districts/marlow/issuers/a.json": ours,
		"districts/lakeside/issuers/a.json": `{"name":"Lakeside","ids":["did:key:` + keyC + `"]}`,
	}
	whole := open(t, files)
	if got := usable(t, whole, "did:web:riverbend.example"); got != "marlow A, riverbend A" {
		t.Fatal(got)
	}
	index, err := whole.Index()
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenIndexed(only(files, ""), index, func(member string) (fs.FS, error) {
		if member == "marlow" {
			return nil, errors.New("damaged")
		}
		return only(files, member), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Listed("did:key:"+keyC)) != 1 || s.Lost() {
		t.Error("a whole part is lost")
	}
	if len(s.Listed("did:web:riverbend.example")) != 0 || !s.Lost() {
		t.Error("a damaged part, and what rests on it, counts")
	}
}

// TestIndexMangled: an index with any byte cut off is refused, and one with
// any byte changed brings down nobody.
func TestIndexMangled(t *testing.T) {
	index, err := open(t, example).Index()
	if err != nil {
		t.Fatal(err)
	}
	for n := range index {
		if _, err := readIndex(index[:n]); err == nil {
			t.Fatalf("cut to %d of %d bytes it is read", n, len(index))
		}
		changed := []byte(string(index))
		changed[n] ^= 0xff
		useIndex(t, changed)
	}
}

func useIndex(t testing.TB, data []byte) {
	s, err := OpenIndexed(only(example, ""), data, func(member string) (fs.FS, error) { return only(example, member), nil })
	if err == nil {
		tell(t, s, []string{"did:web:riverbend.example", "did:key:" + keyC}, []string{"Riverbend Academy"})
	}
}

func FuzzIndex(f *testing.F) {
	index, err := open(f, example).Index()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(index)
	f.Add([]byte(indexMark))
	f.Fuzz(func(t *testing.T, data []byte) { useIndex(t, data) })
}
