package boot

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sayMemory says what each process but this one has held in memory at most
// since it began: the line VmHWM of its status, which the kernel's own
// processes do not have. Source: proc_pid_status(5).
func (f *first) sayMemory() {
	all, _ := filepath.Glob(f.path("/proc/[0-9]*")) // the pattern is well formed
	slices.Sort(all)
	for _, dir := range all {
		status, err := os.ReadFile(filepath.Join(dir, "status"))
		_, peak, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found || filepath.Base(dir) == "1" {
			continue
		}
		peak, _, _ = strings.Cut(peak, "\n")
		args, _ := os.ReadFile(filepath.Join(dir, "cmdline")) // a process that just ended has none
		words := strings.ReplaceAll(strings.Trim(string(args), "\x00"), "\x00", " ")
		f.say("memory: at most %s by %s", strings.TrimSpace(peak), words)
	}
}
