package issue

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTrustFolder builds a folder as an administrator would over time and
// looks at the files: a second key stands beside the first, a list fetched
// again replaces the old, and a policy written by hand is kept.
func TestTrustFolder(t *testing.T) {
	tree := Tree{"consortium.json": []byte(`{"name":"River Coalition","serial":41,"policy":{"keyDays":300}}`)}
	trust := Trust{tree}
	i := NewIssuer(newKey(t, EdDSA, "did:web:riverbend.example"), "Riverbend Academy")
	second := NewIssuer(newKey(t, EdDSA, "did:web:riverbend.example#key-2"), "Riverbend Academy")
	for _, err := range []error{
		trust.Begin("", jan),
		trust.Join(Member{ID: "riverbend", Name: "Riverbend Unified", Kind: "district"}),
		trust.Accept("riverbend", i),
		trust.Accept("riverbend", second),
		trust.Accept("riverbend", i),
		trust.AddDocument("riverbend", "https://riverbend.example/status/1", "status.jwt", []byte("old"), jan),
		trust.AddDocument("riverbend", "https://riverbend.example/terms", "terms.json", []byte("{}"), jan),
		trust.AddDocument("riverbend", "https://riverbend.example/status/1", "status.jwt", []byte("new"), dec),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for file, wants := range map[string][]string{
		"consortium.json":                                         {`"serial": 42`, `"issued": "2026-01-15T08:00:00Z"`, `"keyDays": 300`, "River Coalition"},
		"districts/riverbend/district.json":                       {`"kind": "district"`},
		"districts/riverbend/documents/index.tsv":                 {"https://riverbend.example/terms\tterms.json\t2026-01-15T08:00:00Z\nhttps://riverbend.example/status/1\tstatus.jwt\t2026-12-31T00:00:00Z\n"},
		"districts/riverbend/documents/status.jwt":                {"new"},
		"districts/riverbend/issuers/" + fileName(i.ID) + ".json": {`"Riverbend Academy"`, `"did:web:riverbend.example"`},
	} {
		for _, want := range wants {
			if !strings.Contains(string(tree[file]), want) {
				t.Errorf("%s: %s\nlacks %s", file, tree[file], want)
			}
		}
	}
	var listed struct{ Keys []listedKey }
	if err := json.Unmarshal(tree["districts/riverbend/issuers/"+fileName(i.ID)+".json"], &listed); err != nil {
		t.Fatal(err)
	}
	if len(listed.Keys) != 2 || listed.Keys[0].ID != second.Key.ID || listed.Keys[1].JWK != i.Key.Public() {
		t.Errorf("keys %+v", listed.Keys)
	}
	for name, data := range tree {
		if strings.Contains(string(data), `"d"`) {
			t.Errorf("%s holds a private key", name)
		}
	}
}

// TestTrustRefuses shows what a person reads who names something wrong.
func TestTrustRefuses(t *testing.T) {
	trust := Trust{Tree{"consortium.json": []byte("{")}}
	i := NewIssuer(newKey(t, EdDSA, ""), " ")
	for says, err := range map[string]error{
		"Riverbend":       trust.Join(Member{ID: "Riverbend"}),
		"../x":            trust.Accept("../x", i),
		"name":            trust.Accept("riverbend", i),
		"http://r":        trust.AddDocument("riverbend", "http://r", "f", nil, jan),
		"consortium.json": trust.Begin("x", jan),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
