package jail

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_ARM

// On 32 bits some calls come a second time, for dates after 2038; the last
// two are ARM's own, by which a program makes new code visible and a thread
// finds its memory (Linux, arch/arm/include/uapi/asm/unistd.h).
var (
	allowedHere = []uint32{unix.SYS_EPOLL_WAIT, unix.SYS_FUTEX_TIME64, unix.SYS_CLOCK_GETTIME64, unix.SYS_CLOCK_NANOSLEEP_TIME64,
		unix.SYS_SIGRETURN, 0x0f0002, 0x0f0005}
	deadlyHere = []uint32{unix.SYS_FORK, unix.SYS_VFORK}
	memory     = []uint32{unix.SYS_MMAP2, unix.SYS_MPROTECT}
)
