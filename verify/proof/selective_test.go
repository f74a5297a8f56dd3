package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"badgekiosk/verify/bbs/bbstest"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// addSelective adds a proof of ecdsa-sd-2023, derived with everything shown.
// change edits it before it is written.
func addSelective(t testing.TB, text string, mandatory []uint64, change func(*sdProof)) string {
	t.Helper()
	k := public(t, key.P256)
	options := `{"type":"DataIntegrityProof","cryptosuite":"ecdsa-sd-2023","created":"2026-01-16T08:00:00Z","verificationMethod":"` +
		k.DID() + "#" + k.Multibase() + `","proofPurpose":"assertionMethod"}`
	doc, p := parse(t, text), parse(t, options)
	once := public(t, key.P256) // the issuer's own key serves as the one made for this badge
	v := sdProof{Labels: map[uint64][]byte{}, Mandatory: mandatory}
	v.PublicKey, _ = multibase.Decode(nil, once.Multibase())
	quads, err := rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, doc, rdf.Options{Label: func(dst []byte, n int) ([]byte, error) {
		name := sha256.Sum256(binary.BigEndian.AppendUint32([]byte("secret"), uint32(n)))
		v.Labels[uint64(n)] = name[:]
		return v.label(dst, n)
	}})
	if err != nil {
		t.Fatal(err)
	}
	config := sha256.Sum256(canonical(t, "ecdsa-sd-2023", key.P256, p, doc, "proofValue", nil, false))
	shown := sha256.New()
	for i, line := range bytes.SplitAfter(quads, []byte("\n")) {
		switch {
		case len(line) == 0:
		case slices.Contains(mandatory, uint64(i)):
			shown.Write(line)
		default:
			v.Signatures = append(v.Signatures, sign(t, key.P256, line))
		}
	}
	v.Base = sign(t, key.P256, shown.Sum(append(config[:], v.PublicKey...)))
	if change != nil {
		change(&v)
	}
	body, err := cbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	value := "u" + multibase.EncodeBase64URL(append(sdDerived[:], body...))
	return strings.TrimSuffix(text, "}") + `,"proof":` + strings.TrimSuffix(options, "}") + `,"proofValue":"` + value + `"}}`
}

func TestSelective(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	show := []uint64{0, 2, 5}
	good := addSelective(t, badge, show, nil)
	value := parse(t, good).Get("proof").Get("proofValue").Str()
	edit := func(old, changed string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in %s", old, good)
		}
		return strings.Replace(good, old, changed, 1)
	}
	other := sign(t, key.P256, []byte("something else"))
	for name, m := range map[string]struct{ text, want string }{
		"good":                      {good, "ok"},
		"nothing mandatory":         {addSelective(t, badge, nil, nil), "ok"},
		"name changed":              {edit("Welding I", "Welding II"), "S-INVALID"},
		"date of proof changed":     {edit("2026-01-16", "2026-01-17"), "S-INVALID"},
		"statement left out":        {edit(`"description":"Joins mild steel.",`, ""), "S-INVALID"},
		"statement added":           {edit(`"description":`, `"tag":["x"],"description":`), "S-INVALID"},
		"undefined term":            {edit(`"proof":`, `"adminLevel":"root","proof":`), "S-UNCOVERED"},
		"base signature of another": {addSelective(t, badge, show, func(v *sdProof) { v.Base = other }), "S-INVALID"},
		"a signature of another":    {addSelective(t, badge, show, func(v *sdProof) { v.Signatures[3] = other }), "S-INVALID"},
		"a signature short":         {addSelective(t, badge, show, func(v *sdProof) { v.Signatures = v.Signatures[1:] }), "S-UNCOVERED"},
		"a signature too many":      {addSelective(t, badge, show, func(v *sdProof) { v.Signatures = append(v.Signatures, other) }), "S-UNCOVERED"},
		"signatures exchanged":      {addSelective(t, badge, show, func(v *sdProof) { slices.Reverse(v.Signatures) }), "S-INVALID"},
		"other mandatory":           {addSelective(t, badge, show, func(v *sdProof) { v.Mandatory = []uint64{0, 2, 6} }), "S-INVALID"},
		"mandatory twice":           {addSelective(t, badge, show, func(v *sdProof) { v.Mandatory = []uint64{0, 2, 2, 5} }), "S-INVALID"},
		"mandatory beyond":          {addSelective(t, badge, show, func(v *sdProof) { v.Mandatory = []uint64{0, 2, 5, 900} }), "S-INVALID"},
		"a name missing":            {addSelective(t, badge, show, func(v *sdProof) { delete(v.Labels, 0) }), "S-INVALID"},
		"a name too short":          {addSelective(t, badge, show, func(v *sdProof) { v.Labels[0] = v.Labels[0][1:] }), "S-INVALID"},
		"two of one name":           {addSelective(t, badge, show, func(v *sdProof) { v.Labels[0] = v.Labels[1] }), "S-MALFORMED"},
		"no key of statements":      {addSelective(t, badge, show, func(v *sdProof) { v.PublicKey = v.PublicKey[1:] }), "S-MALFORMED"},
		"base proof":                {edit(value, "u2V0A"+value[5:]), "S-BASE"},
		"unknown form":              {edit(value, "u2V0H"+value[5:]), "S-UNSUPPORTED"},
		"in base58":                 {edit(value, "z"+value[1:]), "S-MALFORMED"},
		"cut":                       {edit(value, value[:len(value)-4]), "S-MALFORMED"},
		"short":                     {edit(value, "u2V0"), "S-MALFORMED"},
		"not CBOR":                  {edit(value, "u2V0B"+"____"), "S-MALFORMED"},
		"more than may be":          {addSelective(t, badge, show, func(v *sdProof) { v.Signatures = slices.Repeat(v.Signatures[:1], MaxStatements+1) }), "S-MALFORMED"},
	} {
		if got := judge(t, c, parse(t, m.text)); got != m.want {
			t.Errorf("%s: %s, want %s", name, got, m.want)
		}
	}
}

