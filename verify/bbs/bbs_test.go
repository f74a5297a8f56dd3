package bbs

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	bls "github.com/consensys/gnark-crypto/ecc/bls12-381"
	"github.com/consensys/gnark-crypto/ecc/bls12-381/fr"
)

const vectors = "../../../shared/vectors/bbs-core/bls12-381-sha-256/"

func load(t testing.TB, path string, v any) {
	t.Helper()
	raw, err := os.ReadFile(vectors + path)
	if os.IsNotExist(err) {
		t.Skip("SKIP-SHARED: " + path)
	}
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGenerators holds the points that the draft publishes.
func TestGenerators(t *testing.T) {
	var want struct {
		P1, Q1        string
		MsgGenerators []string
	}
	load(t, "generators.json", &want)
	points := append([]string{want.Q1}, want.MsgGenerators...)
	got := appendGenerators(nil, len(points))
	for i, w := range points {
		if g := hex.EncodeToString(got[i*pointSize : (i+1)*pointSize]); g != w {
			t.Errorf("generator %d is %s, want %s", i, g, w)
		}
	}
	if want.P1 != basePoint {
		t.Errorf("P1 is %s, want %s", basePoint, want.P1)
	}
}

// TestProofs holds the proofs that the draft publishes, good and bad.
func TestProofs(t *testing.T) {
	files, _ := filepath.Glob(vectors + "proof/*.json")
	if len(files) == 0 {
		t.Skip("SKIP-SHARED: bbs-core")
	}
	good := 0
	for _, file := range files {
		var c struct {
			CaseName, SignerPublicKey, Header, PresentationHeader, Proof string
			Messages                                                     []string
			DisclosedIndexes                                             []int
			Result                                                       struct{ Valid bool }
		}
		load(t, "proof/"+filepath.Base(file), &c)
		k, err := NewPublicKey(unhex(t, c.SignerPublicKey))
		if err != nil {
			t.Fatal(err)
		}
		var messages [][]byte
		for _, i := range c.DisclosedIndexes {
			if i < len(c.Messages) {
				messages = append(messages, unhex(t, c.Messages[i]))
			}
		}
		err = k.Verify(unhex(t, c.Proof), unhex(t, c.Header), unhex(t, c.PresentationHeader), c.DisclosedIndexes, messages)
		if (err == nil) != c.Result.Valid {
			t.Errorf("%s (%s): %v", filepath.Base(file), c.CaseName, err)
		}
		if err == nil {
			good++
		}
	}
	if good < 3 {
		t.Errorf("only %d proofs are good", good)
	}
}

// TestMultiplyFixed holds the fast way of multiplying to the plain one, with
// scalars whose digits are at their limits.
func TestMultiplyFixed(t *testing.T) {
	var scalars []fr.Element
	for _, s := range []string{"0", "1", "127", "128", "129", "255", "256", "32767", "32768", "-1", "-128",
		"0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f", "0x80808080808080808080808080808080808080808080808080808080808080"} {
		var e fr.Element
		if _, err := e.SetString(s); err != nil {
			t.Fatal(err)
		}
		scalars = append(scalars, e)
	}
	for len(scalars) < 40 {
		var e fr.Element
		if _, err := e.SetRandom(); err != nil {
			t.Fatal(err)
		}
		scalars = append(scalars, e)
	}
	var points []*bls.G1Affine
	var factors []*fr.Element
	for i := range scalars {
		points = append(points, &fixed[i/blockSize]().powers[i%blockSize][0])
		factors = append(factors, &scalars[i])
	}
	got, want := multiplyFixed(scalars), multiply(points, factors)
	if !got.Equal(&want) {
		t.Error("the sums differ")
	}
}
