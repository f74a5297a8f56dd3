package proof

import (
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/rdf"
)

// usual is a badge of the size that is usual: 4.5 kB, a hundred quads.
func usual() string {
	alignment := `{"type":["Alignment"],"targetName":"Welding %","targetUrl":"https://skills.example/51-4121-%","targetFramework":"O*NET","targetCode":"51-4121"}`
	var alignments []string
	for i := range 12 {
		alignments = append(alignments, strings.ReplaceAll(alignment, "%", string(rune('a'+i))))
	}
	return strings.Replace(badge, `"criteria":{"narrative":"Shown in the workshop."}`,
		`"criteria":{"id":"https://school.example/welding/criteria","narrative":"`+strings.Repeat("Shown in the workshop. ", 60)+`"},"achievementType":"Certificate","alignment":[`+strings.Join(alignments, ",")+`]`, 1)
}

// BenchmarkUsual verifies a usual badge, from its bytes on, beside the least
// that any verifier must do: hash the canonical bytes and check the
// signature by the standard library. x-least is how many times as long it
// takes: under a key that was not met before, and one that was.
func BenchmarkUsual(b *testing.B) {
	for _, suite := range []string{"eddsa-jcs-2022", "eddsa-rdfc-2022"} {
		text := addProof(b, usual(), suite, key.Ed25519, `{}`)
		k, c := public(b, key.Ed25519), NewChecker(rdf.Builtin())
		met := k
		var parsed ijson.Doc
		raw := []byte(text)
		ours := func() error {
			doc, err := parsed.Parse(raw)
			if err != nil {
				return err
			}
			all, err := List(doc)
			if err != nil {
				return err
			}
			return c.Verify(doc, &all[0], met)
		}
		doc := parse(b, text)
		p := doc.Get("proof")
		canonicalDoc := canonical(b, suite, key.Ed25519, doc, doc, "proof", nil, false)
		canonicalProof := canonical(b, suite, key.Ed25519, p, doc, "proofValue", nil, false)
		all, err := List(doc)
		if err != nil {
			b.Fatal(err)
		}
		sig, err := c.proofValue(&all[0])
		if err != nil {
			b.Fatal(err)
		}
		sig = append([]byte(nil), sig...)
		least := func() error {
			first, second := sha256.Sum256(canonicalProof), sha256.Sum256(canonicalDoc)
			if !ed25519.Verify(k.Bytes(), append(first[:], second[:]...), sig) {
				b.Fatal("the signature does not verify")
			}
			return nil
		}
		b.Run(suite, func(b *testing.B) {
			b.ReportAllocs()
			b.ReportMetric(ratio(b, ours, least), "x-least")
			b.ReportMetric(float64(len(text)), "bytes")
			b.ReportMetric(float64(len(canonicalDoc)), "hashed")
		})
		b.Run(suite+"/met-before", func(b *testing.B) {
			met = k.Prepared()
			b.ReportMetric(ratio(b, ours, least), "x-least")
		})
	}
}

// ratio runs both in turn and returns how many times as long the first took:
// the median over all turns, which neither a pause nor a machine that changes
// its speed moves.
func ratio(b *testing.B, first, second func() error) float64 {
	took := func(f func() error) float64 {
		start := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return float64(time.Since(start))
	}
	all := make([]float64, 0, b.N)
	b.ResetTimer()
	for range b.N {
		all = append(all, took(first)/took(second))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
