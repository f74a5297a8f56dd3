package boot

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A board is a kernel that remembers what it was asked, and when.
type board struct {
	begun   time.Time
	events  chan event
	deaf    bool // a soft kill does nothing
	lives   time.Duration
	speaks  time.Duration // how long each child says that it gets on; 0 is never
	pid     int
	starts  []time.Duration
	args    [][]string
	kills   []string
	mounts  []mount
	loaded  []string
	refuses string // a source or module that fails
	fed     time.Duration
	given   []string
	lent    []string
	fails   error         // what mounting a state yields, until it is made anew
	remakes time.Duration // how long that takes; less than 0 fails
	remade  []string
	wires   wires
	putters putters
}

var errRefused = errors.New("refused")

func (b *board) since() time.Duration { return time.Since(b.begun).Truncate(time.Second) }

func (b *board) mount(m mount) error {
	b.mounts = append(b.mounts, m)
	if m.source == b.refuses {
		return errRefused
	}
	if m.kind == "ext4" {
		return b.fails
	}
	return nil
}

func (b *board) give(name string, _ os.FileMode) error {
	b.given = append(b.given, name)
	return nil
}

func (b *board) lend(name string) error {
	b.lent = append(b.lent, name)
	return nil
}

func (b *board) remake(device string) error {
	b.remade = append(b.remade, device)
	time.Sleep(b.remakes)
	if b.remakes < 0 {
		return errRefused
	}
	b.fails = nil
	return nil
}

func (b *board) load(module []byte) error {
	b.loaded = append(b.loaded, string(module))
	if string(module) == b.refuses {
		return errRefused
	}
	return nil
}

func (b *board) start(args []string) (int, error) {
	b.pid++
	pid := b.pid
	b.starts, b.args = append(b.starts, b.since()), append(b.args, args)
	if b.lives > 0 {
		go func() {
			time.Sleep(b.lives)
			b.events <- event{exited: pid, status: "exit 1"}
		}()
	}
	go func() {
		for range int(b.speaks / (10 * time.Second)) {
			b.events <- event{progress: true}
			time.Sleep(10 * time.Second)
		}
	}()
	return pid, nil
}

func (b *board) kill(pid int, hard bool) {
	how := "soft"
	if hard {
		how = "hard"
	}
	b.kills = append(b.kills, how)
	if hard || !b.deaf {
		go func() { b.events <- event{exited: pid, status: "ended by signal"} }()
	}
}

func (b *board) restart(bool) error { return errRefused }

func (b *board) Write(p []byte) (int, error) {
	b.fed = b.since()
	return len(p), nil
}

// lifeOf lets a board live for so long and stops it then.
func lifeOf(t *testing.T, b *board, long time.Duration) (off bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b.begun, b.events = time.Now(), make(chan event, 1000)
		f := first{kernel: b, files: t.TempDir(), log: t.Output(), events: b.events, watchdog: b}
		go func() {
			time.Sleep(long)
			b.lives = 0
			b.events <- event{stop: true, off: true}
		}()
		off = f.supervise()
		time.Sleep(time.Hour) // every child's own clock has run out
	})
	return off
}

// TestDies starts a kiosk that dies at once again, ever more slowly.
func TestDies(t *testing.T) {
	b := &board{lives: time.Millisecond}
	lifeOf(t, b, 100*time.Second)
	want := []time.Duration{0, 1, 3, 7, 15, 31, 61, 91}
	for i, at := range b.starts {
		if i >= len(want) || at < want[i]*time.Second || at > (want[i]+time.Duration(i)+1)*time.Second {
			t.Fatalf("started at %v, want about %v s", b.starts, want)
		}
	}
	if len(b.starts) < 7 {
		t.Errorf("started %d times", len(b.starts))
	}
	if want := []string{"run", "--config", "/boot/kiosk.json"}; !reflect.DeepEqual(b.args[0], want) {
		t.Errorf("started with %q, want %q", b.args[0], want)
	}
}

// TestLivesLong starts a kiosk that has lived for long again at once.
func TestLivesLong(t *testing.T) {
	b := &board{lives: 2 * time.Minute}
	lifeOf(t, b, 30*time.Minute)
	if len(b.starts) < 14 || b.fed < 29*time.Minute {
		t.Errorf("started at %v, last fed at %s", b.starts, b.fed)
	}
}

