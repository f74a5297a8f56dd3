package qr

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// payload is n random bytes that begin like a token.
func payload(n int, seed uint64) []byte {
	rnd := rand.New(rand.NewPCG(seed, 7))
	out := make([]byte, n)
	for i := range out {
		out[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[rnd.IntN(64)]
	}
	return out
}

// capacity is how many bytes a symbol holds in byte mode.
func capacity(version int, l byte) int {
	info := versions[version-1]
	b := info.ecc[bytes.IndexByte([]byte("LMQH"), l)]
	data := info.codewords - b.n*b.ec
	if version <= 9 {
		return data - 2
	}
	return data - 3
}

// fullSymbol is a symbol filled to the last byte.
func fullSymbol(t testing.TB, version int, l byte, mask int) (scansim.Modules, []byte) {
	t.Helper()
	data := payload(capacity(version, l), uint64(version))
	m, err := scansim.Code{Version: version, Level: l, Mask: mask, Stream: scansim.Stream{}.Bytes(version, data)}.Modules()
	if err != nil {
		t.Fatal(err)
	}
	return m, data
}

// TestVersions reads each version at each level, with all masks for each
// level, upright, turned, mirrored and in reversed colours.
func TestVersions(t *testing.T) {
	var r Reader
	for v := minVersion; v <= maxVersion; v++ {
		for i, l := range []byte("LMQH") {
			mask := (v + i) % 8
			m, want := fullSymbol(t, v, l, mask)
			picture := scansim.Turned(m.Print(3), v/8)
			how := fmt.Sprintf("version %d-%c, mask %d, turned %d", v, l, mask, v/8)
			if (v+i)%3 == 0 {
				picture, how = scansim.Mirrored(picture), how+", mirrored"
			}
			if (v+i)%5 == 0 {
				picture, how = scansim.Inverted(picture), how+", inverted"
			}
			got := r.Read(&scanner.Frame{Gray: *picture})
			if len(got) != 1 || !bytes.Equal(got[0].Bytes, want) || got[0].Version != v {
				t.Errorf("%s: %d codes", how, len(got))
			}
		}
	}
}
