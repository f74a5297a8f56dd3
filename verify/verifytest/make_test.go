package verifytest_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"badgekiosk/verify/cborld"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/rdf"
	"badgekiosk/verify/wire/cbor"
)

// o is a JSON object.
type o = map[string]any

// A signer is a made-up issuer whose key follows from its name, so that the
// fixtures can be made again and compared.
type signer struct {
	did, kid string
	private  ed25519.PrivateKey
}

func newSigner(name string) signer {
	seed := sha256.Sum256([]byte("a key of nobody: " + name))
	s := signer{private: ed25519.NewKeyFromSeed(seed[:])}
	s.did = "did:key:" + s.multibase()
	s.kid = s.did + "#" + s.multibase()
	return s
}

// as is the same key under another issuer's identifier.
func (s signer) as(id, fragment string) signer {
	s.did, s.kid = id, id+"#"+fragment
	return s
}

func (s signer) public() []byte { return s.private.Public().(ed25519.PublicKey) }

func (s signer) multibase() string {
	return multibase.EncodeBase58(append([]byte{0xed, 0x01}, s.public()...))
}

// badge is a small genuine badge of s; changes replace members, nil removes.
func (s signer) badge(changes ...o) o {
	b := o{
		"@context":  []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
		"id":        "urn:uuid:5e6b0c3a-0001-4a52-9f0e-0f1f00000001",
		"type":      []string{"VerifiableCredential", "OpenBadgeCredential"},
		"issuer":    o{"id": s.did, "type": []string{"Profile"}, "name": "Riverbend Academy"},
		"validFrom": "2026-05-12T00:00:00Z",
		"credentialSubject": o{
			"id": "did:example:learner", "type": []string{"AchievementSubject"},
			"result": []o{{"type": []string{"Result"}, "resultDescription": "urn:x:scale", "achievedLevel": "urn:x:level-3"}},
			"achievement": o{
				"id": "https://riverbend.example/a/welding-1", "type": []string{"Achievement"}, "achievementType": "Certificate",
				"name": "Welding I", "description": "Joins mild steel in flat position.", "criteria": o{"narrative": "Three test pieces."},
				"alignment": []o{{"type": []string{"Alignment"}, "targetName": "MIG welding", "targetUrl": "https://case.example/1", "targetFramework": "Metalwork"}},
				"resultDescription": []o{{"id": "urn:x:scale", "type": []string{"ResultDescription"}, "name": "Level", "resultType": "RubricCriterionLevel",
					"rubricCriterionLevel": []o{level(1, "Beginning"), level(2, "Developing"), level(3, "Proficient"), level(4, "Advanced")}}},
			},
		},
	}
	return changed(b, changes...)
}

func level(n int, name string) o {
	return o{"id": fmt.Sprintf("urn:x:level-%d", n), "type": []string{"RubricCriterionLevel"}, "name": name, "level": fmt.Sprint(n)}
}

