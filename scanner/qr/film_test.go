package qr

import (
	"cmp"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// seenFrom is how large modules are, in pixels, from which on an approaching
// code should be noticed.
const seenFrom = .9

// cutFrom is how much higher than the frame a code is at most of which a
// finder can be in it.
const cutFrom = 1.2

// frameTime is between two frames of a film.
const frameTime = 100 * time.Millisecond

// adviceFor is what is right for a code that cannot be read in a film.
func adviceFor(f scansim.Film) scanner.Advice {
	switch f.Move {
	case scansim.Approach:
		return scanner.HoldCloser
	case scansim.Retreat:
		return scanner.MoveBack
	case scansim.Level:
		return scanner.TiltLess
	case scansim.Shine:
		return scanner.Glare
	}
	if f.Kind == scansim.Paper {
		return scanner.TooDark
	}
	return scanner.BrighterScreen
}

// A course is how advice went in some films.
type course struct {
	films, advised int // films in which the right advice came
	frames         int // unread, in which it should have
	right, wrong   int // of these, as a screen showed
	late           []int
	ranks          []float64
}

// A shot is one frame of a film and what it says.
type shot struct {
	*image.Gray
	text string
	far  float64 // how far it is from bad to good
	// seen says that the code, if it is not read, should be noticed.
	seen bool
}

// shots are a film's frames.
func shots(t *testing.T, f scansim.Film) (out []shot) {
	t.Helper()
	for i := range f.Frames {
		m, text, err := f.Shot(i)
		if err != nil {
			t.Fatal(err)
		}
		s := shot{m, text, f.Far(i), true}
		switch f.Move {
		case scansim.Approach:
			s.seen = f.ModuleAt(i) >= seenFrom
		case scansim.Retreat:
			s.seen = f.ModuleAt(i)*float64(17+4*f.Version) <= cutFrom*float64(f.Frame.Y)
		}
		out = append(out, s)
	}
	return out
}

// play shows frames to a live reader and a screen.
func (c *course) play(t *testing.T, film []shot, advice scanner.Advice) {
	t.Helper()
	r := Reader{Live: true}
	var steady scanner.Steady
	var near []float64
	first, came := -1, -1
	for i, s := range film {
		x := scanner.Sight{At: time.Unix(0, 0).Add(time.Duration(i) * frameTime)}
		found := r.Read(&scanner.Frame{Gray: *s.Gray})
		for _, y := range found {
			if y.Text != s.text {
				t.Errorf("frame %d says %q", i, y.Text)
			}
			x.Payloads = append(x.Payloads, scanner.Payload{Data: y.Data()})
		}
		x.Hint = r.Hint()
		r.Wipe()
		shown := steady.Add(x)
		near = append(near, max(steady.Near(), float64(len(x.Payloads))))
		if len(x.Payloads) > 0 {
			continue
		}
		if shown != scanner.NoAdvice && shown != advice {
			c.wrong++
			t.Logf("%.2f of the way: %v, want %v; %+v", s.far, shown, advice, x.Hint)
		}
		if !s.seen {
			continue
		}
		c.frames++
		if first < 0 {
			first = i
		}
		if shown == advice {
			c.right++
			if came < 0 {
				came = i
			}
		}
	}
	if first >= 0 {
		c.films++
	}
	if came >= 0 {
		c.advised++
		c.late = append(c.late, came-first)
	}
	if film[0].far > 0 { // back again
		slices.Reverse(near)
	}
	c.ranks = append(c.ranks, rankCorrelation(near))
}

// rankCorrelation is Spearman's, of values with their order; equal values
// share a rank.
func rankCorrelation(v []float64) float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	rank := make([]float64, len(v))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && v[order[j]] == v[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			rank[order[k]] = float64(i+j-1) / 2
		}
		i = j
	}
	mean := float64(len(v)-1) / 2
	var xy, xx, yy float64
	for i, r := range rank {
		x, y := float64(i)-mean, r-mean
		xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
	}
	if yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy)
}