// TestHangs kills a kiosk that once said it gets on and then kept silent.
func TestHangs(t *testing.T) {
	b := &board{speaks: 20 * time.Second}
	lifeOf(t, b, 50*time.Second)
	if want := []string{"hard", "soft"}; !slices.Equal(b.kills, want) || len(b.starts) != 2 {
		t.Errorf("kills %v, starts %v; want one of each and a stop", b.kills, b.starts)
	}
}

// TestSilentFromTheStart lets a kiosk live that never speaks.
func TestSilentFromTheStart(t *testing.T) {
	b := &board{}
	lifeOf(t, b, time.Hour)
	if len(b.starts) != 1 || b.fed < 59*time.Minute {
		t.Errorf("starts %v, last fed at %s", b.starts, b.fed)
	}
}

// TestHopeless lets the watchdog start a board anew whose kiosk only dies.
func TestHopeless(t *testing.T) {
	b := &board{lives: 5 * time.Second}
	lifeOf(t, b, 20*time.Minute)
	if b.fed > hopeless || b.fed < hopeless-5*time.Second {
		t.Errorf("last fed at %s, want until %s", b.fed, hopeless)
	}
}

// TestStops lets the kiosk wipe its panel, and does not wait for ever.
func TestStops(t *testing.T) {
	b := &board{}
	if !lifeOf(t, b, time.Minute) || !slices.Equal(b.kills, []string{"soft"}) {
		t.Errorf("kills %v, want one soft, and off", b.kills)
	}
	b = &board{deaf: true}
	lifeOf(t, b, time.Minute)
	if want := []string{"soft", "hard"}; !slices.Equal(b.kills, want) {
		t.Errorf("kills of a deaf kiosk %v, want %v", b.kills, want)
	}
	if b.fed < time.Minute+farewell-2*time.Second {
		t.Errorf("the watchdog went hungry at %s, while the kiosk was ending", b.fed)
	}
}

