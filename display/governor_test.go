package display

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A logbook is a panel that notes how it was refreshed.
type logbook struct {
	inks color.Palette
	how  []Refresh
	fail []error // of the next Shows
}

func (l *logbook) Format() Format { return Format{Size: image.Pt(200, 200), PPI: 130, Inks: l.inks} }
func (l *logbook) Close() error   { return nil }
func (l *logbook) Show(_ context.Context, _ *image.Paletted, how Refresh) error {
	l.how = append(l.how, how)
	if len(l.fail) == 0 {
		return nil
	}
	err := l.fail[0]
	l.fail = l.fail[1:]
	return err
}

func (l *logbook) take() []Refresh {
	out := l.how
	l.how = nil
	return out
}

func newGovernor(t *testing.T, inks color.Palette) (*Governor, *logbook) {
	l := &logbook{inks: inks}
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	return Govern(l, r), l
}

var (
	idle    = Screen{Word: "Show your badge"}
	advice  = Screen{Word: "Hold it closer"}
	result  = Screen{Mark: Verified, Word: "VERIFIED"}
	other   = Screen{Mark: Check, Word: "CHECK"}
	second  = Screen{Mark: Verified, Word: "VERIFIED", Page: 2, Pages: 3}
	second2 = Screen{Mark: Verified, Word: "VERIFIED", Page: 3, Pages: 3}
	leaves  = Screen{Mark: Verified, Word: "VERIFIED", Leaving: true}
	named   = Screen{Mark: Verified, Word: "VERIFIED", Title: "María Hernández", Personal: true}
)

// TestGovernor plays days in front of e-paper.
func TestGovernor(t *testing.T) {
	fault := errors.New("fault")
	for name, c := range map[string]struct {
		play []Screen
		want []Refresh
	}{
		"start is full, a verdict is quick, what follows it drives every pixel": {[]Screen{idle, result, idle, result, idle}, []Refresh{Full, Partial, Fast, Partial, Fast}},
		"one verdict after another":           {[]Screen{idle, result, other}, []Refresh{Full, Partial, Fast}},
		"its pages are for reading on":        {[]Screen{idle, result, second, second2, leaves}, []Refresh{Full, Partial, Partial, Partial, Partial}},
		"advice and menus are quick":          {[]Screen{idle, advice, idle, advice}, []Refresh{Full, Partial, Partial, Partial}},
		"a verdict over advice":               {[]Screen{idle, advice, result}, []Refresh{Full, Partial, Fast}},
		"a name leaves by a full refresh":     {[]Screen{idle, named, idle, result}, []Refresh{Full, Partial, Full, Partial}},
		"one name after another":              {[]Screen{idle, named, {Mark: Check, Word: "CHECK", Title: "Li Wei", Personal: true}}, []Refresh{Full, Partial, Full}},
		"what is there already costs nothing": {[]Screen{idle, idle, idle, result, result}, []Refresh{Full, Partial}},
		"nor does a name that stays":          {[]Screen{idle, named, named, idle}, []Refresh{Full, Partial, Full}},
		"ten pictures, then a full one":       {slices.Repeat([]Screen{idle, advice}, 6), append([]Refresh{Full}, append(slices.Repeat([]Refresh{Partial}, 10), Full)...)},
	} {
		synctest.Test(t, func(t *testing.T) {
			g, l := newGovernor(t, BlackAndWhite())
			for _, s := range c.play {
				if err := g.Put(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
			if got := l.take(); !slices.Equal(got, c.want) {
				t.Errorf("%s: refreshed %v, want %v", name, got, c.want)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		g, l := newGovernor(t, BlackAndWhite())
		_ = g.Put(t.Context(), idle)
		l.fail = []error{fault}
		if err := g.Put(t.Context(), named); !errors.Is(err, fault) {
			t.Errorf("Put = %v", err)
		}
		_ = g.Put(t.Context(), idle)
		if got := l.take(); !slices.Equal(got, []Refresh{Full, Partial, Full}) {
			t.Errorf("after a fault: %v", got)
		}
	})
}

// Once a day every pixel is driven, also when nobody comes.
func TestGovernorDaily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, l := newGovernor(t, BlackAndWhite())
		_ = g.Put(t.Context(), idle)
		if err := g.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(g.Due()))
		if err := g.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(MaxFullAfter)
		_ = g.Put(t.Context(), result)
		if got := l.take(); !slices.Equal(got, []Refresh{Full, Full, Full}) {
			t.Errorf("in two days: %v", got)
		}
	})
}

