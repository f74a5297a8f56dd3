package boot

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"badgekiosk/provision"
)

// watchdogTime is in seconds; the boards' own can count no further than 15.
const watchdogTime = 15

// setTimeout is WDIOC_SETTIMEOUT, _IOWR('W', 6, int).
const setTimeout = 3<<30 | 4<<16 | 'W'<<8 | 6

// IfFirst is the whole life of a board if this process is the first that the
// kernel started from our initramfs, and else returns at once. A container's
// first process is not, as it has another name.
func IfFirst() {
	if os.Getpid() != 1 || os.Args[0] != program {
		return
	}
	f := &first{kernel: linux{os.Stderr}, files: "/", log: os.Stderr}
	f.mountSystem()
	f.log = journal()
	f.kernel = linux{f.log}
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // nothing that was in memory goes to a file
	f.say("this is process 1")
	f.harden()
	_ = syscall.Reboot(syscall.LINUX_REBOOT_CMD_CAD_OFF) // Ctrl-Alt-Del is a signal from here on
	f.guardUSB()
	f.events = events(f.say)
	f.watchdog = watchdog(f)
	f.loadModules()
	f.mountCard()
	f.mountSlot()
	if !f.slots.trial { // which writes nothing
		f.installBundle()
	}
	off := f.supervise()
	f.say("stop, off: %t, to try another system: %t", off, f.slots.try)
	if f.slots.try {
		f.say("try: %v", f.try())
	}
	for {
		f.say("restart: %v", f.restart(off))
		time.Sleep(tick)
	}
}

// linux is the running kernel, and where its children's words go.
type linux struct{ log io.Writer }

func (linux) mount(m mount) error {
	if err := os.MkdirAll(m.target, 0o755); err != nil {
		return err
	}
	return syscall.Mount(m.source, m.target, m.kind, m.flags, m.data)
}

func (linux) give(name string, mode os.FileMode) error {
	var s syscall.Stat_t
	if err := syscall.Lstat(name, &s); err != nil || s.Uid == user {
		return err
	}
	if err := os.Lchown(name, user, user); err != nil {
		return err
	}
	return os.Chmod(name, mode)
}

// lentMode is that of a device that its group may only read.
const lentMode = 0o440

func (linux) lend(name string) error {
	var s syscall.Stat_t
	if err := syscall.Lstat(name, &s); err != nil || s.Gid == user && s.Mode&0o777 == lentMode {
		return err
	}
	if err := os.Lchown(name, os.Getuid(), user); err != nil {
		return err
	}
	return os.Chmod(name, lentMode)
}

func (linux) remake(device string) error { return provision.RemakeState(device) }

func (linux) load(module []byte) error {
	none, err := syscall.BytePtrFromString("")
	if err != nil || len(module) == 0 {
		return fmt.Errorf("an empty module (%v)", err)
	}
	_, _, errno := syscall.Syscall(syscall.SYS_INIT_MODULE, uintptr(unsafe.Pointer(&module[0])), uintptr(len(module)), uintptr(unsafe.Pointer(none)))
	if errno != 0 && errno != syscall.EEXIST {
		return errno
	}
	return nil
}

func (l linux) start(args []string) (int, error) {
	return l.spawn(args, environment("200MiB", "NOTIFY_SOCKET="+notifySocket, "SYNC_SOCKET="+syncSocket,
		fmt.Sprintf("WATCHDOG_USEC=%d", silence.Microseconds())), asUser())
}

// environment is all that a child is told: how much memory is its own, and
// more. It writes no memory to its traces.
func environment(memory string, more ...string) []string {
	return append([]string{"GOTRACEBACK=none", "GOMEMLIMIT=" + memory, "HOME=/tmp", "TZ=UTC"}, more...)
}

// spawn starts this program again, with a pipe to the journal for its words.
// files are its descriptors from 3 on.
func (l linux) spawn(args, env []string, sys *syscall.SysProcAttr, files ...*os.File) (int, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer w.Close() //nolint:errcheck // the child has its own
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, errors.Join(err, r.Close())
	}
	defer null.Close() //nolint:errcheck // the child has its own
	own := []uintptr{null.Fd(), w.Fd(), w.Fd()}
	for _, f := range files {
		own = append(own, f.Fd())
	}
	pid, err := syscall.ForkExec(program, append([]string{"kiosk"}, args...), &syscall.ProcAttr{Dir: "/", Env: env, Files: own, Sys: sys})
	go func() {
		if err == nil {
			_, _ = io.Copy(l.log, r) // ends with the child
		}
		_ = r.Close()
	}()
	return pid, err
}