// TestCard takes the card with our label, never a stick, and makes do
// without one.
func TestCard(t *testing.T) {
	sector := func(label string) []byte { return append(make([]byte, 71), label...) }
	for name, c := range map[string]struct {
		devices map[string][]byte
		refuses string
		want    []string // what is mounted where
	}{
		"ours": {map[string][]byte{"mmcblk0p1": sector("KIOSK      ")}, "",
			[]string{"/dev/mmcblk0p1 /boot", "/dev/mmcblk0p4 /var/lib/badge-kiosk"}},
		"the second": {map[string][]byte{"mmcblk0p1": sector("CAMERA     "), "mmcblk1p1": sector("KIOSK      ")}, "",
			[]string{"/dev/mmcblk1p1 /boot", "/dev/mmcblk1p4 /var/lib/badge-kiosk"}},
		"a stick":   {map[string][]byte{"sda1": sector("KIOSK      ")}, "", []string{"tmpfs /var/lib/badge-kiosk"}},
		"too short": {map[string][]byte{"mmcblk0p1": []byte("x")}, "", []string{"tmpfs /var/lib/badge-kiosk"}},
		"bad state": {map[string][]byte{"mmcblk0p1": sector("KIOSK      ")}, "/dev/mmcblk0p4",
			[]string{"/dev/mmcblk0p1 /boot", "/dev/mmcblk0p4 /var/lib/badge-kiosk", "tmpfs /var/lib/badge-kiosk"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &board{refuses: c.refuses}
			f := first{kernel: b, files: t.TempDir(), log: t.Output()}
			if err := os.MkdirAll(f.path("/dev"), 0o700); err != nil {
				t.Fatal(err)
			}
			for device, data := range c.devices {
				if err := os.WriteFile(f.path("/dev/"+device), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f.mountCard()
			if want := []string{f.path(stateFolder)}; !slices.Equal(b.given, want) {
				t.Errorf("%s: gave %q, want %q", name, b.given, want)
			}
			var got []string
			for _, m := range b.mounts {
				got = append(got, m.source+" "+m.target)
				if m.flags&noTricks != noTricks {
					t.Errorf("%s: %s could hold programs or devices", name, m.target)
				}
				if m.target == bootFolder && m.flags&1 == 0 {
					t.Errorf("%s: %s can be written", name, m.target)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: mounted %q, want %q", name, got, c.want)
			}
		})
	}
}

// TestDevices gives the kiosk what it needs, the state too, and no more.
func TestDevices(t *testing.T) {
	b := &board{}
	f := first{kernel: b, files: t.TempDir(), log: t.Output()}
	for _, name := range []string{"video0", "mem", "mmcblk0p4", "kmsg", "spidev0.0", "input/event3", "input/mouse0",
		"sda", "sda1", "sdb", "sdc", "nvme0n1", "rtc0", "rtc", "snd/pcmC0D0p", "snd/pcmC0D0c", "snd/controlC0", "watchdog"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(f.path("/dev/"+name)), 0o700), os.WriteFile(f.path("/dev/"+name), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(f.path("/sys/block"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]string{"sda": "soc/usb1/1-1/host0", "sdb": "ata1/host1", "sdc": "soc/usb1/1-2/host2"} {
		if err := os.Symlink("../devices/"+at+"/block/"+name, f.path("/sys/block/"+name)); err != nil {
			t.Fatal(err)
		}
	}
	f.disk = "/dev/sdc"
	f.hand()
	for what, c := range map[string]struct{ got, want []string }{
		"gave": {b.given, []string{"video0", "input/event3", "spidev0.0", "snd/pcmC0D0p", "snd/controlC0"}},
		"lent": {b.lent, []string{"rtc0", "sda"}}, // sdb is no stick, sdc is what was booted from
	} {
		for i, name := range c.got {
			c.got[i] = strings.TrimPrefix(name, f.path("/dev")+"/")
		}
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s %q, want %q", what, c.got, c.want)
		}
	}
}

// TestModules loads them in order, and goes on past a bad one.
func TestModules(t *testing.T) {
	b := &board{refuses: "b"}
	f := first{kernel: b, files: t.TempDir(), log: t.Output()}
	if err := os.Mkdir(f.path(modules), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"02-z.ko": "c", "00-y.ko": "a", "01-x.ko": "b", "README": "no"} {
		if err := os.WriteFile(filepath.Join(f.path(modules), name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f.loadModules()
	if want := []string{"a", "b", "c"}; !slices.Equal(b.loaded, want) {
		t.Errorf("loaded %v, want %v", b.loaded, want)
	}
}

// TestInstalls installs the card's bundle where there is one with its root,
// and does not wait for it for ever.
func TestInstalls(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		lives time.Duration
		runs  int
		kills []string
	}{
		"both":    {[]string{rootFile, bundleFile}, 3 * time.Second, 1, nil},
		"no root": {[]string{bundleFile}, time.Second, 0, nil},
		"none":    {nil, time.Second, 0, nil},
		"hangs":   {[]string{rootFile, bundleFile}, 0, 1, []string{"hard"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &board{begun: time.Now(), events: make(chan event, 9), lives: c.lives}
			f := first{kernel: b, files: t.TempDir(), log: t.Output(), events: b.events, watchdog: b}
			for _, file := range c.files {
				if err := errors.Join(os.MkdirAll(f.path(bootFolder), 0o700), os.WriteFile(f.path(file), nil, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			f.installBundle()
			if len(b.args) != c.runs || !slices.Equal(b.kills, c.kills) {
				t.Errorf("%s: ran %q, kills %v", name, b.args, b.kills)
			}
			if c.kills != nil && b.fed < installTime-2*time.Second {
				t.Errorf("%s: the watchdog went hungry at %s", name, b.fed)
			}
		})
	}
}

// TestSystem mounts what Linux needs, and again without harm.
func TestSystem(t *testing.T) {
	b := &board{refuses: "sysfs"}
	f := first{kernel: b, log: t.Output()}
	f.mountSystem()
	var targets []string
	for _, m := range b.mounts {
		targets = append(targets, m.target)
	}
	if want := []string{"/proc", "/sys", "/dev", "/run", "/tmp"}; !slices.Equal(targets, want) {
		t.Errorf("mounted %v, want %v", targets, want)
	}
}

// TestLines makes one record of each line, none too long for the kernel.
func TestLines(t *testing.T) {
	var b bytes.Buffer
	if n, err := (lines{&b}).Write([]byte("one\n\n two\n" + strings.Repeat("x", 2000))); n != 2010 || err != nil {
		t.Errorf("wrote %d, %v", n, err)
	}
	if want := "<5>one\n<5>two\n<5>" + strings.Repeat("x", maxLine) + "\n"; b.String() != want {
		t.Errorf("wrote %q", b.String())
	}
}

// TestNotFirst goes on as an ordinary program where we are not process 1.
func TestNotFirst(*testing.T) { IfFirst() }
