package boot

import (
	"reflect"
	"syscall"
	"testing"

	"badgekiosk/provision"
)

// TestMountSlot mounts the slot that runs, to be read only, and none where it
// is not known which does.
func TestMountSlot(t *testing.T) {
	for slot, want := range map[provision.Slot][]mount{
		provision.SlotA: {{"/dev/mmcblk0p2", "/system", "vfat", noTricks | syscall.MS_RDONLY, ""}},
		provision.SlotB: {{"/dev/mmcblk0p3", "/system", "vfat", noTricks | syscall.MS_RDONLY, ""}},
		0:               nil,
	} {
		b := &board{}
		f := first{kernel: b, files: t.TempDir(), log: t.Output(), disk: "/dev/mmcblk0p"}
		f.slots.running = slot
		f.mountSlot()
		if !reflect.DeepEqual(b.mounts, want) {
			t.Errorf("slot %s: mounted %+v, want %+v", slot, b.mounts, want)
		}
	}
}