// TestFilms moves codes before the camera and holds how often a screen shows
// the right advice, how soon, and how seldom a wrong one. SCAN_ALL=1 plays
// more of them, larger and both ways.
func TestFilms(t *testing.T) {
	scenes := []scansim.Scene{{Quality: scansim.Typical, Version: 10, Level: 'L', Module: 3, Frame: image.Pt(400, 300), Seed: 2}}
	all := os.Getenv("SCAN_ALL") != ""
	frames := 10
	if all {
		frames, scenes = 24, nil
		for version, module := range map[int]float64{5: 4.5, 15: 3.5, 25: 2.6} {
			scenes = append(scenes, scansim.Scene{Quality: scansim.Typical, Version: version, Level: 'L', Module: module, Frame: image.Pt(640, 480), Seed: uint64(version)})
		}
	}
	for move := scansim.Approach; move <= scansim.Shine; move++ {
		t.Run(move.String(), func(t *testing.T) {
			var there, back course
			for _, s := range scenes {
				kinds := []scansim.Kind{scansim.Screen, scansim.Paper}
				if !all && move != scansim.Brighten {
					kinds = kinds[move%2:][:1]
				}
				for _, s.Kind = range kinds {
					f := scansim.Film{Scene: s, Move: move, Frames: frames}
					film := shots(t, f)
					there.play(t, film, adviceFor(f))
					if all {
						slices.Reverse(film)
						back.play(t, film, adviceFor(f))
					}
				}
			}
			there.hold(t, move, "there")
			if all {
				back.hold(t, move, "and back")
			}
		})
	}
}

// hold compares a course with what is promised.
func (c *course) hold(t *testing.T, move scansim.Move, way string) {
	t.Helper()
	slices.Sort(c.late)
	slices.Sort(c.ranks)
	late, rank := -1, c.ranks[len(c.ranks)/2]
	if len(c.late) > 0 {
		late = c.late[len(c.late)/2]
	}
	t.Logf("%v %s: advised in %d of %d films, %d frames late in the median; of %d frames %d right, %d wrong; rank correlation %.2f",
		move, way, c.advised, c.films, late, c.frames, c.right, c.wrong, rank)
	// a dim screen is read almost as soon as it can be seen
	if 4*c.advised < 3*c.films && (move != scansim.Brighten || 2*c.advised < c.films) {
		t.Errorf("%v: advised in %d of %d films", move, c.advised, c.films)
	}
	if 8*c.wrong > c.frames {
		t.Errorf("%v: wrong in %d of %d frames", move, c.wrong, c.frames)
	}
	if rank < .6 {
		t.Errorf("%v: rank correlation %.2f of nearness", move, rank)
	}
}

// TestNoAdvice advises nothing in front of empty rooms, desks and pictures
// without a code.
func TestNoAdvice(t *testing.T) {
	r := Reader{Live: true}
	for seed := range uint64(30) {
		r.Read(&scanner.Frame{Gray: *scansim.Room(640, 480, seed)})
		if h := r.Hint(); h != (scanner.Hint{}) {
			t.Errorf("room %d: %v, %+v", seed, h.Advice, h)
		}
	}
	files, err := filepath.Glob(filepath.Join(sharedFile(t, "qr/no-code"), "*.webp"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no picture: %v", err)
	}
	for _, f := range files {
		m := openPicture(t, f)
		for turn := range 4 {
			r := Reader{Live: true}
			r.Read(&scanner.Frame{Gray: *scansim.Turned(m, turn)})
			if h := r.Hint(); h.Sure >= .2 && h.Advice != scanner.NoAdvice {
				t.Errorf("%s turned %d: %v, %+v", strings.TrimPrefix(f, filepath.Dir(f)), 90*turn, h.Advice, h)
			}
		}
	}
}
