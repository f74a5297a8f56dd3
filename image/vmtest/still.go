package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// stillTime is how long an emulator may take no processor time. A board at
// rest has something to do every second.
const stillTime = time.Minute

// watch looks whether the emulator stands still. It is then told to stop and
// to go on, by which it looks anew at what its board waits for: a board that
// goes on was held up by the emulator alone. One that does not is switched
// off, and [machine.fault] says so.
func (m *machine) watch(limit time.Duration) {
	last, since, helped := -1, time.Now(), false
	for {
		select {
		case <-m.exited:
			return
		case <-time.After(limit / 12):
		}
		now, err := processorTime(m.cmd.Process.Pid)
		switch {
		case err != nil:
			return // it has ended
		case now > last+1: // the least that is counted is no work
			last, since, helped = now, time.Now(), false
		case time.Since(since) < limit:
		case !helped:
			m.says("it took no processor time for %v: %s", limit, m.help())
			m.helped.Store(true)
			last, since, helped = now, time.Now(), true
		default:
			m.helped.Store(false)
			m.says("it took no processor time for %v more", limit)
			_ = m.cmd.Process.Kill() // or it has ended
			return
		}
	}
}

// help has the emulator stop and go on, and says where its processor was.
func (m *machine) help() string {
	where, err := m.monitor.do("human-monitor-command", map[string]any{"command-line": "info registers"})
	if err != nil {
		return err.Error()
	}
	for _, what := range []string{"stop", "cont"} {
		if _, err := m.monitor.do(what, nil); err != nil {
			return err.Error()
		}
	}
	return "told to stop and to go on; " + string(where)
}

// standsStill begins what is said of an emulator that does.
const standsStill = "the emulator stands still: "

// says puts a line among those of the board.
func (m *machine) says(format string, args ...any) {
	m.add(standsStill + fmt.Sprintf(format, args...))
}

// processorTime is what a process has taken, in hundredths of a second.
// Source: proc_pid_stat(5), fields 14 and 15.
func processorTime(pid int) (all int, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(stat), ") ") // which ends the program's name
	fields := strings.Fields(after)
	const state, user, system = 3, 14, 15
	if len(fields) <= system-state {
		return 0, fmt.Errorf("/proc/%d/stat: %q", pid, stat)
	}
	for _, n := range []int{user, system} {
		part, err := strconv.Atoi(fields[n-state])
		if err != nil {
			return 0, err
		}
		all += part
	}
	return all, nil
}
