// Package boot is the first process of a kiosk's own card: it mounts what
// there is, loads the camera's module, installs the bundle that came with the
// card, and keeps kiosk run alive for as long as the board has power.
//
// It makes no decision about badges and reads no picture. When the kiosk
// dies it is started anew; when it hangs it is killed; when nothing helps the
// board's watchdog is no longer fed and starts the board anew.
//
// Sources: Linux, Documentation/admin-guide/initrd.rst and
// Documentation/watchdog/watchdog-api.rst; sd_notify(3).
package boot

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Where things are on the card, as the image's builder has put them.
const (
	program      = "/init"
	modules      = "/modules"
	bootFolder   = "/boot"
	stateFolder  = "/var/lib/badge-kiosk"
	configFile   = bootFolder + "/kiosk.json"
	rootFile     = bootFolder + "/root.json"
	bundleFile   = bootFolder + "/badge-kiosk-bundle.zip"
	notifySocket = "/run/notify"
)

// installTime is how long installing the card's own bundle may take.
const installTime = 2 * time.Minute

// A kernel is what the first process asks of Linux.
type kernel interface {
	mount(m mount) error
	load(module []byte) error
	// give makes user the owner of a file, if it is not yet.
	give(name string, mode os.FileMode) error
	// lend lets user read a file, if it may not yet.
	lend(name string) error
	// remake makes the state's partition anew, empty.
	remake(device string) error
	// start starts this program again as user, with other arguments.
	start(args []string) (pid int, err error)
	// fetch starts it with a network of its own, and a wish to answer.
	fetch(args []string, wish *os.File) (pid int, err error)
	// move moves a network interface to a process.
	move(index, pid int) error
	kill(pid int, hard bool)
	// put starts it to write a slot, and to say in status how far it is.
	put(args []string, slot, status *os.File) (pid int, err error)
	// try restarts into the slot on trial; it returns only with an error.
	try() error
	// restart ends everything; it returns only with an error.
	restart(off bool) error
}

// An event is what befalls the first process.
type event struct {
	exited   int      // a process that ended, or 0
	status   string   // how it ended
	progress bool     // the kiosk said that it gets on
	plugged  bool     // something was plugged in
	network  bool     // the kiosk will ask a host for bundles
	wish     *os.File // and does so now
	put      bool     // the kiosk wants the system on the stick
	try      bool     // and to start it
	well     bool     // it does as well as the one before
	stop     bool     // someone wants the board to stop
	off      bool     // and to stay off
}

// A first is the first process.
type first struct {
	kernel
	files    string // the root folder; another one in tests
	log      io.Writer
	events   <-chan event
	watchdog io.Writer // nil without one
	disk     string    // what the board was started from, "/dev/mmcblk0p" without the part's number

	judged  map[string]bool // USB devices that there is nothing more to do about
	network bool            // adapters for Ethernet are wanted
	fetcher fetcher
	slots   slots
}

func (f *first) say(format string, args ...any) { fmt.Fprintf(f.log, "init: "+format+"\n", args...) }

func (f *first) path(name string) string { return filepath.Join(f.files, name) }

func (f *first) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

// loadModules loads all modules in the order of their names. One that fails
// costs its device, not the board.
func (f *first) loadModules() {
	all, _ := filepath.Glob(f.path(modules + "/*.ko")) // the pattern is well formed
	slices.Sort(all)
	for _, name := range all {
		data, err := os.ReadFile(name)
		if err == nil {
			err = f.load(data)
		}
		if err != nil {
			f.say("module %s: %v", filepath.Base(name), err)
		}
	}
}

// installBundle installs the bundle that came with the card. One that is
// installed already, or is older, changes nothing.
func (f *first) installBundle() {
	if !f.has(rootFile) || !f.has(bundleFile) {
		f.say("there is no %s or no %s: nothing to install", rootFile, bundleFile)
		return
	}
	args := []string{"bundle", "install", bundleFile, "--root", rootFile, "--state", stateFolder}
	pid, err := f.start(args)
	if err != nil {
		f.say("%s: %v", strings.Join(args, " "), err)
		return
	}
	late := time.After(installTime)
	feed := time.NewTicker(tick)
	defer feed.Stop()
	for {
		select {
		case e := <-f.events:
			if e.exited == pid {
				f.say("bundle install: %s", e.status)
				return
			}
			f.guardUSB()
		case <-feed.C:
			f.feed()
			f.guardUSB()
		case <-late:
			f.say("bundle install takes longer than %s: killed", installTime)
			f.kill(pid, true)
			return
		}
	}
}
