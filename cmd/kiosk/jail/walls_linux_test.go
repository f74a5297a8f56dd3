//go:build amd64 || arm64 || arm

package jail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"badgekiosk/verify"
)

// confineTo builds only the walls that are named.
func confineTo(names []string) (all []Layer) {
	for _, w := range walls {
		l := Layer{Name: w.name, Fault: "not there"}
		if slices.Contains(names, w.name) {
			l.Fault = ""
			if err := w.build(); err != nil {
				l.Fault = err.Error()
			}
		}
		all = append(all, l)
	}
	return all
}

// secret is a file that anybody may read, at the test's time.
var secret = "/etc/passwd"

// temptations are what somebody who has taken over the judge may try.
var temptations = map[string]func() error{
	"socket": func() error { return opened(unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)) },
	"unix":   func() error { return opened(unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)) },
	"open":   func() error { return opened(unix.Open(secret, unix.O_RDONLY, 0)) },
	"create": func() error { return opened(unix.Open("/tmp/made-by-a-judge", unix.O_CREAT|unix.O_RDWR, 0o600)) },
	"unlink": func() error { return unix.Unlink("/tmp/kept-from-a-judge") },
	"exec":   func() error { return unix.Exec("/bin/true", []string{"true"}, nil) },
	"fork": func() error {
		pid, _, e := unix.RawSyscall(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0)
		if pid == 0 && e == 0 {
			os.Exit(0) // the new process
		}
		return e
	},
	"ptrace": func() error { return unix.PtraceAttach(os.Getppid()) },
	"peek": func() error {
		b := make([]byte, 8)
		_, err := unix.ProcessVMReadv(os.Getppid(), []unix.Iovec{{Base: &b[0], Len: 8}}, []unix.RemoteIovec{{Base: 4096, Len: 8}}, 0)
		return err
	},
	"kill":   func() error { return unix.Kill(os.Getppid(), 0) },
	"setuid": func() error { return unix.Setuid(0) },
	"code": func() error {
		_, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_ANON|unix.MAP_PRIVATE)
		return err
	},
	"dup":     func() error { return opened(unix.Dup(0)) },
	"mount":   func() error { return unix.Mount("none", "/mnt", "tmpfs", 0, "") },
	"chroot":  func() error { return unix.Chroot("/") },
	"unshare": func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
	"write": func() error { // to a file that was open before the walls stood
		_, err := unix.Write(int(kept), []byte("x"))
		return err
	},
	"memory": func() error {
		var all [][]byte
		for range 64 {
			b := make([]byte, 16<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b)
		}
		runtime.KeepAlive(all)
		return nil
	},
	// what a judge does need
	"work":  work,
	"who":   func() error { return errors.New(strconv.Itoa(os.Getpid())) },
	"hang":  func() error { time.Sleep(time.Hour); return nil },
	"panic": func() error { panic("over") },
}

func opened(fd int, err error) error { return err }

var kept = func() uintptr {
	if len(os.Args) < 2 || os.Args[1] != asJudge {
		return 0
	}
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	return f.Fd()
}()

