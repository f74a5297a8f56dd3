package provision

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lockPoll is how often a folder in use is tried again.
const lockPoll = 20 * time.Millisecond

// lock locks the folder itself: no file is left behind, and a card that is
// mounted read-only can be locked too. A file system without locks has none.
//
// Source: flock(2).
func (d osDisk) lock(wait time.Duration) (unlock func(), err error) {
	f, err := os.Open(string(d))
	if err != nil {
		return func() {}, nil // what ails the card, reading and writing tell
	}
	for late := time.Now().Add(wait); ; time.Sleep(lockPoll) {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil, !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR):
			return func() { _ = f.Close() }, nil // which unlocks
		case time.Now().After(late):
			return nil, errors.Join(fmt.Errorf("%s is in use by %s; wait until it has ended, or end it", string(d), holder(f)), f.Close())
		}
	}
}

// holder names the process that holds a lock, as far as the kernel tells.
//
// Source: proc_locks(5).
func holder(f *os.File) string {
	var s unix.Stat_t
	locks, err := os.ReadFile("/proc/locks")
	if err != nil || unix.Fstat(int(f.Fd()), &s) != nil {
		return "another process"
	}
	at := fmt.Sprintf("%02x:%02x:%d", unix.Major(s.Dev), unix.Minor(s.Dev), s.Ino)
	for line := range strings.Lines(string(locks)) {
		// 1: FLOCK  ADVISORY  WRITE 1234 08:02:5678 0 EOF
		if w := strings.Fields(line); len(w) > 5 && w[1] == "FLOCK" && w[5] == at {
			command, _ := os.ReadFile("/proc/" + w[4] + "/cmdline")
			said := strings.TrimSpace(string(bytes.ReplaceAll(command, []byte{0}, []byte(" "))))
			return fmt.Sprintf("process %s (%.80s)", w[4], said)
		}
	}
	return "another process"
}
