package bundle

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"badgekiosk/verify/trust"
)

// perDistrict is how many issuers a district lists, each with a key.
const perDistrict = 100

// coalition is a sealed bundle of n districts, and 77 status lists shared
// among them: ten million credentials.
func coalition(b testing.TB, n int) (Files, []byte) {
	r := newRepoOf(b, "scale")
	for _, id := range []string{"marlow", "riverbend"} {
		r.put(id, "districts/"+id+"/issuers/a.json", `{"name":"`+id+`","ids":["did:key:z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7"]}`)
	}
	for i := range n {
		id := fmt.Sprintf("d%03d", i)
		at := "districts/" + id + "/"
		r.delegate("targets", id, at+"*", at+"*/*")
		r.put(id, at+"district.json", `{"name":"District `+id+`","kind":"district"}`)
		for j := range perDistrict {
			public := newKey(fmt.Sprint(i, j)).Public().(ed25519.PublicKey)
			r.put(id, fmt.Sprintf("%sissuers/%d.json", at, j), fmt.Sprintf(
				`{"name":"School %d of %s","ids":["did:web:s%d.%s.example"],"keys":[{"id":"#key-1","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":%q}}]}`,
				j, id, j, id, base64.RawURLEncoding.EncodeToString(public)))
		}
	}
	for l := range min(77, 77*n/500+1) {
		id := fmt.Sprintf("d%03d", l%n)
		at := "districts/" + id + "/documents/"
		r.put(id, fmt.Sprintf("%slist-%d.jwt", at, l), string(make([]byte, 4421))) // a list with 1 % withdrawn, signed
		r.put(id, at+"index.tsv", r.files[id][at+"index.tsv"]+fmt.Sprintf("https://lists.%s.example/%d\tlist-%d.jwt\t2026-11-20T00:00:00Z\n", id, l, l))
	}
	return r.write(), r.roots[0]
}

// yardstick is the nanoseconds of one millisecond-equivalent: 17.5 Ed25519
// verifications of the standard library, timed in the same run.
func yardstick() float64 {
	key := newKey("yardstick")
	public, text := key.Public().(ed25519.PublicKey), []byte("yardstick")
	sig := ed25519.Sign(key, text)
	const rounds = 3000
	start := spent()
	for range rounds {
		ed25519.Verify(public, text, sig)
	}
	return float64((spent() - start).Nanoseconds()) / rounds * 17.5
}

// spent is the processor time that this process took, which says more than a
// clock on a machine with other work.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// inUse is the heap that is in use, in megabytes.
func inUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// onDisk is a file with these bytes: an installed bundle is not read whole.
func onDisk(b *testing.B, data []byte) *os.File {
	name := filepath.Join(b.TempDir(), "bundle.zip")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return f
}

// BenchmarkScale grows a coalition. msEq/op is in milliseconds of the
// reference: installing is to take at most 2,000 with 500 districts, opening
// what is installed 150.
func BenchmarkScale(b *testing.B) {
	ms := yardstick()
	for _, n := range districts() {
		src, anchor := coalition(b, n)
		zipped, err := Zip(src)
		if err != nil {
			b.Fatal(err)
		}
		run := func(name string, do func()) {
			b.Run(fmt.Sprintf("%s/districts=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				start := spent()
				for b.Loop() {
					do()
				}
				b.ReportMetric(float64((spent()-start).Nanoseconds())/float64(b.N)/ms, "msEq/op")
			})
		}
		var set *trust.Set
		run("install", func() {
			files, err := Unzip(zipped)
			if err != nil {
				b.Fatal(err)
			}
			opened, err := Open(files, anchor, Before{})
			if err != nil || len(opened.LeftOut) > 0 {
				b.Fatal(err, opened.LeftOut)
			}
			if set, err = trust.OpenSealed(opened.Tree()); err != nil || len(set.Faults) > 0 {
				b.Fatal(err, set.Faults)
			}
		})
		_, zipped, memo := installed(b, src, anchor, Before{})
		file := onDisk(b, zipped)
		src, set = nil, nil
		empty := inUse()
		open := func() *trust.Set {
			again, err := Reopen(file, anchor, Before{}, memo)
			if err != nil {
				b.Fatal(err)
			}
			return believed(b, again)
		}
		run("open", func() { set = open() })
		b.Run(fmt.Sprintf("memory/districts=%d", n), func(b *testing.B) {
			for b.Loop() {
				set = open()
			}
			b.ReportMetric(inUse()-empty+float64(len(memo))/1e6, "MB") // the memo is kept too
			b.ReportMetric(float64(len(zipped))/1e6, "zipMB")
		})
		run("open-and-ask", func() {
			if len(open().Listed("did:web:s7.d000.example")) != 1 {
				b.Fatal("not listed")
			}
		})
		run("lookup", func() {
			if len(set.Listed("did:web:s7.d000.example")) != 1 {
				b.Fatal("not listed")
			}
		})
		runtime.KeepAlive(set)
	}
}

// districts are the sizes that the growth curve is drawn through; the largest
// takes half a minute to make, and only the proof asks for it.
func districts() []int {
	if os.Getenv("PROOF") != "" {
		return []int{1, 10, 100, 500}
	}
	return []int{1, 10, 100}
}
