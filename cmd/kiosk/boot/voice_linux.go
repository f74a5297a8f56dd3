package boot

import (
	"strconv"
	"syscall"
)

// systemFolder is where the slot that runs can be read: what the kiosk speaks
// with is there, as it is too large to lie in memory.
const systemFolder = "/system"

// mountSlot mounts the slot that runs. Without it the kiosk does not speak.
func (f *first) mountSlot() {
	if f.slots.running == 0 {
		return
	}
	device := f.disk + strconv.Itoa(f.slots.running.Part())
	if err := f.mount(mount{device, systemFolder, "vfat", noTricks | syscall.MS_RDONLY, ""}); err != nil {
		f.say("mount %s: %v", device, err)
	}
}
