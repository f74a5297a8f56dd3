package rdf

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// published reads the list of published contexts beside the repository.
func published(t testing.TB) []Published {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(vectors, "contexts", "contexts.tsv"))
	if err != nil {
		t.Skip("SKIP-SHARED: no published contexts beside the repository")
	}
	all := []Published{{URL: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", Older: true,
		SHA256: "../contexts-alt/context-3.0.3.rev-2024.json"}}
	for line := range strings.Lines(string(list)) {
		if f := strings.Split(line, "\t"); f[0] != "url" {
			all = append(all, Published{URL: f[0], SHA256: f[1]})
		}
	}
	return all
}

// TestTableIsWhatWasPublished rebuilds each context from the table as JSON
// and compares it with the published file.
func TestTableIsWhatWasPublished(t *testing.T) {
	for _, p := range published(t) {
		body, err := os.ReadFile(filepath.Join(vectors, "contexts", p.SHA256))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Context any `json:"@context"`
		}
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		d, ok := Builtin().Lookup(p.URL, p.Older)
		if !ok {
			t.Errorf("%s is not in the table", p.URL)
			continue
		}
		if got, want := d.tree(), plain(doc.Context); !reflect.DeepEqual(got, want) {
			g, _ := json.MarshalIndent(got, "", " ")
			w, _ := json.MarshalIndent(want, "", " ")
			t.Errorf("%s\ngot  %s\nwant %s", p.URL, g, w)
		}
		sum := sha256.Sum256(body)
		if !strings.Contains(builtinTable, "@ "+p.URL+" "+hex.EncodeToString(sum[:])) {
			t.Errorf("%s has another hash in the table", p.URL)
		}
	}
}

// TestTableKeepsEverything writes the table again from what it says.
func TestTableKeepsEverything(t *testing.T) {
	var all []Published
	for line := range strings.Lines(builtinTable) {
		if f := strings.Fields(line); f[0] == "@" {
			older := len(f) == 5
			d, _ := Builtin().Lookup(f[1], older)
			all = append(all, Published{f[1], f[2], older, d})
		}
	}
	text, err := WriteTable(all)
	if err != nil || string(text) != builtinTable {
		t.Errorf("the table reads as something else: %v", err)
	}
	if len(all) < 50 {
		t.Errorf("only %d contexts", len(all))
	}
}

// plain takes from a context what says nothing: @version, and @protected
// false at the top.
func plain(v any) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, plain(x))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			switch {
			case k == "@version":
			case strings.HasPrefix(k, "@"):
				out[k] = x
			default:
				if def, ok := x.(map[string]any); ok {
					if c, ok := def["@context"]; ok {
						def["@context"] = plain(c)
					}
				}
				out[k] = x
			}
		}
		return out
	}
	return v
}

// tree is the Definition as the JSON it was read from.
func (d *Definition) tree() any {
	switch {
	case d.Null:
		return nil
	case d.Ref != "":
		return d.Ref
	case d.List != nil:
		out := []any{}
		for _, part := range d.List {
			out = append(out, part.tree())
		}
		return out
	}
	out := map[string]any{}
	if d.Protected {
		out["@protected"] = true
	}
	if d.Vocab != "" {
		out["@vocab"] = d.Vocab
	}
	for _, t := range d.Terms {
		out[t.Name] = t.tree()
	}
	return out
}

func (t Term) tree() any {
	switch {
	case t.Simple:
		return t.ID
	case t.Null:
		return nil
	}
	out := map[string]any{}
	if t.Reverse {
		out["@reverse"] = t.ID
	} else if t.ID != "" {
		out["@id"] = t.ID
	}
	if t.Type != "" {
		out["@type"] = t.Type
	}
	for i, c := range containerWords {
		if t.Container&(1<<i) != 0 {
			out["@container"] = c
		}
	}
	if t.Context != nil {
		out["@context"] = t.Context.tree()
	}
	if t.Protected != Inherited {
		out["@protected"] = t.Protected == Protected
	}
	if t.Prefix {
		out["@prefix"] = true
	}
	return out
}