func changed(b o, changes ...o) o {
	b = maps.Clone(b)
	for _, c := range changes {
		for name, v := range c {
			if v == nil {
				delete(b, name)
			} else {
				b[name] = v
			}
		}
	}
	return b
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func object(s string) (v o) {
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		panic(err)
	}
	return v
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// jwt signs claims as a token; header replaces members of the usual header.
func (s signer) jwt(claims o, header ...o) string {
	h := changed(o{"alg": "EdDSA", "typ": "JWT", "kid": s.kid}, header...)
	input := b64([]byte(text(h))) + "." + b64([]byte(text(claims)))
	return input + "." + b64(ed25519.Sign(s.private, []byte(input)))
}

// zipped signs claims that were compressed, as health cards are.
func (s signer) zipped(claims o) string {
	var packed bytes.Buffer
	z, _ := flate.NewWriter(&packed, flate.BestCompression)
	z.Write([]byte(text(claims)))
	z.Close()
	input := b64([]byte(text(o{"alg": "EdDSA", "kid": s.kid, "zip": "DEF"}))) + "." + b64(packed.Bytes())
	return input + "." + b64(ed25519.Sign(s.private, []byte(input)))
}

// cborldCode compresses a document for a code, in base32.
func cborldCode(doc string, older bool) string {
	data, err := cborld.Encode([]byte(doc), func(url string) (*rdf.Definition, bool) { return rdf.Builtin().Lookup(url, older) }, cborld.V1)
	if err != nil {
		panic(err)
	}
	return "VC1-B" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(data)
}

// numeric writes a token in digits, two for each character.
func numeric(token string) string {
	digits := "shc:/"
	for _, c := range token {
		digits += fmt.Sprintf("%02d", c-45)
	}
	return digits
}

// claims is a badge with the registered claims of Open Badges beside it.
func (s signer) claims(changes ...o) o {
	b := s.badge(changes...)
	return changed(b, o{"iss": s.did, "jti": b["id"], "sub": "did:example:learner"})
}

// jcs adds a proof by eddsa-jcs-2022 to doc; options replace the proof's own.
func (s signer) jcs(doc o, options ...o) string {
	p := changed(o{"@context": doc["@context"], "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022",
		"created": "2026-05-12T08:00:00Z", "verificationMethod": s.kid, "proofPurpose": "assertionMethod"}, options...)
	sum := func(v o) []byte {
		parsed, err := ijson.Parse([]byte(text(v)))
		if err != nil {
			panic(err)
		}
		canonical, err := ijson.AppendCanonical(nil, parsed)
		if err != nil {
			panic(err)
		}
		h := sha256.Sum256(canonical)
		return h[:]
	}
	return s.prove(doc, p, append(sum(p), sum(changed(doc, o{"proof": nil}))...))
}

// rdfc adds a proof by eddsa-rdfc-2022.
func (s signer) rdfc(doc o, options ...o) string { return s.rdfcIn(false, doc, options...) }

// rdfcIn adds one under the older edition of contexts that have two.
func (s signer) rdfcIn(older bool, doc o, options ...o) string {
	p := changed(o{"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
		"created": "2026-05-12T08:00:00Z", "verificationMethod": s.kid, "proofPurpose": "assertionMethod"}, options...)
	sum := func(v o) []byte {
		parsed, err := ijson.Parse([]byte(text(v)))
		if err != nil {
			panic(err)
		}
		quads, err := rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, parsed, rdf.Options{Older: older})
		if err != nil {
			panic(err)
		}
		h := sha256.Sum256(quads)
		return h[:]
	}
	return s.prove(doc, p, append(sum(changed(p, o{"@context": doc["@context"]})), sum(changed(doc, o{"proof": nil}))...))
}

func (s signer) prove(doc, p o, message []byte) string {
	p = changed(p, o{"proofValue": multibase.EncodeBase58(ed25519.Sign(s.private, message))})
	return text(changed(doc, o{"proof": p}))
}

// selective signs an SD-JWT VC with two claims that its holder may show, and
// shows one of them.
func (s signer) selective(show string, changes ...o) string {
	all := map[string]string{"name": b64([]byte(`["salt-1","name","Welding I"]`)), "score": b64([]byte(`["salt-2","score",97]`))}
	var digests []string
	for _, claim := range []string{"name", "score"} {
		sum := sha256.Sum256([]byte(all[claim]))
		digests = append(digests, b64(sum[:]))
	}
	claims := changed(o{"iss": s.did, "vct": "https://riverbend.example/vct/badge", "iat": 1778544000, "_sd": digests}, changes...)
	return s.jwt(claims, o{"typ": "dc+sd-jwt"}) + "~" + all[show] + "~"
}

// digest stands for a disclosure.
func digest(disclosure any) string {
	sum := sha256.Sum256([]byte(b64([]byte(text(disclosure)))))
	return b64(sum[:])
}

// list signs a bit string list with some entries set.
func (s signer) list(url, purpose string, set []int, changes ...o) string {
	return s.listOf(131_072, url, purpose, set, changes...)
}

