package qr

import (
	"bytes"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// TestContents shows what a person would see of each mode and character set.
func TestContents(t *testing.T) {
	var s scansim.Stream
	kanji := []byte{0x93, 0xfa, 0x96, 0x7b} // Nihon in Shift-JIS
	for _, c := range []struct {
		name    string
		version int
		stream  scansim.Stream
		text    string
		bytes   string
		append  scanner.Append
	}{
		{name: "digits", version: 1, stream: s.Numeric(1, "0123456789"), text: "0123456789"},
		{name: "alphanumeric", version: 10, stream: s.Alphanumeric(10, "HELLO $%*+-./:1"), text: "HELLO $%*+-./:1"},
		{name: "UTF-8 without ECI", version: 5, stream: s.Bytes(5, []byte("Zertifikat für Łódź")), text: "Zertifikat für Łódź"},
		{name: "Latin-1 without ECI", version: 5, stream: s.Bytes(5, []byte("f\xfcr Jos\xe9")), text: "für José", bytes: "f\xfcr Jos\xe9"},
		{name: "Shift-JIS without ECI", version: 5, stream: s.Bytes(5, append(kanji, 0x8c, 0xea)), text: "日本語", bytes: string(kanji) + "\x8c\xea"},
		{name: "UTF-8", version: 5, stream: s.ECI(26).Bytes(5, []byte("für")), text: "für"},
		{name: "UTF-8 that is none", version: 5, stream: s.ECI(26).Bytes(5, []byte("f\xfcr")), bytes: "f\xfcr"},
		{name: "Latin-1", version: 5, stream: s.ECI(3).Bytes(5, []byte("f\xc3\xbcr")), text: "fÃ¼r", bytes: "f\xc3\xbcr"},
		{name: "Shift-JIS", version: 5, stream: s.ECI(20).Bytes(5, kanji), text: "日本", bytes: string(kanji)},
		{name: "UTF-16", version: 5, stream: s.ECI(25).Bytes(5, []byte("\x00A\x01\x41")), text: "AŁ", bytes: "\x00A\x01\x41"},
		{name: "unknown ECI", version: 5, stream: s.ECI(99).Bytes(5, []byte("abc")), bytes: "abc"},
		{name: "kanji", version: 27, stream: s.Kanji(27, kanji), text: "日本", bytes: string(kanji)},
		{name: "hanzi", version: 4, stream: s.Put(0b1101, 4).Put(1, 4).Put(1, 8).Put((0xb0a2-0xa6a1)>>8*0x60+(0xb0a2-0xa6a1)&0xff, 13),
			text: "阿", bytes: "\xb0\xa2"},
		{name: "binary", version: 5, stream: s.Bytes(5, []byte("\xd9\x06\x01\x00\xff\x81")), bytes: "\xd9\x06\x01\x00\xff\x81"},
		{name: "mixed", version: 7, stream: s.Alphanumeric(7, "NO. ").Numeric(7, "42").Bytes(7, []byte(" für")).Kanji(7, kanji),
			text: "NO. 42 für日本", bytes: "NO. 42 für" + string(kanji)},
		{name: "GS1", version: 3, stream: s.Put(0b0101, 4).Alphanumeric(3, "10AB%21C%%"), text: "10AB\x1d21C%"},
		{name: "third of five", version: 2, stream: s.Append(2, 5, 0xa7).Bytes(2, []byte("part")), text: "part",
			append: scanner.Append{Index: 2, Total: 5, Parity: 0xa7}},
	} {
		if c.bytes == "" {
			c.bytes = c.text
		}
		m, err := scansim.Code{Version: c.version, Level: 'L', Mask: 3, Stream: c.stream}.Modules()
		if err != nil {
			t.Fatal(c.name, err)
		}
		var r Reader
		got := r.Read(&scanner.Frame{Gray: *m.Print(4)})
		if len(got) != 1 {
			t.Errorf("%s: %d codes, want 1", c.name, len(got))
			continue
		}
		y := got[0]
		if y.Text != c.text || string(y.Bytes) != c.bytes || y.Append != c.append || y.Version != c.version {
			t.Errorf("%s: %q, bytes %q, version %d, %+v, want %q, %q, %d, %+v", c.name, y.Text, y.Bytes, y.Version, y.Append,
				c.text, c.bytes, c.version, c.append)
		}
	}
}

// TestDeclared tells texts whose characters a symbol names from guesses.
func TestDeclared(t *testing.T) {
	var s scansim.Stream
	for _, c := range []struct {
		name   string
		stream scansim.Stream
		want   bool
	}{
		{"bytes", s.Bytes(2, []byte("Zoë")), false},
		{"digits", s.Numeric(2, "0123"), false},
		{"kanji", s.Kanji(2, []byte("\x93\xfa\x96\x7b")), true},
		{"ECI 26", s.ECI(26).Bytes(2, []byte("Zoë")), true},
		{"ECI 20 in a sequence", s.Append(0, 2, 7).ECI(20).Bytes(2, []byte("\x93\xfa")), true},
	} {
		m, err := scansim.Code{Version: 2, Level: 'L', Mask: 3, Stream: c.stream}.Modules()
		if err != nil {
			t.Fatal(c.name, err)
		}
		var r Reader
		got := r.Read(&scanner.Frame{Gray: *m.Print(4)})
		if len(got) != 1 || got[0].Declared != c.want {
			t.Errorf("%s: %+v, want one symbol, declared %v", c.name, got, c.want)
		}
	}
}

// TestBadStreams refuses what the standard does not define.
func TestBadStreams(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"nothing", nil},
		{"terminator only", []byte{0x00, 0xec, 0x11}},
		{"undefined mode", []byte{0xf0, 0, 0}},
		{"bytes beyond the end", []byte{0x4f, 0xf0, 0x00}},
		{"digits 1023", []byte{0x10, 0x0f, 0xff, 0xff}},
		{"index beyond total", []byte{0x3f, 0x00, 0x04, 0x01, 0x41}},
	} {
		if m, err := parse(c.data, 1); err == nil {
			t.Errorf("%s: read %q, want an error", c.name, m.bytes)
		}
	}
}

// FuzzParse reads random bit streams: no panic, and never more than the
// symbol can hold.
func FuzzParse(f *testing.F) {
	f.Add([]byte("\x40\x56\x86\x56\xc6\xc6\xf0\xec\x11"), 1)
	f.Add([]byte{0x20, 0x29, 0xdc, 0xe7, 0x2d}, 2)
	f.Add([]byte{0x71, 0xa4, 0x03, 0x66, 0xc3, 0xbc}, 3)
	f.Add([]byte{0x34, 0x2a, 0x71, 0x00, 0xff}, 40)
	f.Fuzz(func(t *testing.T, data []byte, version int) {
		m, err := parse(data, 1+((version%40)+40)%40)
		if err != nil {
			return
		}
		if len(m.bytes) > 3*len(data) || len(m.bytes) > maxData {
			t.Errorf("%d bytes out of %d", len(m.bytes), len(data))
		}
		if m.text != "" && !bytes.Equal([]byte(m.text), []byte(string([]rune(m.text)))) {
			t.Errorf("text %q is not UTF-8", m.text)
		}
	})
}
