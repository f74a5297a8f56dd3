package provision

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"badgekiosk/image/ext4"
)

// A platter is a disk in memory that the kernel sees as a file, and that
// writes down everything that is done to it, in order.
//
// Source: Linux, include/uapi/linux/fuse.h, protocol 7.31.
type platter struct {
	dev *os.File

	mu    sync.Mutex
	image []byte
	log   []deed // nil while nothing is written down
	keeps bool
}

// A deed is one write, one flush (data nil) or, from the one who works on the
// disk, an acknowledgement.
type deed struct {
	at   int64
	data []byte
	ack  *ack
}

// Opcodes and sizes of the protocol.
const (
	fuseLookup, fuseForget, fuseGetattr, fuseSetattr = 1, 2, 3, 4
	fuseOpen, fuseRead, fuseWrite, fuseStatfs        = 14, 15, 16, 17
	fuseRelease, fuseFsync, fuseFlush, fuseInit      = 18, 20, 25, 26
	fuseInterrupt, fuseDestroy, fuseForgets          = 36, 38, 42
	fuseHead                                         = 40
	fuseMaxWrite                                     = 128 << 10
	diskNode                                         = 2
	diskName                                         = "disk"
)

// mountPlatter shows image as the file disk in the folder dir.
func mountPlatter(dir string, image []byte) (*platter, error) {
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	p := &platter{dev: os.NewFile(uintptr(fd), "/dev/fuse"), image: image}
	opts := "rootmode=40000,user_id=0,group_id=0,allow_other,fd=" + itoa(fd)
	if err := unix.Mount("platter", dir, "fuse", unix.MS_NOSUID|unix.MS_NODEV, opts); err != nil {
		return nil, errors.Join(err, p.dev.Close())
	}
	go p.serve(fd)
	return p, nil
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// serve answers the kernel until the folder is unmounted.
func (p *platter) serve(fd int) {
	buf := make([]byte, fuseMaxWrite+64<<10)
	for {
		n, err := unix.Read(fd, buf)
		if errors.Is(err, unix.EINTR) || errors.Is(err, unix.ENOENT) {
			continue
		}
		if err != nil || n < fuseHead {
			return
		}
		code := binary.LittleEndian.Uint32(buf[4:])
		if code == fuseForget || code == fuseForgets || code == fuseInterrupt {
			continue
		}
		body, errno := p.answer(code, binary.LittleEndian.Uint64(buf[16:]), buf[fuseHead:n])
		out := binary.LittleEndian.AppendUint32(nil, uint32(16+len(body)))
		out = binary.LittleEndian.AppendUint32(out, uint32(-int32(errno)))
		out = append(out, buf[8:16]...)
		if _, err := unix.Write(fd, append(out, body...)); err != nil && !errors.Is(err, unix.ENOENT) {
			return
		}
	}
}

func (p *platter) answer(code uint32, node uint64, in []byte) ([]byte, syscall.Errno) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u32, u64 := binary.LittleEndian.Uint32, binary.LittleEndian.Uint64
	switch code {
	case fuseInit:
		out := make([]byte, 64)
		for i, v := range []uint32{7, 31, u32(in[8:]), 1 << 5} { // big writes
			binary.LittleEndian.PutUint32(out[4*i:], v)
		}
		binary.LittleEndian.PutUint32(out[20:], fuseMaxWrite)
		return out, 0
	case fuseLookup:
		if string(in) != diskName+"\x00" {
			return nil, unix.ENOENT
		}
		out := make([]byte, 40)
		binary.LittleEndian.PutUint64(out, diskNode)
		return append(out, p.attr(diskNode)...), 0
	case fuseGetattr, fuseSetattr:
		return append(make([]byte, 16), p.attr(node)...), 0
	case fuseOpen:
		return make([]byte, 16), 0
	case fuseRead:
		at, size := u64(in[8:]), uint64(u32(in[16:]))
		at = min(at, uint64(len(p.image)))
		return slices.Clone(p.image[at:min(at+size, uint64(len(p.image)))]), 0
	case fuseWrite:
		at, data := int64(u64(in[8:])), slices.Clone(in[40:40+u32(in[16:])])
		if at+int64(len(data)) > int64(len(p.image)) {
			return nil, unix.ENOSPC
		}
		copy(p.image[at:], data)
		p.write(deed{at: at, data: data})
		out := make([]byte, 8)
		binary.LittleEndian.PutUint32(out, uint32(len(data)))
		return out, 0
	case fuseFsync:
		p.write(deed{})
		return nil, 0
	case fuseStatfs:
		return make([]byte, 80), 0
	case fuseRelease, fuseFlush, fuseDestroy:
		return nil, 0
	}
	return nil, unix.ENOSYS
}

