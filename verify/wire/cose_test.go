package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	fx "github.com/fxamacker/cbor/v2"
)

// sign1 are the four parts of a COSE_Sign1, in shape only.
var sign1 = []any{[]byte{0xa1, 1, 0x26}, map[int]any{4: []byte("key-1")}, []byte(`{"type":"VerifiableCredential"}`), []byte(strings.Repeat("s", 64))}

func TestCOSE(t *testing.T) {
	tagged := cborOf(fx.Tag{Number: 18, Content: sign1})
	cwt := cborOf(fx.Tag{Number: 61, Content: fx.Tag{Number: 18, Content: sign1}})
	detached := cborOf(fx.Tag{Number: 18, Content: []any{sign1[0], sign1[1], nil, sign1[3]}})
	for _, c := range []struct {
		name, payload, want string
	}{
		{"tagged", string(tagged), "cose"},
		{"untagged", string(cborOf(sign1)), "cose"},
		{"web token", string(cwt), "cose cwt"},
		{"payload elsewhere", string(detached), "cose"},
		{"base64", base64.StdEncoding.EncodeToString(tagged), "cose base64"},
		{"base64url", base64.RawURLEncoding.EncodeToString(tagged) + "\n", "cose base64"},
		{"untagged, PixelPass", encode45(deflate(cborOf(sign1))), "cose pixelpass"},

		{"hexadecimal", hex.EncodeToString(tagged), "Q-NOTBADGE"},
		{"base64 with a line's end in it", base64.StdEncoding.EncodeToString(tagged)[:40] + "\n" + base64.StdEncoding.EncodeToString(tagged)[40:], "Q-NOTBADGE"},
		{"base64 of something else", base64.StdEncoding.EncodeToString([]byte("hello, world")), "Q-NOTBADGE"},
		{"cut", string(tagged[:len(tagged)-1]), "Q-PARTIAL"},
		{"bytes after", string(tagged) + "x", "S-MALFORMED"},
		{"text as signature", string(cborOf(fx.Tag{Number: 18, Content: []any{sign1[0], sign1[1], sign1[2], "s"}})), "S-MALFORMED"},
		{"deep", string(append(bytes.Clone(coseTagged), bytes.Repeat([]byte{0x81}, 1000)...)), "Q-TOOBIG"},
		{"four of something", string(cborOf([]any{1, 2, 3, 4})), "Q-NOTBADGE"},
	} {
		if got := verdict([]byte(c.payload)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestCOSEPublished(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"peers/vc-jose-cose/ob3-vc+cose.cose", "cose"},
		{"peers/vc-jose-cose/ob3-vc+cose.b64.txt", "cose base64"},
		{"vc-jose-cose/credential-cose-minimal.txt", "cose base64"},
		{"vc-jose-cose/credential-cose-minimal-not-base64.txt", "Q-NOTBADGE"},
		{"vc-jose-cose/presentation-cose-single.txt", "cose base64"},
	} {
		if got := verdict(shared(t, c.file)); got != c.want {
			t.Errorf("%s: %s, want %s", c.file, got, c.want)
		}
	}
	a, errA := Open(shared(t, "peers/vc-jose-cose/ob3-vc+cose.cose"))
	b, errB := Open(shared(t, "peers/vc-jose-cose/ob3-vc+cose.b64.txt"))
	if errA != nil || errB != nil || !bytes.Equal(a.Data, b.Data) {
		t.Errorf("bytes and base64 of one credential differ: %v, %v", errA, errB)
	}
}
