package verify_test

import (
	"strings"
	"testing"

	"badgekiosk/verify"
	"badgekiosk/verify/verifytest"
	"badgekiosk/verify/wire"
)

// TestTwoReadings holds which of two readings of one code counts: the newer,
// unless a proof of the older alone verifies. A report is of one of them whole.
func TestTwoReadings(t *testing.T) {
	genuine, forged := verifytest.Named(t, "verified-rdfc"), verifytest.Named(t, "forged-rdfc")
	good, bad := string(genuine.Payload), string(forged.Payload)
	nonsense := strings.NewReplacer(`"name":"Welding I"`, `"description":"Welding I"`, `"description"`, `"name"`, "OpenBadgeCredential", "EndorsementCredential").Replace(good)
	unsigned := func(s string) string { return strings.Replace(s, `"proof":`, `"termsOfUse":`, 1) }
	v := verify.Verifier{Trust: genuine.Trust}
	for name, c := range map[string]struct{ newer, older, want, badge string }{
		"the newer is genuine":  {good, nonsense, "verified R-NONE B-UNSEALED", "Welding I"},
		"the older is genuine":  {nonsense, good, "verified R-NONE B-UNSEALED", "Welding I"},
		"the newer is none":     {`{"type":"Person"}`, good, "verified R-NONE B-UNSEALED", "Welding I"},
		"the older is none":     {unsigned(good), `{"type":"Person"}`, "cannot-tell S-NOPROOF R-NONE B-UNSEALED", "Welding I"},
		"neither is signed":     {unsigned(good), unsigned(bad), "cannot-tell S-NOPROOF R-NONE B-UNSEALED", "Welding I"},
		"neither, the other is": {unsigned(bad), unsigned(good), "cannot-tell S-NOPROOF R-NONE B-UNSEALED", "Welding V"},
		"the newer is forged":   {bad, unsigned(good), "not-verified S-INVALID B-UNSEALED", ""},
		"the older is forged":   {unsigned(good), bad, "cannot-tell S-NOPROOF R-NONE B-UNSEALED", "Welding I"},
		"both are forged":       {bad, nonsense, "not-verified S-INVALID B-UNSEALED", ""},
	} {
		r := v.Judge(wire.Document{Form: wire.JSON, Data: []byte(c.newer), Older: []byte(c.older)}, genuine.Ask)
		if got := r.String(); got != c.want || r.Badge.Name != c.badge {
			t.Errorf("%s: %q, %s; want %q, %s", name, r.Badge.Name, got, c.badge, c.want)
		}
	}
}
