package verify_test

import (
	"strings"
	"testing"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/verifytest"
)

// judged are the groups of peers/manifest.tsv whose formats are judged.
var judged = map[string]bool{
	"vc-jwt": true, "eddsa-rdfc-2022": true, "eddsa-jcs-2022": true, "ecdsa-rdfc-2019": true, "ecdsa-jcs-2019": true,
	"proof-set": true, "status": true, "pixelpass": true, "baked": true, "endorsement": true, "vp": true,
	"ed25519signature2020": true, "vc-jose-cose": true, "ob2": true, "sd-jwt": true, "vpqr": true, "vpqr-dcc": true, "vc1": true, "ecdsa-sd-2023": true, "bbs-2023": true,
}

// TestPeers judges what the libraries of the field issued.
func TestPeers(t *testing.T) {
	at := verify.At(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	set, err := trust.Open(verifytest.PeersTrust(t))
	if err != nil {
		t.Fatal(err)
	}
	v := verify.Verifier{Trust: set}
	for _, r := range verifytest.Rows(t, "peers/manifest.tsv") {
		file, format, want := r[0], r[1], r[2]
		if want == "reference" || want == "keys" || want == "cache" || want == "statuslist" || !judged[format] {
			continue
		}
		t.Run(file, func(t *testing.T) {
			report := v.Verify(verifytest.Vector(t, "peers/"+file), verify.Ask{At: at})
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
