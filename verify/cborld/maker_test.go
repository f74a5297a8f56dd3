package cborld

import (
	"encoding/json"
	"math/rand/v2"
)

// maker makes up badges that use as many terms, scopes and kinds of value as
// Open Badges have.
type maker struct{ *rand.Rand }

type object = map[string]any

func (g maker) pick(from ...any) any { return from[g.IntN(len(from))] }

func (g maker) text() any {
	return g.pick("x", "Welding I", "Zuë", "", "a\nb \"q\"", "did:example:1", "https://a.example/1?q#f", "name", "VerifiableCredential", "2025-01-01T00:00:00Z")
}

func (g maker) url() any {
	const key = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
	return g.pick("https://a.example/1", "http://b.example", "urn:uuid:5a1d0c1e-7f0a-4c56-9a53-0d6c0d0f2b11", "did:key:"+key, "did:key:"+key+"#"+key,
		"did:web:r.example#k", "data:text/plain,hi", "data:image/png;base64,aGk=", "urn:x:y", "mailto:a@b.example", "did:v1:nym:"+key)
}

func (g maker) date() any {
	return g.pick("2025-01-01T00:00:00Z", "2026-05-01T10:20:30.123Z", "2026-05-01T10:20:30+02:00", "1969-12-31T23:59:59Z", "2026-05-01T10:20:30.1Z")
}

// maybe adds members, each or not.
func (g maker) maybe(o object, more map[string]func() any) object {
	for name, f := range more {
		if g.IntN(2) == 0 {
			o[name] = f()
		}
	}
	return o
}

// many is one of f's values, or a list of some or none.
func (g maker) many(f func() any) func() any {
	return func() any {
		n := g.IntN(6) - 2
		if n < 0 {
			return f()
		}
		list := make([]any, n)
		for i := range list {
			list[i] = f()
		}
		return list
	}
}

func typed(name string, rest object) func() any {
	return func() any {
		rest["type"] = name
		return rest
	}
}

func (g maker) profile() any {
	return g.maybe(object{"id": g.url(), "type": g.many(func() any { return "Profile" })()}, map[string]func() any{
		"name": g.text, "url": g.url, "description": g.text,
		"address":         typed("Address", object{"addressCountry": "US", "geo": object{"type": "GeoCoordinates", "latitude": 1.5, "longitude": -3}}),
		"otherIdentifier": g.many(typed("IdentifierEntry", object{"identifier": g.text(), "identifierType": "ext:x"})),
	})
}

func (g maker) achievement() any {
	return g.maybe(object{"id": g.url(), "type": []any{"Achievement"}, "name": g.text(), "criteria": object{"narrative": g.text()}}, map[string]func() any{
		"achievementType": g.text, "creator": g.profile, "tag": g.many(g.text), "creditsAvailable": func() any { return g.pick(1, 2.5, -3) },
		"image":             typed("Image", object{"id": g.url(), "caption": g.text()}),
		"alignment":         g.many(typed("Alignment", object{"targetName": g.text(), "targetUrl": g.url()})),
		"resultDescription": g.many(typed("ResultDescription", object{"id": g.url(), "rubricCriterionLevel": []any{object{"id": g.url(), "type": []any{"RubricCriterionLevel"}, "name": g.text()}}})),
	})
}

func (g maker) subject() any {
	return g.maybe(object{"type": g.many(func() any { return "AchievementSubject" })(), "achievement": g.achievement()}, map[string]func() any{
		"id": g.url, "activityStartDate": g.date, "source": g.profile,
		"identifier": g.many(typed("IdentityObject", object{"hashed": true, "identityHash": g.text(), "salt": g.text()})),
		"result":     g.many(typed("Result", object{"resultDescription": g.url(), "value": g.text(), "achievedLevel": g.url()})),
	})
}

func (g maker) proof() any {
	return object{"type": "DataIntegrityProof", "cryptosuite": g.pick("eddsa-rdfc-2022", "ecdsa-rdfc-2019", "bbs-2023"), "created": g.date(),
		"verificationMethod": g.url(), "proofPurpose": g.pick("assertionMethod", "authentication"),
		"proofValue": g.pick("z2FGqoLMCf3TxJBvMpUcy67Np6e6BCHCYzB3rYw2yVADsrMHFxhHpiTgEDcXTsBtpsaSLdSNzyLq4KNnYGc1NKyYg", "u2V0BhVhAqg")}
}

func (g maker) credential() any {
	contexts := []any{"https://www.w3.org/ns/credentials/v2", g.pick("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json")}
	o := object{"validFrom": g.date(), "issuer": g.pick(g.url(), g.profile())}
	if g.IntN(3) == 0 {
		contexts = []any{"https://www.w3.org/2018/credentials/v1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "https://w3id.org/security/data-integrity/v2"}
		o = object{"issuanceDate": g.date(), "issuer": g.profile()}
	}
	o["@context"], o["type"] = contexts, []any{"VerifiableCredential", g.pick("OpenBadgeCredential", "AchievementCredential")}
	o["credentialSubject"] = g.many(g.subject)()
	return g.maybe(o, map[string]func() any{
		"id": g.url, "name": g.text, "proof": g.many(g.proof), "undefined": g.text,
		"evidence":         g.many(typed("Evidence", object{"id": g.url(), "narrative": g.text()})),
		"credentialStatus": g.many(typed("BitstringStatusListEntry", object{"statusPurpose": "revocation", "statusListIndex": "94567", "statusListCredential": g.url()})),
		"credentialSchema": g.many(typed("1EdTechJsonSchemaValidator2019", object{"id": g.url()})),
	})
}

// document is a credential, or a presentation of some.
func (g maker) document() json.RawMessage {
	doc := g.credential()
	if g.IntN(5) == 0 {
		doc = object{"@context": g.pick("https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"),
			"type": "VerifiablePresentation", "verifiableCredential": g.many(g.credential)(), "holder": g.url()}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return text
}
