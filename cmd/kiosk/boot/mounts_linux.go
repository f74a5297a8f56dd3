package boot

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"badgekiosk/provision"
)

// A mount is a file system and where it goes.
type mount struct {
	source, target, kind string
	flags                uintptr
	data                 string
}

const (
	noTricks = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC

	// cardTime is how long a card may take until the kernel has found it.
	cardTime = 15 * time.Second
	// cardWait is the wait between two looks for it.
	cardWait = 100 * time.Millisecond
	// remakeTime is how long making the state's part anew may take.
	remakeTime = 5 * time.Minute

	// labelAt is where a FAT32 boot sector has the volume's label.
	labelAt, labelSize = 71, 11
	cardLabel          = "KIOSK"
)

// system are the kernel's own file systems.
func system() []mount {
	return []mount{
		{"proc", "/proc", "proc", noTricks, ""},
		{"sysfs", "/sys", "sysfs", noTricks, ""},
		{"devtmpfs", "/dev", "devtmpfs", syscall.MS_NOSUID | syscall.MS_NOEXEC, ""},
		{"tmpfs", "/run", "tmpfs", noTricks, "size=8m,mode=0755"},
		{"tmpfs", "/tmp", "tmpfs", noTricks, "size=32m,mode=1777"},
	}
}

// mountSystem mounts the kernel's own. One that is there already is as good.
func (f *first) mountSystem() {
	for _, m := range system() {
		if err := f.mount(m); err != nil && !errors.Is(err, syscall.EBUSY) {
			f.say("mount %s: %v", m.target, err)
		}
	}
}

// mountCard mounts the card's first part, which nobody writes, and the part
// with the kiosk's state. Without a state that can be kept, the kiosk works
// with one in memory, and begins with the card's own bundle each time.
func (f *first) mountCard() {
	name, ok := f.card()
	if !ok {
		f.say("no card with a part labelled %s within %s", cardLabel, cardTime)
	} else if err := f.mount(mount{name + "1", bootFolder, "vfat", noTricks | syscall.MS_RDONLY, ""}); err != nil {
		f.say("mount %s: %v", name+"1", err)
	}
	err := errors.New("no card")
	if ok {
		f.disk = name
		f.findSlots()
		err = f.mountState(name + "4")
	}
	if err != nil {
		f.say("H-DISK the state is in memory alone: %v", err)
		if err := f.mount(mount{"tmpfs", stateFolder, "tmpfs", noTricks, "size=64m,mode=0700"}); err != nil {
			f.say("mount %s: %v", stateFolder, err)
		}
	}
	if err := f.give(f.path(stateFolder), 0o700); err != nil {
		f.say("%s: %v", stateFolder, err)
	}
}

// mountState mounts the part with the state. One that is past mending is made
// anew: a kiosk that forgets what it was given since is better than one that
// forgets each time.
func (f *first) mountState(device string) error {
	m := stateMount(device)
	if f.slots.trial { // what the one before is to read again stays as it is
		m.flags |= syscall.MS_RDONLY
		return f.mount(m)
	}
	err := f.mount(m)
	if err == nil || !provision.Unmountable(err) {
		return err
	}
	f.say("H-DISK %s is made anew, as it cannot be mounted: %v", device, err)
	made := make(chan error, 1)
	go func() { made <- f.remake(device) }()
	feed := time.NewTicker(tick) // a slow card takes longer than the watchdog waits
	defer feed.Stop()
	late := time.After(remakeTime)
	for {
		select {
		case err := <-made:
			if err != nil {
				return err
			}
			return f.mount(m)
		case <-feed.C:
			f.feed()
		case <-late:
			return fmt.Errorf("making %s anew takes longer than %s", device, remakeTime)
		}
	}
}

// card waits for the card whose first part has our label and returns its
// parts' name without the number: "/dev/mmcblk0p". A stick is never taken
// for the card, whatever its label.
func (f *first) card() (string, bool) {
	for end := time.Now().Add(cardTime); ; time.Sleep(cardWait) {
		f.feed()
		parts, _ := filepath.Glob(f.path("/dev/mmcblk*p1"))
		slices.Sort(parts)
		for _, p := range parts {
			if label(p) == cardLabel {
				return strings.TrimSuffix(strings.TrimPrefix(p, strings.TrimSuffix(f.files, "/")), "1"), true
			}
		}
		if !time.Now().Before(end) {
			return "", false
		}
	}
}

// label is that of a FAT32 volume, or empty.
func label(device string) string {
	d, err := os.Open(device)
	if err != nil {
		return ""
	}
	defer d.Close() //nolint:errcheck // only read
	b := make([]byte, labelSize)
	if _, err := d.ReadAt(b, labelAt); err != nil {
		return ""
	}
	return strings.TrimRight(string(b), " ")
}
