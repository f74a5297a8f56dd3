package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"badgekiosk/display/glass"
)

// Where the processor has its pins, its SPI bus and its card reader.
// Source: BCM2837 ARM Peripherals, chapters 6 and 10; Linux,
// drivers/mmc/host/bcm2835.c.
const (
	gpioBase = 0x3f200000
	pinsHigh = gpioBase + 0x1c // GPSET0
	pinsLow  = gpioBase + 0x28 // GPCLR0
	spiBase  = 0x3f204000
	spiByte  = spiBase + 4 // FIFO
	sdBase   = 0x3f202000
)

// The lines that a panel is on, as kiosk.json has them by default.
const (
	lineReset = 17
	lineBusy  = 24
	lineData  = 25
)

// A write is one register that the board's processor wrote.
type write struct{ at, value uint64 }

// parse takes a write to pins or bus out of a line of the emulator's trace.
// ok is false for all others.
func parse(line []byte) (w write, ok bool) {
	_, rest, found := bytes.Cut(line, []byte(" addr 0x3f20"))
	if !found {
		return w, false
	}
	at, rest, found := bytes.Cut(rest, []byte(" value 0x"))
	if !found || len(at) != 4 {
		return w, false
	}
	value, _, found := bytes.Cut(rest, []byte{' '})
	low, err := strconv.ParseUint(string(at), 16, 16)
	v, err2 := strconv.ParseUint(string(value), 16, 64)
	return write{0x3f200000 | low, v}, found && err == nil && err2 == nil
}

// A glassOn is an emulated panel on the board's wires. It outlives the board:
// e-paper keeps its picture.
type glassOn struct {
	*glass.Panel
	bus  spi.Conn
	data []byte      // bytes not yet sent
	low  bool        // the reset line is
	deaf atomic.Bool // what comes is lost, until the next reset
}

// clock is that of the panel's bus in its driver.
const clock = 4 * physic.MegaHertz

// haste is how much faster than a real panel ours is. It is slower: while the
// board looks for a code it gets a sixth of its time here, and must not sleep
// through BUSY. Its driver waits for twice a refresh's time and a second.
const haste = 0.6

func newGlass(name string) (*glassOn, error) {
	p, err := glass.New(name, glass.Options{Speed: haste})
	if err != nil {
		return nil, err
	}
	bus, err := p.Connect(clock, spi.Mode0, 8)
	return &glassOn{Panel: p, bus: bus}, err
}

// take takes one write, in the order in which the processor made them.
func (g *glassOn) take(w write) {
	if g.deaf.Load() {
		g.data = g.data[:0]
		if w.at != pinsLow || w.value>>lineReset&1 == 0 {
			return
		}
		g.deaf.Store(false)
	}
	if w.at == spiByte {
		g.data = append(g.data, byte(w.value))
		return
	}
	g.send()
	if w.at != pinsHigh && w.at != pinsLow {
		return
	}
	high := w.at == pinsHigh
	if w.value>>lineData&1 != 0 {
		_ = g.DC.Out(gpio.Level(high)) // an emulated wire never fails
	}
	if w.value>>lineReset&1 != 0 {
		g.reset(high)
	}
}

// pulse is how long the panel is told that a pulse on its reset line was: how
// long one of the board's takes to come through here says nothing of it.
const pulse = 200 * time.Microsecond

// reset takes the line for the reset: a pulse is passed on when it is whole.
func (g *glassOn) reset(high bool) {
	if high && g.low {
		_ = g.Reset.Out(gpio.Low)
		time.Sleep(pulse)
		_ = g.Reset.Out(gpio.High)
	}
	g.low = !high
}

// most is what the panel's end takes at once.
const most = 4096

// send hands on the bytes of a transfer that is over. What comes while the
// panel is busy waits: the wire back to the board is slower here than copper.
// Whether a driver heeds BUSY is for its own tests.
func (g *glassOn) send() {
	for len(g.data) > 0 {
		for g.Busy.Read() == busyLevel {
			time.Sleep(time.Millisecond)
		}
		n := min(len(g.data), most)
		_ = g.bus.Tx(g.data[:n], nil) // nothing was made to fail here
		g.data = g.data[n:]
	}
	g.data = g.data[:0]
}

// busyLevel is the level of BUSY while the panel works: low in the family of
// the panel that is tested with.
const busyLevel = gpio.Low

// Wires carry what the board's processor does on its pins and bus to the
// panel, and the panel's BUSY back.
type wires struct {
	glass   *glassOn
	writes  atomic.Int64                  // times that the board wrote to its card
	tryboot atomic.Bool                   // the board has left the flag for its next start
	spoken  atomic.Pointer[chan struct{}] // closed at the next byte to the panel

	mu   sync.Mutex
	c    net.Conn
	back *bufio.Reader
	done chan struct{}
	over chan struct{} // closed when the panel has taken all of a trace that ended

	queue   queue        // what the panel has not begun to take
	pending atomic.Int64 // and how much that is, with what it is taking
}

// newWires leads to a panel.
func newWires(g *glassOn) *wires {
	w := &wires{glass: g, over: make(chan struct{}), queue: queue{more: make(chan struct{}, 1)}}
	go func() {
		defer close(w.over)
		for range w.queue.more {
			for _, x := range w.queue.taken() {
				w.glass.take(x)
				w.pending.Add(-1)
			}
		}
	}()
	return w
}

