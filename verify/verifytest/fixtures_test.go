package verifytest_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"badgekiosk/verify/status"
	"badgekiosk/verify/trust"
)

// The made-up world of the fixtures.
var (
	riverbend = newSigner("Riverbend Academy").as("did:web:riverbend.example", "key-1")
	second    = newSigner("Riverbend Academy, second key").as("did:web:riverbend.example", "key-2")
	lakeside  = newSigner("Lakeside High").as("https://lakeside.example/issuer", "key-1")
	forge     = newSigner("Forge Guild") // a did:key that is listed
	nobody    = newSigner("Nobody")      // a did:key that is not
)

const (
	list       = "https://riverbend.example/status/1"
	suspending = "https://riverbend.example/status/2"
	fresh      = "2026-11-20T08:10:00Z"
)

// listed is a trust folder with two districts and a guild.
var listed = files{
	"consortium.json":                    `{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z"}`,
	"districts/riverbend/district.json":  `{"name":"Riverbend District","kind":"district","languages":["en"]}`,
	"districts/riverbend/issuers/r.json": listing("Riverbend Academy", []string{"did:web:riverbend.example"}, key("did:web:riverbend.example#key-1", riverbend)),
	"districts/lakeside/district.json":   `{"name":"Lakeside District","kind":"district"}`,
	"districts/lakeside/issuers/l.json":  listing("Lakeside High", []string{"https://lakeside.example/issuer"}, key("", lakeside, o{"id": nil})),
	"districts/forge/issuers/f.json":     listing("Forge Guild", []string{forge.did}),
}

var lists = documents("riverbend",
	[3]string{list, riverbend.list(list, "revocation", []int{7}), fresh},
	[3]string{suspending, riverbend.list(suspending, "suspension", []int{8}), fresh})

// fetched is the list of revoked badges as fetched at another time.
func fetched(at string) files {
	return listed.with(documents("riverbend", [3]string{list, riverbend.list(list, "revocation", []int{7}), at}))
}

// listOf is one list in place of the usual one.
func listOf(text string) files {
	return listed.with(documents("riverbend", [3]string{list, text, fresh}))
}

// flip changes one word of a document after it was signed.
func flip(s, old, new string) string {
	if !strings.Contains(s, old) {
		panic("nothing to change: " + old)
	}
	return strings.Replace(s, old, new, 1)
}

// tamper changes a token's payload after it was signed.
func tamper(s signer, claims o, old, new string) string {
	token := s.jwt(claims)
	head, rest, _ := strings.Cut(token, ".")
	_, signature, _ := strings.Cut(rest, ".")
	return head + "." + b64([]byte(flip(text(claims), old, new))) + "." + signature
}

// splice is the first token with the payload of the second.
func splice(first, second string) string {
	a, b := strings.Split(first, "."), strings.Split(second, ".")
	return a[0] + "." + b[1] + "." + a[2]
}

