package jail

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_X86_64

var (
	allowedHere = []uint32{unix.SYS_EPOLL_WAIT, unix.SYS_ARCH_PRCTL}
	deadlyHere  = []uint32{unix.SYS_FORK, unix.SYS_VFORK}
	memory      = []uint32{unix.SYS_MMAP, unix.SYS_MPROTECT}
)
