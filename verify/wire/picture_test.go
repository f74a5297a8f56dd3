package wire

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"strings"
	"testing"
)

// pngWith is a real picture with an iTXt chunk put before its end.
func pngWith(word, text string) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	const iend = 12
	body := "iTXt" + word + "\x00\x00\x00\x00\x00" + text
	part := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	part = append(part, body...)
	part = binary.BigEndian.AppendUint32(part, crc32.ChecksumIEEE([]byte(body)))
	all := b.Bytes()
	return append(append(bytes.Clone(all[:len(all)-iend]), part...), all[len(all)-iend:]...)
}

func svgWith(text string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg"><credential xmlns="https://purl.imsglobal.org/ob/v3p0"><![CDATA[` + text + `]]></credential></svg>`)
}

func TestPicture(t *testing.T) {
	for _, c := range []struct {
		name    string
		payload []byte
		want    string
		picture bool
	}{
		{"JSON in a PNG", pngWith("openbadgecredential", "{}"), "json png-itxt", true},
		{"token in a PNG", pngWith("openbadgecredential", token), "jwt png-itxt", true},
		{"PixelPass in a PNG", pngWith("openbadgecredential", pixelpass(token)), "jwt png-itxt pixelpass", true},
		{"link in a PNG", pngWith("openbadges", "https://a.example/1"), "Q-LINK https://a.example/1", true},
		{"nothing in a PNG", pngWith("Comment", token), "Q-NOTBADGE", true},
		{"words in a PNG", pngWith("openbadgecredential", "hello"), "Q-NOTBADGE", true},
		{"over the limit in a PNG", pngWith("openbadgecredential", "{"+strings.Repeat(" ", MaxFile)+"}"), "Q-TOOBIG", true},
		{"a large PNG", append(pngWith("openbadgecredential", "{}"), make([]byte, MaxFile)...), "json png-itxt", true},
		{"too large a PNG", append(pngWith("openbadgecredential", "{}"), make([]byte, MaxPicture)...), "Q-TOOBIG", true},
		{"JPEG", append([]byte("\xff\xd8\xff\xe0"), make([]byte, 2*MaxFile)...), "Q-NOTBADGE", true},
		{"GIF", []byte("GIF89a"), "Q-NOTBADGE", true},
		{"WebP", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "Q-NOTBADGE", true},
		{"JSON in an SVG", svgWith("{}"), "json svg-body", false},
		{"token in an SVG", svgWith(token), "jwt svg-body", false},
		{"SVG of nothing", []byte("\ufeff<svg/>\n"), "Q-NOTBADGE", false},
		{"SVG in an SVG", svgWith("<svg/>"), "Q-NOTBADGE", false},
		{"sound", []byte("RIFF\x00\x00\x00\x00WAVEfmt "), "Q-NOTBADGE", false},
	} {
		if got := verdict(c.payload); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := Picture(c.payload); got != c.picture {
			t.Errorf("%s: Picture = %v", c.name, got)
		}
	}
}
