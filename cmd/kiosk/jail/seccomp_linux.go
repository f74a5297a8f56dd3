//go:build amd64 || arm64 || arm

package jail

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the kernel does with a call. Source: Linux,
// include/uapi/linux/seccomp.h.
const (
	retKill  = unix.SECCOMP_RET_KILL_PROCESS
	retAllow = unix.SECCOMP_RET_ALLOW
	retNo    = unix.SECCOMP_RET_ERRNO
)

// Places in struct seccomp_data; arguments are 64 bits wide, and all boards
// have the lower half first.
const (
	atCall = 0
	atArch = 4
	atArgs = 16
)

// A filter is a program for the kernel that looks at every system call.
type filter []unix.SockFilter

func (f *filter) add(code uint16, k uint32, yes, no uint8) {
	*f = append(*f, unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k})
}

func (f *filter) load(at uint32) { f.add(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, at, 0, 0) }
func (f *filter) end(with uint32) {
	f.add(unix.BPF_RET|unix.BPF_K, with, 0, 0)
}

// on ends with result if the loaded word is k.
func (f *filter) on(k, result uint32) {
	f.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, k, 0, 1)
	f.end(result)
}

// onArg looks at argument arg of call: jump compares it with k, and yes or no
// is the end. The word loaded is the call again for whoever comes next.
func (f *filter) onArg(call uint32, arg int, jump uint16, k, yes, no uint32) {
	f.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, call, 0, 4)
	f.load(atArgs + 8*uint32(arg))
	f.add(unix.BPF_JMP|jump|unix.BPF_K, k, 0, 1)
	f.end(yes)
	f.end(no)
}

// rules is the filter for this process: what Go's runtime needs to wait, to
// have memory and to run its threads, reading and writing, and nothing else.
//
// What a judge can only be made to try dies with it; the rest is refused, so
// that a runtime that tries something new goes on without it.
func rules(pid uint32) filter {
	var f filter
	f.load(atArch)
	f.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, arch, 1, 0)
	f.end(retKill)
	f.load(atCall)
	// On amd64 the same calls come a second time, by 32-bit addresses.
	f.add(unix.BPF_JMP|unix.BPF_JGE|unix.BPF_K, 0x40000000, 0, 1)
	f.end(retKill)
	for _, call := range allowed {
		f.on(call, retAllow)
	}
	for _, call := range deadly {
		f.on(call, retKill)
	}
	// A thread of this process, not another process.
	f.onArg(unix.SYS_CLONE, 0, unix.BPF_JSET, unix.CLONE_THREAD, retAllow, retKill)
	f.on(unix.SYS_CLONE3, retNo|uint32(unix.ENOSYS))
	// Memory, but no new code.
	for _, call := range memory {
		f.onArg(call, 2, unix.BPF_JSET, unix.PROT_EXEC, retKill, retAllow)
	}
	// A signal to itself: so the runtime stops its threads, and dies.
	f.onArg(unix.SYS_TGKILL, 0, unix.BPF_JEQ, pid, retAllow, retKill)
	// Names for memory, which the runtime gives.
	f.onArg(unix.SYS_PRCTL, 0, unix.BPF_JEQ, unix.PR_SET_VMA, retAllow, retNo|uint32(unix.EPERM))
	f.end(retNo | uint32(unix.EPERM))
	return f
}

// filterCalls puts the filter before every thread.
func filterCalls() error {
	f := rules(uint32(os.Getpid()))
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	// no_new_privs may not have been set everywhere; the filter needs it here.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	tid, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(f)
	if e != 0 {
		return fmt.Errorf("this kernel takes no filter: %w", e)
	}
	if tid != 0 {
		return fmt.Errorf("thread %d has a filter of its own", tid)
	}
	return nil
}

// common are the calls that all boards have by the same name.
var common = []uint32{
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_CLOSE,
	unix.SYS_MUNMAP, unix.SYS_MADVISE, unix.SYS_MINCORE, unix.SYS_BRK,
	unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP,
	unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY, unix.SYS_GETRANDOM,
	unix.SYS_RT_SIGRETURN, unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_SIGALTSTACK,
	unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_SCHED_GETAFFINITY, unix.SYS_SET_ROBUST_LIST,
	unix.SYS_EPOLL_PWAIT, unix.SYS_EPOLL_CTL, unix.SYS_RESTART_SYSCALL,
	unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
	unix.SYS_RSEQ, // of each new thread where C makes them: a program built with cgo
}

// deadly are calls that only somebody who has taken over the judge would make.
var deadly = append([]uint32{
	unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV,
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT4,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_REBOOT, unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_KILL,
}, deadlyHere...)

var allowed = append(common[:len(common):len(common)], allowedHere...)
