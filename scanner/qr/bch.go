package qr

// Format and version information are words of BCH codes. Both are read from
// soft values: the word that the modules look most like wins, so that more
// errors are borne than by counting them.

const (
	formatBits  = 15
	formatMask  = 0x5412 // 7.9.1; model 1 and Micro QR use others and so are refused
	versionBits = 18
)

var (
	formatWords  = newFormatWords()
	versionWords = newVersionWords()
)

// newFormatWords returns the word of each five data bits (Annex C).
func newFormatWords() (out [32]int) {
	for d := range out {
		out[d] = (d<<10 | remainder(d, 10, 0x537)) ^ formatMask
	}
	return
}

// newVersionWords returns the word of each version from 7 on (Annex D).
func newVersionWords() (out [maxVersion + 1]int) {
	for v := firstVersionInfo; v <= maxVersion; v++ {
		out[v] = v<<12 | remainder(v, 12, 0x1f25)
	}
	return
}

func remainder(data, bits, generator int) int {
	r := data
	for range bits {
		r = r<<1 ^ r>>(bits-1)*generator
	}
	return r
}

// bestWord returns the index of the word most like soft, whose bit i is
// positive where it looks set, and how like it is: 1 is every bit right.
func bestWord(words []int, soft []float64) (best int, like float64) {
	most, all := 0.0, 0.0
	for _, v := range soft {
		all += max(v, -v)
	}
	if all == 0 {
		return 0, 0
	}
	for i, w := range words {
		if w == 0 {
			continue
		}
		sum := 0.0
		for b, v := range soft {
			if w>>b&1 == 0 {
				v = -v
			}
			sum += v
		}
		if sum > most {
			most, best = sum, i
		}
	}
	return best, most / all
}
