// Instructions checks a signature, then a badge's proof, then judges the
// badge: each a few times, and once more between calls of begin and end, which
// the trace of an emulator shows. The test that counts what a badge costs on a
// small board builds and runs it.
package main

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"runtime"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/trust"
)

// rounds is how often each is counted; the test knows it too.
const rounds = 4

//go:noinline
func begin() {}

//go:noinline
func end() {}

// main takes a folder with the badge and the trust set, the multibase key, and
// which of the three are to be done.
func main() {
	runtime.LockOSThread() // the trace tells threads apart
	payload, err := os.ReadFile(os.Args[1] + "/payload")
	stop(err)
	k, err := key.FromMultibase(os.Args[2])
	stop(err)
	for _, what := range os.Args[3:] {
		var work func() error
		switch what {
		case "bare":
			work = bare()
		case "proof":
			work = proved(payload, k.Prepared())
		case "whole":
			work = judged(payload, os.Args[1])
		}
		for range 2 { // contexts are compiled, keys prepared, memory has grown
			stop(work())
		}
		for range rounds { // the scheduler costs some of them more
			begin()
			err := work()
			end()
			stop(err)
		}
	}
}

// bare is the signature alone, by the standard library.
func bare() func() error {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, message := private.Public().(ed25519.PublicKey), make([]byte, 64)
	sig := ed25519.Sign(private, message)
	return func() error {
		if !ed25519.Verify(public, message, sig) {
			return fmt.Errorf("the signature does not verify")
		}
		return nil
	}
}

// proved checks the badge's proof, from its bytes on.
func proved(payload []byte, k *key.Key) func() error {
	c, doc := proof.NewChecker(rdf.Builtin()), new(ijson.Doc)
	return func() error {
		v, err := doc.Parse(payload)
		if err != nil {
			return err
		}
		all, err := proof.List(v)
		if err != nil {
			return err
		}
		return c.Verify(v, &all[0], k)
	}
}

// judged judges the badge as the kiosk does.
func judged(payload []byte, folder string) func() error {
	set, err := trust.Open(os.DirFS(folder + "/trust"))
	stop(err)
	v := verify.Verifier{Trust: set}
	ask := verify.Ask{At: verify.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))}
	return func() error {
		if r := v.Verify(payload, ask); r.Axes.Signature.State != verify.Pass || r.Axes.Issuer.State != verify.Pass {
			return fmt.Errorf("%s", r.String())
		}
		return nil
	}
}

func stop(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "instructions:", err)
		os.Exit(1)
	}
}