// setClock is CAP_SYS_TIME, which setting a battery clock takes.
// Source: capabilities(7), rtc(4).
const setClock = 25

// asUser makes a child user's, in no group but its own, with one capability
// and a network that has nothing in it.
func asUser() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Cloneflags: syscall.CLONE_NEWNET, Credential: &syscall.Credential{Uid: user, Gid: user}, AmbientCaps: []uintptr{setClock}}
}

func (linux) kill(pid int, hard bool) {
	s := syscall.SIGTERM
	if hard {
		s = syscall.SIGKILL
	}
	_ = syscall.Kill(pid, s) // it may be gone already
}

// settle has all that was written on the card.
func (linux) settle() {
	syscall.Sync()
	_ = syscall.Unmount(stateFolder, syscall.MNT_DETACH)
	syscall.Sync()
}

func (l linux) restart(off bool) error {
	l.settle()
	if off {
		return syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF)
	}
	return syscall.Reboot(syscall.LINUX_REBOOT_CMD_RESTART)
}

// journal is the kernel's own log: a ring in memory that no disk ever sees.
func journal() io.Writer {
	j, err := os.OpenFile("/dev/kmsg", os.O_WRONLY, 0)
	if err != nil {
		return os.Stderr
	}
	return lines{j}
}

// lines writes one record for each line.
type lines struct{ to io.Writer }

// maxLine is the longest record that the kernel takes, with room for its head.
const maxLine = 900

func (l lines) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if _, err := fmt.Fprintf(l.to, "<5>%s\n", line[:min(len(line), maxLine)]); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// events gathers what befalls the first process. Every child that ends is
// reaped, our own or an orphan.
func events(say func(string, ...any)) <-chan event {
	all := make(chan event)
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR2)
	go func() {
		for s := range signals {
			switch s {
			case syscall.SIGCHLD:
				reap(all)
			default:
				all <- event{stop: true, off: s == syscall.SIGUSR2}
			}
		}
	}()
	go listen(all)
	go plugs(all)
	go wishes(syncSocket, all, say)
	return all
}

func reap(all chan<- event) {
	for {
		var s syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &s, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		how := fmt.Sprintf("exit %d", s.ExitStatus())
		if s.Signaled() {
			how = "ended by signal " + s.Signal().String()
		}
		all <- event{exited: pid, status: how}
	}
}

// listen hears the kiosk say that it gets on. Source: sd_notify(3).
func listen(all chan<- event) {
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: notifySocket, Net: "unixgram"})
	if err != nil {
		return // then the kiosk is watched for being alive
	}
	// Nobody but the kiosk asks for anything here.
	if err := errors.Join(os.Chown(notifySocket, 0, user), os.Chmod(notifySocket, 0o660)); err != nil {
		return
	}
	b := make([]byte, 4096)
	for {
		n, err := c.Read(b)
		if err != nil {
			return
		}
		for _, e := range heard(string(b[:n])) {
			all <- e
		}
	}
}

// heard is what a message of the kiosk's means to us; the rest of it is for
// other supervisors.
func heard(message string) (all []event) {
	for line := range strings.Lines(message) {
		switch strings.TrimSpace(line) {
		case "WATCHDOG=1":
			all = append(all, event{progress: true})
		case "X_OFF=1": // staff turned the kiosk off
			all = append(all, event{stop: true, off: true})
		case "X_NETWORK=1": // its settings name a host
			all = append(all, event{network: true})
		case "X_SYSTEM=1": // staff took the system on the stick
			all = append(all, event{put: true})
		case "X_TRY=1": // it is whole, and they were told
			all = append(all, event{try: true})
		case "X_WELL=1":
			all = append(all, event{well: true})
		}
	}
	return all
}

// watchdog opens the board's. From then on it must be fed.
func watchdog(f *first) io.Writer {
	w, err := os.OpenFile("/dev/watchdog", os.O_WRONLY, 0)
	if err != nil {
		f.say("no watchdog: %v", err)
		return nil
	}
	seconds := int32(watchdogTime)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, w.Fd(), setTimeout, uintptr(unsafe.Pointer(&seconds))); errno != 0 {
		f.say("the watchdog keeps its own time: %v", errno)
	}
	return w
}
