package scanner

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// A show is a message in parts as another program made it.
type show struct {
	format  string
	message string
	parts   []string
}

// shows reads testdata/parts.txt, made by interop/scanbench/peers/parts.mjs.
func shows(t testing.TB) []show {
	t.Helper()
	data, err := os.ReadFile("testdata/parts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []show
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(line, "\t")
		message, err := hex.DecodeString(f[1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, show{f[0], string(message), f[2:]})
	}
	return out
}

var start = time.Unix(1_800_000_000, 0)

func text(s string) *Symbol { return &Symbol{Text: s, Bytes: []byte(s), Version: 10} }

// TestJoin shows every message in order, backwards and, for fountains, only
// the mixed parts: always the whole, once, however long it is shown.
func TestJoin(t *testing.T) {
	for n, s := range shows(t) {
		orders := map[string][]string{"in order": s.parts}
		back := make([]string, len(s.parts))
		for i, p := range s.parts {
			back[len(back)-1-i] = p
		}
		orders["backwards"] = back
		if s.format == "ur" {
			orders["mixed parts only"] = s.parts[len(s.parts)/3:]
		}
		for how, parts := range orders {
			var j Joiner
			var got []Payload
			for i := range 3 * len(parts) {
				if p, ok := j.Add(text(parts[i%len(parts)]), start.Add(time.Duration(i)*100*time.Millisecond)); ok {
					got = append(got, p)
				}
			}
			if len(got) != 1 || string(got[0].Data) != s.message {
				t.Errorf("%s %d %s: %d messages of %d parts", s.format, n, how, len(got), len(parts))
				continue
			}
			if got[0].Symbols > len(parts) || got[0].Last.Before(got[0].First) {
				t.Errorf("%s %d %s: %d codes from %v to %v", s.format, n, how, got[0].Symbols, got[0].First, got[0].Last)
			}
		}
	}
}

// TestProgress counts the parts that are there.
func TestProgress(t *testing.T) {
	var j Joiner
	chunks, whole := card(t, "Amelia", 4)
	for i, c := range chunks {
		p, ok := j.Add(text(c), start)
		if got := j.Progress(); got != (Progress{i + 1, 4}) || ok != (i == 3) {
			t.Errorf("after %d of 4: %+v, complete %v", i+1, got, ok)
		}
		if ok && (string(p.Data) != whole || p.Symbols != 4) {
			t.Errorf("%d codes, %q", p.Symbols, p.Data)
		}
	}
}

// sequence is a message in structured append symbols.
func sequence(message string, n int) []*Symbol {
	parity := byte(0)
	for _, b := range []byte(message) {
		parity ^= b
	}
	var out []*Symbol
	for i := range n {
		y := text(message[i*len(message)/n : (i+1)*len(message)/n])
		y.Append = Append{Index: i, Total: n, Parity: parity}
		out = append(out, y)
	}
	return out
}

// TestStructuredAppend joins up to sixteen symbols, and refuses a whole whose
// parity is another.
func TestStructuredAppend(t *testing.T) {
	message := strings.Repeat("Welding I, 3 of 4. ", 20)
	for _, n := range []int{2, 3, 16} {
		var j Joiner
		parts := sequence(message, n)
		for i := range parts {
			p, ok := j.Add(parts[(i*7+3)%n], start)
			if ok != (i == n-1) {
				t.Fatalf("%d parts: complete after %d", n, i+1)
			}
			if ok && string(p.Data) != message {
				t.Errorf("%d parts: %q", n, p.Data)
			}
		}
	}
	parts := sequence(message, 2)
	parts[1].Bytes = append([]byte("x"), parts[1].Bytes...)
	var j Joiner
	for _, y := range parts {
		if _, ok := j.Add(y, start); ok {
			t.Error("a message with the wrong parity was joined")
		}
	}
}

// TestStructuredAppendOfCharacterSets joins the text of each symbol by its
// own character set, and characters that were cut in two where none is said.
func TestStructuredAppendOfCharacterSets(t *testing.T) {
	type part struct{ text, bytes string }
	for _, c := range []struct {
		name  string
		parts []part // with a text where the symbol says the character set
		want  string
	}{
		{"kanji, then UTF-8", []part{{"日本", "\x93\xfa\x96\x7b"}, {"", "Zoë"}}, "日本Zoë"},
		{"Latin-2, then kanji", []part{{"łą", "\xb3\xb1"}, {"日", "\x93\xfa"}}, "łą日"},
		{"UTF-8 cut in a character", []part{{"", "Zo\xc3"}, {"", "\xab M."}}, "Zoë M."},
		{"UTF-8 cut, with ECI, after Latin-2", []part{{"ł", "\xb3"}, {"", "Zo\xc3"}, {"", "\xab"}}, "łZoë"},
		{"Latin-1 that nobody calls so", []part{{"", "Zo\xeb"}, {"", " M\xfcller"}}, "Zoë Müller"},
		{"no text", []part{{"", "\x00\xff"}, {"", "\x81"}}, "\x00\xff\x81"},
	} {
		parity := byte(0)
		for _, p := range c.parts {
			for _, b := range []byte(p.bytes) {
				parity ^= b
			}
		}
		var j Joiner
		for i, p := range c.parts {
			y := &Symbol{Text: p.text, Declared: p.text != "", Bytes: []byte(p.bytes), Append: Append{Index: i, Total: len(c.parts), Parity: parity}}
			got, ok := j.Add(y, start)
			if last := i == len(c.parts)-1; ok != last || last && string(got.Data) != c.want {
				t.Errorf("%s: symbol %d: %q, complete %v, want %q", c.name, i+1, got.Data, ok, c.want)
			}
		}
	}
}

// card is a SMART Health Card of that name in n chunks, and in one code.
func card(t *testing.T, name string, n int) (chunks []string, whole string) {
	t.Helper()
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, `{"iss":"https://riverbend.example","vc":{"name":%q,"note":%q}}`, name, strings.Repeat(name, 9))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	jws := "eyJ6aXAiOiJERUYifQ." + base64.RawURLEncoding.EncodeToString(packed.Bytes()) + ".c2lnbmF0dXJl"
	whole = shcPrefix
	for i := range n {
		digits := ""
		for _, c := range []byte(jws[i*len(jws)/n : (i+1)*len(jws)/n]) {
			digits += fmt.Sprintf("%02d", c-45)
		}
		chunks = append(chunks, fmt.Sprintf("shc:/%d/%d/%s", i+1, n, digits))
		whole += digits
	}
	return chunks, whole
}

