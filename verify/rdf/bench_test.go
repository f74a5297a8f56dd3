package rdf

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"os"
	"testing"
	"time"

	"badgekiosk/verify/ijson"
)

const madeUpProof = `{"type":"DataIntegrityProof","created":"2026-03-01T08:00:00Z","cryptosuite":"eddsa-rdfc-2022",
"proofPurpose":"assertionMethod","verificationMethod":"did:web:riverbend.example#key-1","proofValue":"z3AAAA"}`

// bigRecord is a learner record of n badges, each signed by itself.
func bigRecord(t testing.TB, n int) []byte {
	docs := fixtures(t)
	root, badge := treeOf(t, string(docs["record"])), treeOf(t, string(usual(t)))
	list := list1()
	for i := range n {
		b := badge.clone()
		b.set("id", text(fmt.Sprintf("urn:uuid:%d", i)))
		b.set("name", text(fmt.Sprintf("Badge number %d", i)))
		b.get("credentialSubject").get("achievement").set("id", text(fmt.Sprintf("https://riverbend.example/a/%d", i)))
		for k := range b.get("credentialSubject").get("achievement").get("resultDescription").kids {
			b.get("credentialSubject").get("achievement").get("resultDescription").kids[k].set("id", text(fmt.Sprintf("urn:uuid:rd-%d-%d", i, k)))
		}
		proof := treeOf(t, madeUpProof)
		proof.set("proofValue", text(fmt.Sprintf("z3AAAA%d", i))) // no two badges have the same
		b.set("proof", list1(proof))
		list.kids = append(list.kids, b)
	}
	root.get("credentialSubject").set("verifiableCredential", list)
	return root.append(nil)
}

// usual is the badge with what a usual one has: 4.5 kB, 123 quads.
func usual(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile("../testdata/usual.json")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(body)
}

func withProof(t testing.TB, body []byte) []byte {
	root := treeOf(t, string(body))
	root.set("proof", treeOf(t, madeUpProof))
	return root.append(nil)
}

// A check is one whole verification but for finding the key.
type check struct {
	doc   ijson.Doc
	z     *Canonicalizer
	quads []byte
	body  []byte
	key   ed25519.PublicKey
	sig   []byte
	msg   [64]byte
}

func newCheck(t testing.TB, body []byte) *check {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	c := &check{z: NewCanonicalizer(Builtin()), body: body, key: private.Public().(ed25519.PublicKey)}
	msg, err := c.message()
	if err != nil {
		t.Fatal(err)
	}
	c.sig = ed25519.Sign(private, msg[:])
	return c
}

// message is what eddsa-rdfc-2022 signs: the hash of the proof's options,
// then that of the document.
func (c *check) message() (msg [64]byte, err error) {
	v, err := c.doc.Parse(c.body)
	if err != nil {
		return msg, err
	}
	o := Options{Without: "proofValue", Context: v.Get("@context")}
	if c.quads, err = c.z.Canonical(c.quads[:0], v.Get("proof"), o); err != nil {
		return msg, err
	}
	h := sha256.Sum256(c.quads)
	copy(msg[:32], h[:])
	if c.quads, err = c.z.Canonical(c.quads[:0], v, Options{Without: "proof"}); err != nil {
		return msg, err
	}
	h = sha256.Sum256(c.quads)
	copy(msg[32:], h[:])
	return msg, nil
}

func (c *check) ours() bool {
	msg, err := c.message()
	c.msg = msg
	return err == nil && ed25519.Verify(c.key, msg[:], c.sig)
}

// limit is what no verifier can do without.
func (c *check) limit() {
	h := sha256.Sum256(c.quads)
	copy(c.msg[32:], h[:])
	ed25519.Verify(c.key, c.msg[:], c.sig)
}

// floor is the limit with the hashes that RDFC-1.0 takes to name blank nodes:
// in a record each quad is hashed again for the graph that it stands in.
func (c *check) floor(named []byte) {
	sha256.Sum256(named)
	c.limit()
}

