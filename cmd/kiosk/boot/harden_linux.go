package boot

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// settings are the kernel's, below /proc/sys. A crash leaves no picture of the
// memory, not even through a program; nobody but root reads the kernel's log
// and addresses, or loads programs into it; keys on a keyboard command nothing;
// a new network is empty.
//
// Source: Linux, Documentation/admin-guide/sysctl.
func settings() [][2]string {
	return [][2]string{
		{"kernel/core_pattern", "|/bin/false"},
		{"fs/suid_dumpable", "0"},
		{"kernel/dmesg_restrict", "1"},
		{"kernel/kptr_restrict", "2"},
		{"kernel/unprivileged_bpf_disabled", "1"},
		{"kernel/sysrq", "0"},
		{"net/core/fb_tunnels_only_for_init_net", "1"}, // or each empty network would have some
	}
}

// memories are ways past every wall: this kernel bars root from none of them.
func memories() []string { return []string{"/dev/mem", "/dev/kmem", "/dev/port"} }

// harden shuts what no kiosk needs. Nothing here ever starts swap; if there is
// some, it is said.
func (f *first) harden() {
	for _, s := range settings() {
		if err := os.WriteFile(f.path("/proc/sys/"+s[0]), []byte(s[1]), 0); err != nil {
			f.say("%v", err)
		}
	}
	for _, name := range memories() {
		if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			f.say("%s stays open: %v", name, err)
		}
	}
	swaps, _ := os.ReadFile(f.path("/proc/swaps")) // not there: no swap
	if n := strings.Count(string(swaps), "\n") - 1; n > 0 {
		f.say("swap is on, in %d places", n)
	}
}
