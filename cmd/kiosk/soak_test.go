package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
	"badgekiosk/display/press"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"
	"badgekiosk/scanner/scansim"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"

	"periph.io/x/conn/v3/gpio"
)

// TestSoak is a kiosk's day on a desk, in virtual time: people with badges and
// with anything else, parts that are pulled and put back, sticks, clocks that
// lie. Nobody is answered wrongly, nobody is missed, everything heals, and
// nothing is left behind. Each thing happens once at least; SOAK=24h makes it
// a whole day, before a larger camera (make soak).
func TestSoak(t *testing.T) {
	long, size := time.Duration(0), image.Pt(640, 480)
	if said := os.Getenv("SOAK"); said != "" {
		var err error
		long, err = time.ParseDuration(said)
		must(t, err)
		size = filmSize
	}
	town := newTown(t, size)
	for _, panel := range []string{"lcd-st7789", "epd-2in13-v4"} {
		t.Run(panel, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { soak(t, town, panel, long) })
		})
	}
}

// What a day is made of.
const (
	shotEvery = 100 * time.Millisecond // between two frames of somebody who holds up a code
	idleEvery = 2 * time.Second        // between two frames of nobody
	steadyFor = 40                     // frames that somebody holds a code up for
	filmLong  = 3                      // frames until the code is where it can be read
	fills     = .8                     // of the frame's height, by the code then
	editions  = 4                      // of the coalition's bundle that come on sticks
	leftMost  = 3 << 20                // bytes that a day may leave in memory
)

// An edition is one of the coalition's bundle, on a stick.
type edition struct {
	serial int64
	zipped []byte
}

// A person has a badge, or another code, on film.
type person struct {
	file, want string
	payload    []byte
	film       []*image.Gray
}

// A town is what there is around the desk.
type town struct {
	people []person
	rooms  []*image.Gray
	sticks []edition // oldest first
	at     time.Time
	config config
}

func newTown(t *testing.T, size image.Point) *town {
	t.Chdir(t.TempDir())
	e, err := sample.NewExample(now())
	must(t, err)
	w, err := exampleWorkshop("co", e)
	must(t, err)
	d := &town{config: defaults()}
	d.config.Root = "root.json" // away from the coalition's newest bundle
	for i := range editions {
		if i > 0 {
			must(t, w.seal(t.Output()))
		}
		var about struct{ Serial int64 }
		must(t, json.Unmarshal(contents(t, "co/trust/consortium.json"), &about))
		d.sticks = append(d.sticks, edition{about.Serial, contents(t, "co/"+bundleName)})
	}
	must(t, os.WriteFile(d.config.Root, contents(t, "co/root.json"), 0o600))
	d.at = now() // after everything was signed
	must(t, os.WriteFile(bundleName, d.sticks[0].zipped, 0o600))
	for i, c := range e.Cases {
		p := person{file: c.File, want: c.Want, payload: c.Data}
		var paper card
		if paper.read(c.Data) == nil {
			p.payload = paper.payload
		}
		p.film = filmOf(t, size, p.payload, uint64(i))
		d.people = append(d.people, p)
	}
	for i := range 4 {
		d.rooms = append(d.rooms, scansim.Room(size.X, size.Y, uint64(i)))
	}
	return d
}

// filmOf is a phone that comes near with payload, and can be read in the end.
func filmOf(t *testing.T, size image.Point, payload []byte, seed uint64) (film []*image.Gray) {
	for ; ; seed += 100 {
		scene, err := scansim.Scene{Quality: scansim.Quality(seed % 2), Level: 'L', Frame: size, Seed: seed}.Holding(string(payload))
		must(t, err)
		scene.Module = min(4, fills*float64(size.Y)/float64(17+4*scene.Version))
		last, _, err := scansim.Film{Scene: scene, Frames: 1, Backwards: true}.Shot(0)
		must(t, err)
		reader := qr.Reader{Live: true}
		if s := reader.Read(&scanner.Frame{Gray: *last}); len(s) == 0 || string(s[0].Data()) != string(payload) {
			continue
		}
		approach := scansim.Film{Scene: scene, Frames: filmLong}
		for i := range filmLong - 1 {
			shot, _, err := approach.Shot(i)
			must(t, err)
			film = append(film, shot)
		}
		return append(film, last)
	}
}

