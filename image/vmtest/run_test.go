package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStepsNames holds that names are told apart, and that a step needs only
// those before it.
func TestStepsNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range steps() {
		if s.name == "" || s.says == "" || s.does == nil || seen[s.name] || strings.ContainsAny(s.name, ", ") {
			t.Errorf("step %q: %+v", s.name, s)
		}
		for _, name := range s.after {
			if !seen[name] {
				t.Errorf("step %s needs %s, which is not before it", s.name, name)
			}
		}
		seen[s.name] = true
	}
}

func TestChoose(t *testing.T) {
	all := []step{{name: "a"}, {name: "b", after: []string{"a"}}, {name: "c", after: []string{"a"}}, {name: "d", after: []string{"b"}}}
	for only, want := range map[string]string{"": " a b c d", "a": " a", "d": " a b d", "c,b": " a b c"} {
		if got, err := choose(all, only); err != nil || names(got) != want {
			t.Errorf("-only %q: %q, %v; want %q", only, names(got), err, want)
		}
	}
	if _, err := choose(all, "b,e"); err == nil || !strings.Contains(err.Error(), "a b c d") {
		t.Errorf("an unknown step: %v", err)
	}
}

// TestEmulatorFault holds that the emulator's own fault alone has a step
// tried again, on the card that it began with.
func TestEmulatorFault(t *testing.T) {
	const own = "qemu-system-aarch64: ../../hw/usb/core.c:623: usb_packet_setup: Assertion `!usb_packet_is_inflight(p)' failed."
	for name, c := range map[string]struct {
		said  string
		fails int // tries, at first
		tries int
	}{
		"well":            {"", 0, 1},
		"its own":         {own, 1, 2},
		"its own, always": {own, 9, 1 + triesMore},
		"another":         {"qemu-system-aarch64: ../../hw/usb/core.c:441: usb_handle_packet: Assertion `dev' failed.", 1, 1},
		"the board":       {"[   12.0] Kernel panic - not syncing: Attempted to kill init!", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := &trial{card: filepath.Join(t.TempDir(), "card"), log: io.Discard}
			if err := os.WriteFile(d.card, []byte("begin"), 0o600); err != nil {
				t.Fatal(err)
			}
			tries := 0
			s := step{name: "x", does: func(context.Context, *trial) error {
				tries++
				d.note("try %d", tries)
				card, err := os.ReadFile(d.card)
				if err != nil || string(card) != "begin" {
					t.Errorf("try %d begins with %q, %v", tries, card, err)
				}
				d.latest = &machine{}
				if tries <= c.fails {
					d.latest.lines = []string{"[   11.0] fine", c.said}
					return errors.Join(errors.New("the board went off"), os.WriteFile(d.card, []byte("half"), 0o600))
				}
				return nil
			}}
			err := d.run(t.Context(), s)
			if tries != c.tries || (err == nil) != (c.tries > c.fails) || len(d.notes) != 1 {
				t.Errorf("%d tries, %d notes, %v; want %d", tries, len(d.notes), err, c.tries)
			}
		})
	}
}

// TestEquipment holds that a step's own differences are made and allowed, for
// it alone.
func TestEquipment(t *testing.T) {
	board, err := firmware(bytes.NewReader(card(t, bothSlots, config)), false)
	if err != nil {
		t.Fatal(err)
	}
	e := equipment{files: []byte("more"), told: []difference{{is: "more=1", why: "a test"}}}
	told, err := board.differ(e)
	if err != nil || string(told.initramfs) != "files amore" || !strings.Contains(told.arguments, " more=1") {
		t.Fatalf("%q %q %v", told.initramfs, told.arguments, err)
	}
	if err := verifyDifferences(board, told, e); err != nil {
		t.Error(err)
	}
	if verifyDifferences(board, told, equipment{told: e.told}) == nil || verifyDifferences(board, told, equipment{files: e.files}) == nil {
		t.Error("what a step does not have is allowed")
	}
}

func TestShare(t *testing.T) {
	var all []time.Duration
	for i := range 32 {
		all = append(all, time.Duration(32-i)*time.Second)
	}
	if p50, p95 := share(all, 50), share(all, 95); p50 != 16*time.Second || p95 != 31*time.Second {
		t.Errorf("p50 %v, p95 %v", p50, p95)
	}
	if one := share(all[:1], 95); one != time.Second {
		t.Errorf("of one: %v", one)
	}
}

// TestSecondBoard holds that steps of the second board run beside the others,
// on a card and with a coalition of their own, once what they need is done;
// and that a failure of either is told, and does not stop the other.
func TestSecondBoard(t *testing.T) {
	d := &trial{dir: t.TempDir(), log: io.Discard}
	d.card = filepath.Join(d.dir, "card")
	d.coalition = &coalition{dir: filepath.Join(d.dir, "coalition")}
	if err := errors.Join(os.Mkdir(d.coalition.dir, 0o700), os.WriteFile(d.coalition.file("key"), []byte("made up"), 0o600),
		os.WriteFile(d.card, []byte("new"), 0o600)); err != nil {
		t.Fatal(err)
	}
	met := make(chan struct{}) // by both boards
	errBoth := errors.New("a fault")
	does := func(board *trial, word string, err error) func(context.Context, *trial) error {
		return func(_ context.Context, on *trial) error {
			if same := on == d; same != (board == d) {
				t.Errorf("%s is done on the other board", word)
			}
			return errors.Join(err, os.WriteFile(on.card, []byte(word), 0o600))
		}
	}
	all := []step{
		{name: "boot", does: does(d, "started", nil)},
		{name: "more", does: func(ctx context.Context, on *trial) error {
			<-met
			return does(d, "first", errBoth)(ctx, on)
		}},
		{name: "other", second: true, after: []string{"boot"}, does: func(ctx context.Context, on *trial) error {
			card, err := os.ReadFile(on.card)
			if err != nil || string(card) != "started" {
				t.Errorf("the second board begins with %q, %v", card, err)
			}
			if key, err := os.ReadFile(on.coalition.file("key")); err != nil || string(key) != "made up" || on.coalition.dir == d.coalition.dir {
				t.Errorf("its coalition: %q, %v", key, err)
			}
			close(met)
			return does(nil, "second", nil)(ctx, on)
		}},
		{name: "last", second: true, after: []string{"other"}, does: does(nil, "last", nil)},
	}
	if err := d.all(t.Context(), all); !errors.Is(err, errBoth) || !strings.Contains(err.Error(), "more: ") {
		t.Errorf("got %v", err)
	}
	if card, err := os.ReadFile(d.card); err != nil || string(card) != "first" {
		t.Errorf("the first board's card is %q, %v", card, err)
	}
	if card, err := os.ReadFile(filepath.Join(d.dir, "second", "card")); err != nil || string(card) != "last" {
		t.Errorf("the second board's card is %q, %v", card, err)
	}
}
