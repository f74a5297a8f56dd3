// Package glasstest holds what every e-paper driver must do, by what a person
// would see.
package glasstest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"

	"badgekiosk/display"
	"badgekiosk/display/fourwire"
	"badgekiosk/display/glass"
)

// A Connect makes the driver for a panel's wires.
type Connect func(fourwire.Wires) (display.Panel, error)

// Drive tests the driver against the emulated panel called name.
func Drive(t *testing.T, name string, connect Connect) {
	drive(t, name, connect, map[string]func(*testing.T, *rig){
		"Pictures":  pictures,
		"Small":     small,
		"Light":     firstLight,
		"Woken":     woken,
		"Stuck":     stuck,
		"Silent":    silent,
		"Unplugged": unplugged,
		"EIO":       eio,
		"BrownOut":  brownOut,
		"Forgets":   forgets,
		"CutShort":  cutShort,
		"Cancel":    cancelled,
		"Close":     closed,
		"Wrong":     wrongPicture,
	})
}

// DriveLCD tests the driver of a panel that has no BUSY wire and keeps no
// picture without power.
func DriveLCD(t *testing.T, name string, connect Connect) {
	drive(t, name, connect, map[string]func(*testing.T, *rig){
		"Pictures": pictures,
		"Patch":    patch,
		"EIO":      eio,
		"Forgets":  forgets,
		"Close":    dark,
		"Wrong":    wrongPicture,
	})
}

func drive(t *testing.T, name string, connect Connect, tests map[string]func(*testing.T, *rig)) {
	for what, f := range tests {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { f(t, newRig(t, name, connect)) })
		})
	}
}

// A rig is a driver with its emulated panel.
type rig struct {
	*testing.T
	glass *glass.Panel
	panel display.Panel
}

