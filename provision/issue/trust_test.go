package issue

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"badgekiosk/verify/trust"
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
	var listed struct {
		Keys []struct {
			ID  string
			JWK JWK `json:"publicKeyJwk"`
		}
	}
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
		"../x":            trust.Accept("../x", Issuer{"https://a.example", "A", i.Key}),
		"name":            trust.Accept("riverbend", i),
		"http://r":        trust.AddDocument("riverbend", "http://r", "f", nil, jan),
		"consortium.json": trust.Begin("x", jan),
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// TestAcceptFile lists issuers by every kind of file that holds a key, and
// has verify/trust find the key under the name that badges use.
func TestAcceptFile(t *testing.T) {
	i := NewIssuer(newKey(t, EdDSA, "did:web:riverbend.example"), "")
	doc, err := i.Document()
	if err != nil {
		t.Fatal(err)
	}
	public := i.Key.Public()
	bare, _ := json.Marshal(public)
	public.KeyID = i.Key.ID
	named, _ := json.Marshal(public)
	spki, err := x509.MarshalPKIXPublicKey(i.Key.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		id   string
	}{
		"DID document": {doc, ""},
		"named JWK":    {named, ""},
		"bare JWK":     {bare, i.ID},
		"private JWK":  {i.Key.JWK(), ""},
		"private PEM":  {i.Key.PEM(), i.ID},
		"public PEM":   {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}), i.ID},
	} {
		tree := Tree{}
		if err := (Trust{tree}).AcceptFile("riverbend", c.id, "Riverbend Academy", c.file); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		set, err := trust.Open(tree)
		if err != nil || len(set.Faults) > 0 {
			t.Fatalf("%s: %v %v", name, err, set.Faults)
		}
		if all := set.Listed(i.ID); len(all) != 1 || len(all[0].Keys) != 1 {
			t.Errorf("%s: %s is not listed with one key", name, i.ID)
		}
		for file, data := range tree {
			if strings.Contains(string(data), `"d"`) || strings.Contains(string(data), "PRIVATE") {
				t.Errorf("%s: %s holds a private key", name, file)
			}
		}
	}
	for says, file := range map[string]string{"neither a DID nor a URL": string(bare), "want a DID document": "{}", "json": "hello"} {
		if err := (Trust{Tree{}}).AcceptFile("riverbend", "", "Riverbend Academy", []byte(file)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
