package scanner

import (
	"bytes"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner/bytewords"
)

// encodeBytewords is bytewords.Decode back.
func encodeBytewords(b []byte) string {
	var out strings.Builder
	for _, c := range binary.BigEndian.AppendUint32(bytes.Clone(b), crc32.ChecksumIEEE(b)) {
		w := bytewords.Word(c)
		out.WriteByte(w[0])
		out.WriteByte(w[3])
	}
	return out.String()
}

// cborHeadOf is cborHead back, of 32 bits or as short as it can be.
func cborHeadOf(major byte, v uint32) []byte {
	if v < 24 {
		return []byte{major<<5 | byte(v)}
	}
	return binary.BigEndian.AppendUint32([]byte{major<<5 | 26}, v)
}

// urCode is part number of a message.
func urCode(kind string, number, total, size, checksum uint32, data []byte) string {
	b := []byte{0x85}
	for _, v := range []uint32{number, total, size, checksum} {
		b = append(b, cborHeadOf(cborUint, v)...)
	}
	b = append(append(b, cborHeadOf(cborBytes, uint32(len(data)))...), data...)
	return fmt.Sprintf("ur:%s/%d-%d/%s", kind, number, total, encodeBytewords(b))
}

// urParts are the first n parts of a message in so many fragments.
func urParts(kind string, message []byte, total, n int) []string {
	size := (len(message) + total - 1) / total
	padded := append(bytes.Clone(message), make([]byte, size*total-len(message))...)
	checksum := crc32.ChecksumIEEE(message)
	var out []string
	for number := 1; number <= n; number++ {
		data := make([]byte, size)
		for _, i := range fragments(uint32(number), total, checksum) {
			for k := range data {
				data[k] ^= padded[i*size+k]
			}
		}
		out = append(out, urCode(kind, uint32(number), uint32(total), uint32(len(message)), checksum, data))
	}
	return out
}

// bbqrParts splits a body into parts of one length.
func bbqrParts(encoding, kind byte, body []byte, total int) (out []string) {
	size := (len(body) + total - 1) / total
	for i := range total {
		part := body[min(i*size, len(body)):min((i+1)*size, len(body))]
		text := strings.ToUpper(hex.EncodeToString(part))
		if encoding != 'H' {
			text = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(part)
		}
		out = append(out, fmt.Sprintf("B$%c%c%s%s%s", encoding, kind, base36(total), base36(i), text))
	}
	return out
}

// base36 is two digits.
func base36(n int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return string([]byte{digits[n/36%36], digits[n%36]})
}

// joined shows codes to a joiner, checks its bounds after each, and returns
// what came out.
func joined(t *testing.T, codes []*Symbol) (out []Payload) {
	t.Helper()
	var j Joiner
	for i, y := range codes {
		p, ok := j.Add(y, start.Add(time.Duration(i)*time.Second/10))
		if ok {
			out = append(out, p)
			if len(p.Data) > max(MaxMessage, len(y.Text), len(y.Bytes)) || p.Symbols < 1 || p.Symbols > i+1 {
				t.Fatalf("%d bytes of %d codes after %d", len(p.Data), p.Symbols, i+1)
			}
		}
		if g := j.Progress(); g.Have < 0 || g.Have > g.Total || g.Total > MaxParts {
			t.Fatalf("%+v", g)
		}
		if n := j.size(); n > MaxOpen*(MaxMessage+MaxParts) || len(j.open) > MaxOpen || len(j.done) > (MaxOpen+1)*MaxParts {
			t.Fatalf("%d bytes in %d messages, %d parts of complete ones", n, len(j.open), len(j.done))
		}
	}
	return out
}

// size is how many bytes of parts a joiner holds.
func (j *Joiner) size() (n int) {
	for _, m := range j.open {
		for _, p := range m.parts {
			n += len(p)
		}
		for _, x := range m.rows {
			if x != nil {
				n += len(x.data)
			}
		}
	}
	return n
}

func symbols(texts []string) (out []*Symbol) {
	for _, s := range texts {
		out = append(out, text(s))
	}
	return out
}