// write puts a deed down.
func (p *platter) write(d deed) {
	if p.keeps {
		p.log = append(p.log, d)
	}
}

// attr is the protocol's fuse_attr of the folder or the disk.
func (p *platter) attr(node uint64) []byte {
	out := make([]byte, 88)
	mode, size := uint32(unix.S_IFDIR|0o755), 0
	if node == diskNode {
		mode, size = unix.S_IFREG|0o600, len(p.image)
	}
	binary.LittleEndian.PutUint64(out, node)
	binary.LittleEndian.PutUint64(out[8:], uint64(size))
	binary.LittleEndian.PutUint64(out[16:], uint64(size/512))
	binary.LittleEndian.PutUint32(out[60:], mode)
	binary.LittleEndian.PutUint32(out[64:], 1)
	return out
}

// keep begins to write down, and returns the disk as it is then.
func (p *platter) keep() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keeps, p.log = true, nil
	return slices.Clone(p.image)
}

// acknowledge writes down that something must survive from here on.
func (p *platter) acknowledge(a ack) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.write(deed{ack: &a})
}

func (p *platter) deeds() []deed {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keeps = false
	return p.log
}

// loopMount mounts the ext4 in file at dir through a loop device, and returns
// what undoes it.
func loopMount(file, dir string) (undo func() error, err error) {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // the loop device holds it
	ctl, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer ctl.Close() //nolint:errcheck // only asked
	for range 20 {    // somebody else may take the free one first
		n, err := unix.IoctlRetInt(int(ctl.Fd()), unix.LOOP_CTL_GET_FREE)
		if err != nil {
			return nil, err
		}
		name := "/dev/loop" + itoa(n)
		loop, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		err = unix.IoctlSetInt(int(loop.Fd()), unix.LOOP_SET_FD, int(f.Fd()))
		if errors.Is(err, unix.EBUSY) {
			_ = loop.Close()
			continue
		}
		if err != nil {
			return nil, errors.Join(err, loop.Close())
		}
		// Whoever is killed leaves no loop device behind.
		err = unix.IoctlLoopSetStatus64(int(loop.Fd()), &unix.LoopInfo64{Flags: unix.LO_FLAGS_AUTOCLEAR})
		if err == nil {
			err = unix.Mount(name, dir, "ext4", unix.MS_NOATIME, "errors=remount-ro")
		}
		return func() error { return unix.Unmount(dir, 0) }, errors.Join(err, loop.Close())
	}
	return nil, errors.New("no free loop device")
}

// apart runs the test again in a process with mounts of its own, which go when
// it does, however it ends. here is true in that process, and on a machine
// that does not let us.
func apart(t *testing.T) (here bool) {
	t.Helper()
	if os.Getenv("KIOSK_APART") != "" || os.Getuid() != 0 {
		return true
	}
	runtime.LockOSThread() // the child dies with this thread
	defer runtime.UnlockOSThread()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "KIOSK_APART=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Pdeathsig: unix.SIGKILL}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return true
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v", err)
	}
	t.Logf("in a process of its own:\n%s", out.Bytes())
	return false
}

// freshExt4 is an empty ext4 as the card's builder writes it: without
// checksums, so that a superblock torn between two sectors still mounts.
func freshExt4(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ext4")
	f, err := os.Create(file)
	must(t, err)
	must(t, errors.Join(f.Truncate(platterSize), ext4.Write(f, platterSize, "state"), f.Close()))
	image, err := os.ReadFile(file)
	must(t, err)
	return image
}