// Glass without ghosts is sent each picture that is another anew, but for what
// the camera sees; once a minute it is sent the one it has, whatever was put.
func TestGovernorLCD(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, l := newGovernor(t, Colours())
		seen := Screen{Word: "Hold it closer", Preview: image.NewGray(image.Rect(0, 0, 40, 30))}
		for _, s := range []Screen{idle, idle, seen, seen, named, named} {
			_ = g.Put(t.Context(), s)
		}
		if got, want := l.take(), []Refresh{Full, Partial, Full}; !slices.Equal(got, want) {
			t.Errorf("refreshed %v, want %v", got, want)
		}
		for range 10 {
			_ = g.Renew(t.Context()) // not due yet
			time.Sleep(anewAfter / 2)
			_ = g.Put(t.Context(), named) // costs nothing and puts nothing off
			time.Sleep(anewAfter / 2)
			_ = g.Renew(t.Context())
		}
		if got, want := l.take(), slices.Repeat([]Refresh{Full}, 10); !slices.Equal(got, want) {
			t.Errorf("in ten minutes %v", got)
		}
	})
}

// A panel that stopped while it changed starts over at once; one that does so
// again is broken.
func TestGovernorStartsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, l := newGovernor(t, BlackAndWhite())
		_ = g.Put(t.Context(), idle)
		l.fail = []error{ErrCutShort, nil, ErrCutShort, ErrCutShort}
		if err := g.Put(t.Context(), result); err != nil {
			t.Errorf("Put = %v", err)
		}
		if err := g.Put(t.Context(), idle); !errors.Is(err, ErrCutShort) {
			t.Errorf("Put = %v", err)
		}
		if got, want := l.take(), []Refresh{Full, Partial, Full, Fast, Full}; !slices.Equal(got, want) {
			t.Errorf("refreshed %v, want %v", got, want)
		}
	})
}

// sleeper is a logbook that must be woken.
type sleeper struct {
	logbook
	awake bool
}

func (s *sleeper) Wake(context.Context) error { s.awake = true; return nil }
func (s *sleeper) Rest(context.Context) error { s.awake = false; return nil }

// TestGovernorWakes holds that a panel is woken for a result, and that one
// which does not come lets it rest again in time.
func TestGovernorWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := NewRenderer()
		if err != nil {
			t.Fatal(err)
		}
		p := &sleeper{logbook: logbook{inks: BlackAndWhite()}}
		g, ctx := Govern(p, r), t.Context()
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if must(g.Wake(ctx)); p.awake {
			t.Error("glass that shows nothing yet was woken: its first picture resets it")
		}
		must(g.Put(ctx, idle))
		if must(g.Wake(ctx)); !p.awake || time.Until(g.Due()) > MaxAwake {
			t.Errorf("awake %v, due in %v", p.awake, time.Until(g.Due()))
		}
		must(g.Renew(ctx))
		if !p.awake {
			t.Error("put to rest at once")
		}
		time.Sleep(time.Until(g.Due()))
		if must(g.Renew(ctx)); p.awake || time.Until(g.Due()) < time.Hour {
			t.Errorf("woken in vain: awake %v, due in %v", p.awake, time.Until(g.Due()))
		}
		must(g.Wake(ctx))
		must(g.Put(ctx, result))
		if got, want := time.Until(g.Due()), MaxFullAfter-MaxAwake; got != want {
			t.Errorf("after the result due in %v, want %v", got, want)
		}
	})
}