// A shift is one day at one desk.
type shift struct {
	*testing.T
	*town
	app     *appliance
	panel   display.Panel
	face    *glass.Panel
	dice    *rand.Rand
	counter *counter

	shots  chan scanner.Frame
	gone   chan struct{} // closed when the camera is pulled
	pulled bool
	ntp    func() (time.Time, error)
	away   bool // the card is gone

	reports  []verify.Report // since the last person
	told     int             // verdicts that were told
	last     string          // who was here last
	slowest  time.Duration   // from a code that can be read to its tone
	happened map[string]int
}

var errNoNetwork = errors.New("the network has not set this clock")

func soak(t *testing.T, d *town, panel string, long time.Duration) {
	kind, err := panelNamed(panel)
	must(t, err)
	face, err := glass.New(panel, glass.Options{Inks: display.Colours()})
	must(t, err)
	s := &shift{T: t, town: d, face: face, dice: rand.New(rand.NewPCG(11, uint64(len(panel)))), shots: make(chan scanner.Frame), gone: make(chan struct{}),
		happened: map[string]int{}, counter: &counter{T: t, buttons: make(chan press.Press), sticks: make(chan fs.FS)}}
	start := time.Now()
	s.ntp = func() (time.Time, error) { return d.at.Add(time.Since(start)), nil }
	c := d.config
	c.Panel.Name, c.State = panel, panel+".state"
	say(t, exitAll, "bundle", "install", bundleName, "--root", c.Root, "--state", c.State)
	s.app = &appliance{config: c, errs: t.Output(), log: newJournal(io.Discard), board: board{
		openPanel: func(panelConfig) (display.Panel, error) {
			p, err := kind.connect(fourwire.Wires{Port: face, DC: face.DC, Reset: face.Reset, Busy: face.Busy})
			s.panel = p
			return p, err
		},
		openCamera:  s.openCamera,
		watchSticks: s.counter.plugged,
		clocks: &clocks{ntp: func() (time.Time, error) { return s.ntp() },
			rtc: func() (time.Time, error) { return time.Time{}, errNoNetwork }, setRTC: func(time.Time) error { return nil }},
	}}
	s.counter.app = s.app
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.app.run(ctx) }()
	s.wait(time.Second)
	s.app.call(ctx, func() {
		k := s.app.kiosk
		k.Presses = s.counter.buttons
		judge := k.Judge
		k.Judge = func(p []byte, ask verify.Ask) verify.Report {
			r := judge(p, ask)
			s.reports = append(s.reports, r)
			return r
		}
		k.Tell = func(x display.Screen) {
			if x.Mark != display.NoMark && x.Page <= 1 && !x.Leaving {
				s.told++
			}
		}
	})
	s.wait(time.Minute)
	for range s.people { // everybody once: caches are warm
		s.greet()
	}
	s.wait(2 * time.Minute)
	before, threads := heap(), runtime.NumGoroutine()
	for _, i := range s.dice.Perm(len(happenings)) {
		s.event(happenings[i])
	}
	for time.Since(start) < long {
		s.event(s.any())
	}
	s.ntp = func() (time.Time, error) { return d.at.Add(time.Since(start)), nil }
	s.wait(20 * time.Minute)
	s.check()
	after, left := heap(), runtime.NumGoroutine()
	t.Logf("%s in %s: %v; %d verdicts, at most %s from the first readable frame; heap %d kB, then %d kB; %d goroutines, then %d",
		time.Since(start).Round(time.Minute), panel, s.happened, s.told, s.slowest, before>>10, after>>10, threads, left)
	if after > before+leftMost || left > threads {
		t.Errorf("the day left %d kB and %d goroutines behind", (int64(after)-int64(before))>>10, left-threads)
	}
	s.search()
	cancel()
	must(t, <-ended)
	if !blank(s.face.Picture()) {
		t.Error("something stays on the glass after the day")
	}
}

func (s *shift) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// A happening is one thing that happens at the desk.
type happening struct {
	name   string
	weight int // how often, of the sum of all
	do     func(*shift)
}

var happenings = []happening{
	{"person", 50, (*shift).greet}, {"queue", 8, (*shift).queue}, {"garbage", 6, (*shift).garbage}, {"foreign", 4, (*shift).foreign},
	{"buttons", 8, (*shift).fiddle}, {"camera", 6, (*shift).pull}, {"panel", 6, (*shift).breakPanel}, {"brown-out", 3, (*shift).brownOut}, {"stick", 6, (*shift).stick},
	{"clock", 4, (*shift).lie}, {"card", 2, (*shift).takeCard},
}

