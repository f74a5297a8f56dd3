package ijson

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// TestRefused holds what two readers could take differently, and the limits.
func TestRefused(t *testing.T) {
	names := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"n%d":0,`, i)
		}
		return b.String()
	}
	for in, want := range map[string]reason.Code{
		``:                                 reason.SMalformed,
		` `:                                reason.SMalformed,
		`{"a":1,"a":2}`:                    reason.SMalformed,
		`{"a":1,"\u0061":2}`:               reason.SMalformed,
		`{"x":{"é":1,"\u00e9":2}}`:         reason.SMalformed,
		`{` + names(40) + `"n7":1}`:        reason.SMalformed,
		`{"a":1} {}`:                       reason.SMalformed,
		"\ufeff{}":                         reason.SMalformed,
		`{"a":1,}`:                         reason.SMalformed,
		`[1,]`:                             reason.SMalformed,
		`[1 2]`:                            reason.SMalformed,
		`{"a" 1}`:                          reason.SMalformed,
		`{a:1}`:                            reason.SMalformed,
		`{'a':1}`:                          reason.SMalformed,
		`[`:                                reason.SMalformed,
		`{"a":`:                            reason.SMalformed,
		`"a`:                               reason.SMalformed,
		"\"a\nb\"":                         reason.SMalformed,
		"\"\xff\"":                         reason.SMalformed,
		"\"\xed\xa0\x80\"":                 reason.SMalformed, // a surrogate in UTF-8
		"\"\xc0\xaf\"":                     reason.SMalformed, // an overlong /
		`"\ud800"`:                         reason.SMalformed,
		`"\ud800x"`:                        reason.SMalformed,
		`"\ud800\u0041"`:                   reason.SMalformed,
		`"\udc00\ud800"`:                   reason.SMalformed,
		`"\uffff"`:                         reason.SMalformed,
		`"\ufdd0"`:                         reason.SMalformed,
		"\"\ufdef\"":                       reason.SMalformed,
		`"\ud83f\udffe"`:                   reason.SMalformed, // U+1FFFE
		`"\x41"`:                           reason.SMalformed,
		`"\u12"`:                           reason.SMalformed,
		`"\u12G4"`:                         reason.SMalformed,
		`"\`:                               reason.SMalformed,
		`01`:                               reason.SMalformed,
		`+1`:                               reason.SMalformed,
		`-`:                                reason.SMalformed,
		`1.`:                               reason.SMalformed,
		`.5`:                               reason.SMalformed,
		`1e`:                               reason.SMalformed,
		`1e400`:                            reason.SMalformed,
		`-1E+309`:                          reason.SMalformed,
		strings.Repeat("9", 400):           reason.SMalformed,
		`NaN`:                              reason.SMalformed,
		`Infinity`:                         reason.SMalformed,
		`nul`:                              reason.SMalformed,
		`True`:                             reason.SMalformed,
		`//c` + "\n1":                      reason.SMalformed,
		nested(MaxDepth + 1):               reason.QTooBig,
		strings.Repeat(" ", MaxSize) + "1": reason.QTooBig,
		"[" + strings.Repeat("1,", MaxValues) + "1]": reason.QTooBig,
	} {
		v, err := Parse([]byte(in))
		if got := reason.CodeOf(err, ""); got != want || v.Exists() {
			t.Errorf("%.60q: %v, want %s", in, err, want)
		}
	}
}

func nested(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

// TestRead holds what a caller sees of a document.
func TestRead(t *testing.T) {
	in := ` {"id":"urn:x","n":-12,"f":1.5e1,"big":9007199254740993,"t":true,"no":false,"z":null,
		"s\u0065t":["a",{"b":"\u00e9\ud83c\udf93\n"},[]],"o":{},"esc\"aped":"plain"} `
	v, err := Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	show := func(v Value) string {
		i, iok := v.Int()
		f, fok := v.Float()
		s, sok := v.Text()
		return fmt.Sprintf("%s %d/%v %g/%v %q/%v len %d raw %s", v.Kind(), i, iok, f, fok, s, sok, v.Len(), v.Raw())
	}
	for _, c := range []struct {
		v    Value
		want string
	}{
		{v.Get("id"), `string 0/false 0/false "urn:x"/true len 0 raw "urn:x"`},
		{v.Get("n"), `number -12/true -12/true ""/false len 0 raw -12`},
		{v.Get("f"), `number 15/true 15/true ""/false len 0 raw 1.5e1`},
		{v.Get("big"), `number 0/false 9.007199254740992e+15/true ""/false len 0 raw 9007199254740993`},
		{v.Get("t"), `true 0/false 0/false ""/false len 0 raw true`},
		{v.Get("no"), `false 0/false 0/false ""/false len 0 raw false`},
		{v.Get("z"), `null 0/false 0/false ""/false len 0 raw null`},
		{v.Get("set").First().Next().Get("b"), `string 0/false 0/false "é🎓\n"/true len 0 raw "\u00e9\ud83c\udf93\n"`},
		{v.Get("o"), `object 0/false 0/false ""/false len 0 raw {}`},
		{v.Get(`esc"aped`), `string 0/false 0/false "plain"/true len 0 raw "plain"`},
		{v.Get("ID"), `absent 0/false 0/false ""/false len 0 raw `},
		{v.Get("id").Get("x"), `absent 0/false 0/false ""/false len 0 raw `},
	} {
		if got := show(c.v); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	var names []string
	for name, m := range v.Members() {
		names = append(names, name+"="+m.Kind().String())
	}
	want := "id=string n=number f=number big=number t=true no=false z=null set=array o=object esc\"aped=string"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("Members: %s", got)
	}
	if v.Get("set").Len() != 3 || v.Len() != 10 {
		t.Errorf("Len: %d, %d", v.Get("set").Len(), v.Len())
	}
}

// TestVerbatim holds which strings can be copied as they stand.
func TestVerbatim(t *testing.T) {
	for in, want := range map[string]bool{
		`"plain"`: true, `"café, a long one"`: true, `""`: true, `"\u0061"`: false, `"a\\b"`: false,
		"\"0123456789\u007f\"": false, "\"\u007f\"": false, `5`: false, `null`: false,
	} {
		v, err := Parse([]byte(in))
		if err != nil || v.Verbatim() != want {
			t.Errorf("%q: %v %v, want %v", in, v.Verbatim(), err, want)
		}
	}
}

// TestEach holds "one or many".
func TestEach(t *testing.T) {
	v, err := Parse([]byte(`{"one":"a","many":["a",null,"b"],"none":[],"null":null,"object":{"x":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"one": {`"a"`}, "many": {`"a"`, `null`, `"b"`}, "none": nil, "null": nil, "gone": nil, "object": {`{"x":1}`},
	} {
		var got []string
		for m := range v.Get(name).Each() {
			got = append(got, string(m.Raw()))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for m := range v.Get("many").Each() {
		if m.Str() != "a" {
			t.Errorf("not stopped")
		}
		break
	}
}

// TestLargeRecord holds that a record of a megabyte with thousands of
// members in one object, and the deepest nesting, pass.
func TestLargeRecord(t *testing.T) {
	in := record(4000)
	if len(in) < 1<<20 {
		t.Fatalf("only %d bytes", len(in))
	}
	v, err := Parse(in)
	if err != nil || v.Get("extra").Len() != 4000 {
		t.Fatalf("%v, %d members", err, v.Get("extra").Len())
	}
	if _, err := Parse([]byte(nested(MaxDepth))); err != nil {
		t.Error(err)
	}
}

// record is a made-up learner record.
func record(badges int) []byte {
	b := []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"verifiableCredential":[`)
	for i := range badges {
		b = fmt.Appendf(b, `%s{"id":"urn:uuid:%d","type":["VerifiableCredential","OpenBadgeCredential"],"name":"Skill \"%d\" – café","issuer":{"id":"did:web:riverbend.example","type":"Profile"},`+
			`"validFrom":"2026-03-01T00:00:00Z","credentialSubject":{"type":"AchievementSubject","result":[{"type":"Result","value":%d.5}]}}`, sep(i), i, i, i)
	}
	b = append(b, `],"extra":{`...)
	for i := range badges {
		b = fmt.Appendf(b, `%s"member%d":%d`, sep(i), i, i)
	}
	return append(b, "}}"...)
}

func sep(i int) string {
	if i > 0 {
		return ","
	}
	return ""
}

// TestNoAllocation holds that a Doc, once grown, reads and writes for free.
func TestNoAllocation(t *testing.T) {
	in := record(20)
	var d Doc
	var out []byte
	run := func() {
		v, err := d.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		out, _ = AppendEdited(out[:0], v, Edit{Drop: []string{"extra"}, Set: []Member{{Name: "proof", Value: v.Get("@context")}}})
		for c := v.Get("verifiableCredential").First(); c.Exists(); c = c.Next() {
			out = append(out, c.Get("name").Bytes()...)
		}
	}
	run()
	if n := testing.AllocsPerRun(20, run); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestReordered knows the inputs whose order UTF-16 may change.
func TestReordered(t *testing.T) {
	for in, want := range map[string]bool{
		`["🎓","！"]`: true, `["\ud83c\udf93","\ufb33"]`: true, `{"🎓":"！"}`: true, `["！ 🎓"]`: true,
		`["🎓"]`: false, `["！"]`: false, `["🎓","한"]`: false, `["a","é"]`: false,
	} {
		v, err := Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if v.Reordered() != want {
			t.Errorf("%s: %v", in, !want)
		}
	}
	var d Doc
	d.Parse([]byte(`["🎓","！"]`))
	if v, _ := d.Parse([]byte(`"plain"`)); v.Reordered() || (Value{}).Reordered() {
		t.Error("remembers an earlier input")
	}
}

// TestCopies: what Str returned stays as it was, whatever the Doc reads next,
// and a string that was asked for a thousand times does not pile up.
func TestCopies(t *testing.T) {
	var d Doc
	in := []byte(`{"a":"one","b":"` + strings.Repeat("x", 300) + `","c":"\u0074hree"}`)
	v, err := d.Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for range 1000 {
		kept = append(kept, v.Get("a").Str(), v.Get("c").Str(), v.Get("b").Str()[:3])
	}
	if n := cap(d.copies); n == 0 || n > sharedCopies {
		t.Errorf("%d bytes are shared, at most %d may be", n, sharedCopies)
	}
	clear(in)
	if v, err = d.Parse([]byte(`["four","five","six"]`)); err != nil {
		t.Fatal(err)
	}
	for m := range v.Each() {
		m.Str()
	}
	for i := 0; i < len(kept); i += 3 {
		if kept[i] != "one" || kept[i+1] != "three" || kept[i+2] != "xxx" {
			t.Fatalf("the strings became %q", kept[i:i+3])
		}
	}
}