// TestMangledSelective flips a bit of every byte of a badge that is shown in
// part, and of what its proof value stands for.
func TestMangledSelective(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	text := addSelective(t, badge, []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil)
	verified := func(text string) bool {
		doc, err := ijson.Parse([]byte(text))
		if err != nil {
			return false
		}
		all, err := List(doc)
		for i := range all {
			if err = c.Verify(doc, &all[i], public(t, key.P256)); err == nil {
				return true
			}
		}
		if err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%v carries no code", err)
		}
		return false
	}
	if !verified(text) {
		t.Fatal("the badge itself does not verify")
	}
	for i := range text {
		m := []byte(text)
		m[i] ^= 1 << (i % 8)
		if verified(string(m)) {
			t.Errorf("verifies with byte %d flipped, near %s", i, m[max(0, i-20):i+1])
		}
	}
	value := parse(t, text).Get("proof").Get("proofValue").Str()
	raw, _ := multibase.Decode(nil, value)
	for i := range raw {
		m := slices.Clone(raw)
		m[i] ^= 1 << (i % 8)
		if verified(strings.Replace(text, value, "u"+multibase.EncodeBase64URL(m), 1)) {
			t.Errorf("verifies with byte %d of the proof value flipped", i)
		}
	}
}

// TestOpticalFixture holds that a proof which also signs printed lines says
// so, and verifies with them alone.
func TestOpticalFixture(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	k := public(t, key.P256)
	lines := []string{"IAXYZ", "JANE<<DOE", "<<<<<"}
	printed := sha256.Sum256(Optical(lines...))
	// The third digest is that of the lines' own digest.
	doc := parse(t, badge)
	options := `{"type":"DataIntegrityProof","cryptosuite":"ecdsa-xi-2023","verificationMethod":"` + k.DID() + `","proofPurpose":"assertionMethod"}`
	p := parse(t, options)
	message := append(hashed(key.P256, canonical(t, "ecdsa-xi-2023", key.P256, p, doc, "proofValue", nil, false)),
		hashed(key.P256, canonical(t, "ecdsa-xi-2023", key.P256, doc, doc, "proof", nil, false))...)
	value := multibase.EncodeBase58(sign(t, key.P256, append(message, printed[:]...)))
	doc = parse(t, strings.TrimSuffix(badge, "}")+`,"proof":`+strings.TrimSuffix(options, "}")+`,"proofValue":"`+value+`"}}`)
	all, err := List(doc)
	if err != nil {
		t.Fatal(err)
	}
	if got := reason.CodeOf(c.Verify(doc, &all[0], k), ""); got != reason.SExtra {
		t.Errorf("without the lines: %q", got)
	}
	if err := c.VerifyOptical(doc, &all[0], k, Optical(lines...)); err != nil {
		t.Errorf("with the lines: %v", err)
	}
	if got := reason.CodeOf(c.VerifyOptical(doc, &all[0], k, Optical("IAXYZ", "JOHN<<DOE", "<<<<<")), ""); got != reason.SInvalid {
		t.Errorf("with other lines: %q", got)
	}
	if got := reason.CodeOf(c.VerifyOptical(doc, &all[0], public(t, key.P384), Optical(lines...)), ""); got != reason.SUnsupported {
		t.Errorf("with a P-384 key: %q", got)
	}
	plain := parse(t, addProof(t, badge, "eddsa-rdfc-2022", key.Ed25519, `{}`))
	all, _ = List(plain)
	if err := c.VerifyOptical(plain, &all[0], public(t, key.Ed25519), Optical(lines...)); err != nil {
		t.Errorf("another suite: %v", err)
	}
}