func (s *shift) any() happening {
	n := 0
	for _, h := range happenings {
		n += h.weight
	}
	n = s.dice.IntN(n)
	i := 0
	for n -= happenings[0].weight; n >= 0; n -= happenings[i].weight {
		i++
	}
	return happenings[i]
}

func (s *shift) event(h happening) {
	s.wait(time.Duration(5+s.dice.IntN(175)) * time.Second)
	s.happened[h.name]++
	h.do(s)
	s.check()
}

// A lens is a camera while it is plugged in.
type lens struct {
	*shift
	gone chan struct{}
}

func (s *shift) openCamera(cameraConfig) (scanner.Camera, error) {
	if s.pulled {
		return nil, errPulled
	}
	return lens{s, s.gone}, nil
}

// Next is what is before the camera now: nobody, as a rule.
func (l lens) Next(ctx context.Context, f *scanner.Frame) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-l.gone:
		return errPulled
	case shot := <-l.shots:
		f.Text = shot.Text
		f.Gray = copied(f.Gray, &shot.Gray)
	case <-time.After(idleEvery):
		f.Text = nil
		f.Gray = copied(f.Gray, l.rooms[int(time.Now().Unix())%len(l.rooms)])
	}
	f.At = time.Now()
	return nil
}

func (lens) Close() error { return nil }

func copied(old image.Gray, m *image.Gray) image.Gray {
	return image.Gray{Pix: append(old.Pix[:0], m.Pix...), Stride: m.Stride, Rect: m.Rect}
}

// hold holds one frame up, if the camera takes it.
func (s *shift) hold(f scanner.Frame) {
	select {
	case s.shots <- f:
	case <-time.After(shotEvery):
	}
	s.wait(shotEvery)
}

// shows holds up who's code until it is judged.
func (s *shift) shows(who person) {
	s.Helper()
	s.reports = nil
	var near time.Time
	for i := 0; i < steadyFor && len(s.reports) == 0; i++ {
		if i == len(who.film)-1 {
			near = time.Now()
		}
		s.hold(scanner.Frame{Gray: *who.film[min(i, len(who.film)-1)]})
	}
	s.last = who.file
	switch {
	case len(s.reports) != 1:
		s.Fatalf("after %s %s was judged %d times", s.since(), who.file, len(s.reports))
	case !near.IsZero():
		s.slowest = max(s.slowest, time.Since(near))
	}
	s.fits(who, s.reports[0])
}

// since is how far into the day it is.
func (s *shift) since() time.Duration { return time.Since(s.app.started) }

// fits holds that a report is what it must be: the table's verdict and, with a
// card that is gone or a clock that nobody set, no untruth.
func (s *shift) fits(who person, r verify.Report) {
	s.Helper()
	verdict, code, _ := strings.Cut(who.want, " ")
	set := s.app.clock.Moment().Set
	switch {
	case set && !s.away && (r.Verdict.String() != verdict || code != "" && !slices.Contains(r.Codes, reason.Code(code))):
		s.Errorf("after %s: %s is %v %v, want %s", s.since(), who.file, r.Verdict, r.Codes, who.want)
	case r.Verdict == verify.Verified && verdict != "verified", r.Verdict == verify.NotVerified && verdict != "not-verified":
		s.Errorf("after %s: %s became %v %v", s.since(), who.file, r.Verdict, r.Codes)
	}
}

// somebody is anybody but who was here last.
func (s *shift) somebody() person {
	for {
		if p := s.people[s.dice.IntN(len(s.people))]; p.file != s.last {
			return p
		}
	}
}

// greet lets one person show a badge, read the answer and go.
func (s *shift) greet() {
	told := s.told
	s.shows(s.somebody())
	s.wait(4 * time.Second) // the slowest panel's refresh
	if s.told == told {
		s.Errorf("after %s nobody was told", s.since())
	}
	s.onGlass("with a badge")
	s.wait(time.Duration(s.dice.IntN(100)) * time.Second)
}

// onGlass holds that the panel shows what it should, to the pixel.
func (s *shift) onGlass(when string) {
	s.Helper()
	var want *image.Paletted
	s.app.call(s.Context(), func() { want = s.app.draw.Render(s.app.kiosk.screen(), s.panel.Format()) })
	if got := s.face.Picture(); !slices.Equal(got.Pix, want.Pix) {
		s.Errorf("after %s, %s: the glass does not show what it should", s.since(), when)
	}
}

