package boot

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"badgekiosk/cmd/kiosk/link"
)

// The kiosk itself has no network: its namespace is empty. When it has a wish
// for a bundle it connects to a socket, and for that one wish there is a
// process of another user, in namespaces of its own, to which the board's
// wired interfaces are moved. When it ends they come back by themselves.
//
// Source: network_namespaces(7), user_namespaces(7).

// syncSocket is where the kiosk takes its wishes to.
const syncSocket = "/run/sync"

// netUser is whom the process with the network runs as. It owns nothing.
const netUser = 1001

// fetchTime is how long one wish may take; the process itself gives up sooner.
const fetchTime = 40 * time.Minute

// Capabilities in the namespaces of the process with the network, and nowhere
// else: to bind DHCP's port, to give its interface an address, to send before
// it has one. Source: capabilities(7).
func netCapabilities() []uintptr { return []uintptr{10, 12, 13} }

// A fetcher is the process with the network.
type fetcher struct {
	pid   int // 0 while there is none
	began time.Time
}

// grant starts a process that answers the kiosk's wish. There is one at a
// time; who asks meanwhile hears nothing.
func (f *first) grant(wish *os.File) {
	defer wish.Close() //nolint:errcheck // the process has its own
	if f.fetcher.pid != 0 {
		return
	}
	pid, err := f.fetch([]string{"sync-fetch", "--cable"}, wish)
	if err != nil {
		f.say("network: %v", err)
		return
	}
	f.fetcher = fetcher{pid, time.Now()}
	f.plugIn()
}

// plugIn moves the wired interfaces that there are to the process with the
// network, and ends one that takes too long.
func (f *first) plugIn() {
	if f.fetcher.pid == 0 {
		return
	}
	for _, index := range f.wired() {
		if err := f.move(index, f.fetcher.pid); err != nil && !errors.Is(err, syscall.ENODEV) && !errors.Is(err, syscall.ESRCH) {
			f.say("network: an interface stays here: %v", err)
		}
	}
	if time.Since(f.fetcher.began) > fetchTime {
		f.kill(f.fetcher.pid, true)
	}
}

// unplug ends the process with the network, if there is one.
func (f *first) unplug() {
	if f.fetcher.pid != 0 {
		f.kill(f.fetcher.pid, true)
	}
}

// wired are the interfaces that a cable goes into, by their numbers.
func (f *first) wired() (all []int) {
	const ethernet = "1"                                  // ARPHRD_ETHER
	found, _ := filepath.Glob(f.path("/sys/class/net/*")) // the pattern is well formed
	for _, dir := range found {
		has := func(name string) bool { _, err := os.Stat(dir + "/" + name); return err == nil }
		if line(dir+"/type") != ethernet || !has("device") || has("wireless") || has("phy80211") {
			continue
		}
		if index, err := strconv.Atoi(line(dir + "/ifindex")); err == nil {
			all = append(all, index)
		}
	}
	slices.Sort(all)
	return all
}

// line is what a file of the kernel's says, empty if it is not there.
func line(name string) string {
	data, _ := os.ReadFile(name) // nothing, then
	return strings.TrimSpace(string(data))
}

func (linux) move(index, pid int) error { return link.Move(index, pid) }

// fetch starts the process with the network. What it says goes nowhere, as it
// could name addresses and hosts.
func (linux) fetch(args []string, wish *os.File) (int, error) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	defer null.Close() //nolint:errcheck // the child has its own
	return syscall.ForkExec(program, append([]string{"kiosk"}, args...), &syscall.ProcAttr{
		Dir: "/", Env: environment("100MiB"),
		Files: []uintptr{wish.Fd(), wish.Fd(), null.Fd()},
		Sys:   asFetcher(),
	})
}

// asFetcher makes a child netUser's, in a network and with users of its own.
func asFetcher() *syscall.SysProcAttr {
	one := []syscall.SysProcIDMap{{ContainerID: netUser, HostID: netUser, Size: 1}}
	return &syscall.SysProcAttr{Setsid: true, Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET, UidMappings: one, GidMappings: one,
		Credential: &syscall.Credential{Uid: netUser, Gid: netUser, NoSetGroups: true}, AmbientCaps: netCapabilities()}
}

// wishes hears of the kiosk's, at a socket that nobody else may write to.
func wishes(at string, all chan<- event, say func(string, ...any)) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: at, Net: "unix"})
	if err == nil {
		err = errors.Join(os.Chown(at, os.Getuid(), user), os.Chmod(at, 0o660))
	}
	if err != nil {
		say("network: %v", err)
		return
	}
	for {
		c, err := l.AcceptUnix()
		if err != nil {
			say("network: %v", fmt.Errorf("no more wishes: %w", err))
			return
		}
		wish, err := c.File()
		_ = c.Close() // the copy stays open
		if err == nil {
			all <- event{wish: wish}
		}
	}
}
