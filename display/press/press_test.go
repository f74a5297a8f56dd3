package press

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// told is what a reader was told, as "next+ next-".
func told(p *Presses) string {
	var out []string
	for {
		select {
		case one, open := <-p.C:
			if !open {
				return strings.Join(append(out, "closed"), " ")
			}
			out = append(out, word(one))
		default:
			return strings.Join(out, " ")
		}
	}
}

func word(p Press) string {
	if p.Down {
		return p.Button.String() + "+"
	}
	return p.Button.String() + "-"
}

// A wire is a line that a button joins to ground.
type wire struct {
	gpio.PinIn
	mu     sync.Mutex
	level  gpio.Level
	broken bool
}

// In makes the wire high, as its pull-up does.
func (w *wire) In(pull gpio.Pull, _ gpio.Edge) error {
	if w.broken {
		return errors.New("busy")
	}
	set(w, pull == gpio.PullUp)
	return nil
}

func (w *wire) Read() gpio.Level {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.level
}

func set(w *wire, l gpio.Level) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.level = l
}

// bounce is a contact that closes or opens: it does both for 20 ms.
func bounce(p *wire, to gpio.Level) {
	for range 10 {
		set(p, to)
		time.Sleep(time.Millisecond)
		set(p, !to)
		time.Sleep(time.Millisecond)
	}
	set(p, to)
}

// TestButtons: each press is told once down and once up, however the contact
// bounces, and within a tenth of a second.
func TestButtons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next, back, menu := &wire{}, &wire{}, &wire{}
		p, err := Open(Wiring{Next: next, Back: back, Menu: menu})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got := told(p); got != "" {
			t.Errorf("nobody pressed: %s", got)
		}
		for _, c := range []struct {
			pin  *wire
			want string
		}{{next, "next"}, {back, "back"}, {menu, "menu"}} {
			at := time.Now()
			bounce(c.pin, gpio.Low)
			time.Sleep(80 * time.Millisecond)
			synctest.Wait()
			one := <-p.C
			if got := word(one); got != c.want+"+" || one.At.Sub(at) > 100*time.Millisecond {
				t.Errorf("pressed %s: told %s after %s", c.want, got, one.At.Sub(at))
			}
			time.Sleep(2 * time.Second)
			bounce(c.pin, gpio.High)
			time.Sleep(80 * time.Millisecond)
			synctest.Wait()
			if got := told(p); got != c.want+"-" {
				t.Errorf("let go of %s: told %q", c.want, got)
			}
		}

		// noise is no press, and two buttons at once are two
		set(next, gpio.Low)
		time.Sleep(15 * time.Millisecond)
		set(next, gpio.High)
		time.Sleep(100 * time.Millisecond)
		set(next, gpio.Low)
		set(back, gpio.Low)
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		if got := told(p); got != "next+ back+" {
			t.Errorf("two at once: told %q", got)
		}

		// nobody takes presses: the oldest are forgotten, the last is there
		for range 200 {
			set(next, !next.Read())
			time.Sleep(50 * time.Millisecond)
		}
		set(next, gpio.High)
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		got := strings.Fields(told(p))
		if len(got) != waiting || got[waiting-1] != "next-" {
			t.Errorf("%d presses are kept, the last %s", len(got), got[len(got)-1])
		}
		p.Close()
		if got := told(p); got != "closed" {
			t.Errorf("after Close: %s", got)
		}
		p.Close()
	})
}

func TestBrokenLine(t *testing.T) {
	_, err := Open(Wiring{Next: &wire{}, Menu: &wire{broken: true}})
	if err == nil || !strings.Contains(err.Error(), "button menu") {
		t.Errorf("a line that cannot be read: %v", err)
	}
}

func TestNothingToPress(t *testing.T) {
	p, err := Open(Wiring{})
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	if fmt.Sprint(Next, Back, Menu) != "next back menu" {
		t.Error(Next, Back, Menu)
	}
}