// queue lets people through who swap places at the tone.
func (s *shift) queue() {
	for range 3 + s.dice.IntN(8) {
		s.shows(s.somebody())
		s.wait(swap)
	}
}

// garbage shows the camera what is no code.
func (s *shift) garbage() {
	m := image.NewGray(s.rooms[0].Rect)
	half := s.people[0].film[filmLong-1]
	s.reports = nil
	for i := range 30 {
		switch i % 5 {
		case 0:
			for j := range m.Pix {
				m.Pix[j] = byte(s.dice.Uint32())
			}
		case 1: // torn: the lower part is another frame's
			copy(m.Pix[:len(m.Pix)/2], half.Pix)
		case 2:
			for j := range m.Pix {
				m.Pix[j] = byte(j / (8 + i) * 255)
			}
		case 3:
			clear(m.Pix)
		case 4:
			for j := range m.Pix {
				m.Pix[j] = 255 - s.rooms[0].Pix[j]
			}
		}
		s.hold(scanner.Frame{Gray: *m})
	}
	if len(s.reports) > 0 {
		s.Errorf("garbage was read, and judged %v", s.reports)
	}
}

// foreign shows a row of codes that are no badges.
func (s *shift) foreign() {
	n := 40
	if s.happened["foreign"] == 1 && os.Getenv("SOAK") != "" {
		n = 10_000 // somebody leans on the hand scanner
	}
	for i := range n {
		f := scanner.Frame{Text: fmt.Appendf(nil, "https://shop.example/%d/%d", i, s.dice.Uint64())}
		s.reports = nil
		for range steadyFor {
			if len(s.reports) == 0 {
				s.hold(f)
			}
		}
		if len(s.reports) != 1 || s.reports[0].Verdict != verify.CannotTell {
			s.Fatalf("after %s a foreign code was judged %v", s.since(), s.reports)
		}
	}
	s.greet()
}

// fiddle presses buttons without knowing what they do.
func (s *shift) fiddle() {
	for range 1 + s.dice.IntN(12) {
		s.counter.press(press.Button(s.dice.IntN(3)))
		s.wait(time.Duration(s.dice.IntN(3000)) * time.Millisecond)
	}
	s.wait(3 * time.Minute)
}

// pull pulls the camera and puts it back.
func (s *shift) pull() {
	s.wait(2 * time.Minute) // nobody reads a result
	s.pulled = true
	close(s.gone)
	s.wait(time.Duration(4+s.dice.IntN(200)) * time.Second)
	s.isIll(reason.HCam, true)
	s.counter.reads("without a camera", "H-CAM")
	s.pulled, s.gone = false, make(chan struct{})
	s.wait(5 * time.Second)
	s.isIll(reason.HCam, false)
	s.greet()
}

func (s *shift) isIll(code reason.Code, want bool) {
	s.Helper()
	var is error
	s.app.call(s.Context(), func() { is = s.app.ill[code] })
	if (is != nil) != want {
		s.Errorf("after %s: %s is %v", s.since(), code, is)
	}
}

// breakPanel breaks the panel in one of its ways, and mends it.
func (s *shift) breakPanel() {
	sends := func() { s.face.FailTx(s.dice.IntN(40), syscall.EIO) }
	how := []func(){sends}
	if isPaper(s.app.kind) { // an LCD says nothing back
		how = append(how, s.face.Unplug, func() { s.face.StickBusy(gpio.High) })
	}
	s.wait(2 * time.Minute)
	how[s.dice.IntN(len(how))]()
	s.shows(s.somebody())
	s.wait(30 * time.Second)
	s.isIll(reason.HPanel, true)
	s.face.Heal()
	s.wait(30 * time.Second)
	s.isIll(reason.HPanel, false)
	s.greet()
}

// brownOut takes the panel's power for a moment: while nobody is there, while
// a verdict's picture is sent, or while the glass changes to it. No wire tells.
// What comes next is on the glass, to the pixel; a picture that lost its bytes
// on the way is gone with the verdict, and the others are not lost.
func (s *shift) brownOut() {
	s.wait(2 * time.Minute)
	s.face.BrownOut(0)
	s.greet()
	s.wait(2 * time.Minute)
	if !isPaper(s.app.kind) || s.happened["brown-out"]%2 == 0 {
		s.face.BrownOut(1 + s.dice.IntN(4000))
		s.shows(s.somebody())
	} else {
		before := s.face.Driven()
		go func() {
			for s.face.Driven().Equal(before) {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond)
			s.face.BrownOut(0)
		}()
		s.greet()
	}
	s.wait(2 * time.Minute)
	s.onGlass("after a brown-out")
	s.isIll(reason.HPanel, false)
	s.greet()
}