// BenchmarkVerify prints how much longer a verification takes than the bare
// signature and the hash of the quads, both timed in turns in this run, and
// how much longer it would take if nothing but hashing were done. Goals:
// simple 1.10, badge 1.35, record 2.5.
func BenchmarkVerify(b *testing.B) {
	docs := fixtures(b)
	for _, d := range []struct {
		name string
		body []byte
	}{
		{"simple", withProof(b, docs["simple"])},
		{"badge", withProof(b, usual(b))},
		{"full-badge", withProof(b, docs["badge"])},
		{"record-of-20", withProof(b, bigRecord(b, 20))},
	} {
		b.Run(d.name, func(b *testing.B) {
			c := newCheck(b, d.body)
			if !c.ours() {
				b.Fatal("does not verify")
			}
			b.ReportAllocs()
			named := make([]byte, c.z.canon.hashed)
			ours, limit, floor := time.Hour, time.Hour, time.Hour
			for b.Loop() {
				t0 := time.Now()
				c.ours()
				t1 := time.Now()
				c.limit()
				t2 := time.Now()
				c.floor(named)
				ours, limit, floor = min(ours, t1.Sub(t0)), min(limit, t2.Sub(t1)), min(floor, time.Since(t2))
			}
			b.ReportMetric(float64(ours)/float64(limit), "x-limit")
			b.ReportMetric(float64(floor)/float64(limit), "x-floor")
			b.ReportMetric(float64(ours.Nanoseconds())/1000, "best-us")
			b.ReportMetric(float64(len(d.body)), "json-bytes")
			b.ReportMetric(float64(len(c.z.walk.quads)), "quads")
			b.ReportMetric(float64(len(c.quads)), "nquad-bytes")
		})
	}
}

// BenchmarkCanonical compares with json-gold, which keeps less.
func BenchmarkCanonical(b *testing.B) {
	body := fixtures(b)["badge"]
	b.Run("ours", func(b *testing.B) {
		z := NewCanonicalizer(Builtin())
		var doc ijson.Doc
		var out []byte
		b.ReportAllocs()
		for b.Loop() {
			v, err := doc.Parse(body)
			if err != nil {
				b.Fatal(err)
			}
			if out, err = z.Canonical(out[:0], v, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("json-gold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := goldCanonical(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("first", func(b *testing.B) { // contexts not yet compiled
		b.ReportAllocs()
		for b.Loop() {
			z := NewCanonicalizer(&Contexts{table: newTable(builtinTable)})
			v, _ := ijson.Parse(body)
			if _, err := z.Canonical(nil, v, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkStages prints the best time of each step of a document.
func BenchmarkStages(b *testing.B) {
	for _, d := range []struct {
		name string
		body []byte
	}{{"badge", usual(b)}, {"record-of-20", bigRecord(b, 20)}} {
		b.Run(d.name, func(b *testing.B) {
			z := NewCanonicalizer(Builtin())
			var doc ijson.Doc
			var out []byte
			names := []string{"parse", "read", "sort", "name", "write", "sha256"}
			best := make([]time.Duration, len(names))
			for b.Loop() {
				var v ijson.Value
				g := &z.walk.graph
				for i, step := range []func() error{
					func() (err error) { v, err = doc.Parse(d.body); return err },
					func() error { return z.read(v, Options{}) },
					func() error { g.rank(); z.sorter.sort(g); return nil },
					func() error { z.canon.most = maxWork; return z.canon.name(g, &z.sorter, SHA256) },
					func() (err error) { out, err = z.canon.writeTo(out[:0], nil); return err },
					func() error { sha256.Sum256(out); return nil },
				} {
					start := time.Now()
					if err := step(); err != nil {
						b.Fatal(err)
					}
					if took := time.Since(start); best[i] == 0 || took < best[i] {
						best[i] = took
					}
				}
			}
			for i, n := range names {
				b.ReportMetric(float64(best[i].Nanoseconds())/1000, n+"-us")
			}
			b.ReportMetric(float64(len(z.walk.quads)), "quads")
			b.ReportMetric(float64(z.walk.blanks), "blanks")
		})
	}
}
