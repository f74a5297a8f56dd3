//go:build amd64 || arm64 || arm

package jail

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A wall is one thing that the judge gives up.
type wall struct {
	name  string
	build func() error
}

// walls are all of them, in the order in which they can be built: each may
// need what a later one takes away.
var walls = []wall{
	{"files", closeFiles},
	{"no new privileges", noNewPrivileges},
	{"landlock", noFiles},
	{"limits", setLimits},
	{"user", dropUser},
	{"capabilities", dropCapabilities},
	{"not dumpable", notDumpable},
	{"seccomp", filterCalls},
}

// apart are the walls of a process that has a network: it may open sockets,
// and nothing else.
var apart = []wall{
	{"no new privileges", noNewPrivileges},
	{"landlock", func() error { return restrict(false) }},
	{"core", func() error { return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }},
	{"capabilities", dropCapabilities},
	{"not dumpable", notDumpable},
}

// Apart shuts this process off from files, programs and other processes, and
// leaves it the network and what it has open.
func Apart() []Layer { return build(apart) }

// confine builds every wall that this kernel can.
func confine() []Layer { return build(walls) }

func build(walls []wall) (all []Layer) {
	for _, w := range walls {
		l := Layer{Name: w.name}
		if err := w.build(); err != nil {
			l.Fault = err.Error()
		}
		all = append(all, l)
	}
	return all
}

// everywhere makes a system call on every thread of the process: what a wall
// keeps in, it keeps in thread by thread.
//
//go:uintptrescapes
func everywhere(trap, a, b, c uintptr) error {
	_, _, e := syscall.AllThreadsSyscall6(trap, a, b, c, 0, 0, 0)
	if e == syscall.ENOTSUP {
		return errors.New("this program was built with cgo: build it with CGO_ENABLED=0")
	}
	if e != 0 {
		return e
	}
	return nil
}

// anonFS is what fstatfs says of descriptors that are no file.
const anonFS = 0x09041934

// closeFiles leaves the folder it was started in, and closes all but the two
// pipes, standard error, which leads nowhere, and the two descriptors by which
// Go's runtime waits: without them it dies.
func closeFiles() error {
	if err := os.Chdir("/"); err != nil {
		return err
	}
	const first = 3
	from := uint(first)
	for fd := first; fd < 256; fd++ {
		var s unix.Statfs_t
		if unix.Fstatfs(fd, &s) == nil && int64(s.Type) == anonFS {
			if err := closeFrom(from, uint(fd)-1); err != nil {
				return err
			}
			from = uint(fd) + 1
		}
	}
	return closeFrom(from, math.MaxInt32)
}

func closeFrom(from, to uint) error {
	if from > to {
		return nil
	}
	err := unix.CloseRange(from, to, 0)
	if errors.Is(err, unix.ENOSYS) { // before Linux 5.9
		for fd := from; fd <= min(to, 1<<16); fd++ {
			_ = unix.Close(int(fd)) // most of them are not open
		}
		return nil
	}
	return err
}

// Limits on the process. Sources: getrlimit(2).
const (
	limitData    = 256 << 20 // bytes that it can write to
	limitSpace   = 2 << 30   // bytes of addresses more than it has
	limitThreads = 256       // processes and threads of its user
)

func setLimits() (err error) {
	for _, l := range []struct {
		name  string
		which int
		most  uint64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"file size", unix.RLIMIT_FSIZE, 0},
		{"open files", unix.RLIMIT_NOFILE, 0},
		{"threads", unix.RLIMIT_NPROC, limitThreads},
		{"data", unix.RLIMIT_DATA, limitData},
		{"address space", unix.RLIMIT_AS, addressSpace()},
	} {
		if e := unix.Setrlimit(l.which, &unix.Rlimit{Cur: l.most, Max: l.most}); e != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", l.name, e))
		}
	}
	return err
}

// addressSpace is what the process may have at most: what it has and
// limitSpace. Go takes much of it at the start and uses little.
func addressSpace() uint64 {
	const all = math.MaxUint64
	if unsafe.Sizeof(uintptr(0)) == 4 {
		return all // the processor is the limit
	}
	statm, err := os.ReadFile("/proc/self/statm")
	pages, _, _ := strings.Cut(string(statm), " ")
	n, e := strconv.ParseUint(pages, 10, 48)
	if err != nil || e != nil {
		return all
	}
	return n*uint64(os.Getpagesize()) + limitSpace
}

func noNewPrivileges() error {
	return everywhere(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0)
}

// handled are the rights that Landlock takes away, by the version of its
// interface from which on there are so many. Source: Linux,
// Documentation/userspace-api/landlock.rst.
var handled = []struct {
	version            int
	files, net, scopes uint
}{
	{1, 13, 0, 0}, {2, 14, 0, 0}, {3, 15, 0, 0}, {4, 15, 2, 0}, {5, 16, 2, 0}, {6, 16, 2, 2},
}

// noFiles takes away every right to files, to network ports and to other
// processes that the kernel's Landlock knows, with no exception.
func noFiles() error { return restrict(true) }

// restrict does so, and leaves the network alone where ports is false.
func restrict(ports bool) error {
	v, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if e != 0 {
		return fmt.Errorf("this kernel has none: %w", e)
	}
	var rules unix.LandlockRulesetAttr
	for _, h := range handled {
		if int(v) >= h.version {
			rules = unix.LandlockRulesetAttr{Handled_access_fs: 1<<h.files - 1, Handled_access_net: 1<<h.net - 1, Scoped: 1<<h.scopes - 1}
		}
	}
	if !ports {
		rules.Handled_access_net = 0
	}
	fd, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules), 0)
	runtime.KeepAlive(&rules)
	if e != 0 {
		return fmt.Errorf("rules: %w", e)
	}
	defer unix.Close(int(fd))
	return everywhere(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0)
}

// nobody owns nothing. Source: Linux, Documentation/admin-guide/sysctl/fs.rst,
// overflowuid.
const nobody = 65534

// dropUser makes a judge that root has started nobody's. Any other user has
// no more rights than walls leave.
func dropUser() error {
	if os.Geteuid() != 0 {
		return nil
	}
	if err := syscall.Setgroups(nil); err != nil {
		return fmt.Errorf("groups: %w", err)
	}
	if err := syscall.Setresgid(nobody, nobody, nobody); err != nil {
		return fmt.Errorf("group: %w", err)
	}
	if err := syscall.Setresuid(nobody, nobody, nobody); err != nil {
		return fmt.Errorf("user: %w", err)
	}
	return nil
}

// dropCapabilities gives up whatever rights of root the process was given
// beside its user's.
func dropCapabilities() error {
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	err := everywhere(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&none)), 0)
	runtime.KeepAlive(&head)
	runtime.KeepAlive(&none)
	return err
}

// notDumpable keeps other processes of the same user from looking into this
// one. Source: prctl(2), PR_SET_DUMPABLE.
func notDumpable() error {
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
