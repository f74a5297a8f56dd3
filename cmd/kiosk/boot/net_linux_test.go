package boot

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// wires are what a board was asked of networks.
type wires struct {
	fetches []string      // wishes, with what the process was started with
	moved   []string      // interface and process
	answers time.Duration // after which it ends; 0 never
	pids    []int
}

const fetcherPID = 500 // and those after it

func (b *board) fetch(args []string, wish *os.File) (int, error) {
	if b.refuses == "network" {
		return 0, errRefused
	}
	said := make([]byte, 4)
	n, _ := wish.Read(said)
	pid := fetcherPID + len(b.wires.pids)
	b.wires.pids = append(b.wires.pids, pid)
	b.wires.fetches = append(b.wires.fetches, strings.Join(args, " ")+" "+string(said[:n]))
	if b.wires.answers > 0 {
		go func() {
			time.Sleep(b.wires.answers)
			b.events <- event{exited: pid, status: "exit 0"}
		}()
	}
	return pid, nil
}

func (b *board) move(index, pid int) error {
	b.wires.moved = append(b.wires.moved, fmt.Sprint(index, " to ", pid))
	return nil
}

// interfaces lays out what a Pi with an adapter, and much else, shows.
func interfaces(t *testing.T, f *first) {
	lay(t, f.path("/sys/class/net"), port{
		"lo/type": "772\n", "lo/ifindex": "1\n",
		"eth0/type": "1\n", "eth0/ifindex": "2\n", "eth0/device/x": "",
		"wlan0/type": "1\n", "wlan0/ifindex": "3\n", "wlan0/device/x": "", "wlan0/wireless/x": "",
		"veth0/type": "1\n", "veth0/ifindex": "4\n",
		"eth1/type": "1\n", "eth1/ifindex": "15\n", "eth1/device/x": "",
		"can0/type": "280\n", "can0/ifindex": "6\n", "can0/device/x": "",
	})
}

// wishing gives a wish, and says later whether the other end is still open.
func wishing(t *testing.T, words string) (wish *os.File, closed func() bool) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, words); err != nil {
		t.Fatal(err)
	}
	return r, func() bool { _, err := w.Write([]byte("x")); return err != nil }
}

// TestGrant gives one wish at a time a process, and it every wired interface,
// also one that comes later; nothing has a network before or after.
func TestGrant(t *testing.T) {
	b := &board{wires: wires{answers: 10 * time.Second}}
	synctest.Test(t, func(t *testing.T) {
		b.begun, b.events = time.Now(), make(chan event, 100)
		f := first{kernel: b, files: t.TempDir(), log: t.Output(), events: b.events}
		interfaces(t, &f)
		go func() {
			time.Sleep(5 * time.Second)
			if len(b.wires.moved) != 0 || f.network {
				t.Errorf("before any wish: moved %v, adapters wanted: %t", b.wires.moved, f.network)
			}
			b.events <- event{network: true}
			one, _ := wishing(t, "one")
			b.events <- event{wish: one}
			two, closed := wishing(t, "two")
			b.events <- event{wish: two}
			time.Sleep(5 * time.Second)
			if !closed() || !f.network {
				t.Error("the second wish is neither answered nor refused, or adapters are not taken")
			}
			lay(t, f.path("/sys/class/net"), port{"eth2/type": "1\n", "eth2/ifindex": "16\n", "eth2/device/x": ""})
			time.Sleep(15 * time.Second)
			three, _ := wishing(t, "six")
			b.events <- event{wish: three}
			time.Sleep(15 * time.Second)
			b.events <- event{stop: true}
		}()
		f.supervise()
		time.Sleep(time.Hour)
	})
	if want := []string{"sync-fetch --cable one", "sync-fetch --cable six"}; !slices.Equal(b.wires.fetches, want) {
		t.Errorf("started %q, want %q", b.wires.fetches, want)
	}
	for _, want := range []string{"2 to 500", "15 to 500", "16 to 500", "16 to 501"} {
		if !slices.Contains(b.wires.moved, want) {
			t.Errorf("moved %v, want %s too", b.wires.moved, want)
		}
	}
	for _, m := range b.wires.moved {
		if index, _, _ := strings.Cut(m, " "); !slices.Contains([]string{"2", "15", "16"}, index) {
			t.Errorf("moved %s, which is no cable's", m)
		}
	}
}

// TestGrantEnds ends a process with the network that takes too long, or whose
// kiosk has died.
func TestGrantEnds(t *testing.T) {
	for name, c := range map[string]struct {
		lives time.Duration
		kills []string
	}{
		"too long":       {0, []string{"hard", "soft"}},
		"the kiosk died": {10 * time.Minute, []string{"hard"}},
	} {
		b := &board{lives: c.lives}
		synctest.Test(t, func(t *testing.T) {
			b.begun, b.events = time.Now(), make(chan event, 100)
			f := first{kernel: b, files: t.TempDir(), log: t.Output(), events: b.events}
			go func() {
				wish, _ := wishing(t, "one")
				b.events <- event{wish: wish}
				time.Sleep(10*time.Minute + time.Second)
				if name == "too long" {
					time.Sleep(fetchTime)
				}
				if f.fetcher.pid != 0 {
					t.Errorf("%s: process %d still has the network", name, f.fetcher.pid)
				}
				b.lives = 0
				b.events <- event{stop: true}
			}()
			f.supervise()
			time.Sleep(time.Hour)
		})
		if len(b.kills) == 0 || b.kills[0] != "hard" {
			t.Errorf("%s: kills %v, want %v", name, b.kills, c.kills)
		}
	}
}

