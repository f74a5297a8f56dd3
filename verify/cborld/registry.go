package cborld

// A table lists, for one registry entry, the numbers that stand for whole
// values.
type table struct {
	contexts map[uint64]string
	urls     map[uint64]string            // where a URL is expected
	none     map[uint64]string            // where no type is stated
	types    map[string]map[uint64]string // by the IRI of a value's type
}

const (
	credentials2   = "https://www.w3.org/ns/credentials/v2"
	barcodes1      = "https://w3id.org/vc-barcodes/v1"
	vdl1           = "https://w3id.org/vdl/v1"
	cryptosuiteIRI = "https://w3id.org/security#cryptosuiteString"

	// The issuer, key and list of examples in several entries.
	exampleDID  = "did:key:zDnaeW9VZZs7NH1ykvS5EMFmdodu2wj4dPcrV3DzTAadrXJee"
	exampleKey  = exampleDID + "#zDnaeW9VZZs7NH1ykvS5EMFmdodu2wj4dPcrV3DzTAadrXJee"
	exampleList = "https://dmv.ca.gov/statuses/12345/status-lists"
	utopiaList  = "https://dmv.utopia.com/statuses/12345/status-lists"
)

// registry holds the entries of the CBOR-LD registry. 0, not compressed, is
// no table; 1 is the empty one.
//
// Source: github.com/json-ld/cborld-registry, tables, 2026.
var registry = map[uint64]*table{
	1: {},
	100: {
		contexts: map[uint64]string{32768: credentials2, 32769: barcodes1, 32770: "https://w3id.org/utopia/v2"},
		types:    suites("ecdsa-rdfc-2019", "ecdsa-sd-2023", "eddsa-rdfc-2022", "ecdsa-xi-2023"),
	},
	10001: {
		contexts: numbered(credentials2, barcodes1, "https://w3id.org/vc-dpp/v1rc1", vdl1),
		types:    suites("ecdsa-rdfc-2019"),
		urls:     numbered(exampleDID, exampleKey, exampleList),
	},
	10002: {
		contexts: numbered(credentials2, barcodes1, "https://w3id.org/first-responder/sap/v1rc1",
			"https://w3id.org/first-responder/v1", "https://w3id.org/first-responder/v2rc1"),
		types: suites("ecdsa-rdfc-2019"),
		urls:  numbered(exampleDID, exampleKey, exampleList),
	},
	31000000: {
		contexts: numbered(credentials2, barcodes1),
		types:    suites("ecdsa-xi-2023"),
		urls:     dmvURLs(),
	},
	32000000: {
		contexts: numbered(credentials2, barcodes1, vdl1, "https://w3id.org/vdl/aamva/v1"),
		types:    suites("ecdsa-xi-2023", "ecdsa-rdfc-2019"),
		urls:     numbered(utopiaList, exampleDID, exampleKey),
	},
}

// dmvURLs are those of the driver's licences of California.
func dmvURLs() map[uint64]string {
	const (
		did, api         = "did:web:credentials.dmv.ca.gov", "https://api.credentials.dmv.ca.gov/status/dlid/"
		testDID, testAPI = "did:web:uat-credentials.dmv.ca.gov", "https://api.uat-credentials.dmv.ca.gov/status/dlid/"
	)
	urls := []string{did, api + "1/status-lists", api + "2/status-lists", api + "3/status-lists"}
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"} {
		urls = append(urls, did+"#vm-vcb-"+n)
	}
	urls = append(urls, testDID, testAPI+"1/status-lists")
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		urls = append(urls, testDID+"#vm-vcb-"+n)
	}
	return numbered(append(urls, testAPI+"2/status-lists", testAPI+"3/status-lists")...)
}

// numbered counts from 1.
func numbered(values ...string) map[uint64]string {
	m := make(map[uint64]string, len(values))
	for i, v := range values {
		m[uint64(i+1)] = v
	}
	return m
}

func suites(names ...string) map[string]map[uint64]string {
	return map[string]map[uint64]string{cryptosuiteIRI: numbered(names...)}
}

// legacyStrings is the one table of the time before the registry, for
// contexts, URLs and values without a type alike. The last three were never
// in it: the examples of Verifiable Credential Barcodes brought them along.
//
// Source: CBOR-LD specification of 2024, term codec registry; Open Badges'
// 50 and data integrity's 51 as wallets write them.
var legacyStrings = map[uint64]string{
	16: "https://www.w3.org/ns/activitystreams",
	17: "https://www.w3.org/2018/credentials/v1",
	18: "https://www.w3.org/ns/did/v1",
	19: "https://w3id.org/security/suites/ed25519-2018/v1",
	20: "https://w3id.org/security/suites/ed25519-2020/v1",
	21: "https://w3id.org/cit/v1",
	22: "https://w3id.org/age/v1",
	23: "https://w3id.org/security/suites/x25519-2020/v1",
	24: "https://w3id.org/veres-one/v1",
	25: "https://w3id.org/webkms/v1",
	26: "https://w3id.org/zcap/v1",
	27: "https://w3id.org/security/suites/hmac-2019/v1",
	28: "https://w3id.org/security/suites/aes-2019/v1",
	29: "https://w3id.org/vaccination/v1",
	30: "https://w3id.org/vc-revocation-list-2020/v1",
	31: "https://w3id.org/dcc/v1",
	32: "https://w3id.org/vc/status-list/v1",
	33: credentials2,
	48: "https://w3id.org/security/data-integrity/v1",
	49: "https://w3id.org/security/multikey/v1",
	50: "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
	51: "https://w3id.org/security/data-integrity/v2",

	32768: credentials2,
	32769: barcodes1,
	32770: "https://w3id.org/utopia/v2",
}

var legacyTable = table{
	contexts: legacyStrings, urls: legacyStrings, none: legacyStrings,
	types: suites("ecdsa-rdfc-2019", "ecdsa-sd-2023", "eddsa-rdfc-2022", "ecdsa-xi-2023"),
}
