package verify_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/status"
	"badgekiosk/verify/verifytest"
)

// An attack is a payload made to hurt, and the code it gets.
type attack struct {
	name    string
	code    reason.Code
	payload string
}

func repeat(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }

// attacks is the table of them. None may take long or much memory.
func attacks() []attack {
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	const contexts = `"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]`
	proof := `{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","verificationMethod":"did:key:z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7#z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7","proofPurpose":"assertionMethod","proofValue":"z3JPKk6w7u8xrhYQ1qWMPJWViRSyLemgFdBp5q1kQ5gosp8QLuKMtUh6FrZzdaoKCPwCFivTffEziGw7aiHw2yyAC"}`
	vc := func(members string) string {
		return `{` + contexts + `,"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"did:key:z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7",` + members + `}`
	}
	presented := func(all string) string {
		return `{` + contexts + `,"type":"VerifiablePresentation","verifiableCredential":[` + all + `]}`
	}
	subjects := func(n int) string {
		return vc(`"credentialSubject":[` + repeat(n, `{"type":"AchievementSubject"}`) + `],"proof":` + proof)
	}
	twins := repeat(24, `{"type":["Achievement"],"alignment":[`+repeat(12, `{"type":["Alignment"],"targetName":"x"}`)+`]}`)
	poison := vc(`"credentialSubject":{"type":["AchievementSubject"],"achievement":[` + twins + `]},"proof":` + proof)
	zeros := packed(vc(`"x":[` + repeat(120_000, "0") + `]`))
	return []attack{
		{"deep JSON", reason.QTooBig, deep},
		{"deep arrays", reason.QNotBadge, strings.Repeat("[", 100_000)},
		{"1,500 proofs", reason.QTooBig, vc(`"proof":[` + repeat(1500, proof) + `]`)},
		{"32 proofs", reason.QTooBig, vc(`"credentialSubject":{"name":"x"},"proof":[` + repeat(32, proof) + `]`)},
		{"8 proofs", reason.SInvalid, vc(`"credentialSubject":{"name":"x"},"proof":[` + repeat(8, proof) + `]`)},
		{"poison graph", reason.QTooBig, poison},
		{"10,000 subjects", reason.SInvalid, subjects(10_000)},
		{"10,000 statuses", reason.RBadList, vc(`"credentialStatus":[` + repeat(10_000, `{"type":"BitstringStatusListEntry"}`) + `]`)},
		{"4,000 results", reason.SNoProof, vc(`"credentialSubject":{"result":[` + repeat(4000, `{"achievedLevel":"a"}`) + `],"achievement":{"resultDescription":[` + repeat(4000, `{"id":"b"}`) + `]}}`)},
		{"100 copies in a VP", reason.SInvalid, presented(repeat(100, vc(`"proof":`+proof)))},
		{"VP in VP", reason.QTooBig, strings.Repeat(`{"type":"VerifiablePresentation","verifiableCredential":[`, 60) + strings.Repeat(`]}`, 60)},
		{"100,000 names", reason.SMalformed, `{"type":"VerifiableCredential","issuer":"x"` + strings.Repeat(`,"x":1`, 100_000) + `}`},
		{"long base58", reason.SMalformed, strings.Replace(vc(`"proof":`+proof), "z3JPKk", "z"+strings.Repeat("3", 60_000), 1)},
		{"zeros", reason.QNotBadge, string(make([]byte, 60_000))},
		{"token of dots", reason.QNotBadge, strings.Repeat(".", 60_000)},
		{"long token", reason.SMalformed, "eyJhbGciOiJFZERTQSJ9." + strings.Repeat("A", 60_000) + ".AAAA"},
		{"4 poison graphs", reason.QTooBig, presented(repeat(4, poison))},
		{"18 poison graphs, packed", reason.QTooBig, packed(presented(repeat(18, poison)))},
		{"8,000 subjects, packed", reason.QTooBig, packed(subjects(8000))},
		{"100 copies, packed", reason.QTooBig, packed(presented(repeat(100, vc(`"proof":`+proof))))},
		{"200 P-384 proofs, packed", reason.SInvalid, packed(presented(repeat(20, vc(`"credentialSubject":{"name":"x"},"proof":[`+repeat(10, p384Proof())+`]`))))},
		{"95 badges by 5 long lists", reason.RBadList, carriedLists(95, 5, status.MaxBits/8)},
		{"95 badges by 5 short lists", reason.INotListed, carriedLists(95, 5, status.MinBits/8)},
		{"10,000 disclosures", reason.QTooBig, disclosures(10_000)},
		{"SVG of attributes", reason.QTooBig, "<svg " + strings.Repeat("a='' ", 20_000) + ">"},
		{"SVG of elements", reason.QTooBig, "<svg>" + strings.Repeat("<g/>", 250_000) + "</svg>"},
		{"SVG of namespaces", reason.QNotBadge, "<svg><g " + strings.Repeat("xmlns:a='b' ", 16_000) + "/></svg>"},
		{"40 codes in a VP", reason.QNotBadge, presented(repeat(40, `"`+zeros+`"`))},
		{"codes of codes of codes, packed", reason.QNotBadge, packed(presented(`"` + packed(presented(repeat(150, `"`+packed(presented(repeat(150, `"`+zeros+`"`)))+`"`))) + `"`))},
		{"9 compressed tokens", reason.SInvalid, presented(repeat(9, `"`+zipped(vc(`"x":[`+repeat(60_000, "0")+`]`))+`"`))},
		{"600 compressed tokens", reason.QTooBig, presented(repeat(600, `"`+zipped(vc(`"x":[`+repeat(60_000, "0")+`]`))+`"`))},
		{"a VP of 15,000 letters", reason.QTooBig, presented(repeat(15_000, `"x"`))},
		{"a VP of 80,000 empty tokens", reason.QTooBig, presented(repeat(80_000, `"e30.e30.AA"`))},
		{"500,000 zeros", reason.QTooBig, vc(`"x":[` + repeat(500_000, "0") + `]`)},
		{"250,000 zeros", reason.SNoProof, vc(`"credentialSubject":{"name":"x"},"x":[` + repeat(250_000, "0") + `]`)},
		{"long did:jwk", reason.SMalformed, strings.ReplaceAll(vc(`"proof":`+proof), "did:key:z6Mk", "did:jwk:"+strings.Repeat("A", 50_000))},
	}
}

