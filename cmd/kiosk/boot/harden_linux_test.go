package boot

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestRemakes makes a state that cannot be mounted anew, and only such a one.
func TestRemakes(t *testing.T) {
	for name, c := range map[string]struct {
		fails   error
		remakes time.Duration
		remade  int
		last    string // kind of what the state is on
	}{
		"sound":       {nil, 0, 0, "ext4"},
		"damaged":     {syscall.EUCLEAN, time.Minute, 1, "ext4"},
		"no ext4":     {syscall.EINVAL, 0, 1, "ext4"},
		"not there":   {syscall.ENOENT, 0, 0, "tmpfs"},
		"busy":        {syscall.EBUSY, 0, 0, "tmpfs"},
		"past help":   {syscall.EINVAL, -1, 1, "tmpfs"},
		"much slower": {syscall.EINVAL, time.Hour, 1, "tmpfs"},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &board{begun: time.Now(), fails: c.fails, remakes: c.remakes}
			f := first{kernel: b, files: t.TempDir(), log: t.Output(), watchdog: b}
			if err := errors.Join(os.MkdirAll(f.path("/dev"), 0o700),
				os.WriteFile(f.path("/dev/mmcblk0p1"), append(make([]byte, 71), "KIOSK      "...), 0o600)); err != nil {
				t.Fatal(err)
			}
			f.mountCard()
			time.Sleep(2 * time.Hour) // even the slowest card is done
			if last := b.mounts[len(b.mounts)-1]; last.kind != c.last || last.target != stateFolder {
				t.Errorf("%s: the state is on %+v, want %s", name, last, c.last)
			}
			if len(b.remade) != c.remade || c.remade > 0 && b.remade[0] != "/dev/mmcblk0p4" {
				t.Errorf("%s: made %q anew, want %d times", name, b.remade, c.remade)
			}
			if c.remakes > 0 && b.fed < min(c.remakes, remakeTime)-2*time.Second {
				t.Errorf("%s: the watchdog went hungry at %s", name, b.fed)
			}
		})
	}
}

// TestHardens takes the memory's devices away and sets what is to be set,
// where a kernel has it.
func TestHardens(t *testing.T) {
	f := first{files: t.TempDir(), log: t.Output()}
	for _, name := range []string{"/dev/mem", "/dev/port", "/dev/null", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/sysrq", "/proc/sys/kernel/hostname"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(f.path(name)), 0o700), os.WriteFile(f.path(name), []byte("as it was"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	f.harden()
	for name, want := range map[string]bool{"/dev/mem": false, "/dev/port": false, "/dev/null": true} {
		if f.has(name) != want {
			t.Errorf("%s is there: %t", name, !want)
		}
	}
	for name, want := range map[string]string{"core_pattern": "|/bin/false", "sysrq": "0", "hostname": "as it was"} {
		if got, err := os.ReadFile(f.path("/proc/sys/kernel/" + name)); err != nil || string(got) != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
}

// TestHeard understands what the kiosk says to its supervisor.
func TestHeard(t *testing.T) {
	for message, want := range map[string][]event{
		"READY=1":                 nil,
		"WATCHDOG=1":              {{progress: true}},
		"X_OFF=1":                 {{stop: true, off: true}},
		"X_NETWORK=1":             {{network: true}},
		"STATUS=X_OFF=1":          nil,
		"X_OFF=10":                nil,
		"WATCHDOG=1\nX_OFF=1\n\n": {{progress: true}, {stop: true, off: true}},
		"\x00\xff":                nil,
	} {
		if got := heard(message); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: heard %+v, want %+v", message, got, want)
		}
	}
}

// TestOff stops the kiosk and switches the board off when staff ask for it.
func TestOff(t *testing.T) {
	b := &board{}
	synctest.Test(t, func(t *testing.T) {
		b.begun, b.events = time.Now(), make(chan event, 9)
		f := first{kernel: b, files: t.TempDir(), log: t.Output(), events: b.events}
		for _, e := range heard("X_OFF=1") {
			b.events <- e
		}
		if !f.supervise() {
			t.Error("the board starts anew, want it off")
		}
	})
	if len(b.kills) != 1 || b.kills[0] != "soft" {
		t.Errorf("kills %v, want a soft one, for the panel to be wiped", b.kills)
	}
}

// TestAsUser looks at what a child of the first process may do: set a clock,
// and nothing else. Who may not hand that out starts none.
func TestAsUser(t *testing.T) {
	may, err := strconv.ParseUint(field(t, "/proc/self/status", "CapEff:"), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	if may>>21&1 == 0 { // CAP_SYS_ADMIN, for a network of its own
		return
	}
	cmd := exec.Command("cat", "/proc/self/status")
	cmd.SysProcAttr, cmd.Dir = asUser(), "/"
	out, err := cmd.Output()
	if may>>setClock&1 == 0 || may>>6&1 == 0 || may>>7&1 == 0 { // CAP_SETGID and CAP_SETUID
		if err == nil {
			t.Errorf("started without the right to: %s", out)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	only := fmt.Sprintf("%016x", 1<<setClock)
	for name, want := range map[string]string{"Uid:": "1000", "Gid:": "1000", "Groups:": "", "CapEff:": only, "CapPrm:": only, "CapInh:": only} {
		if got := word(string(out), name); got != want {
			t.Errorf("the child's %s is %q, want %q", name, got, want)
		}
	}
}

// TestLends lets a group read, and neither it nor anybody else write.
func TestLends(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sda")
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := linux{}.lend(name)
		if os.Getuid() != 0 {
			if !errors.Is(err, syscall.EPERM) {
				t.Errorf("lent without the right to: %v", err)
			}
			return
		}
		var s syscall.Stat_t
		if err := errors.Join(err, syscall.Lstat(name, &s)); err != nil || s.Uid != 0 || s.Gid != user || s.Mode&0o777 != lentMode {
			t.Errorf("it is %d:%d's with mode %o (%v)", s.Uid, s.Gid, s.Mode, err)
		}
	}
}

func field(t *testing.T, file, name string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return word(string(data), name)
}

// word is the first behind name, in a file of proc's.
func word(data, name string) string {
	for line := range strings.Lines(data) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			f := strings.Fields(rest)
			if len(f) > 0 {
				return f[0]
			}
		}
	}
	return ""
}
