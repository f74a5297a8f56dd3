package wire

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire/inflate"

	fx "github.com/fxamacker/cbor/v2"
)

// encode45 is base45 as RFC 9285 section 4 writes it.
func encode45(data []byte) string {
	var out []byte
	for ; len(data) >= 2; data = data[2:] {
		v := int(data[0])<<8 | int(data[1])
		out = append(out, alphabet45[v%45], alphabet45[v/45%45], alphabet45[v/2025])
	}
	if len(data) == 1 {
		out = append(out, alphabet45[data[0]%45], alphabet45[data[0]/45])
	}
	return string(out)
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

func cborOf(v any) []byte {
	data, err := fx.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// pixelpass packs v as PixelPass does.
func pixelpass(v any) string { return encode45(deflate(cborOf(v))) }

func TestBase45(t *testing.T) {
	for _, c := range []struct{ text, want string }{ // RFC 9285 section 4.3
		{"BB8", "AB"}, {"%69 VD92EX0", "Hello!!"}, {"UJCLQE7W581", "base-45"}, {"QED8WEX0", "ietf!"},
	} {
		if got, ok := base45([]byte(c.text)); !ok || string(got) != c.want || encode45([]byte(c.want)) != c.text {
			t.Errorf("base45(%q) = %q, %v", c.text, got, ok)
		}
	}
	for _, s := range []string{"", "B", "BB8B", "bb8", "GGW", ":::", "::", "B\n8", "BB8é"} {
		if got, ok := base45([]byte(s)); ok {
			t.Errorf("base45(%q) = %q, want it refused", s, got)
		}
	}
}

// TestBlankEndsNothing holds what lets blanks around base45 be cut: no bytes
// are written with one at the end, and none that are looked for with one at
// the beginning.
func TestBlankEndsNothing(t *testing.T) {
	for v := range 1 << 16 {
		for _, text := range []string{encode45([]byte{byte(v >> 8), byte(v)}), encode45([]byte{byte(v)})} {
			if strings.HasSuffix(text, " ") {
				t.Fatalf("%q ends in a blank", text)
			}
			raw := []byte{byte(v >> 8), byte(v), 0}
			if strings.HasPrefix(text, " ") && (inflate.IsZlib(raw) || looksCOSE(raw)) {
				t.Fatalf("%q begins with a blank", text)
			}
		}
	}
}

func FuzzBase45(f *testing.F) {
	f.Add([]byte("%69 VD92EX0"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if raw, ok := base45(text); ok && encode45(raw) != string(text) {
			t.Errorf("%q decodes to %x, which is written %q", text, raw, encode45(raw))
		}
	})
}

func TestPixelPass(t *testing.T) {
	cose := cborOf(fx.Tag{Number: 18, Content: []any{[]byte{0xa1, 1, 0x26}, map[int]any{}, []byte("{}"), []byte("signature")}})
	for _, c := range []struct{ name, text, want string }{
		{"JSON", pixelpass(map[string]any{"type": "VerifiableCredential"}), "json pixelpass"},
		{"a token in a JSON string", pixelpass(token), "jwt pixelpass"},
		{"an SD-JWT in a JSON string", pixelpass(token + "~"), "sd-jwt pixelpass"},
		{"a token as it is", encode45(deflate([]byte(token))), "jwt pixelpass"},
		{"JSON as it is", encode45(deflate([]byte("{}"))), "json pixelpass"},
		{"file with a line's end", pixelpass(token) + "\r\n", "jwt pixelpass"},
		{"blanks around", "  " + pixelpass(token) + "  ", "jwt pixelpass"},
		{"a link", encode45(deflate([]byte("https://a.example/1"))), "Q-LINK https://a.example/1"},
		{"health certificate", "HC1:" + encode45(deflate(cose)), "cose hc1"},
		{"the same without its prefix", encode45(deflate(cose)), "cose pixelpass"},
		{"COSE uncompressed", encode45(cose), "cose base45"},

		{"text", encode45(deflate([]byte("hello"))), "Q-NOTBADGE"},
		{"a list", pixelpass([]int{1, 2}), "Q-NOTBADGE"},
		{"names that are numbers", pixelpass(map[int]string{1: "x"}), "S-MALFORMED"},
		{"bytes", pixelpass(map[string]any{"photo": []byte{1}}), "S-MALFORMED"},
		{"an unknown prefix", "XX:" + pixelpass(token), "Q-NOTBADGE"},
		{"lower case", strings.ToLower(pixelpass(token)), "Q-NOTBADGE"},
		{"cut", pixelpass(token)[:30], "Q-PARTIAL"},
		{"cut in a group", pixelpass(token)[:31], "Q-NOTBADGE"},
		{"a bomb", encode45(deflate(make([]byte, 5_000_000))), "Q-TOOBIG"},
		{"a bomb of CBOR", encode45(deflate(bytes.Repeat([]byte{0x81}, 200_000))), "Q-TOOBIG"},
		{"bombs inside one another", encode45(deflate([]byte(encode45(deflate(make([]byte, 5_000_000)))))), "Q-TOOBIG"},
	} {
		if got := verdict([]byte(c.text)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestPixelPassJSON holds that JSON comes out as JavaScript would write it,
// which is what was signed under JCS and what the issuer's number forms were.
func TestPixelPassJSON(t *testing.T) {
	raw, _ := hex.DecodeString("a4" + "617a" + "fb4059000000000000" + "6161" + "fb3ff8000000000000" + "6162" + "1903e8" + "6163" + "6522c3bc0a2f")
	doc, err := Open([]byte(encode45(deflate(raw))))
	const want = `{"z":100,"a":1.5,"b":1000,"c":"\"ü\n/"}`
	if err != nil || string(doc.Data) != want {
		t.Errorf("got %s, %v, want %s", doc.Data, err, want)
	}
}

// TestPixelPassPublished unpacks texts that MOSIP's and other libraries made.
func TestPixelPassPublished(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"pixelpass-mosip/QRCode.png.txt", "json pixelpass"},
		{"pixelpass-mosip/Expired_QRCode.jpg.txt", "json pixelpass"},
		{"pixelpass-mosip/Invalid.png.txt", "json pixelpass"},
		{"pixelpass-mosip/SD_Jwt_QRCode.PNG.txt", "sd-jwt pixelpass"},
		{"pixelpass-mosip/VcDownloadedFromMobileApp.jpg.txt", "json pixelpass"},
		{"pixelpass-mosip/unit-cbor.txt", "json pixelpass"},
		{"pixelpass-mosip/unit-hello.txt", "Q-NOTBADGE"},
		{"peers/pixelpass/pixelpass-ldp.txt", "json pixelpass"},
		{"peers/pixelpass/pixelpass-jwt.txt", "jwt pixelpass"},
		{"peers/pixelpass/pixelpass-jwt-jsonstring.txt", "jwt pixelpass"},
	} {
		if got := verdict(shared(t, c.file)); got != c.want {
			t.Errorf("%s: %s, want %s", c.file, got, c.want)
		}
	}
	for _, name := range []string{"pixelpass-ldp", "pixelpass-jwt", "pixelpass-jwt-jsonstring"} {
		doc, err := Open(shared(t, "peers/pixelpass/"+name+".txt"))
		want := shared(t, "peers/pixelpass/"+name+".decoded.txt")
		if err != nil || string(doc.Data) != strings.Trim(string(want), "\"\n") {
			t.Errorf("%s: %.80s, %v, want %.80s", name, doc.Data, err, want)
		}
	}
}

// TestMangledPixelPass cuts and flips every byte: the checksum lets nothing
// but the badge itself through.
func TestMangledPixelPass(t *testing.T) {
	whole := pixelpass(map[string]any{"type": "VerifiableCredential", "name": "Welding I"})
	want, err := Open([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	check := func(text string) {
		if doc, err := Open([]byte(text)); err == nil && !reflect.DeepEqual(doc, want) {
			t.Errorf("%q opens to %s", text, doc.Data)
		}
	}
	for i := range whole {
		check(whole[:i])
		for _, c := range []byte(alphabet45) {
			check(whole[:i] + string(c) + whole[i+1:])
		}
	}
}

// FuzzInflated holds what may come out of a compressed transport: a document
// that is JSON when it says so, or a code.
func FuzzInflated(f *testing.F) {
	f.Add(cborOf(map[string]any{"a": []any{1, 1.5, nil, true}}))
	f.Add([]byte(token))
	f.Add([]byte("\xd2\x84\x43\xa1\x01\x26\xa0\x41\xff\x41\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := opener{contexts: rdf.Builtin()}.inflated(data)
		if err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("error without a code: %v", err)
		}
		if err == nil && doc.Form == JSON && doc.Data[0] != '{' {
			t.Errorf("%x: JSON %q", data, doc.Data)
		}
	})
}

func BenchmarkPixelPass(b *testing.B) {
	badge := map[string]any{"type": []string{"VerifiableCredential", "OpenBadgeCredential"}, "issuer": "did:web:riverbend.example", "text": strings.Repeat("Joins two plates. ", 20), "proofValue": "z" + strings.Repeat("3qZ9", 20)}
	text := []byte(pixelpass(badge))
	plain, _ := json.Marshal(badge)
	b.SetBytes(int64(len(plain)))
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Open(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	// The peer: the same steps with fxamacker/cbor and encoding/json, which
	// lose the order of names.
	b.Run("fxamacker+json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			raw, _ := base45(text)
			z, err := zlib.NewReader(bytes.NewReader(raw))
			if err != nil {
				b.Fatal(err)
			}
			var v map[string]any
			if err := fx.NewDecoder(z).Decode(&v); err != nil {
				b.Fatal(err)
			}
			if _, err := json.Marshal(v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