// addBBS adds a proof of bbs-2023, derived with all statements shown but
// what shown leaves out of whole.
func addBBS(t testing.TB, whole, shown string, mandatory []uint64, change func(*bbsProof)) string {
	t.Helper()
	school := bbstest.NewKey("a made-up school")
	k, err := key.FromMultikey(append([]byte{0xeb, 0x01}, school.Public()...))
	if err != nil {
		t.Fatal(err)
	}
	options := `{"type":"DataIntegrityProof","cryptosuite":"bbs-2023","verificationMethod":"` +
		k.DID() + "#" + k.Multibase() + `","proofPurpose":"assertionMethod"}`
	doc := parse(t, whole)
	v := bbsProof{Labels: map[uint64]uint64{}, Mandatory: mandatory, Presentation: []byte("p")}
	lines := func(text string) [][]byte {
		quads, err := rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, parse(t, text), rdf.Options{Label: func(dst []byte, n int) ([]byte, error) {
			v.Labels[uint64(n)] = uint64(n)
			return v.label(dst, n)
		}})
		if err != nil {
			t.Fatal(err)
		}
		all := bytes.SplitAfter(quads, []byte("\n"))
		return all[:len(all)-1]
	}
	all, some := lines(whole), lines(shown)
	header := sha256.New()
	var messages [][]byte
	for i, line := range all {
		if slices.Contains(mandatory, uint64(i)) {
			header.Write(line)
		} else {
			messages = append(messages, line)
		}
	}
	for i, line := range messages {
		if slices.ContainsFunc(some, func(s []byte) bool { return bytes.Equal(s, line) }) {
			v.Selective = append(v.Selective, i)
		}
	}
	config := sha256.Sum256(canonical(t, "bbs-2023", key.P256, parse(t, options), doc, "proofValue", nil, false))
	v.Proof = school.Prove(header.Sum(config[:]), v.Presentation, messages, v.Selective)
	if change != nil {
		change(&v)
	}
	body, err := cbor.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	value := "u" + multibase.EncodeBase64URL(append(bbsDerived[:], body...))
	return strings.TrimSuffix(shown, "}") + `,"proof":` + strings.TrimSuffix(options, "}") + `,"proofValue":"` + value + `"}}`
}

func TestBBS(t *testing.T) {
	c := NewChecker(rdf.Builtin())
	show := []uint64{0, 1}
	less := strings.Replace(badge, `"description":"Joins mild steel.",`, "", 1)
	good := addBBS(t, badge, less, show, nil)
	value := parse(t, good).Get("proof").Get("proofValue").Str()
	edit := func(old, changed string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in %s", old, good)
		}
		return strings.Replace(good, old, changed, 1)
	}
	for name, m := range map[string]struct{ text, want string }{
		"a statement hidden":    {good, "ok"},
		"all shown":             {addBBS(t, badge, badge, show, nil), "ok"},
		"name changed":          {edit("Welding I", "Welding II"), "S-INVALID"},
		"purpose changed":       {edit("assertionMethod", "authentication"), "S-PURPOSE"},
		"made at another time":  {edit(`"proofPurpose"`, `"created":"2026-01-17T00:00:00Z","proofPurpose"`), "S-INVALID"},
		"another left out":      {edit(`"name":"Welding I",`, ""), "S-INVALID"},
		"undefined term":        {edit(`"proof":`, `"adminLevel":"root","proof":`), "S-UNCOVERED"},
		"another presentation":  {addBBS(t, badge, less, show, func(v *bbsProof) { v.Presentation = []byte("q") }), "S-INVALID"},
		"another place":         {addBBS(t, badge, less, show, func(v *bbsProof) { v.Selective[0]++ }), "S-INVALID"},
		"a place beyond":        {addBBS(t, badge, less, show, func(v *bbsProof) { v.Selective[len(v.Selective)-1] = 1 << 30 }), "S-INVALID"},
		"a place missing":       {addBBS(t, badge, less, show, func(v *bbsProof) { v.Selective = v.Selective[1:] }), "S-INVALID"},
		"other mandatory":       {addBBS(t, badge, less, show, func(v *bbsProof) { v.Mandatory = []uint64{0, 2} }), "S-INVALID"},
		"names exchanged":       {addBBS(t, badge, less, show, func(v *bbsProof) { v.Labels[0], v.Labels[1] = v.Labels[1], v.Labels[0] }), "S-INVALID"},
		"a name missing":        {addBBS(t, badge, less, show, func(v *bbsProof) { delete(v.Labels, 0) }), "S-INVALID"},
		"base proof":            {edit(value, "u2V0C"+value[5:]), "S-BASE"},
		"base with a pseudonym": {edit(value, "u2V0G"+value[5:]), "S-BASE"},
		"holder binding":        {edit(value, "u2V0F"+value[5:]), "S-UNSUPPORTED"},
		"the form of ecdsa-sd":  {edit(value, "u2V0B"+value[5:]), "S-UNSUPPORTED"},
	} {
		if got := judge(t, c, parse(t, m.text)); got != m.want {
			t.Errorf("%s: %s, want %s", name, got, m.want)
		}
	}
	for i := range maxKeys + 3 {
		k, err := key.FromMultikey(append([]byte{0xeb, 0x01}, bbstest.NewKey(string(rune('a'+i))).Public()...))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.bbsKey(k); err != nil || len(c.bbs) > maxKeys {
			t.Errorf("%d keys kept, %v", len(c.bbs), err)
		}
	}
}