// listOf signs one of this many entries.
func (s signer) listOf(bits int, url, purpose string, set []int, changes ...o) string {
	raw := make([]byte, bits/8)
	for _, i := range set {
		raw[i/8] |= 0x80 >> (i % 8)
	}
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	z.Write(raw)
	z.Close()
	return s.jwt(changed(o{
		"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "id": url,
		"type":   []string{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer": s.did, "validFrom": "2025-01-01T00:00:00Z",
		"credentialSubject": o{"id": url + "#list", "type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": "u" + b64(packed.Bytes())},
	}, changes...), o{"typ": "vc+jwt"})
}

// tokenList signs a token status list of two bits a place: place 5 is invalid,
// 6 suspended and 7 what its issuer alone knows.
func (s signer) tokenList(url string) string {
	return s.jwt(changed(tokenClaims(url), o{"iss": s.did}), o{"typ": "statuslist+jwt"})
}

func tokenClaims(url string) o {
	return o{"sub": url, "iat": 1795000000, "exp": 1900000000, "ttl": 43200000, "status_list": o{"bits": 2, "lst": b64(packedPlaces())}}
}

func packedPlaces() []byte {
	raw := make([]byte, 100)
	raw[1] = 1<<2 | 2<<4 | 3<<6
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(raw)
	z.Close()
	return packed.Bytes()
}

// tokenListCWT is the same list as a COSE_Sign1, in base64. It does not say
// whose it is but by the key that it names.
func (s signer) tokenListCWT(url string) string {
	head := append(cbor.AppendInt(cbor.AppendInt([]byte{0xa2}, 1), -8), cbor.AppendText([]byte{16}, "application/statuslist+cwt")...)
	claims := cbor.AppendText([]byte{0xa5, 2}, url)
	claims = cbor.AppendInt(append(claims, 4), 1900000000)
	claims = cbor.AppendInt(append(claims, 6), 1795000000)
	claims = cbor.AppendInt(cbor.AppendInt(claims, 65534), 43200000)
	claims = append(cbor.AppendInt(claims, 65533), 0xa2)
	claims = cbor.AppendInt(cbor.AppendText(claims, "bits"), 2)
	claims = cbor.AppendBytes(cbor.AppendText(claims, "lst"), packedPlaces())
	signed := cbor.AppendBytes(cbor.AppendBytes(cbor.AppendText([]byte{0x84}, "Signature1"), head), nil)
	out := cbor.AppendBytes([]byte{0xd2, 0x84}, head)
	out = cbor.AppendBytes(append(out, 0xa1, 4), []byte(s.kid))
	out = cbor.AppendBytes(cbor.AppendBytes(out, claims), ed25519.Sign(s.private, cbor.AppendBytes(signed, claims)))
	return base64.StdEncoding.EncodeToString(out)
}

// in names a place in a list.
func in(url, purpose string, index int) o {
	return o{"credentialStatus": o{"id": fmt.Sprintf("%s#%d", url, index), "type": "BitstringStatusListEntry",
		"statusPurpose": purpose, "statusListIndex": fmt.Sprint(index), "statusListCredential": url}}
}

// png is a picture with texts baked into it.
func png(texts ...string) string {
	out := "\x89PNG\r\n\x1a\n"
	chunk := func(body string) {
		out += string(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))) + body +
			string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
	}
	chunk("IHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00")
	for _, t := range texts {
		chunk("iTXtopenbadgecredential\x00\x00\x00\x00\x00" + t)
	}
	chunk("IEND")
	return out
}

// files are a trust folder.
type files map[string]string

func (f files) with(more ...files) files {
	f = maps.Clone(f)
	for _, m := range more {
		maps.Copy(f, m)
	}
	return f
}

// listing is an issuer's file.
func listing(name string, ids []string, keys ...o) string {
	return text(o{"name": name, "ids": ids, "keys": keys}) + "\n"
}

func key(id string, s signer, more ...o) o {
	return changed(o{"id": id, "publicKeyMultibase": s.multibase()}, more...)
}

// documents are copies of web documents: URL, contents, time of fetching.
func documents(member string, rows ...[3]string) files {
	f, index := files{}, ""
	for i, r := range rows {
		name := fmt.Sprintf("%d.txt", i)
		f["districts/"+member+"/documents/"+name] = r[1] + "\n"
		index += r[0] + "\t" + name + "\t" + r[2] + "\n"
	}
	f["districts/"+member+"/documents/index.tsv"] = index
	return f
}

// fixture is one file of badges/ before it is written.
type fixture struct {
	name, about, payload, at, audience, want string
	trust                                    files
}

func (f fixture) archive() []byte {
	a := &txtar.Archive{Comment: []byte(f.about + "\n")}
	add := func(name, data string) {
		if data != "" {
			a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(strings.TrimSuffix(data, "\n") + "\n")})
		}
	}
	if plain(f.payload) {
		add("payload", f.payload)
	} else {
		add("payload.base64", base64.StdEncoding.EncodeToString([]byte(f.payload)))
	}
	for _, name := range sortedNames(f.trust) {
		add("trust/"+name, f.trust[name])
	}
	add("at", f.at)
	add("audience", f.audience)
	add("want", f.want)
	return txtar.Format(a)
}

// plain tells a payload that stands in the archive as it is.
func plain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' && r < 0xa0 || r == 0xfffd }) && !strings.HasPrefix(s, "-- ")
}

func sortedNames(f files) []string {
	var names []string
	for n := range f {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
