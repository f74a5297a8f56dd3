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
	err  error
}

func (l *logbook) Format() Format { return Format{Size: image.Pt(200, 200), PPI: 130, Inks: l.inks} }
func (l *logbook) Close() error   { return nil }
func (l *logbook) Show(_ context.Context, _ *image.Paletted, how Refresh) error {
	l.how = append(l.how, how)
	return l.err
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
	idle   = Screen{Word: "Show your badge"}
	result = Screen{Mark: Verified, Word: "VERIFIED"}
	named  = Screen{Mark: Verified, Word: "VERIFIED", Title: "María Hernández", Personal: true}
)

// TestGovernor plays days in front of e-paper.
func TestGovernor(t *testing.T) {
	fault := errors.New("fault")
	for name, c := range map[string]struct {
		play []Screen
		want []Refresh
	}{
		"start is full, a result is quick":       {[]Screen{idle, result, idle}, []Refresh{Full, Partial, Partial}},
		"a name leaves by a full refresh":        {[]Screen{idle, named, idle, result}, []Refresh{Full, Partial, Full, Partial}},
		"one name after another":                 {[]Screen{idle, named, {Mark: Check, Word: "CHECK", Title: "Li Wei", Personal: true}}, []Refresh{Full, Partial, Full}},
		"what is there already costs nothing":    {[]Screen{idle, idle, idle, result, result}, []Refresh{Full, Partial}},
		"ten partial refreshes, then a full one": {slices.Repeat([]Screen{idle, result}, 6), append([]Refresh{Full}, append(slices.Repeat([]Refresh{Partial}, 10), Full)...)},
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
		l.err = fault
		if err := g.Put(t.Context(), named); !errors.Is(err, fault) {
			t.Errorf("Put = %v", err)
		}
		l.err = nil
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

// Glass without ghosts never flashes.
func TestGovernorLCD(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, l := newGovernor(t, Colours())
		for range 20 {
			_ = g.Put(t.Context(), named)
			_ = g.Put(t.Context(), idle)
			time.Sleep(MaxFullAfter)
			_ = g.Renew(t.Context())
		}
		if got := l.take(); slices.Contains(got[1:], Full) || len(got) != 40 {
			t.Errorf("an LCD was refreshed %v", got)
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
