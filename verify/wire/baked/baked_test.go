package baked

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// part is one PNG chunk.
func part(kind, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

// picture is a PNG of one pixel with further chunks.
func picture(parts ...string) string {
	return signature + part("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00") +
		strings.Join(parts, "") + part("IDAT", pack("\x00\x00")) + part("IEND", "")
}

func pack(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func itxt(word, text string) string { return part("iTXt", word+"\x00\x00\x00\x00\x00"+text) }

const (
	cred  = `{"type":"OpenBadgeCredential"}`
	other = `{"type":"AchievementCredential"}`
)

// said is what was found in one line: how and what, or the code.
func said(t Text, err error) string {
	if err != nil {
		return string(reason.CodeOf(err, "no code"))
	}
	return t.Via + " " + string(t.Data)
}

func TestPNG(t *testing.T) {
	ob3 := itxt("openbadgecredential", cred)
	for _, c := range []struct{ name, png, want string }{
		{"open badges 3.0", picture(ob3), "png-itxt " + cred},
		{"CLR 2.0", picture(itxt("clrcredential", cred)), "png-itxt " + cred},
		{"open badges 2.0", picture(itxt("openbadges", cred)), "png-itxt " + cred},
		{"a link in an old badge", picture(part("tEXt", "openbadges\x00https://a.example/1")), "png-text https://a.example/1"},
		{"language and translated keyword", picture(part("iTXt", "openbadgecredential\x00\x00\x00en\x00badge\x00"+cred)), "png-itxt " + cred},
		{"compressed, against the standard", picture(part("iTXt", "openbadgecredential\x00\x01\x00\x00\x00"+pack(cred))), "png-itxt-compressed " + cred},
		{"newest standard counts", picture(itxt("openbadges", other), itxt("openbadgecredential", cred)), "png-itxt " + cred},
		{"the same twice", picture(ob3, ob3), "png-itxt " + cred},
		{"bytes after the end", picture(ob3) + "trailer", "png-itxt " + cred},

		{"two badges", picture(ob3, itxt("openbadgecredential", other)), "Q-AMBIG"},
		{"two badges, one empty", picture(itxt("openbadgecredential", ""), ob3), "Q-AMBIG"},
		{"nothing baked", picture(), "Q-NOTBADGE"},
		{"keyword in other letters", picture(itxt("OpenBadgeCredential", cred)), "Q-NOTBADGE"},
		{"keyword with more letters", picture(itxt("openbadgecredentials", cred)), "Q-NOTBADGE"},
		{"zTXt is no badge's place", picture(part("zTXt", "openbadges\x00\x00"+pack(cred))), "Q-NOTBADGE"},
		{"after the end", picture() + ob3, "Q-NOTBADGE"},
		{"wrong checksum", picture(ob3[:len(ob3)-1] + "?"), "Q-UNREADABLE"},
		{"checksum of another chunk", picture(ob3, part("pHYs", "x")[:12]+"?"), "Q-UNREADABLE"},
		{"unknown compression", picture(part("iTXt", "openbadgecredential\x00\x01\x07\x00\x00"+pack(cred))), "Q-UNREADABLE"},
		{"compression that is none", picture(part("iTXt", "openbadgecredential\x00\x01\x00\x00\x00"+cred)), "Q-UNREADABLE"},
		{"no room for flags", picture(part("iTXt", "openbadgecredential\x00\x00")), "Q-UNREADABLE"},
		{"length over the standard's", signature + "\xff\xff\xff\xffiTXt????????", "Q-UNREADABLE"},
		{"signature only", signature, "Q-PARTIAL"},
		{"length over the file's", signature + "\x00\xff\xff\xffiTXt????????", "Q-PARTIAL"},
	} {
		if got := said(PNG([]byte(c.png))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

const ns = ` xmlns="http://www.w3.org/2000/svg"`

func TestSVG(t *testing.T) {
	const ob3 = `https://purl.imsglobal.org/ob/v3p0`
	for _, c := range []struct{ name, svg, want string }{
		{"CDATA", `<svg` + ns + ` xmlns:openbadges="` + ob3 + `"><openbadges:credential><![CDATA[ ` + cred + ` ]]></openbadges:credential></svg>`, "svg-body " + cred},
		{"escaped text", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential>{&quot;type&#34;:&#x22;OpenBadgeCredential"}</o:credential></svg>`, "svg-body " + cred},
		{"any prefix, declared on the element", `<svg` + ns + `><credential xmlns="` + ob3 + `" verify="a.b.c"/></svg>`, "svg-verify a.b.c"},
		{"declaration and document type", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg PUBLIC \"a\" \"http://a.example/svg.dtd\">\n<!-- c --><svg" + ns + ` xmlns:o="` + ob3 + `"><g><o:credential verify='a.b.c'></o:credential></g></svg>`, "svg-verify a.b.c"},
		{"CLR 2.0", `<svg` + ns + `><credential xmlns="https://purl.imsglobal.org/clr/v2p0" verify="a.b.c"/></svg>`, "svg-verify a.b.c"},
		{"open badges 2.0, signed", `<svg` + ns + `><assertion xmlns="http://openbadges.org" verify="a.b.c"/></svg>`, "svg-verify a.b.c"},
		{"open badges 2.0, hosted", `<svg` + ns + `><assertion xmlns="http://openbadges.org" verify="https://a.example/1">` + cred + `</assertion></svg>`, "svg-body " + cred},
		{"the same twice", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential verify="a"/><o:credential verify="a"/></svg>`, "svg-verify a"},

		{"two badges", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential verify="a"/><o:credential verify="b"/></svg>`, "Q-AMBIG"},
		{"two badges in one element", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential verify="a">b</o:credential></svg>`, "Q-AMBIG"},
		{"two badges in one old element", `<svg` + ns + `><assertion xmlns="http://openbadges.org" verify="a.b.c">{}</assertion></svg>`, "Q-AMBIG"},
		{"no badge", `<svg` + ns + `><rect/></svg>`, "Q-NOTBADGE"},
		{"an empty element", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential/></svg>`, "Q-NOTBADGE"},
		{"prefix of another namespace", `<svg` + ns + ` xmlns:openbadges="http://a.example"><openbadges:credential verify="a"/></svg>`, "Q-NOTBADGE"},
		{"prefix of none", `<svg` + ns + `><openbadges:credential verify="a"/></svg>`, "Q-NOTBADGE"},
		{"in a comment", `<svg` + ns + ` xmlns:o="` + ob3 + `"><!-- <o:credential verify="a"/> --></svg>`, "Q-NOTBADGE"},
		{"attribute of another namespace", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential o:verify="a"/></svg>`, "Q-NOTBADGE"},
		{"HTML", `<html><svg></svg></html>`, "Q-NOTBADGE"},
		{"a heart", `<3`, "Q-NOTBADGE"},
		{"an attribute twice", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential verify="a" verify="b"/></svg>`, "Q-UNREADABLE"},
		{"an element in the badge", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential>{}<b/></o:credential></svg>`, "Q-UNREADABLE"},
		{"an entity of its own", `<!DOCTYPE svg [<!ENTITY e "x">]><svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential verify="&e;"/></svg>`, "Q-UNREADABLE"},
		{"a file from outside", `<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>`, "Q-UNREADABLE"},
		{"another character set", `<svg` + ns + `><?xml version="1.0" encoding="utf-7"?></svg>`, "Q-UNREADABLE"},
		{"not UTF-8", "<svg>\xff</svg>", "Q-UNREADABLE"},
		{"tags crossed", `<svg><a></svg></a>`, "Q-UNREADABLE"},
		{"two roots", `<svg` + ns + `></svg><credential xmlns="` + ob3 + `" verify="a"/>`, "Q-UNREADABLE"},
		{"cut", `<svg` + ns + ` xmlns:o="` + ob3 + `"><o:credential verify="a"/>`, "Q-PARTIAL"},
		{"deep", strings.Repeat(`<svg>`, MaxSVGDepth+1), "Q-TOOBIG"},
		{"all attributes", `<svg ` + strings.Repeat(`a="" `, maxEquals+1) + `/>`, "Q-TOOBIG"},
		{"all tags", "<svg>" + strings.Repeat("<a/>", MaxMarks) + "</svg>", "Q-TOOBIG"},
	} {
		if got := said(SVG([]byte(c.svg))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestMangledPNG flips every bit and cuts at every byte: nothing of a damaged
// picture is ever taken for a badge.
func TestMangledPNG(t *testing.T) {
	whole := picture(itxt("openbadgecredential", cred))
	for i := range whole {
		if got := said(PNG([]byte(whole[:i]))); strings.HasPrefix(got, "png") {
			t.Errorf("cut at %d: %s", i, got)
		}
		for bit := range 8 {
			b := []byte(whole)
			b[i] ^= 1 << bit
			if got := said(PNG(b)); strings.HasPrefix(got, "png") && IsPNG(b) {
				t.Errorf("bit %d of byte %d flipped: %s", bit, i, got)
			}
		}
	}
}

// TestMangledSVG holds that damage makes another badge or none, never a panic,
// and that a cut file is never taken for a badge.
func TestMangledSVG(t *testing.T) {
	whole := `<svg` + ns + ` xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential><![CDATA[` + cred + `]]></o:credential></svg>`
	for i := range whole {
		if got := said(SVG([]byte(whole[:i]))); strings.HasPrefix(got, "svg") {
			t.Errorf("cut at %d: %s", i, got)
		}
		for bit := range 8 {
			b := []byte(whole)
			b[i] ^= 1 << bit
			said(SVG(b))
		}
	}
}

// TestPublished reads published pictures.
func TestPublished(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"ob30-1edtech/simple-json.png", "png-itxt {"},
		{"ob30-1edtech/simple-jwt.png", "png-itxt eyJ"},
		{"ob30-1edtech/simple-json.svg", "svg-body {"},
		{"ob30-1edtech/simple-jwt.svg", "svg-verify eyJ"},
		{"ob20-1edtech/simple-badge.png", "png-"},
		{"peers/baked/ob3-itxt-json.png", "png-itxt {"},
		{"peers/baked/ob3-itxt-jwt.png", "png-itxt eyJ"},
		{"peers/baked/ob3-itxt-compressed.png", "png-itxt-compressed {"},
		{"peers/baked/neg-ob3-two-chunks.png", "Q-AMBIG"},
		{"peers/baked/neg-no-chunk.png", "Q-NOTBADGE"},
		{"peers/baked/neg-wrong-keyword.png", "Q-NOTBADGE"},
		{"peers/baked/neg-bad-crc.png", "Q-UNREADABLE"},
		{"peers/baked/ob3-cdata.svg", "svg-body {"},
		{"peers/baked/ob3-escaped-json.svg", "svg-body {"},
		{"peers/baked/ob3-otherprefix.svg", "svg-verify eyJ"},
		{"peers/baked/ob3-verify-attr.svg", "svg-verify eyJ"},
		{"peers/ob2/baked-hosted.png", "png-itxt {"},
		{"peers/ob2/baked-hosted.svg", "svg-body {"},
		{"peers/ob2/baked-signed.png", "png-itxt eyJ"},
		{"peers/ob2/baked-signed.svg", "svg-verify eyJ"},
		{"peers/ob2/baked-legacy-url.png", "png-text https://"},
	} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "vectors", filepath.FromSlash(c.file)))
		if err != nil {
			t.Skipf("SKIP-SHARED: %s", c.file)
		}
		open := SVG
		if IsPNG(data) {
			open = PNG
		}
		if got := said(open(data)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %.60s, want %s…", c.file, got, c.want)
		}
	}
}

func FuzzPNG(f *testing.F) {
	f.Add([]byte(picture(itxt("openbadgecredential", cred))))
	f.Add([]byte(picture(part("iTXt", "openbadges\x00\x01\x00\x00\x00"+pack(cred)))))
	f.Fuzz(func(t *testing.T, data []byte) {
		// A checksum is too much to ask of a fuzzer: a second run with all of
		// them right reaches what lies behind.
		said(PNG(data))
		fixed := bytes.Clone(data)
		for rest := fixed[min(8, len(fixed)):]; len(rest) >= 12; {
			n := int(binary.BigEndian.Uint32(rest))
			if n > len(rest)-12 {
				break
			}
			binary.BigEndian.PutUint32(rest[8+n:], crc32.ChecksumIEEE(rest[4:8+n]))
			rest = rest[12+n:]
		}
		if text, err := PNG(fixed); err == nil && !strings.HasPrefix(text.Via, "png-") {
			t.Errorf("a badge without its transport's name: %q", text.Data)
		}
	})
}

func FuzzSVG(f *testing.F) {
	f.Add([]byte(`<svg` + ns + ` xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential verify="a">&lt;<![CDATA[x]]></o:credential></svg>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := SVG(data)
		if err == nil && len(text.Data) == 0 || err != nil && reason.CodeOf(err, "") == "" {
			t.Errorf("%q, %v", text.Data, err)
		}
	})
}

func BenchmarkPNG(b *testing.B) {
	data := []byte(picture(itxt("openbadgecredential", strings.Repeat(cred, 40)), part("IDAT", strings.Repeat("x", 50_000))))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PNG(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	data := []byte(`<svg` + ns + ` xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential><![CDATA[` + strings.Repeat(cred, 40) + `]]></o:credential>` + strings.Repeat(`<path d="M0 0h10v10z"/>`, 500) + `</svg>`)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := SVG(data); err != nil {
			b.Fatal(err)
		}
	}
}
