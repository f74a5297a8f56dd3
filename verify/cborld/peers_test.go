package cborld

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var (
	peers     = flag.String("peers", "", "command that encodes and decodes with the peers, see interop/cborld")
	documents = flag.Int("documents", 200, "how many documents to compare")
	seed      = flag.Uint64("seed", 1, "which ones")
	update    = flag.Bool("update", false, "write testdata/peers.jsonl")
)

// question and reply are a line each way.
type question struct {
	Document json.RawMessage   `json:"document"`
	Ours     map[string]string `json:"ours"`
}

type reply struct {
	Theirs map[string]string          `json:"theirs"`
	Read   map[string]json.RawMessage `json:"read"`
}

// sampleLine is a line of testdata/peers.jsonl: what @digitalbazaar/cborld
// 8.1.0 made of a document in one format. interop/cborld/run writes it.
type sampleLine struct {
	Document json.RawMessage
	Format   string
	CBORLD   string
}

// TestPeers decodes the committed sample.
func TestPeers(t *testing.T) {
	text, err := os.ReadFile("testdata/peers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var s sampleLine
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatal(err)
		}
		data, err := hex.DecodeString(s.CBORLD)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decode(data, builtin); err != nil || !equalJSON(t, got, s.Document) {
			t.Errorf("%s: %s reads as %s, %v", s.Format, s.Document, got, err)
		}
	}
}

// TestAgainstPeers compares with the libraries themselves, both ways, on
// documents made up at random.
func TestAgainstPeers(t *testing.T) {
	if *peers == "" {
		// The committed sample stands in for the libraries: TestPeers.
		return
	}
	ask := startPeers(t)
	g := maker{rand.New(rand.NewPCG(*seed, 0))}
	tally := map[string]int{}
	var sample []sampleLine
	for range *documents {
		q := question{g.document(), map[string]string{}}
		for name, f := range map[string]Flavour{"1.0": V1, "singleton": Singleton} {
			data, err := Encode(q.Document, builtin, f)
			if err != nil {
				t.Errorf("%s: %v", q.Document, err)
			}
			q.Ours[name] = hex.EncodeToString(data)
		}
		r := ask(q)
		for format, text := range r.Theirs {
			data, err := hex.DecodeString(text)
			if err != nil {
				tally["theirs "+format+" refused"]++
				continue
			}
			if got, err := Decode(data, builtin); err != nil || !equalJSON(t, got, q.Document) {
				t.Errorf("seed %d: %s reads as %s, %v; want %s", *seed, format, got, err, q.Document)
			}
			tally["theirs "+format+" read"]++
			sample = append(sample, sampleLine{q.Document, format, text})
		}
		for name, back := range r.Read {
			switch same := equalJSON(t, back, q.Document); {
			case same:
				tally["ours read by "+name]++
			case strings.HasPrefix(string(back), `"refused`), strings.HasPrefix(name, "digitalcredentials"):
				// It knows no empty lists, for one.
				tally["ours not read by "+name]++
			default:
				t.Errorf("seed %d: %s reads %s as %s", *seed, name, q.Document, back)
			}
		}
	}
	t.Logf("%v", tally)
	if *update {
		writeSample(t, sample)
	}
}

// writeSample keeps a few documents of a middling length for each format.
func writeSample(t *testing.T, all []sampleLine) {
	kept := map[string]int{}
	var out bytes.Buffer
	for _, s := range all {
		if kept[s.Format] == 6 || len(s.Document) > 2000 {
			continue
		}
		kept[s.Format]++
		line, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	if err := os.WriteFile("testdata/peers.jsonl", out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// startPeers runs the command and returns how to ask it.
func startPeers(t *testing.T) func(question) reply {
	t.Helper()
	words := strings.Fields(*peers)
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
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	enc, lines := json.NewEncoder(in), bufio.NewReader(out)
	if err := enc.Encode(contextDocuments(t)); err != nil {
		t.Fatal(err)
	}
	return func(q question) (r reply) {
		if err := enc.Encode(q); err != nil {
			t.Fatal(err)
		}
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
}

// contextDocuments are the published contexts by URL.
func contextDocuments(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	all := map[string]json.RawMessage{}
	for line := range strings.Lines(string(shared(t, "contexts/contexts.tsv"))) {
		if f := strings.Split(line, "\t"); len(f) > 2 && f[0] != "url" {
			all[f[0]] = shared(t, filepath.Join("contexts", f[1]))
		}
	}
	return all
}
