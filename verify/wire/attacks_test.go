package wire

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"badgekiosk/verify/wire/baked"

	fx "github.com/fxamacker/cbor/v2"
)

// chunks is a PNG of n empty chunks of a kind.
func chunks(n int, kind string) []byte {
	part := append(make([]byte, 4), kind...)
	part = binary.BigEndian.AppendUint32(part, crc32.ChecksumIEEE([]byte(kind)))
	return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat(part, n)...)
}

// itxtBomb is a PNG whose compressed badge inflates to n bytes.
func itxtBomb(n int) []byte {
	body := "iTXtopenbadgecredential\x00\x01\x00\x00\x00" + string(deflate(make([]byte, n)))
	part := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), uint32(len(body)-4))
	part = append(part, body...)
	return binary.BigEndian.AppendUint32(part, crc32.ChecksumIEEE([]byte(body)))
}

// noise is n bytes that do not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

// full repeats s up to the largest file that is opened.
func full(s string) string { return strings.Repeat(s, MaxFile/len(s)) }

// TestAttacks feeds what is made to take time or memory. Each gets its code,
// within the memory that Open promises.
func TestAttacks(t *testing.T) {
	svg := func(inside string) string { return `<svg xmlns="http://www.w3.org/2000/svg">` + inside + `</svg>` }
	bomb := encode45(deflate(make([]byte, 5_000_000)))
	for _, c := range []struct{ name, payload, want string }{
		{"one byte too many", full(" ") + " ", "Q-TOOBIG"},
		{"blanks", full(" "), "Q-NOTBADGE"},
		{"braces", full("{"), "json"}, // whoever parses it has limits of its own
		{"quotation marks", full(`"`), "Q-NOTBADGE"},
		{"escapes", `"` + full(`\u0061`)[2:] + `"`, "Q-NOTBADGE"},
		{"points", "eyJhbGciOiJub25lIn0" + full(".")[20:], "S-MALFORMED"},
		{"tildes", token + full("~")[len(token):], "sd-jwt"},
		{"a long token", "eyJhbGciOiJub25lIn0." + full("A")[22:] + ".", "jwt"},
		{"a long link", "https://a.example/" + full("a")[20:], "Q-LINK"},
		{"a long scheme", full("a")[10:] + "://", "Q-NOTBADGE"},
		{"base45 of nothing known", full("AAA"), "Q-NOTBADGE"},
		{"base64 of nothing known", full("AAAA"), "Q-NOTBADGE"},
		{"digits", "shc:/" + full("56")[8:], "Q-NOTBADGE"},

		{"zlib bomb", bomb, "Q-TOOBIG"},
		{"zlib bomb, prefixed", "HC1:" + bomb, "Q-TOOBIG"},
		{"zlib bomb in a bomb", encode45(deflate([]byte(bomb))), "Q-TOOBIG"},
		{"zlib bomb of one code", encode45(deflate(make([]byte, MaxInflated+1))), "Q-TOOBIG"},
		{"zlib of a file, noise and blanks", encode45(deflate(append(noise(oneCode), bytes.Repeat([]byte{' '}, MaxInflated)...))), "Q-NOTBADGE"},
		{"zlib of blanks, at the limit", encode45(deflate(bytes.Repeat([]byte{' '}, MaxInflated))), "Q-NOTBADGE"},
		{"zlib of braces, at the limit", encode45(deflate(bytes.Repeat([]byte{'{'}, MaxInflated))), "json pixelpass"},
		{"CBOR, deep", encode45(deflate(bytes.Repeat([]byte{0x81}, MaxInflated))), "Q-TOOBIG"},
		{"CBOR, wide", encode45(deflate(append([]byte{0x9a, 0, 3, 0xff, 0}, make([]byte, 0x3ff00)...))), "Q-TOOBIG"},
		{"CBOR, wide, end unsaid", encode45(deflate(append([]byte{0x9f}, make([]byte, MaxInflated-1)...))), "Q-TOOBIG"},
		{"CBOR, control characters", encode45(deflate(cborOf(map[string]string{"a": strings.Repeat("\x01", MaxInflated-10)}))), "json pixelpass"},

		{"PNG of many chunks", string(chunks(baked.MaxChunks+1, "tEXt")), "Q-TOOBIG"},
		{"PNG of many chunks, cut", string(chunks(100, "iTXt")), "Q-PARTIAL"},
		{"PNG with a bomb", string(itxtBomb(5_000_000)), "Q-TOOBIG"},
		{"SVG, deep", full("<svg>"), "Q-TOOBIG"},
		{"SVG, many elements", svg(full("<g/>")[200:]), "Q-TOOBIG"},
		{"SVG, all attributes", "<svg " + full("a='' ")[10:] + ">", "Q-TOOBIG"},
		{"SVG, many namespaces", svg("<g " + strings.Repeat("xmlns:a='b' ", 16_000) + "/>"), "Q-NOTBADGE"},
		{"SVG, many small badges", svg(strings.Repeat(`<credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="x"/>`, 15_000)), "Q-NOTBADGE"},
		{"SVG, a billion laughs", `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>`, "Q-UNREADABLE"},
		{"SVG, comments", svg(full("<!---->")[400:]), "Q-TOOBIG"},
		{"SVG, an endless comment", "<svg><!--" + full("-a")[20:], "Q-PARTIAL"},
		{"SVG, an endless name", "<" + full("a")[1:], "Q-NOTBADGE"},

		{"zip bomb", string(zipOf(certificate, full("a"))), "Q-TOOBIG"},
		{"COSE, deep", "\xd2\x84" + full("\x81")[8:], "Q-TOOBIG"},
		{"COSE, untagged and deep", "\x84" + full("\x81")[8:], "Q-NOTBADGE"},
		{"CBOR-LD, deep", "\xd9\xcb\x1d\x82\x00" + full("\x81")[8:], "Q-TOOBIG"},
		{"CBOR-LD, many names", string(cborOf(fx.Tag{Number: 0xcb1d, Content: []any{1, map[int]any{1: make([]string, 13)}}})), "Q-TOOBIG"},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		got := verdict([]byte(c.payload))
		runtime.ReadMemStats(&after)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		// All that was allocated, not only what stood at one time.
		const bound = 16 << 20
		if n := after.TotalAlloc - before.TotalAlloc; n > bound {
			t.Errorf("%s: took %.1f MB of memory", c.name, float64(n)/(1<<20))
		}
	}
}
