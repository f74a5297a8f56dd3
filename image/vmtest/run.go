package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A step is something that a board must do. It is tried again, on the card that
// it began with, when the emulator failed by a fault of its own; so what it
// does to other things than the card it must be able to do again.
type step struct {
	name   string   // a word, by which -only chooses it
	says   string   // what the board does
	after  []string // names of steps without which it cannot be
	second bool     // it is done on a second board, meanwhile
	begins state
	with   func(*trial) (equipment, error) // nil: a camera and a panel
	does   func(context.Context, *trial) error
}

// A state is that of the board when a step begins.
type state int

const (
	isOff    state = iota // the step switches it on; see [trial.on]
	scanning              // nothing is in front of the camera
)

// equipment is what boards of a step have beyond a camera and a panel.
type equipment struct {
	emulator []string     // arguments of the emulator: -device …
	files    []byte       // an archive laid over the initramfs: cpio, packed or not
	told     []difference // what they are told otherwise, beyond [differences]
}

// choose takes the steps that only names, with what they need; all, if it
// names none.
func choose(all []step, only string) ([]step, error) {
	if only == "" {
		return all, nil
	}
	wanted := map[string]bool{}
	for _, name := range strings.Split(only, ",") {
		if !slices.ContainsFunc(all, func(s step) bool { return s.name == name }) {
			return nil, fmt.Errorf("-only %s: there is no such step; there are:%s", name, names(all))
		}
		wanted[name] = true
	}
	var chosen []step
	for _, s := range slices.Backward(all) { // needs stand before
		if wanted[s.name] {
			chosen = append(chosen, s)
			for _, name := range s.after {
				wanted[name] = true
			}
		}
	}
	slices.Reverse(chosen)
	return chosen, nil
}

func names(all []step) (list string) {
	for _, s := range all {
		list += " " + s.name
	}
	return list
}

// all does steps: those of the second board beside the others, once the last
// that any of them needs is done.
func (t *trial) all(ctx context.Context, chosen []step) error {
	var first, second []step
	needed := map[string]bool{}
	for _, s := range chosen {
		if !s.second {
			first = append(first, s)
			continue
		}
		second = append(second, s)
		for _, name := range s.after {
			needed[name] = true
		}
	}
	fork := 0 // steps of the first board before the second begins
	for i, s := range first {
		if needed[s.name] {
			fork = i + 1
		}
	}
	defer t.off()
	if err := t.each(ctx, first[:fork]); err != nil {
		return err
	}
	if len(second) == 0 {
		return t.end(ctx, first[fork:])
	}
	t.off()
	other, err := t.fork()
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		defer other.off()
		done <- other.end(ctx, second)
	}()
	err = t.end(ctx, first[fork:])
	return errors.Join(err, <-done)
}

// each does steps until one fails.
func (t *trial) each(ctx context.Context, all []step) error {
	for _, s := range all {
		if err := t.run(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// end does the last steps of a board and says what was noted; the error is
// also that its panel saw something that its maker forbids.
func (t *trial) end(ctx context.Context, all []step) error {
	err := t.each(ctx, all)
	for _, n := range t.notes {
		fmt.Println("    ", n)
	}
	if t.glass != nil {
		for _, f := range t.glass.Faults() {
			err = errors.Join(err, fmt.Errorf("the panel: %v", f))
		}
	}
	return err
}

// fork is a second board's trial: what the first has now, as its own.
func (t *trial) fork() (*trial, error) {
	o := &trial{repository: t.repository, built: t.built, dir: filepath.Join(t.dir, "second"), log: marked{t.log}}
	o.coalition = &coalition{program: t.coalition.program, dir: filepath.Join(o.dir, "coalition"), issued: t.coalition.issued, earlier: t.coalition.earlier}
	o.card = filepath.Join(o.dir, filepath.Base(t.card))
	if err := os.CopyFS(o.coalition.dir, os.DirFS(t.coalition.dir)); err != nil {
		return nil, err
	}
	if err := copySparse(o.card, t.card); err != nil {
		return nil, err
	}
	return o, o.plugIn()
}

// marked marks the words of the second board.
type marked struct{ io.Writer }

func (m marked) Write(b []byte) (int, error) {
	_, err := m.Writer.Write(append([]byte("second "), b...))
	return len(b), err
}

// triesMore is how often a step is tried again after a fault of the emulator.
const triesMore = 2

// run does a step and says how it went.
func (t *trial) run(ctx context.Context, s step) error {
	began := time.Now()
	said := len(t.notes)
	err := t.try(ctx, s, false)
	for range triesMore {
		fault := t.emulatorFault()
		if err == nil || fault == "" || ctx.Err() != nil {
			break
		}
		fmt.Printf("again %5.1f s  %s: the emulator failed, and not the board: %s\n", time.Since(began).Seconds(), s.name, fault)
		began = time.Now()
		t.notes = t.notes[:said]
		err = t.try(ctx, s, true)
	}
	word := "ok  "
	if err != nil {
		word = "FAIL"
	}
	if t.latest != nil && t.latest.helped.Load() {
		fmt.Println("     ", standsStill+"it went on when it was told to stop and to go on")
	}
	fmt.Printf("%s %6.1f s  %s\n", word, time.Since(began).Seconds(), s.says)
	if err != nil {
		fmt.Println("     ", err)
	}
	return err
}

// try does a step from the state in which it begins.
func (t *trial) try(ctx context.Context, s step, again bool) (err error) {
	old := t.with
	t.with = equipment{}
	if s.with != nil {
		if t.with, err = s.with(t); err != nil {
			return err
		}
	}
	if again || s.begins == isOff || !old.same(t.with) {
		t.off()
	}
	if t.card != "" && t.board == nil {
		from, to := t.card, t.card+".begin"
		if again {
			from, to = to, from
		}
		if err := copySparse(to, from); err != nil {
			return err
		}
	}
	if s.begins == scanning {
		if err := t.ready(ctx); err != nil {
			return err
		}
	}
	card := t.card
	err = s.does(ctx, t)
	if card != "" && t.card != card { // the step had one of its own
		t.off()
		t.card = card
	}
	return err
}

// ready has the board on, and nothing before its camera.
func (t *trial) ready(ctx context.Context) error {
	if err := t.hold(""); err != nil {
		return err
	}
	if t.board == nil {
		if err := t.on(ctx, false); err != nil {
			return err
		}
	}
	return t.scanning()
}

func (e equipment) same(as equipment) bool {
	return slices.Equal(e.emulator, as.emulator) && bytes.Equal(e.files, as.files) && len(e.told) == 0 && len(as.told) == 0
}

// fault is how QEMU ends when the controller of its Pi is asked for a transfer
// on a channel that the board has given up, while what was asked on it before
// has not been answered: that controller never takes a request back. And it is
// what is said of one that stands still.
var fault = regexp.MustCompile(`usb_packet_setup: Assertion .*usb_packet_is_inflight.* failed|dwc2_\w+: Assertion .*->async.* failed|` + standsStill + `.* more`)

// emulatorFault is what the latest board's emulator said when it ended by that
// fault, or nothing.
func (t *trial) emulatorFault() string {
	if t.latest == nil {
		return ""
	}
	for _, line := range t.latest.all() {
		if f := fault.FindString(line); f != "" {
			return f
		}
	}
	return ""
}