// TestNoGrant goes on without a network where none can be made.
func TestNoGrant(t *testing.T) {
	f := first{kernel: &board{refuses: "network"}, files: t.TempDir(), log: t.Output()}
	wish, closed := wishing(t, "one")
	f.grant(wish)
	if !closed() || f.fetcher.pid != 0 {
		t.Errorf("the wish is still open, process %d", f.fetcher.pid)
	}
}

// TestWishes hears a wish whole, at a socket that only the kiosk can open.
func TestWishes(t *testing.T) {
	if os.Getuid() != 0 {
		return // the socket is the kiosk's group's, which only root can give away
	}
	at := filepath.Join(t.TempDir(), "sync")
	all := make(chan event)
	go wishes(at, all, func(format string, args ...any) { t.Errorf(format, args...) })
	var c net.Conn
	err := errors.New("not tried")
	for range 500 {
		if c, err = net.Dial("unix", at); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "a wish"); err != nil {
		t.Fatal(err)
	}
	e := <-all
	b := make([]byte, 6)
	if _, err := io.ReadFull(e.wish, b); err != nil || string(b) != "a wish" {
		t.Errorf("heard %q, %v", b, err)
	}
	if err := errors.Join(e.wish.Close(), c.Close()); err != nil {
		t.Error(err)
	}
	var s syscall.Stat_t
	if err := syscall.Lstat(at, &s); err != nil || s.Uid != 0 || s.Gid != user || s.Mode&0o777 != 0o660 {
		t.Errorf("it is %d:%d's with mode %o (%v)", s.Uid, s.Gid, s.Mode, err)
	}
}

// network is what a process that was started so has of networks: its
// interfaces that are on, routes, and sockets.
const networkVariable = "BOOT_TEST_NETWORK"

func TestMain(m *testing.M) {
	if os.Getenv(networkVariable) == "" {
		os.Exit(m.Run())
	}
	all, err := net.Interfaces()
	fmt.Println("fault", err)
	for _, in := range all {
		addresses, err := in.Addrs()
		fmt.Println("interface", in.Name, in.Flags&net.FlagUp != 0, len(addresses), err)
	}
	for _, table := range []string{"route", "tcp", "udp", "raw", "packet", "ipv6_route", "tcp6", "udp6"} {
		data, _ := os.ReadFile("/proc/self/net/" + table) // a kernel without IPv6 has no such file
		fmt.Println(table, max(0, strings.Count(string(data), "\n")-1))
	}
	_, err = net.Dial("udp", "192.0.2.1:53")
	fmt.Println("way out", err == nil)
	for line := range strings.Lines(whole("/proc/self/status")) {
		if strings.HasPrefix(line, "Cap") || strings.HasPrefix(line, "Uid") || strings.HasPrefix(line, "Gid") {
			fmt.Print(strings.Join(strings.Fields(line), " "), "\n")
		}
	}
	fmt.Println("users", strings.Join(strings.Fields(whole("/proc/self/uid_map")), " "))
}

func whole(name string) string {
	data, _ := os.ReadFile(name) // nothing, then
	return string(data)
}

// TestNoNetwork looks from inside at what the kiosk has of networks: an
// interface that is off, and nothing else. The process that has one is
// another user's, who may do three things, in there alone.
func TestNoNetwork(t *testing.T) {
	may, err := strconv.ParseUint(field(t, "/proc/self/status", "CapEff:"), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	if may>>21&1 == 0 || os.Getuid() != 0 {
		return // who has no CAP_SYS_ADMIN starts no kiosk
	}
	for name, c := range map[string]struct {
		cmd  *exec.Cmd
		want []string
	}{
		"kiosk": {&exec.Cmd{SysProcAttr: asUser()}, []string{"Uid: 1000 1000 1000 1000", fmt.Sprintf("CapEff: %016x", 1<<setClock)}},
		"fetcher": {&exec.Cmd{SysProcAttr: asFetcher()}, []string{"Uid: 1001 1001 1001 1001", "Gid: 1001 1001 1001 1001",
			fmt.Sprintf("CapEff: %016x", 1<<10|1<<12|1<<13), "users 1001 1001 1"}},
	} {
		c.cmd.Path, c.cmd.Dir = "/proc/self/exe", "/"
		c.cmd.Env = []string{networkVariable + "=1"}
		out, err := c.cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
			continue
		}
		want := append(c.want, "fault <nil>", "interface lo false 0 <nil>", "route 0", "tcp 0", "udp 0", "raw 0", "packet 0", "tcp6 0", "udp6 0", "way out false")
		for _, w := range want {
			if !strings.Contains(string(out), w+"\n") {
				t.Errorf("%s does not say %q", name, w)
			}
		}
		for said := range strings.Lines(string(out)) {
			// Some kernels give every network a tunnel or two, which are off.
			if strings.HasPrefix(said, "interface ") && !strings.HasSuffix(said, " false 0 <nil>\n") {
				t.Errorf("%s has an %s", name, said)
			}
		}
		if t.Failed() {
			t.Logf("%s:\n%s", name, out)
		}
	}
}