// A queue holds all that is put into it, so that nobody waits who does.
type queue struct {
	mu   sync.Mutex
	all  []write
	more chan struct{} // has something when all has; closed at the end
}

func (q *queue) put(x write) {
	q.mu.Lock()
	q.all = append(q.all, x)
	q.mu.Unlock()
	select {
	case q.more <- struct{}{}:
	default: // it is known that there is more
	}
}

// taken is all that was put in since the last time.
func (q *queue) taken() (all []write) {
	q.mu.Lock()
	defer q.mu.Unlock()
	all, q.all = q.all, nil
	return all
}

// busyNow is the level of BUSY as the board is to see it: a panel that has not
// yet taken what was sent is busy.
func (w *wires) busyNow() gpio.Level {
	if w.pending.Load() > 0 {
		return busyLevel
	}
	return w.glass.Busy.Read()
}

// follow hears all that the trace says until it ends. It never waits for the
// panel: an emulator whose trace is not read stands still, and then lets the
// board's clock jump.
func (w *wires) follow(trace string) {
	defer close(w.queue.more)
	f, err := os.Open(trace) // waits for the emulator
	if err != nil {
		return
	}
	defer f.Close() //nolint:errcheck // only read
	s := bufio.NewScanner(bufio.NewReaderSize(f, 1<<20))
	for s.Scan() {
		x, ok := parse(s.Bytes())
		switch {
		case !ok:
			if bytes.Contains(s.Bytes(), leavesFlags) {
				w.tryboot.Store(true)
			}
		case x.at == sdBase:
			if x.stores() {
				w.writes.Add(1)
			}
		case x.value == 1<<lineBusy && (x.at == pinsHigh || x.at == pinsLow): // ours
		default:
			w.pending.Add(1)
			w.queue.put(x)
			if heard := w.spoken.Load(); x.at == spiByte && heard != nil && w.spoken.CompareAndSwap(heard, nil) {
				close(*heard)
			}
		}
	}
}

// leavesFlags is how the trace says that the kernel left flags with the
// firmware for its next start, which it does for tryboot alone.
// Source: Linux of the Raspberry Pi, drivers/firmware/raspberrypi.c,
// RPI_FIRMWARE_SET_REBOOT_FLAGS.
var leavesFlags = []byte("mbox property tag:0x00038064")

// speaks returns what is closed at the next byte that the board sends to its
// panel.
func (w *wires) speaks() <-chan struct{} {
	heard := make(chan struct{})
	w.spoken.Store(&heard)
	return heard
}

// systemTimer is the lower half of the processor's count of microseconds
// since it was switched on. Source: BCM2837 ARM Peripherals, chapter 12.
const systemTimer = 0x3f003004

// clock is the board's own time since it was switched on, in which the
// emulated processor takes a nanosecond for an instruction.
func (w *wires) clock() (time.Duration, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := fmt.Fprintf(w.c, "readl 0x%x\n", systemTimer); err != nil {
		return 0, err
	}
	answer, err := w.back.ReadString('\n')
	if err != nil {
		return 0, err
	}
	word, ok := strings.CutPrefix(strings.TrimSpace(answer), "OK 0x")
	n, err := strconv.ParseUint(word, 16, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("the board's clock: %q", answer)
	}
	return time.Duration(n) * time.Microsecond, nil
}

// stores tells whether a write to the card reader begins one to the card: of
// one block or of many.
func (w write) stores() bool {
	const begin, one, many = 0x8000, 24, 25
	command := w.value & 0x3f
	return w.value&begin != 0 && (command == one || command == many)
}

// dial takes hold of the board's registers from outside, and begins to say
// whether the panel is busy.
// Source: QEMU, "QTest Device Emulation Testing Framework".
func (w *wires) dial(path string) error {
	c, err := dial(path)
	if err != nil {
		return err
	}
	w.c, w.back, w.done = c, bufio.NewReader(c), make(chan struct{})
	was := w.busyNow()
	if err := w.level(lineBusy, bool(was)); err != nil {
		return err
	}
	go w.busy(was)
	return nil
}

// level puts a line of the board's to a level. The emulated pins take that
// through the registers of their outputs, whatever they are.
func (w *wires) level(line int, high bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := uint64(pinsLow)
	if high {
		at = pinsHigh
	}
	if _, err := fmt.Fprintf(w.c, "writel 0x%x 0x%x\n", at, 1<<line); err != nil {
		return err
	}
	answer, err := w.back.ReadString('\n')
	if err == nil && answer != "OK\n" {
		err = fmt.Errorf("line %d: %s", line, answer)
	}
	return err
}

// busy passes on the level of BUSY whenever it changes from what it was.
func (w *wires) busy(was gpio.Level) {
	for {
		select {
		case <-w.done:
			return
		case <-time.After(300 * time.Microsecond):
		}
		if now := w.busyNow(); now != was {
			if w.level(lineBusy, bool(now)) != nil {
				return // the board is off
			}
			was = now
		}
	}
}

// close waits until the panel has taken all that the board said, so that the
// next board's bytes come after it.
func (w *wires) close() {
	<-w.over
	if w.done != nil {
		close(w.done)
		_ = w.c.Close()
	}
}
