package verify_test

import (
	"crypto/ed25519"
	"syscall"
	"testing"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/verifytest"
)

// cpu is the processor time of this process so far: unlike the clock's, it
// does not count what other programs do.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// millisecond is the time of 17.5 Ed25519 verifications on this machine: the
// unit in which speeds are stated, so that they hold on any.
func millisecond() time.Duration {
	public, private, _ := ed25519.GenerateKey(nil)
	sig := ed25519.Sign(private, nil)
	best := time.Hour
	for range 10 {
		start := cpu()
		for range 350 {
			ed25519.Verify(public, nil, sig)
		}
		best = min(best, cpu()-start)
	}
	return best / 20
}

// BenchmarkVerify is a whole judgement, bytes to report, of each format. Its
// ratio is to the bare Ed25519 signature over as many bytes, checked in turn
// with it, so that a machine whose speed drifts says the same.
func BenchmarkVerify(b *testing.B) {
	public, private, _ := ed25519.GenerateKey(nil)
	for _, name := range []string{"verified-jwt", "verified-jose", "verified-jcs", "verified-rdfc", "verified-did-key", "verified-sd-jwt", "verified-ob2-signed", "forged-jcs"} {
		badge := verifytest.Named(b, name)
		v := verify.Verifier{Trust: badge.Trust}
		sig := ed25519.Sign(private, badge.Payload)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var whole, bare time.Duration
			for b.Loop() {
				start := cpu()
				v.Verify(badge.Payload, badge.Ask)
				middle := cpu()
				ed25519.Verify(public, badge.Payload, sig)
				whole, bare = whole+middle-start, bare+cpu()-middle
			}
			b.ReportMetric(float64(whole)/float64(bare), "x-signature")
		})
	}
}

// BenchmarkRecord judges a learner's record and each badge in it. Its ratio is
// to the bare signatures, that of the record and one of each badge, checked in
// turn with it.
func BenchmarkRecord(b *testing.B) {
	const badges = 20
	payload := []byte(record(b, badges))
	v, ask := verify.Verifier{Trust: nobodysTrust(b)}, verify.Ask{At: verify.At(verifytest.Noon)}
	r := v.Verify(payload, ask)
	if len(r.Credentials) != badges || r.Axes.Signature.State != verify.Pass || r.Credentials[badges-1].Axes.Signature.State != verify.Pass {
		b.Fatalf("%s with %d badges", &r, len(r.Credentials))
	}
	sig := ed25519.Sign(nobodys, payload[:64])
	b.ReportAllocs()
	var whole, bare time.Duration
	for b.Loop() {
		start := cpu()
		v.Verify(payload, ask)
		middle := cpu()
		for range badges + 1 {
			ed25519.Verify(nobodys.Public().(ed25519.PublicKey), payload[:64], sig)
		}
		whole, bare = whole+middle-start, bare+cpu()-middle
	}
	b.ReportMetric(float64(whole)/float64(bare), "x-signatures")
}
