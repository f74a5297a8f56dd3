package v4l2

import (
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// device is the kernel's side of an open file.
type device int

func openDevice(path string) (kernel, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return device(fd), nil
}

func (d device) ioctl(request uintptr, arg []byte) error {
	for {
		_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(d), request, uintptr(unsafe.Pointer(unsafe.SliceData(arg))))
		runtime.KeepAlive(arg)
		if e == unix.EINTR {
			continue
		}
		if e != 0 {
			return e
		}
		return nil
	}
}

func (d device) mmap(offset int64, length int) ([]byte, error) {
	return unix.Mmap(int(d), offset, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func (d device) munmap(b []byte) error { return unix.Munmap(b) }

func (d device) wait(timeout time.Duration) error {
	p := []unix.PollFd{{Fd: int32(d), Events: unix.POLLIN}}
	n, err := unix.Poll(p, int(timeout.Milliseconds()))
	switch {
	case err == unix.EINTR || err == nil && n == 0:
		return unix.EAGAIN
	case err != nil:
		return err
	case p[0].Revents&(unix.POLLERR|unix.POLLHUP|unix.POLLNVAL) != 0 && p[0].Revents&unix.POLLIN == 0:
		return unix.ENODEV
	}
	return nil
}

func (d device) close() error { return unix.Close(int(d)) }

// Find returns the paths of the video devices there are, in the order of
// their numbers. Not all of them need be cameras: [Open] says.
func Find() []string {
	paths, _ := filepath.Glob("/dev/video*") // the pattern is well-formed
	number := func(p string) int {
		n, err := strconv.Atoi(strings.TrimPrefix(p, "/dev/video"))
		if err != nil {
			return 1 << 30
		}
		return n
	}
	slices.SortFunc(paths, func(a, b string) int { return number(a) - number(b) })
	return paths
}
