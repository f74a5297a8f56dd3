package verifytest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"badgekiosk/verify"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/verifytest"
)

// TestLevels holds that nobody who holds a badge can move it up its scale. RDF
// signs what is on a scale, not in which order: whoever sorts the JSON anew
// must not change what the kiosk says.
func TestLevels(t *testing.T) {
	scale := func(member string, values ...string) []o {
		all := []o{}
		for i, name := range []string{"Beginning", "Developing", "Proficient"} {
			l := o{"id": "urn:x:" + name, "type": []string{"RubricCriterionLevel"}, "name": name, "level": name}
			if values != nil {
				l[member] = values[i]
			}
			all = append(all, l)
		}
		return all
	}
	named := verify.Level{Name: "Developing"}
	second := verify.Level{N: 2, Of: 3, Name: "Developing"}
	for name, c := range map[string]struct {
		scale          []o
		tree, sequence verify.Level // by a signature over RDF, and over the text
	}{
		"names alone":            {scale("", nil...), named, second},
		"points":                 {scale("points", "1", "2", "4"), second, second},
		"points the other way":   {scale("points", "4", "2", "1"), second, second},
		"points that are alike":  {scale("points", "1", "1", "4"), named, second},
		"points that are none":   {scale("points", "Inf", "NaN", "0x"), named, second},
		"levels that are counts": {scale("level", "1", "2", "3"), second, second},
	} {
		b := riverbend.badge()
		subject := b["credentialSubject"].(o)
		subject["result"] = []o{{"type": []string{"Result"}, "resultDescription": "urn:x:scale", "achievedLevel": "urn:x:Developing"}}
		subject["achievement"].(o)["resultDescription"] = []o{{"id": "urn:x:scale", "type": []string{"ResultDescription"}, "name": "Level",
			"resultType": "RubricCriterionLevel", "rubricCriterionLevel": c.scale}}
		signed := riverbend.rdfc(b)
		moved := strings.Replace(signed, text(c.scale), text([]o{c.scale[2], c.scale[0], c.scale[1]}), 1)
		if moved == signed {
			t.Fatal("nothing was moved")
		}
		for how, one := range map[string]struct {
			payload string
			want    verify.Level
		}{"rdfc": {signed, c.tree}, "rdfc, moved": {moved, c.tree}, "jcs": {riverbend.jcs(b), c.sequence}, "jwt": {riverbend.jwt(b, o{"typ": "vc+jwt"}), c.sequence},
			"sd-jwt": {riverbend.jwt(b, o{"typ": "vc+sd-jwt"}) + "~", named}} { // of which steps may be hidden
			if r := judgeListed(t, one.payload); r.Verdict != verify.Verified || r.Badge.Level != one.want {
				t.Errorf("%s, %s: %s, level %+v, want %+v", name, how, r.String(), r.Badge.Level, one.want)
			}
		}
	}
}

// judgeListed judges by the folder of listed issuers.
func judgeListed(t *testing.T, payload string) verify.Report {
	t.Helper()
	tree := fstest.MapFS{}
	for name, data := range listed {
		tree[name] = &fstest.MapFile{Data: []byte(data)}
	}
	set, err := trust.Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	v := verify.Verifier{Trust: set}
	return v.Verify([]byte(payload), verify.Ask{At: verify.At(verifytest.Noon)})
}