func newRig(t *testing.T, name string, connect Connect) *rig {
	g, err := glass.New(name, glass.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := connect(Wires(g))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Format().Size, g.Size(); got != want {
		t.Fatalf("the driver draws for %v, the glass has %v", got, want)
	}
	return &rig{t, g, p}
}

// Wires connects a driver to the emulated panel.
func Wires(g *glass.Panel) fourwire.Wires {
	return fourwire.Wires{Port: g, DC: g.DC, Reset: g.Reset, Busy: g.Busy}
}

// noise is a picture in which a pixel out of place shows.
func (r *rig) noise(seed uint64) *image.Paletted {
	f := r.panel.Format()
	img := image.NewPaletted(image.Rectangle{Max: f.Size}, f.Inks)
	dice := rand.NewPCG(seed, 1)
	for i := 0; i < len(img.Pix); i += 8 {
		for j, bits := i, dice.Uint64(); j < min(i+8, len(img.Pix)); j, bits = j+1, bits>>8 {
			img.Pix[j] = uint8(int(bits&0xFF) % len(f.Inks))
		}
	}
	return img
}

// show shows img, and fails unless it ends as want says.
func (r *rig) show(img *image.Paletted, how display.Refresh, want error) {
	r.Helper()
	const deadline = time.Minute
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	err := r.panel.Show(ctx, img, how)
	if !errors.Is(err, want) {
		r.Fatalf("Show = %v, want %v", err, want)
	}
	if time.Since(start) >= deadline {
		r.Errorf("Show took %v", time.Since(start))
	}
	if err != nil {
		return
	}
	if n := Differ(r.glass.Picture(), img); n > 0 {
		r.Errorf("%d of %d pixels are wrong", n, len(img.Pix))
	}
}

// Differ counts the pixels of seen that do not show drawn's colour, as far as
// 16 bits a pixel can tell.
func Differ(seen, drawn *image.Paletted) (n int) {
	if seen.Rect != drawn.Rect {
		return max(len(seen.Pix), len(drawn.Pix))
	}
	a, b := coarse(seen.Palette), coarse(drawn.Palette)
	for i := range seen.Pix {
		if a[seen.Pix[i]] != b[drawn.Pix[i]] {
			n++
		}
	}
	return n
}

func coarse(p color.Palette) (out [256]uint32) {
	for i, c := range p {
		r, g, b, _ := c.RGBA()
		out[i] = r>>11<<11 | g>>10<<5 | b>>11
	}
	return out
}

func (r *rig) noFaults() {
	r.Helper()
	for _, f := range r.glass.Faults() {
		r.Errorf("fault: %v", f)
	}
}

func pictures(_ *testing.T, r *rig) {
	for i, how := range []display.Refresh{
		display.Partial, display.Partial, display.Fast, display.Partial, display.Full, display.Partial, display.Full, display.Fast, display.Fast,
	} {
		r.show(r.noise(uint64(i)), how, nil)
	}
	r.noFaults()
}

// small: wherever a change is, it is the glass's, and so are the next ones.
func small(_ *testing.T, r *rig) {
	img := r.noise(1)
	r.show(img, display.Full, nil)
	size := img.Rect.Size()
	for i, spot := range spots(size) {
		img = flipped(img, spot, image.Rect(size.X/2, size.Y*2/3, size.X/2+3, size.Y*2/3+1))
		r.show(img, []display.Refresh{display.Partial, display.Fast}[i%2], nil)
	}
	r.show(img, display.Partial, nil) // nothing changes
	r.show(r.noise(2), display.Full, nil)
	r.noFaults()
}

// spots are corners, a line and something in between.
func spots(size image.Point) []image.Rectangle {
	return []image.Rectangle{
		image.Rect(0, 0, 1, 1), image.Rect(size.X-1, size.Y-1, size.X, size.Y), image.Rect(5, 7, 90, 33), image.Rect(0, 50, size.X, 51),
	}
}

// flipped is img with each pixel of some places another.
func flipped(img *image.Paletted, places ...image.Rectangle) *image.Paletted {
	next := image.NewPaletted(img.Rect, img.Palette)
	copy(next.Pix, img.Pix)
	for _, at := range places {
		for y := at.Min.Y; y < at.Max.Y; y++ {
			for x := at.Min.X; x < at.Max.X; x++ {
				next.SetColorIndex(x, y, next.ColorIndexAt(x, y)^1)
			}
		}
	}
	return next
}

// lightLimit is how soon after a verdict the glass must begin to change, by
// the emulated bus: unprepared, and woken when the code was seen.
const (
	lightLimit = 300 * time.Millisecond
	wokenLimit = 100 * time.Millisecond
)

// begins shows img, and fails if the glass begins to change later than limit.
func (r *rig) begins(img *image.Paletted, limit time.Duration) {
	r.Helper()
	start := time.Now()
	r.show(img, display.Partial, nil)
	took := r.glass.Driven().Sub(start)
	r.Logf("the glass begins to change after %v", took)
	if len(r.panel.Format().Inks) == 2 && took > limit {
		r.Errorf("later than %v", limit)
	}
}

// firstLight: transfer and power-up are soon over.
func firstLight(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	r.begins(r.noise(2), lightLimit)
}

// woken: a panel that was woken when a code was seen changes soon after the
// verdict; one that was woken in vain rests.
func woken(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	w := r.panel.(display.Waker)
	for range 2 {
		r.must(w.Wake(r.Context()))
	}
	r.must(w.Rest(r.Context()))
	r.must(w.Rest(r.Context()))
	r.must(w.Wake(r.Context()))
	time.Sleep(200 * time.Millisecond) // judging
	r.begins(r.noise(2), wokenLimit)
	r.noFaults()
	r.must(w.Wake(r.Context()))
	r.glass.FailTx(3, syscall.EIO)
	r.show(r.noise(3), display.Fast, display.ErrBus)
	r.glass.Heal()
	r.show(r.noise(4), display.Partial, nil)
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func stuck(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	busy := gpio.Low
	if r.glass.Busy.Read() == gpio.Low {
		busy = gpio.High
	}
	r.glass.StickBusy(busy)
	r.show(r.noise(2), display.Partial, display.ErrBusyTimeout)
	r.show(r.noise(2), display.Full, display.ErrBusyTimeout) // at reset
	r.glass.Heal()
	r.show(r.noise(3), display.Partial, nil)
}

// silent: BUSY never answers.
func silent(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	r.glass.StickBusy(r.glass.Busy.Read())
	r.show(r.noise(2), display.Full, display.ErrNeverBusy)
	time.Sleep(time.Minute)
	r.glass.Heal()
	r.show(r.noise(3), display.Partial, nil)
}

func unplugged(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	r.glass.Unplug()
	img := r.noise(2)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := r.panel.Show(ctx, img, display.Full)
	if !errors.Is(err, display.ErrNeverBusy) && !errors.Is(err, display.ErrBusyTimeout) {
		r.Errorf("Show of an unplugged panel = %v", err)
	}
	r.glass.Heal()
	r.show(img, display.Partial, nil)
}

// eio fails the bus at every stage of a picture.
func eio(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	for _, n := range []int{0, 1, 4, 9, 17, 23, 26, 30, 40} {
		r.glass.FailTx(n, fmt.Errorf("sending: %w", syscall.EIO))
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err := r.panel.Show(ctx, r.noise(2), display.Partial)
		cancel()
		if err != nil && (!errors.Is(err, display.ErrBus) || !errors.Is(err, syscall.EIO)) {
			r.Errorf("after %d transfers: %v", n, err)
		}
		r.glass.Heal()
		time.Sleep(time.Minute) // a refresh that was started ends
		r.show(r.noise(uint64(3+n)), display.Full, nil)
	}
}

// brownOut cuts the power at many points while a picture is sent: the driver
// tells, or shows the right picture at the next draw of every pixel.
func brownOut(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	for _, n := range []int{1, 10, 100, 3000, 20000, 60000} {
		r.glass.BrownOut(n)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err := r.panel.Show(ctx, r.noise(2), display.Partial)
		cancel()
		r.glass.Heal()
		if err != nil && !errors.Is(err, display.ErrNeverBusy) && !errors.Is(err, display.ErrBusyTimeout) && !errors.Is(err, display.ErrCutShort) {
			r.Errorf("power lost after %d bytes: %v", n, err)
		}
		r.show(r.noise(3), display.Fast, nil)
	}
}

// forgets: a panel that lost its power between two pictures, which no wire
// tells of, shows the next one as it should, small changes too.
func forgets(_ *testing.T, r *rig) {
	img := r.noise(1)
	r.show(img, display.Full, nil)
	how := display.Partial
	if r.lcd() {
		how = display.Full
	}
	for i := range 4 {
		r.glass.BrownOut(0)
		img = flipped(img, spots(img.Rect.Size())[i])
		r.show(img, how, nil)
	}
	if w, ok := r.panel.(display.Waker); ok {
		r.glass.BrownOut(0)
		r.must(w.Wake(r.Context()))
		r.show(r.noise(2), how, nil)
	}
	r.noFaults()
}

// lcd tells whether the glass keeps no picture without power.
func (r *rig) lcd() bool { return len(r.panel.Format().Inks) > 16 }

// cutShort: a panel that loses its power while it changes is found out, and
// shows the picture when it is asked again.
func cutShort(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	r.show(r.noise(2), display.Partial, nil)
	for i, how := range []display.Refresh{display.Full, display.Partial} {
		img, before := r.noise(uint64(3+i)), r.glass.Driven()
		go func() {
			for r.glass.Driven().Equal(before) {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond)
			r.glass.BrownOut(0)
		}()
		r.show(img, how, display.ErrCutShort)
		r.show(img, display.Partial, nil)
	}
	r.noFaults()
}

// cancelled: the end of ctx ends Show at once, and the next one recovers.
func cancelled(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	start := time.Now()
	if err := r.panel.Show(ctx, r.noise(2), display.Full); !errors.Is(err, context.Canceled) {
		r.Errorf("Show = %v", err)
	}
	if took := time.Since(start); took > 300*time.Millisecond {
		r.Errorf("Show went on for %v", took)
	}
	r.show(r.noise(3), display.Partial, nil)
}

// closed: a closed panel shows paper, sleeps, and can be woken again.
func closed(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	if err := r.panel.Close(); err != nil {
		r.Fatal(err)
	}
	for _, ink := range r.glass.Picture().Pix {
		if ink != 0 {
			r.Fatal("a closed panel still shows something")
		}
	}
	if g := r.glass.Ghost(); g != 0 {
		r.Errorf("a closed panel has %d ghosts", g)
	}
	time.Sleep(time.Hour)
	r.noFaults()
	r.show(r.noise(2), display.Partial, nil)
	r.noFaults()
}

func wrongPicture(_ *testing.T, r *rig) {
	img := image.NewPaletted(image.Rect(0, 0, 10, 10), r.panel.Format().Inks)
	r.show(img, display.Full, display.ErrPicture)
}

// patch: a small change sends a small part of the picture, wherever it is.
func patch(_ *testing.T, r *rig) {
	img := r.noise(1)
	r.show(img, display.Full, nil)
	for _, spot := range spots(img.Rect.Size()) {
		next := flipped(img, spot)
		start := time.Now()
		r.show(next, display.Partial, nil)
		if took := time.Since(start); took > 20*time.Millisecond {
			r.Errorf("a change of %v took %v", spot, took)
		}
		img = next
	}
	r.show(img, display.Partial, nil) // nothing changes
	r.noFaults()
}

// dark: a closed panel shows nothing, and can be woken again.
func dark(_ *testing.T, r *rig) {
	r.show(r.noise(1), display.Full, nil)
	if err := r.panel.Close(); err != nil {
		r.Fatal(err)
	}
	for _, ink := range r.glass.Picture().Pix {
		if ink != 1 {
			r.Fatal("a closed panel still shows something")
		}
	}
	r.show(r.noise(2), display.Partial, nil)
	r.noFaults()
}
