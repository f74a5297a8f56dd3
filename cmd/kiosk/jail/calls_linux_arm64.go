package jail

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_AARCH64

var (
	allowedHere []uint32
	deadlyHere  []uint32
	memory      = []uint32{unix.SYS_MMAP, unix.SYS_MPROTECT}
)