// stick puts a stick in: the next edition, an old one, half of one, or none;
// some are pulled at once.
func (s *shift) stick() {
	serial := s.app.trust.Serial
	e := s.sticks[s.dice.IntN(len(s.sticks))]
	data, want := e.zipped, max(serial, e.serial)
	switch s.dice.IntN(4) {
	case 0:
		data, want = data[:s.dice.IntN(len(data))], serial
		fallthrough
	default:
		s.counter.sticks <- fstest.MapFS{bundleName: {Data: data}}
	case 1:
		want = serial
		s.counter.sticks <- fstest.MapFS{"holiday.jpg": {Data: make([]byte, 1000)}}
	}
	s.wait(time.Duration(s.dice.IntN(20)) * 200 * time.Millisecond)
	s.counter.sticks <- nil
	s.wait(3 * time.Minute)
	if now := s.app.trust.Serial; now != want {
		s.Errorf("after %s: a stick with edition %d (%d bytes) made %d of %d", s.since(), e.serial, len(data), now, serial)
	}
	s.greet()
}

// lie has the network's clock say something else, or nothing, for a while.
func (s *shift) lie() {
	honest := s.ntp
	lies := []func() (time.Time, error){
		func() (time.Time, error) { return time.Unix(0, 0), nil },
		func() (time.Time, error) { return s.at.AddDate(40, 0, 0), nil },
		func() (time.Time, error) { return time.Time{}, errNoNetwork },
	}
	s.ntp = lies[s.dice.IntN(len(lies))]
	s.wait(time.Duration(11+s.dice.IntN(30)) * time.Minute)
	s.check()
	s.greet()
	s.ntp = honest
	s.wait(11 * time.Minute)
	s.greet()
}

// takeCard takes the card with the state away and puts it back.
func (s *shift) takeCard() {
	must(s, os.Rename(s.app.State, "taken"))
	must(s, os.WriteFile(s.app.State, nil, 0o600))
	s.away = true
	s.wait(12 * time.Minute)
	s.isIll(reason.HDisk, true)
	s.greet()
	must(s, os.Remove(s.app.State))
	must(s, os.Rename("taken", s.app.State))
	s.away = false
	s.wait(12 * time.Minute)
	s.isIll(reason.HDisk, false)
	s.greet()
}

// check holds what is always so: the true time lies in what the kiosk knows,
// and after a while without anybody the glass is at rest.
func (s *shift) check() {
	s.Helper()
	truth := s.at.Add(s.since())
	if m := s.app.clock.Moment(); truth.Before(m.Earliest) || truth.After(m.Latest) {
		s.Errorf("after %s the kiosk takes %s to be between %s and %s", s.since(), truth, m.Earliest, m.Latest)
	}
	s.wait(3 * time.Minute)
	rests := false
	s.app.call(s.Context(), func() { rests = s.app.kiosk.now.rests })
	if !rests {
		s.Errorf("after %s, three minutes after the last person, the glass still reads\n%s", s.since(), readAloud(s.counter.screen()))
	}
	s.onGlass("at rest")
	if f := s.face.Faults(); len(f) > 0 && s.happened["panel"] == 0 {
		s.Errorf("the driver was wrong: %v", f)
	}
}

// search looks for anybody who was here, in everything that the kiosk keeps
// beside what it was given.
func (s *shift) search() {
	kept := map[string]string{"state.log": string(contents(s.T, filepath.Join(s.app.State, "state.log"))), "the journal": fmt.Sprint(s.app.log.Lines())}
	s.app.call(s.Context(), func() { kept["the status"] = s.app.status().Text() + fmt.Sprint(s.app.status()) })
	const piece = 12 // bytes of a badge that nothing else has
	for _, p := range s.people {
		for i := 0; i+piece <= len(p.payload); i += piece {
			for _, where := range slices.Sorted(maps.Keys(kept)) {
				if strings.Contains(kept[where], string(p.payload[i:i+piece])) {
					s.Errorf("%q of %s is kept in %s", p.payload[i:i+piece], p.file, where)
				}
			}
		}
	}
}