// work needs threads, timers, signals between threads and much memory.
func work() error {
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			runtime.LockOSThread() // and the thread ends with it
			sum := make([]byte, 1<<18)
			for range 3 {
				for k := range sum {
					sum[k] += byte(i + k)
				}
				if i%4 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	for range 5 {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
	}
	wg.Wait()
	debug.FreeOSMemory()
	return nil
}

// tempted is a court that was taken over: it does what the payload says, and
// answers what became of it.
func tempted(payload []byte, _ verify.Ask) (r verify.Report) {
	r.Badge.Name = "nothing"
	if do := temptations[string(payload)]; do != nil {
		r.Badge.Name = "done"
		if err := do(); err != nil {
			r.Badge.Name = err.Error()
			if e := syscall.Errno(0); errors.As(err, &e) {
				r.Badge.Name = unix.ErrnoName(e)
			}
		}
	}
	return r
}

// TestWalls: whatever a judge is made to try, it dies or is refused, and the
// next judge works.
func TestWalls(t *testing.T) {
	if err := os.WriteFile("/tmp/kept-from-a-judge", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	defer os.Remove("/tmp/kept-from-a-judge")
	j := Start(command("walls"))
	defer j.Close()
	if err := j.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	for _, l := range j.Layers() {
		if l.Fault != "" {
			t.Errorf("%s: %s", l.Name, l.Fault)
		}
	}
	for try, want := range map[string]string{
		"socket": "died", "unix": "died", "exec": "died", "fork": "died", "ptrace": "died", "peek": "died", "kill": "died",
		"code": "died", "mount": "died", "chroot": "died", "unshare": "died", "memory": "died", "panic": "died",
		"open": "EPERM", "create": "EPERM", "unlink": "EPERM", "setuid": "EPERM", "dup": "EPERM", "write": "EBADF",
		"work": "done", "": "nothing",
	} {
		got := "died"
		r, err := j.Judge([]byte(try), verify.Ask{})
		if err == nil {
			got = r.Badge.Name
		}
		if got != want {
			t.Errorf("%s: %s (%v), want %s", try, got, err, want)
		}
	}
	if _, err := os.Stat("/tmp/made-by-a-judge"); err == nil {
		t.Error("a judge made a file")
	}
}

// TestEachWall: where a kernel has only one of the walls, that one holds, and
// the judge says which are missing and judges.
func TestEachWall(t *testing.T) {
	root := os.Geteuid() == 0
	for _, c := range []struct {
		only, try, want string
		root            bool
	}{
		{only: "", try: "open", want: "done"},
		{only: "files", try: "write", want: "EBADF"},
		{only: "no new privileges", try: "work", want: "done"},
		{only: "landlock", try: "open", want: "EACCES"},
		{only: "landlock", try: "create", want: "EACCES"},
		{only: "landlock", try: "exec", want: "EACCES"},
		{only: "limits", try: "socket", want: "EMFILE"},
		{only: "limits", try: "memory", want: "died"},
		{only: "user", try: "setuid", want: "EPERM", root: true},
		{only: "user", try: "ptrace", want: "EPERM", root: true},
		{only: "capabilities", try: "chroot", want: "EPERM"},
		{only: "seccomp", try: "socket", want: "died"},
	} {
		if c.root && !root {
			continue
		}
		args := []string{"walls of", "no new privileges"} // Landlock needs it
		if c.only != "" {
			args = append(args, c.only)
		}
		j := Start(command(args...))
		got := "died"
		r, err := j.Judge([]byte(c.try), verify.Ask{})
		if err == nil {
			got = r.Badge.Name
		}
		if got != c.want {
			t.Errorf("only %q, %s: %s (%v), want %s", c.only, c.try, got, err, c.want)
		}
		missing := 0
		for _, l := range j.Layers() {
			if l.Fault != "" {
				missing++
			}
		}
		if want := len(walls) - len(slices.Compact(args[1:])); missing != want {
			t.Errorf("only %q: %d walls are told missing, want %d", c.only, missing, want)
		}
		j.Close()
	}
	os.Remove("/tmp/made-by-a-judge")
}

// TestSeenFromOutside: what the kernel says of a judge.
func TestSeenFromOutside(t *testing.T) {
	j := Start(command("walls"))
	defer j.Close()
	r, err := j.Judge([]byte("who"), verify.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	proc := "/proc/" + r.Badge.Name
	status, err := os.ReadFile(proc + "/status")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapPrm:\t0000000000000000"}
	if os.Geteuid() == 0 {
		want = append(want, "Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534", "Groups:\t \n")
	}
	for _, w := range want {
		if !strings.Contains(string(status), w) {
			t.Errorf("not %q in\n%s", w, status)
		}
	}
	tasks, _ := filepath.Glob(proc + "/task/*/status")
	for _, task := range tasks {
		if s, err := os.ReadFile(task); err == nil && (!strings.Contains(string(s), "Seccomp:\t2") || !strings.Contains(string(s), "NoNewPrivs:\t1")) {
			t.Errorf("a thread is outside the walls: %s", task)
		}
	}
	fds, err := os.ReadDir(proc + "/fd")
	if err != nil {
		return // not dumpable, and this test is not root
	}
	for _, fd := range fds {
		to, _ := os.Readlink(proc + "/fd/" + fd.Name())
		if !strings.HasPrefix(to, "pipe:") && to != os.DevNull && to != "anon_inode:[eventpoll]" && to != "anon_inode:[eventfd]" {
			t.Errorf("descriptor %s is %s", fd.Name(), to)
		}
	}
	if env, err := os.ReadFile(proc + "/environ"); err == nil && strings.Contains(string(env), "HOME=") {
		t.Errorf("environment %q", env)
	}
}

// TestNothingStays: a judge that has answered holds nothing of the payload in
// the memory that its pipe was read into.
func TestNothingStays(t *testing.T) {
	j := Start(command("walls"))
	defer j.Close()
	marker := fmt.Sprintf("marker-%d", time.Now().UnixNano())
	payload := []byte(strings.Repeat(marker+" ", 100))
	if _, err := j.Judge(payload, verify.Ask{Identity: marker}); err != nil {
		t.Fatal(err)
	}
	r, err := j.Judge([]byte("who"), verify.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	hits, err := search("/proc/"+r.Badge.Name, []byte(marker+" "+marker))
	if err != nil {
		t.Logf("its memory cannot be read here: %v", err)
		return
	}
	if hits > 0 {
		t.Errorf("the payload is in its memory %d times", hits)
	}
}

// search counts what in a process's writable memory.
func search(proc string, what []byte) (hits int, err error) {
	maps, err := os.ReadFile(proc + "/maps")
	if err != nil {
		return 0, err
	}
	mem, err := os.Open(proc + "/mem")
	if err != nil {
		return 0, err
	}
	defer mem.Close()
	read := 0
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		var perms string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &perms); n != 3 || !strings.HasPrefix(perms, "rw") || to-from > 256<<20 {
			continue
		}
		b := make([]byte, to-from)
		n, _ := mem.ReadAt(b, int64(from))
		read += n
		hits += strings.Count(string(b[:n]), string(what))
	}
	if read == 0 {
		return 0, errors.New("nothing could be read")
	}
	return hits, nil
}

// TestPatience: a judge that hangs is stopped, and the next badge is judged.
func TestPatience(t *testing.T) {
	j := Start(command("walls"))
	defer j.Close()
	if err := j.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	one, _, _, _ := j.now()
	ask := verify.Ask{}
	start := time.Now()
	_, err := one.judge([]byte("hang"), &ask, start.Add(200*time.Millisecond))
	if err == nil || !strings.Contains(err.Error(), "in time") || time.Since(start) > time.Minute {
		t.Errorf("a judge that hangs: %v after %s", err, time.Since(start))
	}
	if _, err := j.Judge([]byte("work"), verify.Ask{}); err != nil {
		t.Errorf("the next: %v", err)
	}
}

// TestFilter: the filter is one that the kernel takes, and its jumps lead
// where they should, by what it says of calls.
func TestFilter(t *testing.T) {
	f := rules(42)
	run := func(call uint32, args ...uint64) uint32 {
		data := make([]uint32, 16)
		data[0], data[1] = call, arch
		for i, a := range args {
			data[4+2*i] = uint32(a)
		}
		var acc uint32
		for pc := 0; pc < len(f); pc++ {
			in := f[pc]
			jump := func(yes bool) {
				if yes {
					pc += int(in.Jt)
				} else {
					pc += int(in.Jf)
				}
			}
			switch in.Code {
			case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
				acc = data[in.K/4]
			case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
				jump(acc == in.K)
			case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
				jump(acc >= in.K)
			case unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K:
				jump(acc&in.K != 0)
			case unix.BPF_RET | unix.BPF_K:
				return in.K
			default:
				t.Fatalf("instruction %d: %+v", pc, in)
			}
		}
		t.Fatal("it runs off the end")
		return 0
	}
	no := retNo | uint32(unix.EPERM)
	for _, c := range []struct {
		what string
		got  uint32
		want uint32
	}{
		{"read", run(unix.SYS_READ), retAllow},
		{"exit", run(unix.SYS_EXIT_GROUP), retAllow},
		{"openat", run(unix.SYS_OPENAT), no},
		{"socket", run(unix.SYS_SOCKET), retKill},
		{"a thread", run(unix.SYS_CLONE, 0x50f00), retAllow},
		{"a process", run(unix.SYS_CLONE, uint64(unix.SIGCHLD)), retKill},
		{"a signal to itself", run(unix.SYS_TGKILL, 42), retAllow},
		{"to another", run(unix.SYS_TGKILL, 43), retKill},
		{"memory", run(memory[0], 0, 4096, unix.PROT_READ|unix.PROT_WRITE), retAllow},
		{"code", run(memory[0], 0, 4096, unix.PROT_READ|unix.PROT_EXEC), retKill},
		{"code made", run(unix.SYS_MPROTECT, 0, 4096, unix.PROT_EXEC), retKill},
		{"a name for memory", run(unix.SYS_PRCTL, unix.PR_SET_VMA), retAllow},
		{"another prctl", run(unix.SYS_PRCTL, unix.PR_SET_DUMPABLE), no},
		{"clone3", run(unix.SYS_CLONE3), retNo | uint32(unix.ENOSYS)},
		{"a call of 32 bits", run(0x40000000 | unix.SYS_READ), retKill},
		{"an unknown call", run(9999), no},
	} {
		if c.got != c.want {
			t.Errorf("%s: %#x, want %#x", c.what, c.got, c.want)
		}
	}
	if size := unsafe.Sizeof(f[0]); size != 8 || len(f) > unix.BPF_MAXINSNS {
		t.Errorf("%d instructions of %d bytes", len(f), size)
	}
}
