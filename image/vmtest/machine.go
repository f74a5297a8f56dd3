package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// emulator is the program that a board is emulated with, 9.1 or newer: before
// it had no SPI.
const emulator = "qemu-system-aarch64"

// A machine is one emulated board that is on, from power to power.
type machine struct {
	dir     string // for its sockets
	cmd     *exec.Cmd
	monitor *monitor
	wires   *wires // nil without a panel
	console io.Writer
	began   time.Time
	exited  chan struct{}
	helped  atomic.Bool // it stood still, and went on when it was told to

	mu    sync.Mutex
	lines []string // of the kernel's log
	more  chan struct{}
	log   io.Writer // where the log goes too, or nil
}

// A setup is what an emulator is started with.
type setup struct {
	start             // that the firmware handed over; without a tree, the emulator has its own
	emulator []string // arguments that make the board, with all that is plugged in
	glass    *glassOn // on the board's pins and bus; or nil, and nobody listens to these
}

// pi3b makes a Pi 3B with a card in its slot. Time in it goes by what its
// processor does, a nanosecond for an instruction, so that nothing is late
// there because this computer has other work.
//
// What is written to the card goes to the file writes too, if it has a name:
// see [cardLog].
func pi3b(card, writes string) []string {
	drive := "if=sd,format=raw,file=" + card
	if writes != "" {
		drive = "if=sd,driver=blklogwrites,file.driver=file,file.filename=" + card + ",log.driver=file,log.filename=" + writes
	}
	return []string{"-M", "raspi3b", "-accel", "tcg,thread=single", "-icount", "shift=0", "-global", "bcm2837.enabled-cpus=1", "-drive", drive}
}

// power switches a board on.
func power(ctx context.Context, dir string, s setup, log io.Writer) (*machine, error) {
	dir, err := os.MkdirTemp(dir, "board-")
	if err != nil {
		return nil, err
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	arguments := append([]string{"-display", "none", "-no-reboot", "-nodefaults", "-serial", "stdio",
		"-kernel", in("kernel"), "-initrd", in("initramfs"), "-append", s.arguments,
		"-qmp", "unix:" + in("monitor") + ",server=on,wait=off"}, s.emulator...)
	files := map[string][]byte{"kernel": s.kernel, "initramfs": s.initramfs}
	if s.tree != nil {
		arguments, files["tree"] = append(arguments, "-dtb", in("tree")), s.tree.Bytes()
	}
	for name, data := range files {
		if err := os.WriteFile(in(name), data, 0o600); err != nil {
			return nil, err
		}
	}
	m := &machine{dir: dir, exited: make(chan struct{}), more: make(chan struct{}), log: log, began: time.Now()}
	if s.glass != nil {
		if err := syscall.Mkfifo(in("trace"), 0o600); err != nil {
			return nil, err
		}
		arguments = append(arguments, "-qtest", "unix:"+in("wires")+",server=on,wait=off", "-qtest-log", "none",
			"-trace", "memory_region_ops_write,file="+in("trace"), "-trace", "bcm2835_mbox_property,file="+in("trace"))
		m.wires = newWires(s.glass)
		go m.wires.follow(in("trace")) // before the emulator opens the other end
	}
	m.cmd = exec.CommandContext(ctx, emulator, arguments...)
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	m.cmd.Stderr = m.cmd.Stdout
	if m.console, err = m.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	go m.read(out)
	if m.monitor, err = dialMonitor(in("monitor")); err == nil && m.wires != nil {
		err = m.wires.dial(in("wires"))
	}
	if err != nil {
		m.cut()
		return nil, fmt.Errorf("%w: %s", err, strings.Join(m.all(), "\n"))
	}
	return m, nil
}

// read keeps the kernel's log.
func (m *machine) read(r io.Reader) {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		m.add(strings.TrimRight(s.Text(), "\r"))
	}
	_ = m.cmd.Wait() // it was killed, or its log says why it ended
	close(m.exited)
}

// add adds a line to the log.
func (m *machine) add(line string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.log != nil {
		fmt.Fprintf(m.log, "%7.2f %s\n", time.Since(m.began).Seconds(), line)
	}
	m.lines = append(m.lines, line)
	close(m.more)
	m.more = make(chan struct{})
}

func (m *machine) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.lines...)
}

// wait waits until a line from number from on matches pattern, and returns
// what its groups matched and the number of the line after it.
func (m *machine) wait(pattern string, from int, limit time.Duration) (groups []string, next int, err error) {
	re := regexp.MustCompile(pattern)
	late := time.After(limit)
	for {
		m.mu.Lock()
		lines, more := m.lines, m.more
		m.mu.Unlock()
		for ; from < len(lines); from++ {
			if g := re.FindStringSubmatch(lines[from]); g != nil {
				return g, from + 1, nil
			}
		}
		select {
		case <-more:
		case <-m.exited:
			return nil, from, fmt.Errorf("the board went off before it said %q; its last words:\n%s", pattern, m.last(12))
		case <-late:
			return nil, from, fmt.Errorf("within %v the board did not say %q; its last words:\n%s", limit, pattern, m.last(12))
		}
	}
}

func (m *machine) last(n int) string {
	l := m.all()
	return strings.Join(l[max(0, len(l)-n):], "\n")
}

// listens has the board's pins and bus heard, or not: a card is written to a
// word at a time through the same trace, and what is 160 MiB takes too long so.
// A panel that missed something waits for its reset.
func (m *machine) listens(on bool) error {
	if on {
		m.wires.glass.deaf.Store(true)
	}
	_, err := m.monitor.do("trace-event-set-state", map[string]any{"name": "memory_region_ops_write", "enable": on})
	return err
}

// cut cuts the power, and waits until the emulator is gone.
func (m *machine) cut() {
	_ = m.cmd.Process.Kill()
	<-m.exited
	if m.wires != nil {
		if f, err := os.OpenFile(filepath.Join(m.dir, "trace"), os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			_ = f.Close() // lets go who waits for a trace that never began
		}
		m.wires.close()
	}
	_ = os.RemoveAll(m.dir)
}

// A monitor is QEMU's. Source: QEMU, "QEMU Machine Protocol".
type monitor struct {
	mu  sync.Mutex
	c   net.Conn
	dec *json.Decoder
}

// dialTime is how long the emulator may take until it can be spoken to.
const dialTime = 20 * time.Second

func dial(path string) (net.Conn, error) {
	end := time.Now().Add(dialTime)
	for {
		c, err := net.Dial("unix", path)
		if err == nil || time.Now().After(end) {
			return c, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func dialMonitor(path string) (*monitor, error) {
	c, err := dial(path)
	if err != nil {
		return nil, err
	}
	m := &monitor{c: c, dec: json.NewDecoder(c)}
	var hello any
	if err := m.dec.Decode(&hello); err != nil {
		return nil, err
	}
	_, err = m.do("qmp_capabilities", nil)
	return m, err
}

// do has the emulator do something and returns what it says.
func (m *monitor) do(what string, arguments map[string]any) (json.RawMessage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ask := map[string]any{"execute": what}
	if arguments != nil {
		ask["arguments"] = arguments
	}
	if err := json.NewEncoder(m.c).Encode(ask); err != nil {
		return nil, err
	}
	for {
		var a struct {
			Return json.RawMessage
			Error  *struct{ Desc string }
			Event  string
		}
		if err := m.dec.Decode(&a); err != nil {
			return nil, err
		}
		switch {
		case a.Event != "":
		case a.Error != nil:
			return nil, errors.New(what + ": " + a.Error.Desc)
		default:
			return a.Return, nil
		}
	}
}
