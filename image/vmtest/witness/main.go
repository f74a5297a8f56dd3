// Witness runs beside the kiosk on an emulated board and says what it sees
// there: make vmtest. It is no part of any card: the test lays it over the
// card's initramfs, and has the kernel start it as the first process. It
// starts itself once more and becomes /init, which is the card's own.
//
// It is asked on the console, in lines of words that are written as Go's
// strings are, and answers in the kernel's log.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"badgekiosk/image/vmtest/marks"
)

func main() {
	if os.Getpid() == 1 {
		begin()
	}
	for !there("/proc/1/cmdline") || !there("/dev/kmsg") {
		time.Sleep(100 * time.Millisecond)
	}
	quiet(os.Stdin)
	// The kernel lets a program say ten lines in five seconds otherwise.
	_ = os.WriteFile("/proc/sys/kernel/printk_devkmsg", []byte("on\n"), 0)
	log, err := os.OpenFile("/dev/kmsg", os.O_WRONLY, 0)
	if err != nil {
		fmt.Println("witness:", err)
		return
	}
	w := witness{log: log}
	w.say("is here")
	for s := bufio.NewScanner(os.Stdin); s.Scan(); {
		w.hear(s.Text())
	}
}

func there(name string) bool { _, err := os.Stat(name); return err == nil }

// begin leaves a witness behind and becomes the card's first process.
func begin() {
	self := os.Args[0]
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		null = os.Stdout
	}
	if _, err := os.StartProcess(self, []string{self}, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, null}}); err != nil {
		fmt.Println("witness:", err)
	}
	const first = "/init"
	fmt.Println("witness:", syscall.Exec(first, []string{first}, os.Environ()))
}

// quiet has a console not repeat what it is told.
func quiet(console *os.File) {
	t, err := unix.IoctlGetTermios(int(console.Fd()), unix.TCGETS)
	if err != nil {
		return // it is no terminal, and repeats nothing
	}
	t.Lflag &^= unix.ECHO
	_ = unix.IoctlSetTermios(int(console.Fd()), unix.TCSETS, t) // else its questions stand in the log twice
}

// A witness answers.
type witness struct {
	log    *os.File
	number int // of the question
}

// maxLine is the longest line that the kernel's log takes, with room for its
// head.
const maxLine = 900

// say says one line; what is too long for one is cut.
func (w *witness) say(format string, args ...any) {
	line := strings.TrimRight(fmt.Sprintf(format, args...), "\r\n")
	_, _ = fmt.Fprintf(w.log, "<5>witness %d: %s\n", w.number, line[:min(len(line), maxLine)])
}

// hear answers one question: its number, what to do, and with what.
func (w *witness) hear(line string) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return
	}
	number, err := strconv.Atoi(words[0])
	if err != nil {
		return
	}
	w.number = number
	for i, q := range words[1:] {
		if words[i+1], err = strconv.Unquote(q); err != nil {
			break
		}
	}
	if err == nil {
		err = w.do(words[1], words[2:])
	}
	if err != nil {
		w.say("failed: %v", err)
		return
	}
	w.say("done")
}

func (w *witness) do(what string, with []string) error {
	switch {
	case what == "run" && len(with) > 1:
		return w.run(with[0], with[1:])
	case what == "read" && len(with) == 1:
		return w.read(with[0])
	case what == "links" && len(with) == 1:
		return w.links(with[0])
	case what == "write" && len(with) == 2:
		return os.WriteFile(with[0], []byte(marks.Turned(with[1])), 0o600)
	case what == "search" && len(with) > 1:
		return w.search(with[0], with[1:])
	case what == "counts" && len(with) == 2:
		return w.counts(with[0], with[1])
	case what == "sync":
		syscall.Sync()
		return nil
	}
	return fmt.Errorf("it cannot %q with %d words", what, len(with))
}

// run runs a program as the kiosk is run, or as root, and says what it says
// and how it ended.
func (w *witness) run(as string, args []string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = "/", []string{"HOME=/tmp", "TZ=UTC"}
	if as == "kiosk" {
		cmd.SysProcAttr = asKiosk()
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return err
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		w.say("| %s", s.Text())
	}
	return cmd.Wait()
}

// asKiosk is how the card's first process starts the kiosk.
func asKiosk() *syscall.SysProcAttr {
	const user, setClock = 1000, 25
	return &syscall.SysProcAttr{Setsid: true, Cloneflags: syscall.CLONE_NEWNET, Credential: &syscall.Credential{Uid: user, Gid: user}, AmbientCaps: []uintptr{setClock}}
}
