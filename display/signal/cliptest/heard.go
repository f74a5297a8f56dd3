// Package cliptest tells which clips are heard in a recording.
package cliptest

import (
	"cmp"
	"math"
	"slices"

	"badgekiosk/display/signal/clip"
)

const (
	rate    = 2756     // Hz: enough to tell voices apart, and little to compute
	snippet = rate / 5 // samples of a piece that is looked for as a whole
	faint   = 300      // loudness below which a piece is a pause
	alike   = .75      // correlation of a piece that is there
	most    = 2. / 3   // of a clip's pieces must be there: some are cut by gaps
)

// Heard names the clips of among that are in a recording, in their order. The
// recording may be louder or softer, at another rate, and have gaps.
func Heard(recording clip.Clip, among map[string]clip.Clip) []string {
	type found struct {
		name string
		at   int
	}
	var all []found
	r := recording.As(recording.Rate, 1).As(rate, 1).Samples
	sums := squares(r)
	for name, c := range among {
		pieces, there, first := 0, 0, len(r)
		for s := c.As(c.Rate, 1).As(rate, 1).Samples; len(s) >= snippet; s = s[snippet:] {
			if loudness(s[:snippet]) < faint {
				continue
			}
			pieces++
			if at, how := best(s[:snippet], r, sums); how >= alike {
				there, first = there+1, min(first, at)
			}
		}
		if pieces > 0 && float64(there) >= most*float64(pieces) {
			all = append(all, found{name, first})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(a.at-b.at, cmp.Compare(a.name, b.name)) })
	var names []string
	for _, f := range all {
		names = append(names, f.name)
	}
	return names
}

// squares are the sums of the squares of all samples before each.
func squares(s []int16) []float64 {
	out := make([]float64, len(s)+1)
	for i, v := range s {
		out[i+1] = out[i] + float64(v)*float64(v)
	}
	return out
}

func loudness(s []int16) float64 { return math.Sqrt(squares(s)[len(s)] / float64(len(s))) }

// best is where in a recording a piece is most like it, and how: 1 is the
// same but for its loudness.
func best(piece, r []int16, sums []float64) (at int, how float64) {
	own := squares(piece)[len(piece)]
	like := func(i int) float64 {
		if i < 0 || i+len(piece) > len(r) {
			return 0
		}
		var sum int64
		for k, v := range piece {
			sum += int64(v) * int64(r[i+k])
		}
		return float64(sum) / math.Sqrt(own*(sums[i+len(piece)]-sums[i])+1)
	}
	for i := 0; i+len(piece) <= len(r); i++ {
		if h := like(i); h > how {
			at, how = i, h
		}
	}
	return at, how
}
