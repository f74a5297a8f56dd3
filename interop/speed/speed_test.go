// Package speed times the kiosk's verification beside other people's.
package speed

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/jose"
	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/proof"
	"badgekiosk/verify/rdf"
)

// A contest is one document and those who verify it.
type contest struct {
	name     string
	document any // as the peers take it
	ours     func() error
	inGo     map[string]func() error
	peers    []string // in node
}

// TestPeers prints how many times as long as the bare Ed25519 signature of
// Go's standard library each takes, in processor time: the median of the
// rounds, in each of which all take their turn.
//
// Without KIOSK_PEERS, which interop/speed/run sets once they are installed,
// only those in Go take their turn, once.
func TestPeers(t *testing.T) {
	command, rounds := strings.Fields(os.Getenv("KIOSK_PEERS")), 1
	if len(command) > 0 {
		var err error
		if rounds, err = strconv.Atoi(os.Getenv("KIOSK_ROUNDS")); err != nil {
			t.Fatal(err)
		}
	}
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	k, err := key.FromPublic(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	var node *process
	if len(command) > 0 {
		node = start(t, command)
	}
	message := make([]byte, 64)
	sig := ed25519.Sign(private, message)
	bare := func() error {
		if !ed25519.Verify(k.Bytes(), message, sig) {
			return fmt.Errorf("the signature does not verify")
		}
		return nil
	}
	for _, c := range contests(t, private, k) {
		ratios := map[string][]float64{}
		failed := map[string]string{}
		for range rounds {
			least := cost(t, 300, bare)
			ratios["kiosk"] = append(ratios["kiosk"], cost(t, 300, c.ours)/least)
			for name, work := range c.inGo {
				ratios[name] = append(ratios[name], cost(t, 100, work)/least)
			}
			for _, name := range c.peers {
				if node == nil {
					failed[name] = "not here"
				} else if micros, err := node.ask(name, c.document, k); err != nil {
					failed[name] = err.Error()
				} else {
					ratios[name] = append(ratios[name], micros/least)
				}
			}
		}
		names := append([]string{"kiosk"}, c.peers...)
		for name := range c.inGo {
			names = append(names, name)
		}
		for _, name := range names {
			if all := ratios[name]; len(all) > 0 {
				slices.Sort(all)
				fmt.Printf("| %s | %s | %.2f |\n", c.name, name, all[len(all)/2])
			} else {
				fmt.Printf("| %s | %s | %s |\n", c.name, name, failed[name])
			}
		}
	}
}

// cost is the processor time of one of n turns, in microseconds.
func cost(t *testing.T, n int, work func() error) float64 {
	t.Helper()
	before := cpu()
	for range n {
		if err := work(); err != nil {
			t.Fatal(err)
		}
	}
	return float64((cpu() - before).Nanoseconds()) / 1000 / float64(n)
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A process answers one question after the other.
type process struct {
	in  *json.Encoder
	out *json.Decoder
}

func start(t *testing.T, command []string) *process {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &process{json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))}
}

func (p *process) ask(peer string, document any, k *key.Key) (micros float64, err error) {
	jwk := map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(k.Bytes())}
	if err := p.in.Encode(map[string]any{"peer": peer, "document": document, "key": jwk, "times": 10}); err != nil {
		return 0, err
	}
	var answer struct {
		Micros float64
		Error  string
	}
	if err := p.out.Decode(&answer); err != nil {
		return 0, err
	}
	if answer.Error != "" {
		return 0, fmt.Errorf("%s", answer.Error)
	}
	return answer.Micros, nil
}