// FuzzUR shows parts with sound checksums that say anything of their whole:
// whatever comes out has the size and the checksum that they promised.
func FuzzUR(f *testing.F) {
	f.Add("x", uint32(3), uint32(30), uint32(7), []byte{1, 2, 3, 4, 5}, []byte("0123456789abcdef"))
	f.Add("bytes", uint32(1), uint32(5), uint32(0), []byte{1}, []byte{0x44, 1, 2, 3, 4})
	f.Add("x", uint32(MaxParts), uint32(MaxMessage), uint32(9), []byte{255, 0, 1}, []byte("z"))
	f.Fuzz(func(t *testing.T, kind string, total, size, checksum uint32, numbers, data []byte) {
		n := 1
		if total > 0 && size <= MaxMessage {
			n = int((size + total - 1) / total)
		}
		if n == 0 || n > 2000 || len(numbers) > 200 {
			return
		}
		data = append(data, 0)
		fragment := bytes.Repeat(data, n/len(data)+1)[:n]
		var codes []string
		for i, number := range numbers {
			fragment[i%len(fragment)] ^= number
			codes = append(codes, urCode(kind, uint32(number)*(uint32(i)+1), total, size, checksum, fragment))
		}
		for _, p := range joined(t, symbols(codes)) {
			single := false // not taken for a part
			for _, c := range codes {
				single = single || string(p.Data) == c
			}
			if kind != urBytes && !single && (uint32(len(p.Data)) != size || crc32.ChecksumIEEE(p.Data) != checksum) {
				t.Fatalf("%d bytes, want %d", len(p.Data), size)
			}
		}
		if len(data) >= 2 && len(numbers) > 0 { // and what is sent comes back
			parts := 1 + int(numbers[0])%min(len(data), MaxParts)
			codes := urParts("x", data, parts, 4*parts+8)
			for i, number := range numbers { // in another order, some lost
				a, b := i%len(codes), int(number)%len(codes)
				codes[a], codes[b] = codes[b], codes[a]
			}
			lost := min(len(numbers), parts/2)
			got := joined(t, symbols(codes[lost:]))
			if len(got) > 1 || len(got) == 1 && string(got[0].Data) != string(data) {
				t.Fatalf("%d messages of %d parts", len(got), parts)
			}
		}
	})
}

// FuzzBBQr splits anything, shows it in any order, and with a part of
// something else between: the whole comes out, or nothing.
func FuzzBBQr(f *testing.F) {
	f.Add(byte('H'), byte('B'), []byte("a badge"), uint16(3), []byte{2, 0, 1})
	f.Add(byte('2'), byte('J'), []byte(`{"name":"Welding I"}`), uint16(2), []byte{})
	f.Add(byte('Z'), byte('U'), []byte{0x4b, 0x04, 0x00}, uint16(1), []byte{0})
	f.Fuzz(func(t *testing.T, encoding, kind byte, body []byte, total uint16, order []byte) {
		if total == 0 || int(total) > 36*36-1 || len(body) > 4000 || len(order) > 200 {
			return
		}
		parts := bbqrParts(encoding, kind, body, int(total))
		for i, o := range order {
			a, b := i%len(parts), int(o)%len(parts)
			parts[a], parts[b] = parts[b], parts[a]
		}
		for _, p := range joined(t, symbols(parts)) {
			single := strings.HasPrefix(string(p.Data), bbqrPrefix)
			if !single && encoding != 'Z' && string(p.Data) != string(body) {
				t.Fatalf("%q, want %q", p.Data, body)
			}
		}
		other := bbqrParts(encoding, kind, append([]byte("x"), body...), int(total))
		joined(t, symbols(append(other[:len(other)/2], parts...)))
	})
}

// FuzzSHC shows chunks of anything.
func FuzzSHC(f *testing.F) {
	f.Add("56", "76", uint8(2), uint8(1))
	f.Add(strings.Repeat("00", 99), "9", uint8(32), uint8(0))
	f.Fuzz(func(t *testing.T, a, b string, total, index uint8) {
		codes := []string{shcPrefix + a + "/" + b}
		for i := range int(total)%40 + 1 {
			codes = append(codes, fmt.Sprintf("shc:/%d/%d/%s", i+1, total, a), fmt.Sprintf("shc:/%d/%d/%s", index, total, b))
		}
		for _, p := range joined(t, symbols(codes)) {
			if !strings.HasPrefix(string(p.Data), shcPrefix) {
				t.Fatalf("%q", p.Data)
			}
		}
	})
}

// FuzzAppend shows structured append symbols that say anything: what comes
// out of several has the parity that they promised.
func FuzzAppend(f *testing.F) {
	f.Add([]byte("Amelia's badge"), uint8(2), byte(0), []byte{1, 0})
	f.Add([]byte{0xff, 0x80}, uint8(16), byte(7), []byte{})
	f.Fuzz(func(t *testing.T, message []byte, total uint8, parity byte, order []byte) {
		n := int(total)
		var codes []*Symbol
		for i := range n + len(order)%64 {
			k := i
			if i < len(order) {
				k = int(order[i])
			}
			part := message[min(k*len(message)/max(1, n), len(message)):min((k+1)*len(message)/max(1, n), len(message))]
			codes = append(codes, &Symbol{Bytes: part, Append: Append{Index: k, Total: n, Parity: parity}})
		}
		sum := byte(0)
		for _, b := range message {
			sum ^= b
		}
		for _, p := range joined(t, codes) {
			if p.Symbols > 1 && sum != parity {
				t.Fatalf("joined with parity %d, want %d", parity, sum)
			}
			if p.Symbols > 1 && string(p.Data) != string(latinToUTF8(message)) {
				t.Fatalf("%q, want %q", p.Data, message)
			}
		}
	})
}