// packed is a text as PixelPass packs it, which a small code can hold.
func packed(text string) string {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	z.Write([]byte(text))
	z.Close()
	var out []byte
	for raw := b.Bytes(); len(raw) > 0; raw = raw[min(2, len(raw)):] {
		n := int(raw[0])
		if len(raw) > 1 {
			n = n<<8 | int(raw[1])
		}
		out = append(out, alphabet[n%45], alphabet[n/45%45])
		if len(raw) > 1 {
			out = append(out, alphabet[n/45/45])
		}
	}
	return string(out)
}

// zipped is a token of nobody's with these claims, compressed.
func zipped(claims string) string {
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.BestCompression)
	z.Write([]byte(claims))
	z.Close()
	const kid = "did:key:z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7#z6MkkbGxPejSFhQuo19C6a8FaTzEvtkEAWRRLmtaWVyWrgh7"
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","zip":"DEF","kid":"`+kid+`"}`)) + "." +
		base64.RawURLEncoding.EncodeToString(b.Bytes()) + "." + strings.Repeat("A", 86)
}

// p384Proof is a proof that takes long to find false.
func p384Proof() string {
	key, err := ecdsa.GenerateKey(elliptic.P384(), nil)
	if err != nil {
		panic(err)
	}
	id := multibase.EncodeBase58(append([]byte{0x81, 0x24}, elliptic.MarshalCompressed(elliptic.P384(), key.X, key.Y)...))
	return fmt.Sprintf(`{"type":"DataIntegrityProof","cryptosuite":"ecdsa-jcs-2019","verificationMethod":"did:key:%s#%[1]s","proofPurpose":"assertionMethod","proofValue":%q}`,
		id, multibase.EncodeBase58(bytes.Repeat([]byte{7}, 96)))
}