// TestSenders never mixes two people's codes, whichever way they alternate.
func TestSenders(t *testing.T) {
	ca, wholeA := card(t, "Amelia", 4)
	cb, wholeB := card(t, "Benjamin", 4)
	rnd := rand.New(rand.NewPCG(1, 1))
	complete := 0
	for range 200 {
		var j Joiner
		for i := range 40 {
			side := [][]string{ca, cb}[rnd.IntN(2)]
			p, ok := j.Add(text(side[rnd.IntN(4)]), start.Add(time.Duration(i)*time.Second/4))
			if ok && string(p.Data) != wholeA && string(p.Data) != wholeB {
				t.Fatal("two senders were mixed")
			}
			if ok {
				complete++
			}
		}
	}
	if complete == 0 {
		t.Error("nobody's card was ever complete")
	}
}

// TestNextPerson steps up with codes of the same number of parts, a moment
// after another left in the middle.
func TestNextPerson(t *testing.T) {
	a, _ := card(t, "Amelia", 4)
	b, wholeB := card(t, "Benjamin", 4)
	var j Joiner
	for _, p := range a[:2] {
		j.Add(text(p), start)
	}
	at := start.Add(NamelessTimeout + time.Second)
	for i, p := range []string{b[2], b[3], b[0], b[1]} {
		got, ok := j.Add(text(p), at.Add(time.Duration(i)*time.Second/2))
		if ok != (i == 3) || ok && string(got.Data) != wholeB {
			t.Errorf("after %d parts: %v %q", i+1, ok, got.Data)
		}
	}
}

// TestForget drops what waits too long and keeps few messages open.
func TestForget(t *testing.T) {
	var j Joiner
	j.Add(text("shc:/1/2/1011"), start)
	if _, ok := j.Add(text("shc:/2/2/1213"), start.Add(NamelessTimeout+time.Second)); ok {
		t.Error("a message was completed after its time")
	}
	for i := range 100 {
		j.Add(text(fmt.Sprintf("shc:/1/%d/1011", i%30+2)), start.Add(PartTimeout))
	}
	if len(j.open) > MaxOpen {
		t.Errorf("%d messages open, want %d at most", len(j.open), MaxOpen)
	}
}

// TestMangledParts flips and cuts every character: what comes out is the
// message or nothing.
func TestMangledParts(t *testing.T) {
	s := shows(t)[1] // a UR, whose every part has a checksum
	for i := range s.parts[0] {
		var j Joiner
		bad := s.parts[0][:i] + string(s.parts[0][i]^1) + s.parts[0][i+1:]
		for _, p := range append([]string{bad, s.parts[0][:i]}, s.parts[1:]...) {
			if got, ok := j.Add(text(p), start); ok && string(got.Data) != s.message && string(got.Data) != p {
				t.Fatalf("character %d: joined to something else", i)
			}
		}
	}
}

// TestSingles are whole at once.
func TestSingles(t *testing.T) {
	for in, want := range map[string]string{
		"eyJhbGciOi.a.b":   "eyJhbGciOi.a.b",
		"shc:/5676":        "shc:/5676",
		"shc:/5/4/1011":    "shc:/5/4/1011", // no such chunk: judged as it stands
		"ur:bytes/nonsens": "ur:bytes/nonsens",
		"B$ZZ":             "B$ZZ",
	} {
		var j Joiner
		if p, ok := j.Add(text(in), start); !ok || string(p.Data) != want {
			t.Errorf("%q: %v, %q, want %q", in, ok, p.Data, want)
		}
	}
}

// FuzzJoin feeds parts of random codes: no panic, bounded memory.
func FuzzJoin(f *testing.F) {
	for _, s := range shows(f) {
		f.Add(s.parts[0], s.parts[len(s.parts)-1])
	}
	f.Add("shc:/1/2/1011", "shc:/2/2/1011")
	f.Add("B$2J0201ME", "B$ZJ0200ME")
	f.Add("ur:x/tdaelp", "ur:bytes/1-2/lpad")
	f.Fuzz(func(t *testing.T, a, b string) {
		var j Joiner
		for i, s := range []string{a, b, a + b, b, a} {
			p, ok := j.Add(text(s), start.Add(time.Duration(i)*time.Second))
			if ok && len(p.Data) > MaxMessage && len(p.Data) > len(s) {
				t.Errorf("%d bytes out of %d", len(p.Data), len(s))
			}
		}
		if g := j.Progress(); g.Have > g.Total && g.Total > 0 || len(j.open) > MaxOpen {
			t.Errorf("%+v, %d open", g, len(j.open))
		}
	})
}