// contests are the usual badge, by a did:key that every peer reads offline
// and without a status list, in three forms.
func contests(t *testing.T, private ed25519.PrivateKey, k *key.Key) []contest {
	t.Helper()
	text, err := os.ReadFile("../../verify/testdata/usual.json")
	if err != nil {
		t.Fatal(err)
	}
	var badge map[string]any
	if err := json.Unmarshal(text, &badge); err != nil {
		t.Fatal(err)
	}
	badge["@context"] = badge["@context"].([]any)[:2]
	badge["issuer"].(map[string]any)["id"] = k.DID()
	delete(badge, "credentialStatus")
	delete(badge, "credentialSchema")
	prepared := k.Prepared()
	all := []contest{
		integrity(t, "eddsa-rdfc-2022", badge, private, prepared, []string{"@digitalbazaar/vc eddsa-rdfc-2022", "verifier-core"}),
		integrity(t, "eddsa-jcs-2022", badge, private, prepared, []string{"@digitalbazaar/vc eddsa-jcs-2022"}),
	}
	return append(all, token(t, badge, private, prepared))
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func integrity(t *testing.T, suite string, badge map[string]any, private ed25519.PrivateKey, k *key.Key, peers []string) contest {
	t.Helper()
	options := map[string]any{"type": "DataIntegrityProof", "cryptosuite": suite, "created": "2026-03-01T08:00:00Z",
		"proofPurpose": "assertionMethod", "verificationMethod": k.DID() + "#" + k.Multibase()}
	if suite == "eddsa-jcs-2022" {
		options["@context"] = badge["@context"]
	}
	first, second := digest(t, suite, options, badge), digest(t, suite, badge, badge)
	options["proofValue"] = multibase.EncodeBase58(ed25519.Sign(private, append(first, second...)))
	signed := map[string]any{"proof": options}
	for name, v := range badge {
		signed[name] = v
	}
	text, doc, checker := marshal(t, signed), new(ijson.Doc), proof.NewChecker(rdf.Builtin())
	return contest{name: suite, document: signed, peers: peers, ours: func() error {
		v, err := doc.Parse(text)
		if err != nil {
			return err
		}
		all, err := proof.List(v)
		if err != nil {
			return err
		}
		return checker.Verify(v, &all[0], k)
	}}
}

// digest is that of the canonical form of v, read in the contexts of badge.
func digest(t *testing.T, suite string, v, badge map[string]any) []byte {
	t.Helper()
	doc, err := ijson.Parse(marshal(t, v))
	if err != nil {
		t.Fatal(err)
	}
	context, err := ijson.Parse(marshal(t, badge["@context"]))
	if err != nil {
		t.Fatal(err)
	}
	var canonical []byte
	if suite == "eddsa-jcs-2022" {
		canonical, err = ijson.AppendCanonical(nil, doc)
	} else {
		canonical, err = rdf.NewCanonicalizer(rdf.Builtin()).Canonical(nil, doc, rdf.Options{Context: context})
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(canonical)
	return sum[:]
}

func token(t *testing.T, badge map[string]any, private ed25519.PrivateKey, k *key.Key) contest {
	t.Helper()
	b64 := base64.RawURLEncoding.EncodeToString
	input := b64([]byte(`{"alg":"EdDSA","typ":"JWT"}`)) + "." + b64(marshal(t, badge))
	compact := input + "." + b64(ed25519.Sign(private, []byte(input)))
	parsed, public := new(jose.Token), private.Public()
	return contest{name: "VC-JWT EdDSA", document: compact, peers: []string{"jose"},
		ours: func() error {
			if err := parsed.Parse([]byte(compact)); err != nil {
				return err
			}
			if err := parsed.Verify(k); err != nil {
				return err
			}
			_, err := parsed.VC()
			return err
		},
		inGo: map[string]func() error{
			"go-jose": func() error {
				jws, err := gojose.ParseSignedCompact(compact, []gojose.SignatureAlgorithm{gojose.EdDSA})
				if err != nil {
					return err
				}
				_, err = jws.Verify(public)
				return err
			},
			"golang-jwt": func() error {
				_, err := jwt.NewParser(jwt.WithoutClaimsValidation()).Parse(compact, func(*jwt.Token) (any, error) { return public, nil })
				return err
			},
		}}
}