func fixtures() []fixture {
	var all []fixture
	add := func(name, about, payload string, trust files, want string, more ...string) {
		f := fixture{name: name, about: about, payload: payload, trust: trust, want: want}
		for _, m := range more {
			if strings.HasPrefix(m, "20") {
				f.at = m
			} else {
				f.audience = m
			}
		}
		all = append(all, f)
	}
	r := riverbend

	// Rule 8: genuine.
	add("verified-jwt", "A token of a listed did:web, its list two days old.", r.jwt(r.claims(in(list, "revocation", 6))), listed.with(lists), "verified B-UNSEALED")
	add("verified-jose", "W3C's own form of a token.", r.jwt(r.badge(), o{"typ": "vc+jwt"}), listed, "verified R-NONE B-UNSEALED")
	add("verified-jcs", "A proof over canonical JSON.", r.jcs(r.badge()), listed, "verified R-NONE B-UNSEALED")
	add("verified-rdfc", "A proof over canonical RDF.", r.rdfc(r.badge()), listed, "verified R-NONE B-UNSEALED")
	add("verified-did-key", "An issuer listed by its did:key alone.", forge.jcs(forge.badge()), listed, "verified R-NONE B-UNSEALED")
	add("verified-key-without-id", "An https issuer whose key is listed without a name.", lakeside.jwt(lakeside.claims()), listed, "verified R-NONE B-UNSEALED")
	add("verified-no-expiry-office", "Audience office.", r.jwt(r.claims()), listed, "verified R-NONE B-UNSEALED", "office")
	add("verified-both-purposes", "Two entries, neither set.", r.jwt(r.claims(o{"credentialStatus": []any{in(list, "revocation", 1)["credentialStatus"], in(suspending, "suspension", 1)["credentialStatus"]}})), listed.with(lists), "verified B-UNSEALED")
	add("verified-presentation", "A presentation that nobody signed.", text(o{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": "VerifiablePresentation", "verifiableCredential": r.jwt(r.claims())}), listed, "verified R-NONE B-UNSEALED")
	add("verified-enveloped", "An enveloped credential.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + r.jwt(r.badge(), o{"typ": "vc+jwt"})}), listed, "verified R-NONE B-UNSEALED")
	add("verified-link", "A link to a badge that the kiosk holds a copy of.", "https://riverbend.example/badges/17", listed.with(documents("riverbend", [3]string{"https://riverbend.example/badges/17", r.jwt(r.claims()), fresh})), "verified R-NONE B-UNSEALED")
	add("verified-partial", "Of two proofs, one by a suite that nobody knows.", withProof(r.jcs(r.badge()), `{"type":"DataIntegrityProof","cryptosuite":"x-2099","verificationMethod":"did:web:riverbend.example#key-9","proofPurpose":"assertionMethod","proofValue":"z3"}`), listed, "verified R-NONE S-PARTIAL B-UNSEALED")
	add("verified-created-in-future", "An issuer's clock that is ahead changes nothing.", r.jcs(r.badge(), o{"created": "2027-01-01T00:00:00Z"}), listed, "verified R-NONE T-CREATED B-UNSEALED")
	add("verified-clock-not-set", "A clock that is not set, and a badge without an end.", r.jwt(r.claims()), listed, "verified R-NONE T-NOCLOCK B-UNSEALED", "2026-11-20T00:00:00Z/2027-01-19T00:00:00Z")
	add("verified-list-noted", "A list of 40 days.", r.jwt(r.claims(in(list, "revocation", 6))), fetched("2026-10-12T12:00:00Z"), "verified R-NOTED B-UNSEALED")
	add("verified-list-expired", "A list that said it lasts a day, fetched 20 days ago.", r.jwt(r.claims(in(list, "revocation", 6))),
		listed.with(documents("riverbend", [3]string{list, r.list(list, "revocation", nil, o{"validUntil": "2026-11-02T12:00:00Z"}), "2026-11-01T12:00:00Z"})), "verified R-LISTEXPIRED B-UNSEALED")
	add("verified-numeric", "A token in digits, its payload compressed, as health cards are.", numeric(r.zipped(r.claims())), listed, "verified R-NONE B-UNSEALED")
	add("forged-zip", "A token whose compressed payload is another's.", splice(r.zipped(r.claims()), r.zipped(r.claims(o{"validUntil": "2030-01-01T00:00:00Z"}))), listed, "not-verified S-INVALID B-UNSEALED")
	add("unsupported-zip", "A token compressed in a way that no standard has.", r.jwt(r.claims(), o{"zip": "BR"}), listed, "cannot-tell S-UNSUPPORTED B-UNSEALED")
	add("verified-list-short", "A list of 100,000 entries, as wallets' issuers keep, and an id that is not its address.", r.jwt(r.claims(in(list, "revocation", 6))),
		listed.with(documents("riverbend", [3]string{list, r.listOf(status.ShortBits, list, "revocation", nil, o{"id": list + "/of-another-name"}), "2026-11-20T08:00:00Z"})), "verified R-SHORT B-UNSEALED")
	add("verified-until-9999", "A badge until the last day that a date can say, its members in their other forms.", r.jcs(r.badge(in(list, "revocation", 6), o{
		"validUntil": "9999-12-31T23:59:59Z", "issuer": r.did, "credentialSubject": []o{r.badge()["credentialSubject"].(o)}, "credentialStatus": []o{{
			"type": []string{"BitstringStatusListEntry"}, "statusPurpose": "revocation", "statusListIndex": 6, "statusListCredential": list}}})),
		listed.with(lists), "verified B-UNSEALED")
	add("unknown-https-fragment", "An https issuer whose key is in the name that the proof gives it: anyone can make one.",
		newSigner("Somebody").as("https://example.com/issuers/876543", newSigner("Somebody").multibase()).rdfc(newSigner("Somebody").as("https://example.com/issuers/876543", "").badge()), listed, "cannot-tell K-UNKNOWN I-LOOKALIKE R-NONE B-UNSEALED")
	add("verified-cborld", "A code that was compressed with the newer edition of a context.", cborldCode(r.rdfc(r.badge()), false), listed, "verified R-NONE B-UNSEALED")
	add("verified-cborld-older", "A code that was compressed with the older edition: read with the newer it is nonsense.", cborldCode(r.rdfc(r.badge()), true), listed, "verified R-NONE B-UNSEALED")
	add("forged-cborld-older", "The same, changed after it was signed.", cborldCode(flip(r.rdfc(r.badge()), "Welding I", "Welding V"), true), listed, "not-verified S-INVALID B-UNSEALED")
	add("forged-cborld", "One of the newer edition, changed after it was signed.", cborldCode(flip(r.rdfc(r.badge()), "Welding I", "Welding V"), false), listed, "not-verified S-INVALID B-UNSEALED")
	away := newSigner("Hilltop College").as("did:web:hilltop.example", "key-1")
	add("unknown-cborld", "One of the newer edition, by an issuer whose keys are not here: what the older edition makes of it does not count.",
		cborldCode(away.rdfc(away.badge(o{"issuer": o{"id": away.did, "type": []string{"Profile"}, "name": "Hilltop College"}})), false), listed, "cannot-tell K-UNKNOWN I-NOTLISTED R-NONE B-UNSEALED")
	noEnd := r.badge()
	noEnd["validUntil"] = nil
	add("verified-until-null", "A badge whose end is null: it has none.", r.jcs(noEnd), listed, "verified R-NONE B-UNSEALED")
	add("verified-draft", "A badge signed while Open Badges 3.0 was a draft, under a context that says other things today.", r.rdfcIn(true, draft(r)), listed, "verified R-NONE B-UNSEALED")
	add("forged-draft", "The same, changed after it was signed.", flip(r.rdfcIn(true, draft(r)), "Welding I", "Welding V"), listed, "not-verified S-INVALID B-UNSEALED")
	add("verified-retired-key", "A key that was retired, a badge from its time.", r.jwt(r.claims()), listed.with(files{"districts/riverbend/issuers/r.json": listing("Riverbend Academy", []string{"did:web:riverbend.example"}, key("#key-1", r, o{"from": "2026-01-01T00:00:00Z", "until": "2026-06-01T00:00:00Z"}))}), "verified R-NONE B-UNSEALED")
	add("verified-second-key", "The same badge after the second key came.", second.jwt(second.claims()), listed.with(twoKeys), "verified R-NONE B-UNSEALED")

	// Rule 8 by a specimen issuer.
	add("demo", "A specimen issuer.", r.jwt(r.claims()), listed.with(specimen), "demo R-NONE B-UNSEALED")
	add("demo-suspended", "A specimen issuer, and a list that is not here.", r.jwt(r.claims(in(list, "revocation", 6))), listed.with(specimen), "demo R-NOLIST B-UNSEALED")
	add("not-verified-specimen-expired", "A specimen that has expired is still not verified.", r.jwt(r.claims(o{"validUntil": "2026-06-01T00:00:00Z"})), listed.with(specimen), "not-verified T-EXPIRED R-NONE B-UNSEALED")

	// Rule 1: not a credential.
	add("not-a-badge", "A code for a wireless network.", "WIFI:T:WPA;S:Library guests;P:ask at the desk;;", listed, "cannot-tell Q-NOTBADGE B-UNSEALED")
	add("not-a-badge-json", "JSON that is no credential.", `{"type":"Person","name":"A. Person"}`, listed, "cannot-tell Q-NOTBADGE B-UNSEALED")
	add("link", "A link that the kiosk holds no copy of.", "https://riverbend.example/badges/18", listed, "cannot-tell Q-LINK B-UNSEALED")
	add("no-bundle", "A kiosk that believes nobody.", r.jwt(r.claims()), nil, "cannot-tell K-UNKNOWN I-NOTLISTED R-NONE B-NONE")
	add("too-many", "A presentation of 101 badges.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiablePresentation", "verifiableCredential": many(101)}), listed, "cannot-tell Q-TOOBIG B-UNSEALED")
	add("not-a-badge-empty-presentation", "A presentation of nothing.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiablePresentation"}), listed, "cannot-tell Q-NOTBADGE B-UNSEALED")

	add("not-a-badge-list", "A status list: anybody can have it, it is nobody's badge.", r.list(list, "revocation", []int{7}), listed, "cannot-tell Q-NOTBADGE B-UNSEALED")
	add("not-a-badge-list-enveloped", "A status list in an envelope.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + r.list(list, "revocation", []int{7})}), listed, "cannot-tell Q-NOTBADGE B-UNSEALED")
	add("not-a-badge-list-link", "The address of a status list that the kiosk holds.", list, listed.with(lists), "cannot-tell Q-NOTBADGE B-UNSEALED")
	add("not-a-badge-list-presented", "A presentation of a status list and nothing else.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiablePresentation", "verifiableCredential": []string{r.list(list, "revocation", []int{7})}}), listed.with(lists), "cannot-tell Q-NOTBADGE B-UNSEALED")
	add("verified-baked", "A badge baked into a picture.", png(r.jwt(r.claims())), listed, "verified R-NONE B-UNSEALED")
	add("two-badges", "Two badges baked into one picture.", png(r.jwt(r.claims()), forge.jwt(forge.claims())), listed, "cannot-tell Q-AMBIG B-UNSEALED")
	add("one-part", "One code of three of a health card.", "shc:/1/3/567629", listed, "cannot-tell Q-PARTIAL B-UNSEALED")
	add("unreadable", "A code whose digits do not pair.", "shc:/56762", listed, "cannot-tell Q-UNREADABLE B-UNSEALED")

	// Rule 2: forged.
	add("forged-jwt", "A token whose level was raised after signing.", tamper(r, r.claims(), "urn:x:level-3", "urn:x:level-4"), listed, "not-verified S-INVALID B-UNSEALED")
	add("forged-jcs", "A name changed after signing.", flip(r.jcs(r.badge()), "Welding I", "Welding V"), listed, "not-verified S-INVALID B-UNSEALED")
	add("forged-rdfc", "A name changed after signing.", flip(r.rdfc(r.badge()), "Welding I", "Welding V"), listed, "not-verified S-INVALID B-UNSEALED")
	add("forged-did-key", "Forged, and the issuer is not even listed.", flip(nobody.jcs(nobody.badge()), "Welding I", "Welding V"), listed, "not-verified S-INVALID B-UNSEALED")
	add("forged-claims", "A token whose claims name another issuer than its badge.", r.jwt(changed(r.claims(), o{"iss": "did:web:lakeside.example"})), listed, "not-verified S-INVALID B-UNSEALED")
	add("forged-uncovered", "Evidence added under a name that no context explains.", flip(r.rdfc(r.badge()), `"id":"urn:uuid`, `"adminLevel":"root","id":"urn:uuid`), listed, "not-verified S-UNCOVERED B-UNSEALED")
	add("forged-purpose", "A proof made to log in with.", r.jcs(r.badge(), o{"proofPurpose": "authentication"}), listed, "not-verified S-PURPOSE B-UNSEALED")
	add("forged-proof-expired", "A proof past its own date.", r.jcs(r.badge(), o{"expires": "2026-06-01T00:00:00Z"}), listed, "not-verified S-PURPOSE B-UNSEALED")

	// Rule 3: another's key.
	add("foreign-did-key", "Signed by a did:key that is not the issuer.", nobody.jcs(r.badge()), listed, "not-verified K-FOREIGN B-UNSEALED")
	add("foreign-listed-key", "Signed with another listed issuer's key, under its name.", forge.jwt(r.claims()), listed, "not-verified K-FOREIGN B-UNSEALED")
	add("compromised", "A key that was reported stolen.", r.jwt(r.claims()), listed.with(files{"districts/riverbend/issuers/r.json": listing("Riverbend Academy", []string{"did:web:riverbend.example"}, key("#key-1", r, o{"compromised": "2026-09-01T00:00:00Z"}))}), "cannot-tell K-COMPROMISED R-NONE B-UNSEALED")

	// Rule 4: could not be checked.
	add("unknown-second-key", "A listed issuer signs with a key that is newer than the bundle.", second.jwt(second.claims()), listed, "cannot-tell K-UNKNOWN R-NONE B-UNSEALED")
	add("unknown-key-of-its-time", "A retired key, and a badge from after its time.", r.jwt(r.claims()), listed.with(files{"districts/riverbend/issuers/r.json": listing("Riverbend Academy", []string{"did:web:riverbend.example"}, key("#key-1", r, o{"until": "2026-01-01T00:00:00Z"}))}), "cannot-tell K-UNKNOWN R-NONE B-UNSEALED")
	add("unknown-key-without-id", "A key listed without a name does not fit: it may be a newer one.", second.as("https://lakeside.example/issuer", "key-2").jwt(second.as("https://lakeside.example/issuer", "key-2").claims()), listed, "cannot-tell K-UNKNOWN R-NONE B-UNSEALED")
	add("unknown-header-key", "A key in the header that nobody lists.", second.jwt(second.claims(), o{"kid": nil, "jwk": o{"kty": "OKP", "crv": "Ed25519", "x": b64(second.public())}}), listed, "cannot-tell K-UNKNOWN R-NONE B-UNSEALED")
	add("unsupported-suite", "A suite that this kiosk does not know.", flip(r.jcs(r.badge()), "eddsa-jcs-2022", "x-jcs-2099"), listed, "cannot-tell S-UNSUPPORTED R-NONE B-UNSEALED")
	add("unsupported-hmac", "A token signed with a shared secret.", r.jwt(r.claims(), o{"alg": "HS256"}), listed, "cannot-tell S-UNSUPPORTED B-UNSEALED")
	add("no-proof", "A badge that nobody signed.", text(r.badge()), listed, "cannot-tell S-NOPROOF R-NONE B-UNSEALED")
	add("no-proof-alg-none", "A token that says it is not signed.", r.jwt(r.claims(), o{"alg": "none"}), listed, "cannot-tell S-NOPROOF B-UNSEALED")
	add("context-unknown", "A context that this kiosk does not hold.", flip(r.rdfc(r.badge()), "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://riverbend.example/context.json"), listed, "cannot-tell S-CONTEXT R-NONE B-UNSEALED")
	add("malformed-twice", "One name twice in one object.", flip(r.jcs(r.badge()), `"id":"urn:uuid`, `"id":"urn:x","id":"urn:uuid`), listed, "cannot-tell S-MALFORMED B-UNSEALED")
	add("malformed-date", "A validUntil that is no date.", r.jwt(r.claims(o{"validUntil": "next summer"})), listed, "cannot-tell S-MALFORMED R-NONE B-UNSEALED")
	add("malformed-private-key", "A token that gives its private key away.", r.jwt(r.claims(), o{"jwk": o{"kty": "OKP", "crv": "Ed25519", "x": b64(r.public()), "d": b64(r.public())}}), listed, "cannot-tell S-MALFORMED B-UNSEALED")

	// Rule 5: not listed, not accepted.
	add("not-listed", "Well signed by a did:key that nobody lists.", nobody.jcs(nobody.badge(o{"issuer": o{"id": nobody.did, "type": []string{"Profile"}, "name": "Hilltop College"}})), listed, "cannot-tell I-NOTLISTED R-NONE B-UNSEALED")
	add("not-listed-expired", "The same, expired as well.", nobody.jcs(nobody.badge(o{"issuer": nobody.did, "validUntil": "2026-06-01T00:00:00Z"})), listed, "cannot-tell T-EXPIRED I-NOTLISTED R-NONE B-UNSEALED")
	add("not-listed-did-web", "A did:web that nobody lists: its key is not here.", r.as("did:web:hilltop.example", "1").jwt(r.as("did:web:hilltop.example", "1").claims(o{"issuer": "did:web:hilltop.example"})), listed.with(files{"districts/riverbend/issuers/r.json": listing("Riverbend Academy", []string{"did:web:riverbend.example"}, key("#key-2", second))}), "cannot-tell K-UNKNOWN I-NOTLISTED R-NONE B-UNSEALED")
	add("lookalike", "Takes a listed issuer's name.", nobody.jcs(nobody.badge()), listed, "cannot-tell I-LOOKALIKE R-NONE B-UNSEALED")
	add("lookalike-cyrillic", "The same in letters that only look alike.", nobody.jcs(nobody.badge(o{"issuer": o{"id": nobody.did, "type": []string{"Profile"}, "name": "Rіverbend\u200b Аcademy"}})), listed, "cannot-tell I-LOOKALIKE R-NONE B-UNSEALED")
	add("not-accepted-here", "A listed issuer whose member this kiosk does not accept.", r.jwt(r.claims()), listed.with(files{"consortium.json": `{"name":"Valley Coalition","issued":"2026-11-20T00:00:00Z","policy":{"accepts":["lakeside"]}}`}), "cannot-tell I-NOTHERE R-NONE B-UNSEALED")
	add("kind-not-taken", "A badge of a kind that this kiosk does not take.", r.jwt(r.claims()), listed.with(files{"consortium.json": `{"name":"Valley Coalition","issued":"2026-11-20T00:00:00Z","policy":{"types":["Diploma"]}}`}), "cannot-tell I-KIND R-NONE B-UNSEALED")

	// Rule 6: withdrawn, expired, not yet valid.
	add("revoked", "Its bit is set in the list.", r.jwt(r.claims(in(list, "revocation", 7))), listed.with(lists), "not-verified R-REVOKED B-UNSEALED")
	add("revoked-by-stale-list", "Revoked stands, also in a list of 500 days.", r.jwt(r.claims(in(list, "revocation", 7))), fetched("2025-07-01T00:00:00Z"), "not-verified R-REVOKED B-UNSEALED")
	add("revoked-and-suspended", "The second of two entries is set.", r.jwt(r.claims(o{"credentialStatus": []any{in(suspending, "suspension", 8)["credentialStatus"], in(list, "revocation", 7)["credentialStatus"]}})), listed.with(lists), "not-verified R-REVOKED R-SUSPENDED B-UNSEALED")
	add("withdrawn-by-member", "A badge without a list, withdrawn through its member's part.", r.jwt(r.claims()),
		listed.with(files{"districts/riverbend/withdrawals.tsv": "did:web:riverbend.example\t" + trust.HashID(r.badge()["id"].(string)) + "\t2026-11-01T00:00:00Z\n"}), "not-verified R-WITHDRAWN B-UNSEALED")
	add("withdrawn-unconfirmed", "Withdrawn by both members that list the issuer, of which nobody says which one speaks for it.", r.jwt(r.claims()), listed.with(files{
		"districts/lakeside/issuers/r.json":   listed["districts/riverbend/issuers/r.json"],
		"districts/lakeside/withdrawals.tsv":  "did:web:riverbend.example\t" + trust.HashID(r.badge()["id"].(string)) + "\t2026-11-01T00:00:00Z\n",
		"districts/riverbend/withdrawals.tsv": "did:web:riverbend.example\t" + trust.HashID(r.badge()["id"].(string)) + "\t2026-11-01T00:00:00Z\n",
	}), "check R-UNCONFIRMED B-UNSEALED")
	add("expired", "Expired.", r.jwt(r.claims(o{"validUntil": "2026-06-01T00:00:00Z"})), listed, "not-verified T-EXPIRED R-NONE B-UNSEALED")
	add("expired-exp", "Expired by the token's own claim.", r.jwt(r.claims(o{"exp": 1780000000})), listed, "not-verified T-EXPIRED R-NONE B-UNSEALED")
	add("expired-clock-not-set", "Expired before the earliest that it may be now.", r.jwt(r.claims(o{"validUntil": "2026-06-01T00:00:00Z"})), listed, "not-verified T-EXPIRED R-NONE T-NOCLOCK B-UNSEALED", "2026-11-20T00:00:00Z/2027-01-19T00:00:00Z")
	add("not-yet-valid", "Not yet valid.", r.jwt(r.claims(o{"validFrom": "2027-06-01T00:00:00Z"})), listed, "not-verified T-FUTURE R-NONE B-UNSEALED")

	// Rule 7: a person must look.
	add("suspended", "Its bit is set in the list of suspensions.", r.jwt(r.claims(in(suspending, "suspension", 8))), listed.with(lists), "check R-SUSPENDED B-UNSEALED")
	add("list-missing", "The list is not here.", r.jwt(r.claims(in(list, "revocation", 6))), listed, "check R-NOLIST B-UNSEALED")
	add("list-stale", "A list of 120 days.", r.jwt(r.claims(in(list, "revocation", 6))), fetched("2026-07-24T12:00:00Z"), "check R-STALE B-UNSEALED")
	add("list-too-old", "A list of 500 days.", r.jwt(r.claims(in(list, "revocation", 6))), fetched("2025-07-01T00:00:00Z"), "check R-TOOOLD B-UNSEALED")
	add("list-stale-clock-not-set", "A list of 20 days that may be one of 80: noted.", r.jwt(r.claims(in(list, "revocation", 6))), fetched("2026-11-01T00:00:00Z"), "verified R-NOTED T-NOCLOCK B-UNSEALED", "2026-11-20T00:00:00Z/2027-01-19T00:00:00Z")
	add("list-forged", "A list that was changed.", r.jwt(r.claims(in(list, "revocation", 6))), listOf(strings.Replace(r.list(list, "revocation", nil), ".", "A.", 1)), "check R-BADLIST B-UNSEALED")
	add("list-not-yet-valid", "A list that begins in the year 3000.", r.jwt(r.claims(in(list, "revocation", 6))), listOf(r.list(list, "revocation", nil, o{"validFrom": "3000-01-01T00:00:00Z"})), "check R-BADLIST B-UNSEALED")
	add("list-without-type", "A list whose subject does not say that it is one.", r.jwt(r.claims(in(list, "revocation", 6))),
		listOf(r.list(list, "revocation", nil, o{"credentialSubject": o{"id": list + "#list", "statusPurpose": "revocation", "encodedList": "u"}})), "check R-BADLIST B-UNSEALED")
	add("list-of-another", "A list that another issuer signed.", r.jwt(r.claims(in(list, "revocation", 6))), listOf(forge.list(list, "revocation", nil)), "check R-BADLIST B-UNSEALED")
	add("list-for-another-purpose", "A list that is kept for something else.", r.jwt(r.claims(in(list, "revocation", 6))), listOf(r.list(list, "suspension", nil)), "check R-BADLIST B-UNSEALED")
	add("list-past-its-end", "A place past the end of the list.", r.jwt(r.claims(in(list, "revocation", 131_072))), listed.with(lists), "check R-BADLIST B-UNSEALED")
	add("list-expired-when-fetched", "A list that had expired when it was fetched.", r.jwt(r.claims(in(list, "revocation", 6))), listOf(r.list(list, "revocation", nil, o{"validUntil": "2026-11-01T00:00:00Z"})), "check R-BADLIST B-UNSEALED")
	add("keys-too-old", "Keys of 500 days.", r.jwt(r.claims()), listed.with(files{"consortium.json": `{"name":"Valley Coalition","issued":"2025-07-01T00:00:00Z"}`}), "check K-OLD R-NONE B-UNSEALED")
	add("may-have-expired", "The clock is not set, and the badge ends inside the interval.", r.jwt(r.claims(o{"validUntil": "2026-12-01T00:00:00Z"})), listed, "check T-UNSURE R-NONE T-NOCLOCK B-UNSEALED", "2026-11-20T00:00:00Z/2027-01-19T00:00:00Z")
	add("may-not-have-begun", "The same with its beginning.", r.jwt(r.claims(o{"validFrom": "2026-12-01T00:00:00Z"})), listed, "check T-UNSURE R-NONE T-NOCLOCK B-UNSEALED", "2026-11-20T00:00:00Z/2027-01-19T00:00:00Z")
	add("presentation-changed", "A signed presentation that was changed.", flip(nobody.jcs(o{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": "VerifiablePresentation", "holder": nobody.did, "id": "urn:x:p1", "verifiableCredential": []string{r.jwt(r.claims())}}, o{"proofPurpose": "authentication", "challenge": "c1"}), "urn:x:p1", "urn:x:p2"), listed, "check P-WRONG R-NONE B-UNSEALED")

	// A learner's record: its own verdict leads, its badges are judged each.
	record := o{"@context": append([]string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"}, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
		"type": []string{"VerifiableCredential", "ClrCredential"}, "name": "Transcript",
		"credentialSubject": o{"type": []string{"ClrSubject"}, "verifiableCredential": []any{r.badge(), r.badge(o{"validUntil": "2026-06-01T00:00:00Z"})}}}
	add("verified-record", "A learner's record of two badges that nobody signed by themselves.", r.jwt(r.badge(record), o{"typ": "vc+jwt"}), listed, "verified R-NONE B-UNSEALED")
	endorsement := text(forge.badge(o{"type": []string{"VerifiableCredential", "EndorsementCredential"}, "name": "Endorsement",
		"credentialSubject": o{"id": "https://riverbend.example/a/welding-1", "type": []string{"EndorsementSubject"}, "endorsementComment": "We hire on it."}}))
	add("verified-endorsed", "A badge whose achievement a listed guild endorses.", r.jwt(r.claims(o{"endorsementJwt": []string{forge.jwt(object(endorsement), o{"typ": "vc+jwt"})}})), listed, "verified R-NONE B-UNSEALED")

	// A list that the holder carries along.
	with := func(l string) string {
		return text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiablePresentation", "verifiableCredential": []string{r.jwt(r.claims(in(list, "revocation", 6))), l}})
	}
	add("verified-list-carried", "The kiosk has no list; the holder carries one of ten days.", with(r.list(list, "revocation", []int{7}, o{"validFrom": "2026-11-11T12:00:00Z"})), listed, "verified B-UNSEALED")
	add("list-carried-stale", "The holder carries one of 200 days.", with(r.list(list, "revocation", []int{7}, o{"validFrom": "2026-05-05T12:00:00Z"})), listed, "check R-STALE B-UNSEALED")
	add("list-carried-forged", "The holder carries one that he signed himself.", with(nobody.list(list, "revocation", nil, o{"validFrom": "2026-11-11T12:00:00Z"})), listed, "check R-BADLIST B-UNSEALED")
	add("revoked-though-list-carried", "The holder carries an older list; the kiosk's own says revoked.", with(r.list(list, "revocation", nil, o{"validFrom": "2026-11-01T12:00:00Z"})),
		listed.with(documents("riverbend", [3]string{list, r.list(list, "revocation", []int{6}), fresh})), "not-verified R-REVOKED B-UNSEALED")

	// Open Badges 2.0.
	add("verified-ob2-signed", "A signed assertion; class, profile and key are cached.", r.jwt(assertion(1, "signed"), o{"kid": nil}), openBadges2, "verified B-UNSEALED")
	add("verified-ob2-hosted", "A hosted assertion; the kiosk has a copy of what stands at its address.", text(assertion(3, "hosted")), openBadges2, "verified B-UNSEALED")
	add("verified-ob2-link", "The address of a hosted assertion.", assertion(3, "hosted")["id"].(string), openBadges2, "verified B-UNSEALED")
	written := o{"type": "BadgeClass", "id": "https://riverbend.example/class/1", "name": "Welding I", "issuer": o{"type": "Issuer", "id": "https://riverbend.example/profile", "name": "Riverbend", "publicKey": "https://riverbend.example/key/1"}}
	add("verified-ob2-written-out", "A signed assertion with its class and profile written out.", r.jwt(changed(assertion(1, "signed"), o{"badge": written}), o{"kid": nil}), openBadges2, "verified B-UNSEALED")
	add("ob2-revoked-written-out", "One from before its issuer had a list, which is in it now.", r.jwt(changed(assertion(2, "signed"), o{"badge": written}), o{"kid": nil}), openBadges2, "not-verified R-REVOKED B-UNSEALED")
	add("verified-ob1-hosted", "An assertion of Open Badges 1.0, hosted and cached.", text(openBadge1), openBadges2, "verified B-UNSEALED")
	add("verified-ob1-link", "Its address.", "https://riverbend.example/a/5", openBadges2, "verified B-UNSEALED")
	add("verified-ob1-signed", "One that is signed: its url is that of the key.", r.jwt(openBadge1Signed("u-6"), o{"kid": nil}), openBadges2, "verified B-UNSEALED")
	add("ob1-revoked", "One that its issuer's list names by its uid.", r.jwt(openBadge1Signed("u-7"), o{"kid": nil}), openBadges2, "not-verified R-REVOKED B-UNSEALED")
	reasons := openBadges2With(text(o{"u-7": "Issued by mistake."}))
	add("ob1-revoked-reasons", "One that its issuer's list of 1.0 names with a reason.", r.jwt(openBadge1Signed("u-7"), o{"kid": nil}), reasons, "not-verified R-REVOKED B-UNSEALED")
	add("ob1-list-of-reasons", "One that such a list does not name: an error page would look like it.", r.jwt(openBadge1Signed("u-6"), o{"kid": nil}), reasons, "check R-BADLIST B-UNSEALED")
	add("verified-ob0-link", "The address of an assertion of Open Badges 0.5, which holds its badge and issuer.", "https://riverbend.example/a/0", openBadges2, "verified B-UNSEALED")
	add("ob0-elsewhere", "One that stands at somebody else's host.", "https://elsewhere.example/a/0", openBadges2, "not-verified K-FOREIGN B-UNSEALED")
	add("ob0-without-address", "The same file: nothing in it says where it stands.", text(openBadge0), openBadges2, "cannot-tell Q-LINK B-UNSEALED")
	add("ob0-expired", "One past its end.", "https://riverbend.example/a/00", openBadges2, "not-verified T-EXPIRED B-UNSEALED")
	add("ob2-picture-inside", "A signed assertion with a picture in it, which is not where pictures go.",
		r.jwt(changed(assertion(1, "signed"), o{"image": "data:image/png;base64,AAAA"}), o{"kid": nil}), openBadges2, "cannot-tell S-MALFORMED B-UNSEALED")
	add("ob2-extension", "A signed assertion with an extension that does not say what it is.",
		r.jwt(changed(assertion(1, "signed"), o{"extensions:mood": o{"type": []string{"Extension", "extensions:Mood"}, "mood": 5}}), o{"kid": nil}), openBadges2, "cannot-tell S-MALFORMED B-UNSEALED")
	add("ob2-hosted-changed", "A hosted assertion that is not what stands at its address.", flip(text(assertion(3, "hosted")), "2026-05-12", "2026-06-12"), openBadges2, "cannot-tell Q-LINK B-UNSEALED")
	add("ob2-other-origin", "A hosted assertion of somebody else's host.", text(changed(assertion(4, "hosted"), o{"id": "https://elsewhere.example/a/4"})), openBadges2, "not-verified K-FOREIGN B-UNSEALED")
	add("ob2-revoked", "A signed assertion in its issuer's list of revoked ones.", r.jwt(assertion(2, "signed"), o{"kid": nil}), openBadges2, "not-verified R-REVOKED B-UNSEALED")
	add("ob2-expired", "A signed assertion past its end.", r.jwt(changed(assertion(1, "signed"), o{"expires": "2026-06-01T00:00:00Z"}), o{"kid": nil}), openBadges2, "not-verified T-EXPIRED B-UNSEALED")
	add("ob2-forged", "A signed assertion that was changed.", tamper(r, assertion(1, "signed"), "2026-05-12", "2026-06-12"), openBadges2, "not-verified S-INVALID B-UNSEALED")

	// Tokens whose holder chose what to show.
	add("verified-sd-jwt", "An SD-JWT VC with one of two claims shown.", r.selective("name"), listed, "verified R-NONE B-UNSEALED")
	add("verified-sd-jwt-nameless", "An SD-JWT VC that does not say who issued it, by a key that is listed.", r.selective("name", o{"iss": nil}), listed, "verified R-NONE B-UNSEALED")
	add("verified-sd-jwt-nameless-did-key", "One by a did:key that is listed.", forge.selective("name", o{"iss": nil}), listed, "verified R-NONE B-UNSEALED")
	add("unknown-sd-jwt-nameless", "One by a key that nobody lists.", nobody.selective("name", o{"iss": nil}), listed, "cannot-tell K-UNKNOWN I-NOTLISTED R-NONE B-UNSEALED")
	add("forged-sd-jwt-nameless", "One that names a listed key and was signed with another.", nobody.as(r.did, "key-1").selective("name", o{"iss": nil}), listed, "not-verified S-INVALID B-UNSEALED")
	add("malformed-no-issuer", "A badge without an issuer, signed with a listed key: it is nobody's, not another's.", r.jwt(r.badge(o{"issuer": nil}), o{"typ": "vc+jwt"}), listed, "cannot-tell S-MALFORMED I-NOTLISTED R-NONE B-UNSEALED")
	add("verified-nbf-rounded", "A token that rounds the beginning of its badge to a whole second.", r.jwt(changed(r.claims(o{"validFrom": "2026-05-12T00:00:00.900Z"}), o{"nbf": 1778544001})), listed, "verified R-NONE B-UNSEALED")
	add("verified-nbf-of-either", "A token that repeats one of two dates of its badge, and one that is null.", r.jwt(changed(r.claims(o{"validFrom": "2026-05-11T00:00:00Z", "issuanceDate": "2026-05-12T00:00:00Z", "validUntil": json.RawMessage("null")}), o{"nbf": 1778544000, "exp": 1900000000})), listed, "verified R-NONE B-UNSEALED")
	add("forged-nbf", "A token that begins a second before its badge.", r.jwt(changed(r.claims(), o{"nbf": 1778543999})), listed, "not-verified S-INVALID B-UNSEALED")
	add("revoked-status-around", "A token that names its place in a list beside the badge that it holds, not in it.", r.jwt(o{"iss": r.did, "vc": r.badge(), "credentialStatus": in(list, "revocation", 7)["credentialStatus"]}), listed.with(lists), "not-verified R-REVOKED B-UNSEALED")
	add("forged-sd-jwt", "A disclosure that the issuer never signed.", r.selective("name")+b64([]byte(`["salt","level","4"]`))+"~", listed, "not-verified S-UNCOVERED B-UNSEALED")
	const tokens = "https://riverbend.example/tokens/1"
	at := func(idx int) string {
		return r.selective("name", o{"status": o{"status_list": o{"idx": idx, "uri": tokens}}})
	}
	tokenList := listed.with(documents("riverbend", [3]string{tokens, r.tokenList(tokens), fresh}))
	add("sd-jwt-status-elsewhere", "A token whose status list is not on this kiosk.", at(1), listed, "check R-NOLIST B-UNSEALED")
	add("verified-token-list", "A token in its issuer's token status list.", at(1), tokenList, "verified B-UNSEALED")
	add("revoked-token-list", "A token that the list calls invalid.", at(5), tokenList, "not-verified R-REVOKED B-UNSEALED")
	add("suspended-token-list", "A token that the list calls suspended.", at(6), tokenList, "check R-SUSPENDED B-UNSEALED")
	tokenCWT := listed.with(documents("riverbend", [3]string{tokens, r.tokenListCWT(tokens), fresh}))
	add("verified-token-list-cwt", "The same list as a CBOR Web Token.", at(1), tokenCWT, "verified B-UNSEALED")
	add("revoked-token-list-cwt", "A token that it calls invalid.", at(5), tokenCWT, "not-verified R-REVOKED B-UNSEALED")
	add("list-cwt-moved", "One that stands elsewhere than it says.", at(1), listed.with(documents("riverbend", [3]string{tokens, r.tokenListCWT(tokens + "0"), fresh})), "check R-BADLIST B-UNSEALED")
	add("list-cwt-of-another", "One that another issuer signed.", at(1), listed.with(documents("riverbend", [3]string{tokens, forge.tokenListCWT(tokens), fresh})), "check R-BADLIST B-UNSEALED")
	add("revoked-token-list-jwk", "A list that names no key and carries one that is listed.", at(5), listed.with(documents("riverbend", [3]string{tokens,
		r.jwt(tokenClaims(tokens), o{"typ": "statuslist+jwt", "kid": nil, "jwk": o{"kty": "OKP", "crv": "Ed25519", "x": b64(r.public())}}), fresh})), "not-verified R-REVOKED B-UNSEALED")
	bare := func(by signer) files {
		return listed.with(documents("riverbend", [3]string{tokens, by.jwt(tokenClaims(tokens), o{"typ": "statuslist+jwt", "kid": "key-1"}), fresh}))
	}
	add("verified-token-list-bare", "A list that says neither whose it is nor whose its key.", at(1), bare(r), "verified B-UNSEALED")
	add("revoked-token-list-bare", "A token that such a list calls invalid.", at(5), bare(r), "not-verified R-REVOKED B-UNSEALED")
	add("list-token-bare-of-another", "Such a list that another issuer signed, whose key has the same short name.", at(5), bare(forge), "check R-BADLIST B-UNSEALED")
	add("list-token-own-meaning", "A status whose meaning its issuer alone knows.", at(7), tokenList, "check R-BADLIST B-UNSEALED")
	add("list-token-past-its-end", "A place past the end of a token status list.", at(400), tokenList, "check R-BADLIST B-UNSEALED")
	add("list-token-moved", "A token status list that stands elsewhere than it says.", at(1), listed.with(documents("riverbend", [3]string{tokens, r.tokenList(tokens + "0"), fresh})), "check R-BADLIST B-UNSEALED")
	add("list-token-of-another", "A token status list that another issuer signed.", at(1), listed.with(documents("riverbend", [3]string{tokens, forge.tokenList(tokens), fresh})), "check R-BADLIST B-UNSEALED")
	add("list-token-no-index", "A token whose place in the list is no number.", r.selective("name", o{"status": o{"status_list": o{"idx": "1", "uri": tokens}}}), tokenList, "check R-BADLIST B-UNSEALED")

	add("revoked-token-list-around", "A token around a badge with its place in a token list.", r.jwt(o{"iss": r.did, "vc": r.badge(), "status": o{"status_list": o{"idx": 5, "uri": tokens}}}), tokenList, "not-verified R-REVOKED B-UNSEALED")
	add("malformed-sd-jwt-status-kept-back", "A token whose holder does not show its place in a list, which would say that it is revoked.", r.selective("name", o{"credentialStatus": []any{o{"...": digest([]any{"salt", in(list, "revocation", 7)["credentialStatus"]})}}}), listed.with(lists), "cannot-tell S-MALFORMED B-UNSEALED")
	add("revoked-sd-jwt-other-form", "A token that names its place in a list as credentials of the data model do.", r.selective("name", in(list, "revocation", 7)), listed.with(lists), "not-verified R-REVOKED B-UNSEALED")
	add("revoked-jose-other-form", "A credential that names its place in a list as other tokens do.", r.jwt(r.badge(o{"status": o{"status_list": o{"idx": 5, "uri": tokens}}}), o{"typ": "vc+jwt"}), tokenList, "not-verified R-REVOKED B-UNSEALED")
	capital := in(list, "Revocation", 7)
	add("revoked-purpose-capital", "A purpose written with a capital.", r.jwt(r.claims(capital)), listed.with(lists), "not-verified R-REVOKED B-UNSEALED")

	// A list that another issuer signed.
	registrar := newSigner("Riverbend Registrar")
	sister := func(by signer, set int, more ...files) files {
		return listed.with(files{"districts/riverbend/issuers/s.json": listing("Riverbend Registrar", []string{registrar.did})}).with(more...).with(
			documents("riverbend", [3]string{list, by.list(list, "revocation", []int{set}), fresh}))
	}
	add("verified-list-of-sister", "A list that the registrar of the same district signed.", r.jwt(r.claims(in(list, "revocation", 6))), sister(registrar, 7), "verified B-UNSEALED")
	add("revoked-list-of-sister", "One that says so.", r.jwt(r.claims(in(list, "revocation", 6))), sister(registrar, 6), "not-verified R-REVOKED B-UNSEALED")
	add("list-of-another-member", "One that an issuer of another member signed.", r.jwt(r.claims(in(list, "revocation", 6))), sister(forge, 7), "check R-BADLIST B-UNSEALED")
	add("list-of-guest", "One that a guest of the district signed.", r.jwt(r.claims(in(list, "revocation", 6))), sister(registrar, 7,
		files{"districts/riverbend/issuers/s.json": text(o{"name": "Riverbend Registrar", "ids": []string{registrar.did}, "guest": "employer"}) + "\n"}), "check R-BADLIST B-UNSEALED")
	add("list-of-sister-carried", "One that the holder carries.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiablePresentation",
		"verifiableCredential": []string{r.jwt(r.claims(in(list, "revocation", 6))), registrar.list(list, "revocation", nil, o{"validFrom": "2026-11-11T12:00:00Z"})}}),
		listed.with(files{"districts/riverbend/issuers/s.json": listing("Riverbend Registrar", []string{registrar.did})}), "check R-BADLIST B-UNSEALED")

	// Several credentials: the worst leads.
	add("several-worst-leads", "A genuine, an expired and a forged badge in one presentation.", text(o{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiablePresentation",
		"verifiableCredential": []string{r.jwt(r.claims()), r.jwt(r.claims(o{"validUntil": "2026-06-01T00:00:00Z"})), tamper(r, r.claims(), "urn:x:level-3", "urn:x:level-4")}}), listed, "not-verified T-EXPIRED R-NONE B-UNSEALED")
	return all
}

// draft is a badge of s as it was written in 2022.
func draft(s signer) o {
	return s.badge(o{
		"@context":  []string{"https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "https://w3id.org/security/data-integrity/v2"},
		"validFrom": nil, "issuanceDate": "2022-05-12T00:00:00Z", "credentialSubject": o{"id": "did:example:learner", "type": []string{"AchievementSubject"},
			"achievement": o{"id": "https://riverbend.example/a/welding-1", "type": []string{"Achievement"}, "name": "Welding I",
				"description": "Joins mild steel in flat position.", "criteria": o{"narrative": "Three test pieces."}}}})
}

// specimen marks Riverbend Academy as an issuer of samples.
var specimen = files{"districts/riverbend/issuers/r.json": text(o{"name": "Riverbend Academy", "ids": []string{"did:web:riverbend.example"}, "specimen": true,
	"keys": []o{key("#key-1", riverbend)}}) + "\n"}

// twoKeys lists the second key as well.
var twoKeys = files{"districts/riverbend/issuers/r.json": listing("Riverbend Academy", []string{"did:web:riverbend.example"},
	key("did:web:riverbend.example#key-1", riverbend), key("did:web:riverbend.example#key-2", second))}

// withProof adds a second proof in front of a document's own.
func withProof(doc, proof string) string {
	i := strings.Index(doc, `"proof":{`)
	end := strings.Index(doc[i:], "}") + i + 1
	return doc[:i] + `"proof":[` + proof + "," + doc[i+len(`"proof":`):end] + "]" + doc[end:]
}

// many are n tokens that are none, but look like it.
func many(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = nobody.jwt(o{"type": "VerifiableCredential", "issuer": nobody.did})
	}
	return all
}

// assertion is an Open Badges 2.0 assertion of Riverbend Academy.
func assertion(n int, how string) o {
	return o{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": fmt.Sprintf("https://riverbend.example/a/%d", n),
		"recipient": o{"type": "email", "hashed": true, "salt": "s", "identity": "sha256$00"}, "badge": "https://riverbend.example/class/1",
		"issuedOn": "2026-05-12T00:00:00Z", "verification": o{"type": how, "creator": "https://riverbend.example/key/1"}}
}

// openBadge1 is an assertion as Open Badges 1.0 had them: no context, no type,
// a date in seconds.
var openBadge1 = o{"uid": "u-5", "recipient": o{"type": "email", "hashed": true, "salt": "s", "identity": "sha256$00"},
	"badge": "https://riverbend.example/class/1", "issuedOn": 1778544000, "verify": o{"type": "hosted", "url": "https://riverbend.example/a/5"}}

// openBadge0 is an assertion of Open Badges 0.5.
var openBadge0 = o{"recipient": "sha256$00", "salt": "s", "issued_on": "2012-05-12", "badge": o{"version": "0.5.0", "name": "Welding I", "image": "/welding.png",
	"description": "Joins mild steel in flat position.", "criteria": "/welding", "issuer": o{"origin": "https://riverbend.example", "name": "Riverbend"}}}

func openBadge1Signed(uid string) o {
	return changed(openBadge1, o{"uid": uid, "verify": o{"type": "signed", "url": "https://riverbend.example/key/1"}})
}

var openBadges2 = openBadges2With(text(o{"type": "RevocationList", "id": "https://riverbend.example/revoked", "issuer": "https://riverbend.example/profile", "revokedAssertions": []string{"https://riverbend.example/a/2", "u-7"}}))

// openBadges2With lists the academy by the address of its profile, with what a
// member caches for it, its list of revoked badges too.
func openBadges2With(revoked string) files {
	return listed.with(
		files{"districts/riverbend/issuers/r2.json": text(o{"name": "Riverbend Academy", "ids": []string{"https://riverbend.example/profile", "https://riverbend.example"}}) + "\n"},
		documents("riverbend",
			[3]string{"https://riverbend.example/profile", text(o{"type": "Issuer", "id": "https://riverbend.example/profile", "name": "Riverbend",
				"publicKey": "https://riverbend.example/key/1", "revocationList": "https://riverbend.example/revoked"}), fresh},
			[3]string{"https://riverbend.example/key/1", text(o{"type": "CryptographicKey", "id": "https://riverbend.example/key/1", "owner": "https://riverbend.example/profile", "publicKeyMultibase": riverbend.multibase()}), fresh},
			[3]string{"https://riverbend.example/class/1", text(o{"type": "BadgeClass", "id": "https://riverbend.example/class/1", "name": "Welding I", "issuer": "https://riverbend.example/profile"}), fresh},
			[3]string{"https://riverbend.example/revoked", revoked, fresh},
			[3]string{"https://riverbend.example/a/3", text(assertion(3, "hosted")), fresh},
			[3]string{"https://riverbend.example/a/5", text(openBadge1), fresh},
			[3]string{"https://riverbend.example/a/0", text(openBadge0), fresh},
			[3]string{"https://riverbend.example/a/00", text(changed(openBadge0, o{"expires": "2013-05-12"})), fresh},
			[3]string{"https://elsewhere.example/a/0", text(openBadge0), fresh},
			[3]string{"https://elsewhere.example/a/4", text(changed(assertion(4, "hosted"), o{"id": "https://elsewhere.example/a/4"})), fresh}))
}
