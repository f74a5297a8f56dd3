package main

import (
	"encoding/json"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// started is a program in the place of an emulator, and what its monitor was
// asked.
func started(t *testing.T, name string, args ...string) (*machine, <-chan string) {
	t.Helper()
	ours, theirs := net.Pipe()
	asked := make(chan string, 100)
	go func() {
		for in := json.NewDecoder(theirs); ; {
			var question struct{ Execute string }
			if in.Decode(&question) != nil {
				return
			}
			asked <- question.Execute
			_, _ = theirs.Write([]byte(`{"return": "PC=1"}`))
		}
	}()
	m := &machine{cmd: exec.Command(name, args...), monitor: &monitor{c: ours, dec: json.NewDecoder(ours)}, exited: make(chan struct{}), more: make(chan struct{})}
	out, err := m.cmd.StdoutPipe()
	if err == nil {
		err = m.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go m.read(out)
	t.Cleanup(func() { m.cut(); _ = ours.Close(); _ = theirs.Close() })
	return m, asked
}

// TestStandsStill: an emulator that does nothing is told to go on, and ended
// if it does not; the step that it was on is tried again. One that works is
// left alone.
func TestStandsStill(t *testing.T) {
	const limit = time.Second
	still, asked := started(t, "sleep", "600")
	still.watch(limit)
	<-still.exited
	for _, want := range []string{"human-monitor-command", "stop", "cont"} {
		if got := <-asked; got != want {
			t.Errorf("the monitor was asked for %q, want %q", got, want)
		}
	}
	if got := (&trial{latest: still}).emulatorFault(); !strings.HasPrefix(got, standsStill) {
		t.Errorf("the emulator's fault is %q", got)
	}

	works, asked := started(t, "sh", "-c", "while :; do :; done")
	go works.watch(limit)
	select {
	case <-works.exited:
		t.Error("a program that works was ended")
	case what := <-asked:
		t.Errorf("the monitor of a program that works was asked for %q", what)
	case <-time.After(3 * limit):
	}
}