// token signs claims by a key of nobody's.
func token(claims map[string]any) (jwt, did string) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	id := multibase.EncodeBase58(append([]byte{0xed, 0x01}, private.Public().(ed25519.PublicKey)...))
	did = "did:key:" + id
	claims["issuer"] = did
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"vc+jwt","kid":"`+did+"#"+id+`"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(private, []byte(text))), did
}

// carriedLists is a presentation of badges, each with sixteen places in one
// list, and of copies of that list, all signed by whoever made it.
func carriedLists(badges, lists, size int) string {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	z.Write(make([]byte, size))
	z.Close()
	const url = "https://l.example/1"
	list, _ := token(map[string]any{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "id": url, "type": []string{"VerifiableCredential", "BitstringStatusListCredential"},
		"validFrom":         "2026-11-01T00:00:00Z",
		"credentialSubject": map[string]any{"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "u" + base64.RawURLEncoding.EncodeToString(b.Bytes())}})
	entry := map[string]any{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": 7, "statusListCredential": url}
	var entries []any
	for range status.MaxEntries {
		entries = append(entries, entry)
	}
	badge, _ := token(map[string]any{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": "VerifiableCredential",
		"credentialSubject": map[string]any{"name": "x"}, "credentialStatus": entries})
	enveloped := func(jwt string) string {
		return `{"@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,` + jwt + `","type":"EnvelopedVerifiableCredential"}`
	}
	return `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation","verifiableCredential":[` +
		repeat(lists, enveloped(list)) + "," + repeat(badges, enveloped(badge)) + `]}`
}

// disclosures is an SD-JWT with many claims that its issuer never signed.
func disclosures(n int) string {
	jwt, _ := token(map[string]any{"vct": "https://x.example/vct", "_sd": []string{}})
	var b strings.Builder
	for i := range n {
		b.WriteString(base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `["salt","claim-%d",1]`, i)) + "~")
	}
	return jwt + "~" + b.String()
}

// TestAttacks holds every attack to its bounds: 20 ms of a small core for
// each 16 kB, where 1 ms is 17.5 Ed25519 verifications, and 16 MB. Other work
// on the machine is allowed for by taking the best of three.
func TestAttacks(t *testing.T) {
	v := verify.Verifier{}
	ask := verify.Ask{At: verify.At(verifytest.Noon)}
	ms := millisecond()
	for _, a := range attacks() {
		best := time.Hour
		var report verify.Report
		for range 3 {
			start := cpu()
			report = v.Verify([]byte(a.payload), ask)
			best = min(best, cpu()-start)
		}
		memory := peak(func() { v.Verify([]byte(a.payload), ask) })
		if report.Verdict == verify.Verified || !report.Has(a.code) {
			t.Errorf("%s: %s, want %s", a.name, report.String(), a.code)
		}
		limit := time.Duration(20*(1+len(a.payload)/(16<<10))) * ms
		t.Logf("%-26s %7d bytes %10v of %v, %5d kB: %s", a.name, len(a.payload), best, limit, memory>>10, report.String())
		if best > 3*limit/2 { // machines that do other work too
			t.Errorf("%s takes %v, at most %v is allowed", a.name, best, limit)
		}
		if memory > maxMemory {
			t.Errorf("%s takes %d MB", a.name, memory>>20)
		}
	}
}

// maxMemory is the most that one payload may take, beside its own bytes.
const maxMemory = 16 << 20

// peak is about how much memory f holds at one time: the collector runs as
// soon as a tenth is added, so that little of what is counted is free.
func peak(f func()) (most uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	live := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(live)
	before := live[0].Value.Uint64()
	done := make(chan bool)
	go func() { f(); close(done) }()
	for tick := time.NewTicker(100 * time.Microsecond); ; {
		select {
		case <-done:
			return most
		case <-tick.C:
			if metrics.Read(live); live[0].Value.Uint64() > before {
				most = max(most, live[0].Value.Uint64()-before)
			}
		}
	}
}
