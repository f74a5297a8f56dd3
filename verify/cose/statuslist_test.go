package cose

import (
	"math"
	"testing"

	"github.com/fxamacker/cbor/v2"
	peer "github.com/veraison/go-cose"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// listClaims are the claims of a list of 16 places, as a peer writes them.
func listClaims(t testing.TB, changes map[any]any) string {
	t.Helper()
	claims := map[any]any{
		2: "https://school.example/list/1", 6: 1795000000, 4: 1900000000, 65534: 43200,
		65533: map[string]any{"bits": 1, "lst": []byte{0x78, 0xda, 0xdb, 0xb9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5d}},
	}
	for label, v := range changes {
		claims[label] = v
	}
	b, err := cbor.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestStatusList: a list that another library signed has the claims of the
// same list as a JWT, with its tag and without.
func TestStatusList(t *testing.T) {
	const want = `{"exp":1900000000,"iat":1795000000,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"},"sub":"https://school.example/list/1","ttl":43200}`
	for alg := range keys() {
		for _, typ := range []string{"application/statuslist+cwt", "Application/StatusList+CWT"} {
			data := peerSign(t, alg, listClaims(t, nil), map[any]any{int64(16): typ}, map[any]any{int64(4): []byte("12")})
			for _, form := range [][]byte{data, data[1:]} {
				m, err := Parse(form)
				if err != nil {
					t.Fatal(err)
				}
				if err := m.Verify(public(t, alg)); err != nil || !m.IsStatusList() || m.Kid != "12" {
					t.Errorf("%s, %s: %v, kid %q", alg, m.Typ, err, m.Kid)
				}
				claims, err := m.StatusList()
				if err != nil {
					t.Fatal(err)
				}
				if got, _ := ijson.AppendCanonical(nil, claims); string(got) != want {
					t.Errorf("claims %s\nwant   %s", got, want)
				}
				if _, err := m.VC(); reason.CodeOf(err, "") != reason.SMalformed {
					t.Errorf("a list read as a credential: %v", err)
				}
			}
		}
	}
}

// TestNoStatusList: what is no list of claims is refused, and what a claim of
// a like name says does not count.
func TestNoStatusList(t *testing.T) {
	for name, payload := range map[string]string{
		"no map":             "\x80",
		"a claim twice":      "\xa2\x02\x61a\x02\x61b",
		"a name twice":       "\xa1\x19\xff\xfd\xa2\x64bits\x01\x64bits\x02",
		"an address number":  listClaims(t, map[any]any{2: 5}),
		"a text for a date":  listClaims(t, map[any]any{4: "tomorrow"}),
		"no number for one":  listClaims(t, map[any]any{4: math.NaN()}),
		"places in text":     listClaims(t, map[any]any{65533: map[string]any{"bits": 1, "lst": "eNrbuRgAAhcBXQ"}}),
		"less than no bits":  listClaims(t, map[any]any{65533: map[string]any{"bits": -1}}),
		"something after it": listClaims(t, nil) + "\x00",
	} {
		m, err := Parse(peerSign(t, peer.AlgorithmEdDSA, payload, map[any]any{int64(16): "application/statuslist+cwt"}, nil))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if claims, err := m.StatusList(); reason.CodeOf(err, "") != reason.SMalformed {
			t.Errorf("%s: %s, %v, want S-MALFORMED", name, claims.Raw(), err)
		}
	}
	m, err := Parse(peerSign(t, peer.AlgorithmEdDSA, listClaims(t, map[any]any{65533: map[string]any{"BITS": 1, "LST": []byte{1}}}), nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	claims, err := m.StatusList()
	if list := claims.Get("status_list"); err != nil || m.IsStatusList() || list.Get("lst").Str() != "" {
		t.Errorf("names in capitals: %s, %v", list.Raw(), err)
	}
}
