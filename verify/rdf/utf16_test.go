package rdf

import (
	"testing"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// TestOrders holds that a document is taken exactly if its lines, and those
// of each hash, stand in one order by code point and by UTF-16.
func TestOrders(t *testing.T) {
	z := NewCanonicalizer(Builtin())
	for _, d := range []struct {
		what, role string
		want       reason.Code
	}{
		{"one beyond against one at the top", `["🎓 Dean","！ Dean"]`, reason.SUnsupported},
		{"the same, escaped", `["\ud83c\udf93 Dean","\ufb33 Dean"]`, reason.SUnsupported},
		{"the same after a common beginning", `["Dean 🎓","Dean ！"]`, reason.SUnsupported},
		{"two beyond, one at the top later", `["🎓 Dean","🎵 ！"]`, ""},
		{"both against others", `["Dean 🎓","Bursar ！"]`, ""},
		{"both in one", `"🎓！"`, ""},
		{"two beyond", `["🎓","🎵"]`, ""},
		{"one below the surrogates", `["🎓","한"]`, ""},
	} {
		root := treeOf(t, string(fixtures(t)["simple"]))
		root.get("credentialSubject").set("role", treeOf(t, d.role))
		v, err := ijson.Parse(root.append(nil))
		if err != nil {
			t.Fatal(err)
		}
		out, err := z.Canonical([]byte("before"), v, Options{})
		if got := reason.CodeOf(err, ""); got != d.want {
			t.Errorf("%s: %v, want %q", d.what, err, d.want)
		}
		if err != nil && string(out) != "before" {
			t.Errorf("%s: something was written", d.what)
		}
	}
}

// TestOrdersOfHashes holds that also the lines of a hash are looked at: here
// those of the graph's end stand side by side only once two nodes are alike.
func TestOrdersOfHashes(t *testing.T) {
	const lines = `_:x <urn:p> "𝄞" _:g .
_:y <urn:p> "！" _:g .
_:x <urn:o> "1" _:g .
_:y <urn:o> "2" _:g .
`
	z := NewCanonicalizer(Builtin())
	if _, err := z.parseNQuads(lines); err != nil {
		t.Fatal(err)
	}
	z.canon.reordered = true
	if out, err := z.write(nil, Options{}); reason.CodeOf(err, "") != reason.SUnsupported {
		t.Errorf("%v, want S-UNSUPPORTED\n%s", err, out)
	}
	if !z.canon.disputed {
		t.Error("not for the lines of a hash")
	}
}
