package jose

import (
	"slices"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"badgekiosk/verify/key"
)

// badge is a credential of the size that a usual badge has, 4.5 kB.
func badge() string {
	achievement := `,"credentialSubject":{"id":"did:example:learner","type":["AchievementSubject"],"achievement":{"id":"https://school.example/welding","type":["Achievement"],"name":"Welding I","description":"` +
		strings.Repeat("Joins mild steel in flat and horizontal positions. ", 30) + `","criteria":{"narrative":"` + strings.Repeat("Shown in the workshop. ", 40) +
		`"},"alignment":[` + strings.TrimSuffix(strings.Repeat(`{"type":["Alignment"],"targetName":"Welding","targetUrl":"https://skills.example/51-4121","targetFramework":"O*NET"},`, 10), ",") + `]}}`
	const head = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"https://school.example","type":"Profile"},"validFrom":"2026-01-15T00:00:00Z"`
	return head + achievement + `,"iss":"https://school.example","jti":"urn:uuid:6f1d6d8e-9a3c-4f6e-8a25-1c6f5f0a7a11","sub":"did:example:learner","nbf":1768435200}`
}

// BenchmarkBadge verifies a badge as VC-JWT, its claims compared, beside the
// bare signature and two libraries in the same run. The ratio of ours to bare
// is what counts; x-bare is it, of medians of short interleaved rounds.
func BenchmarkBadge(b *testing.B) {
	for _, alg := range []string{key.EdDSA, key.ES256, key.RS256} {
		compact := peerSign(b, alg, badge(), "typ=JWT", "kid=https://school.example#key-1")
		k, pub := public(b, alg), keys()[alg].Public()
		token, text, met := new(Token), []byte(compact), k
		ours := func() error {
			if err := token.Parse(text); err != nil {
				return err
			}
			if err := token.Verify(met); err != nil {
				return err
			}
			_, err := token.VC()
			return err
		}
		if err := ours(); err != nil {
			b.Fatal(err)
		}
		input, sig := token.input, token.signature
		bare := func() error { return k.Verify(alg, input, sig) }
		b.Run(alg, func(b *testing.B) {
			b.ReportAllocs()
			met = k
			b.ReportMetric(ratio(b, ours, bare), "x-bare")
		})
		b.Run(alg+"/met-before", func(b *testing.B) {
			b.ReportAllocs()
			met = k.Prepared()
			b.ReportMetric(ratio(b, ours, bare), "x-bare")
		})
		b.Run(alg+"/golang-jwt", func(b *testing.B) {
			peer := func() error {
				_, err := jwt.NewParser(jwt.WithoutClaimsValidation()).Parse(compact, func(*jwt.Token) (any, error) { return pub, nil })
				return err
			}
			b.ReportMetric(ratio(b, peer, bare), "x-bare")
		})
		b.Run(alg+"/go-jose", func(b *testing.B) {
			peer := func() error {
				jws, err := gojose.ParseSignedCompact(compact, []gojose.SignatureAlgorithm{gojose.SignatureAlgorithm(alg)})
				if err != nil {
					return err
				}
				_, err = jws.Verify(pub)
				return err
			}
			b.ReportMetric(ratio(b, peer, bare), "x-bare")
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
