package rdf

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

var (
	oracle    = flag.String("oracle", "", "command that canonicalises documents, see interop/jsonld/run")
	documents = flag.Int("documents", 20000, "how many to compare with the oracle")
	seedFlag  = flag.Uint64("seed", 1, "of the mutations compared with the oracle")
	update    = flag.Bool("update", false, "write what the oracle says of the sample")
	answers   = flag.String("answers", "", "file of the oracle's answers: written with -oracle, else compared with")
)

// The sample is what make test compares with: what jsonld.js 9.0.0 says, in
// safe mode, of this many mutations. Each line is 32 answers of 12 digits:
// the beginning of a hash, or dots where it refuses.
const (
	sampleFile = "testdata/jsonld.txt"
	sampleSize = 4096
	sampleSeed = 2026
	digits     = 12
)

// verdict is the beginning of the hash, "" for a refusal.
func hashed(nquads []byte) string {
	sum := sha256.Sum256(nquads)
	return hex.EncodeToString(sum[:])
}

// TestSample compares with what jsonld.js said of the sample, or of as many
// documents as interop/jsonld/run kept answers for.
func TestSample(t *testing.T) {
	file, size, seed := sampleFile, sampleSize, uint64(sampleSeed)
	if *answers != "" && *oracle == "" {
		file, size, seed = *answers, *documents, *seedFlag
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept := strings.ReplaceAll(string(text), "\n", "")
	if len(kept) != size*digits {
		t.Fatalf("%d answers, want %d", len(kept)/digits, size)
	}
	m, c := newMutator(t, seed), newComparison()
	for i := range size {
		want := kept[i*digits:][:digits]
		if strings.HasPrefix(want, ".") {
			want = "refused"
		}
		c.compare(t, m.next().append(nil), want)
	}
	t.Log(c)
	if c.same < size/5 {
		t.Errorf("only %d of %d documents have a canonical form", c.same, size)
	}
}

// TestAgainstJSONLD compares with a processor at work. interop/jsonld/run
// calls it.
func TestAgainstJSONLD(t *testing.T) {
	if *oracle == "" {
		return // TestSample stands for it; this one needs npm
	}
	if *update {
		*documents, *seedFlag, *answers = sampleSize, sampleSeed, sampleFile
	}
	words := strings.Fields(*oracle)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go feed(t, in)
	m, c := newMutator(t, *seedFlag), newComparison()
	var sample strings.Builder
	lines := bufio.NewScanner(out)
	n := 0
	for ; n < *documents && lines.Scan(); n++ {
		doc, want := m.next().append(nil), lines.Text()
		c.compare(t, doc, want)
		if strings.HasPrefix(want, "refused") {
			want = strings.Repeat(".", digits)
		}
		sample.WriteString(want[:digits])
		if n%32 == 31 {
			sample.WriteByte('\n')
		}
	}
	if n != *documents {
		t.Errorf("the oracle stopped after %d documents", n)
	} else if err := cmd.Wait(); err != nil {
		t.Errorf("the oracle: %v", err)
	}
	t.Log(c)
	if *answers != "" && n == *documents {
		if err := os.WriteFile(*answers, []byte(sample.String()), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// feed writes the contexts and then the documents.
func feed(t *testing.T, in io.WriteCloser) {
	defer in.Close()
	w := bufio.NewWriterSize(in, 1<<20)
	defer w.Flush()
	contexts := map[string]any{}
	for url := range builtin().urls {
		d, _ := Builtin().Lookup(url, false)
		contexts[url] = map[string]any{"@context": d.tree()}
	}
	if err := json.NewEncoder(w).Encode(contexts); err != nil {
		t.Error(err)
	}
	m := newMutator(t, *seedFlag)
	for range *documents {
		w.Write(append(m.next().append(nil), '\n'))
	}
}

// A comparison counts what became of the documents.
type comparison struct {
	z             *Canonicalizer
	doc           ijson.Doc
	same, refused int
	stricter      map[string]int
}

func newComparison() *comparison {
	return &comparison{z: NewCanonicalizer(Builtin()), stricter: map[string]int{}}
}

// compare takes want, the oracle's hash or its beginning, or "refused …".
func (c *comparison) compare(t *testing.T, doc []byte, want string) {
	t.Helper()
	v, err := c.doc.Parse(doc)
	if err != nil {
		t.Errorf("%s: %v", doc, err)
		return
	}
	got, err := c.z.Canonical(nil, v, Options{})
	theirs := !strings.HasPrefix(want, "refused")
	switch {
	case err == nil && !theirs:
		t.Errorf("taken, jsonld.js: %s\n%s", want, doc)
	case err == nil && !strings.HasPrefix(hashed(got), want):
		t.Errorf("another canonical form than jsonld.js: %s\n%s", doc, got)
	case err == nil:
		c.same++
	case theirs:
		why := shape(err)
		c.stricter[why]++
		if testing.Verbose() && reason.CodeOf(err, "") == reason.SUncovered {
			t.Logf("%v\n%s", err, doc)
		}
	default:
		c.refused++
	}
}

// shape is an error without what it names.
func shape(err error) string {
	s := string(reason.CodeOf(err, "")) + " "
	inside := false
	for _, r := range err.Error() {
		if r == '"' {
			inside = !inside
		} else if !inside {
			s += string(r)
		}
	}
	return s
}

func (c *comparison) String() string {
	s := fmt.Sprintf("%d the same, %d refused by both, refused here only:", c.same, c.refused)
	for why, n := range c.stricter {
		s += fmt.Sprintf("\n%6d %.150s", n, why)
	}
	return s
}
