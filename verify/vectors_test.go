package verify_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// vectors is where the published vectors stand, beside the repository.
const vectors = "../../shared/vectors"

func needVectors(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(vectors); err != nil {
		t.Skip("SKIP-SHARED: published vectors are not in ../shared/vectors")
	}
}

// rows reads a table of tab-separated values without its header.
func rows(t testing.TB, file string) (all [][]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectors, file))
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

func vector(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectors, file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// peersTrust builds the trust folder that peers/trust.json describes.
func peersTrust(t testing.TB) *trust.Set {
	var said struct {
		Issuers map[string]map[string]any
	}
	if err := json.Unmarshal(vector(t, "peers/trust.json"), &said); err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	put := func(name string, data []byte) { tree[path.Join("districts/peers", name)] = &fstest.MapFile{Data: data} }
	// trust.json forgets the issuers of two groups.
	for _, forgotten := range []string{"ed25519signature2020/ob3-vcdm2.json", "ob2/badgeclass.json"} {
		var own struct{ Issuer any }
		if err := json.Unmarshal(vector(t, "peers/"+forgotten), &own); err != nil {
			t.Fatal(err)
		}
		id, _ := own.Issuer.(string)
		if object, ok := own.Issuer.(map[string]any); ok {
			id = object["id"].(string)
		}
		said.Issuers[id] = nil
	}
	token, _, _ := strings.Cut(string(vector(t, "peers/sd-jwt/sd-jwt-vc-full.txt")), ".")
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
	for _, r := range rows(t, "peers/manifest.tsv") {
		if r[2] == "statuslist" || r[2] == "cache" || strings.HasSuffix(r[0], "ob2/hosted.json") {
			data := vector(t, "peers/"+r[0])
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
	s, err := trust.Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range s.Faults {
		if !strings.Contains(err.Error(), "BLS12") {
			t.Log(err)
		}
	}
	return s
}

// judged are the groups of peers/manifest.tsv whose formats are judged.
var judged = map[string]bool{
	"vc-jwt": true, "eddsa-rdfc-2022": true, "eddsa-jcs-2022": true, "ecdsa-rdfc-2019": true, "ecdsa-jcs-2019": true,
	"proof-set": true, "status": true, "pixelpass": true, "baked": true, "endorsement": true, "vp": true,
	"ed25519signature2020": true, "vc-jose-cose": true, "ob2": true, "sd-jwt": true, "vpqr": true, "vpqr-dcc": true, "vc1": true, "ecdsa-sd-2023": true, "bbs-2023": false,
}

// TestPeers judges what the libraries of the field issued.
func TestPeers(t *testing.T) {
	needVectors(t)
	at := verify.At(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	v := verify.Verifier{Trust: peersTrust(t)}
	for _, r := range rows(t, "peers/manifest.tsv") {
		file, format, want := r[0], r[1], r[2]
		if want == "reference" || want == "keys" || want == "cache" || want == "statuslist" || !judged[format] {
			continue
		}
		t.Run(file, func(t *testing.T) {
			report := v.Verify(vector(t, "peers/"+file), verify.Ask{At: at})
			ok := false
			switch got := report.Verdict; want {
			case "valid":
				ok = got == verify.Verified || strings.Contains(r[3], "ecdsa-xi-2023") && report.Has(reason.SExtra)
			case "invalid":
				ok = got == verify.NotVerified || got == verify.CannotTell || got == verify.Check && format == "status"
			case "invalid-or-warn":
				ok = got != verify.Verified
			case "valid-if-key-trusted":
				ok = got == verify.Verified
			case "valid-or-warn":
				ok = got == verify.Verified || got == verify.Check || report.Has(reason.QAmbig)
			case "valid-if-cached":
				ok = got == verify.Verified
			case "valid-or-invalid":
				ok = true
			}
			if !ok {
				t.Errorf("%s: %s, want %s: %s", format, report.String(), want, r[3])
			}
		})
	}
}
