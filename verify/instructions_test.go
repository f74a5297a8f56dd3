package verify_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestInstructions counts what a usual badge costs a small board: the
// instructions of a 64-bit Arm processor, which an emulator repeats almost
// exactly wherever it runs, as times never do. Without the SHA2 extension is
// the processor of a Raspberry Pi 3 and 4.
func TestInstructions(t *testing.T) {
	qemu := emulator(t)
	program, folder := build(t), t.TempDir()
	payload, k := usual(t)
	write(t, folder, "payload", string(payload))
	write(t, folder, "trust/consortium.json", `{"name":"Valley Coalition","serial":41,"issued":"2026-11-20T00:00:00Z"}`)
	write(t, folder, "trust/districts/riverbend/issuers/r.json", `{"ids":["did:web:riverbend.example"],"name":"Riverbend Academy",
		"keys":[{"id":"did:web:riverbend.example#key-1","publicKeyMultibase":"`+k.Multibase()+`"}]}`)
	for _, c := range []struct {
		processor, debug string
		what             []string
		most             []int // instructions
	}{
		{"with SHA2", "", []string{"bare", "proof", "whole"}, []int{800_000, 670_000, 760_000}},
		{"without SHA2", "cpu.sha2=off", []string{"proof"}, []int{1_900_000}},
	} {
		for i, n := range instructions(t, qemu, c.debug, append([]string{program, folder, k.Multibase()}, c.what...)...) {
			t.Logf("%s, %s: %d instructions", c.processor, c.what[i], n)
			if n < 100_000 || n > c.most[i] {
				t.Errorf("%s, %s: %d instructions, want 100,000 to %d", c.processor, c.what[i], n, c.most[i])
			}
		}
	}
}

// emulator finds QEMU for programs.
func emulator(t *testing.T) string {
	for _, name := range []string{"qemu-aarch64", "qemu-aarch64-static"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("SKIP: no qemu-aarch64 here, so instructions were not counted")
	return ""
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "instructions")
	cmd := exec.Command("go", "build", "-trimpath", "-o", program, "./testdata/instructions")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	file := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// instructions runs the program and counts its instructions each time that it
// is between begin and end.
func instructions(t *testing.T, qemu, debug string, command ...string) []int {
	t.Helper()
	cmd := exec.Command(qemu, append([]string{"-d", "in_asm,exec,nochain"}, command...)...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1,"+debug)
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	seen := trace{sizes: map[uint64]int{}}
	seen.read(pipe)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(command, " "), err, seen.last)
	}
	const rounds = 4 // of each, of which the least counts: the scheduler costs some of them more
	if want := rounds * (len(command) - 3); len(seen.counts) != want {
		t.Fatalf("%d counts in the trace, want %d", len(seen.counts), want)
	}
	var least []int
	for all := range slices.Chunk(seen.counts, rounds) {
		least = append(least, slices.Min(all))
	}
	return least
}

// A trace is what QEMU writes. Before a block first runs it is "IN:" and a
// line for each instruction, which begins with its address; each time that it
// runs, "Trace CPU: HOST [BASE/ADDRESS/FLAGS/…] FUNCTION".
type trace struct {
	sizes    map[uint64]int // instructions of a block, by its address
	block    uint64         // the one being written, 0 for none
	counting bool
	cpu      byte // the thread that is counted
	counts   []int
	last     string // what the program itself said
}

func (c *trace) read(from io.Reader) {
	in := bufio.NewReaderSize(from, 1<<20)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		ran, executed := bytes.CutPrefix(line, []byte("Trace "))
		switch {
		case executed:
			c.ran(ran)
		case bytes.HasPrefix(line, []byte("IN:")):
			c.block = 0
		case bytes.HasPrefix(line, []byte("0x")):
			at, _, _ := bytes.Cut(line[2:], []byte(":"))
			if c.block == 0 {
				c.block = address(at)
				c.sizes[c.block] = 0
			}
			c.sizes[c.block]++
		case line[0] != '-' && line[0] != '\n':
			c.last = string(line)
		}
	}
}

// ran counts a block of the thread that called begin.
func (c *trace) ran(line []byte) {
	_, in, _ := bytes.Cut(line, []byte("/"))
	at, in, _ := bytes.Cut(in, []byte("/"))
	_, function, _ := bytes.Cut(bytes.TrimSpace(in), []byte("] "))
	switch {
	case string(function) == "main.begin":
		c.counting, c.cpu, c.counts = true, line[0], append(c.counts, 0)
	case string(function) == "main.end":
		c.counting = false
	case c.counting && line[0] == c.cpu && !schedules(function):
		c.counts[len(c.counts)-1] += c.sizes[address(at)]
	}
}

// schedules tells a function of the runtime that the work did not ask for:
// how often the scheduler looks in depends on how busy this computer is.
func schedules(function []byte) bool {
	rest, ok := bytes.CutPrefix(function, []byte("runtime."))
	return ok && !slices.ContainsFunc(asked, func(name string) bool { return bytes.HasPrefix(rest, []byte(name)) })
}

// asked is how the names of the others begin.
var asked = []string{"mem", "map", "malloc", "newobject", "make", "grow", "str", "slice", "conv", "concat", "type", "iface", "assert", "panic", "defer"}

func address(hex []byte) uint64 {
	n, _ := strconv.ParseUint(string(hex), 16, 64)
	return n
}

// TestCount counts a trace of which all is known: the blocks between the
// marks, each as often as it ran, on the first processor only and without what
// the scheduler did.
func TestCount(t *testing.T) {
	block := func(address, n int) string {
		s := "----------------\nIN: main.work\n"
		for i := range n {
			s += fmt.Sprintf("0x%08x:  d65f03c0  ret      \n", address+4*i)
		}
		return s + "\n"
	}
	ran := func(cpu, address int, function string) string {
		return fmt.Sprintf("Trace %d: 0x7f4b48c00100 [81009331/%016x/00000001/00000200] %s\n", cpu, address, function)
	}
	text := block(0x100, 7) + ran(0, 0x100, "main.work") + block(0x200, 2) + ran(0, 0x200, "main.begin") +
		ran(0, 0x100, "main.work") + block(0x300, 3) + ran(0, 0x300, "main.work") + ran(0, 0x300, "runtime.memmove") + ran(1, 0x100, "main.work") + ran(0, 0x100, "runtime.schedule") +
		ran(0, 0x500, "main.end") + ran(0, 0x100, "main.work") + ran(0, 0x200, "main.begin") + ran(0, 0x100, "main.work") + ran(0, 0x500, "main.end")
	seen := trace{sizes: map[uint64]int{}}
	seen.read(strings.NewReader(text))
	if n := seen.counts; !slices.Equal(n, []int{7 + 3 + 3, 7}) {
		t.Errorf("counted %d instructions, want [13 7]", n)
	}
}
