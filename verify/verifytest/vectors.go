package verifytest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// Vectors is the folder of the published vectors, beside the repository. A
// test that needs them is skipped where it is not there.
func Vectors(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	vectors := filepath.Join(filepath.Dir(dir), "shared", "vectors")
	if _, err := os.Stat(vectors); err != nil {
		t.Skip("SKIP-SHARED: published vectors are not in ../shared/vectors")
	}
	return vectors
}

// Rows reads a table of tab-separated values among the vectors, without its
// header. Every row has at least seven fields.
func Rows(t testing.TB, file string) (all [][]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(Vectors(t), file))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimRight(string(data), "\n"), "\n") {
		if i > 0 {
			fields := strings.Split(line, "\t")
			for len(fields) < 7 {
				fields = append(fields, "")
			}
			all = append(all, fields)
		}
	}
	return all
}

// Vector reads one of the vectors.
func Vector(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(Vectors(t), file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// PeersTrust is the trust folder that peers/trust.json describes, with the
// status lists and documents of its table cached.
func PeersTrust(t testing.TB) fs.FS {
	t.Helper()
	var said struct {
		Issuers map[string]map[string]any
	}
	if err := json.Unmarshal(Vector(t, "peers/trust.json"), &said); err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	put := func(name string, data []byte) { tree[path.Join("districts/peers", name)] = &fstest.MapFile{Data: data} }
	// trust.json forgets the issuers of two groups.
	for _, forgotten := range []string{"ed25519signature2020/ob3-vcdm2.json", "ob2/badgeclass.json"} {
		var own struct{ Issuer any }
		if err := json.Unmarshal(Vector(t, "peers/"+forgotten), &own); err != nil {
			t.Fatal(err)
		}
		id, _ := own.Issuer.(string)
		if object, ok := own.Issuer.(map[string]any); ok {
			id = object["id"].(string)
		}
		said.Issuers[id] = nil
	}
	token, _, _ := strings.Cut(string(Vector(t, "peers/sd-jwt/sd-jwt-vc-full.txt")), ".")
	header, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	did := strings.TrimSuffix(strings.SplitN(string(header), `"kid":"`, 2)[1], `#0","alg":"ES256"}`)
	said.Issuers[did] = nil
	n := 0
	for id, rest := range said.Issuers {
		if rest == nil {
			rest = map[string]any{}
		}
		rest["name"], rest["ids"] = fmt.Sprint("Issuer ", n), []string{id}
		data, _ := json.Marshal(rest)
		put(fmt.Sprintf("issuers/%d.json", n), data)
		n++
	}
	var index strings.Builder
	for _, r := range Rows(t, "peers/manifest.tsv") {
		if r[2] == "statuslist" || r[2] == "cache" || strings.HasSuffix(r[0], "ob2/hosted.json") {
			data := Vector(t, "peers/"+r[0])
			var doc struct{ ID string }
			if err := json.Unmarshal(data, &doc); err != nil {
				t.Fatal(err)
			}
			url := doc.ID
			if r[2] == "statuslist" {
				url = r[4]
			}
			put("documents/"+path.Base(r[0]), data)
			fmt.Fprintf(&index, "%s\t%s\t2026-11-21T20:00:00Z\n", url, path.Base(r[0]))
		}
	}
	put("documents/index.tsv", []byte(index.String()))
	return tree
}
