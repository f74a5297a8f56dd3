package boot

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Each process that has memory of its own is named with the most that it
// held; the first process and the kernel's are not.
func TestSayMemory(t *testing.T) {
	var log bytes.Buffer
	f := &first{files: t.TempDir(), log: &log}
	for pid, status := range map[string]string{
		"1": "Name:\tinit\nVmHWM:\t   10 kB\n", "2": "Name:\tkthreadd\n",
		"51": "Name:\tinit\nVmPeak:\t  900 kB\nVmHWM:\t   12345 kB\nVmRSS:\t 11000 kB\n", "67": "Name:\tinit\nVmHWM:\t 678 kB",
	} {
		dir := f.path("/proc/" + pid)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"status": status, "cmdline": "kiosk\x00run " + pid + "\x00"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.sayMemory()
	const want = "init: memory: at most 12345 kB by kiosk run 51\ninit: memory: at most 678 kB by kiosk run 67\n"
	if log.String() != want {
		t.Errorf("said\n%swant\n%s", &log, want)
	}
}
