package boot

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
	"unsafe"

	"badgekiosk/provision"
)

// The card has two slots with a system each. A new one is written to the slot
// that does not run, started once by the firmware's tryboot flag, and becomes
// the one that starts only when its kiosk has done well for a while. Whatever
// else happens, a plain restart starts the one before.
//
// Source: Raspberry Pi documentation, "Fail-safe OS updates (tryboot)".

const (
	// proven is how long the kiosk of a system on trial must do well, without
	// a break, until the system is kept.
	proven = 2 * time.Minute
	// trialTime is how long a trial may take; then the board goes back.
	trialTime = 10 * time.Minute
	// putTime is how long writing a slot may take.
	putTime = 30 * time.Minute
)

// slotUser is whom the process that writes a slot runs as: nobody whom the
// kiosk could be. It gets the slot open, and user's group to read sticks.
const slotUser = 1002

// readAll is CAP_DAC_READ_SEARCH, to read what the kiosk believes; the
// process gives it up before it reads a stick. Source: capabilities(7).
const readAll = 2

// What the kernel says of how it was started.
const (
	argumentsFile = "/proc/cmdline"
	partitionFile = "/proc/device-tree/chosen/bootloader/partition"
)

// slots is what there is to know of them.
type slots struct {
	running provision.Slot // 0: not known, and nothing is updated
	trial   bool           // the other one is what usually starts
	begun   time.Time      // the trial
	well    time.Time      // since when the kiosk does well; zero while it does not
	heard   time.Time      // when it last said so
	put     int            // the process that writes the other slot, or 0
	putting time.Time      // since when
	whole   bool           // the other slot holds a new system
	try     bool           // the restart is to try it
}

// findSlots finds out which slot runs, and whether it is on trial.
func (f *first) findSlots() {
	defer f.tellSlots()
	arguments, _ := os.ReadFile(f.path(argumentsFile)) // nothing says so, then
	partition, _ := os.ReadFile(f.path(partitionFile)) // the same
	running := provision.RunningSlot(string(arguments), partition)
	part, err := f.part(1)
	if err != nil {
		f.say("slots: %v", err)
		return
	}
	defer part.Close() //nolint:errcheck // only read
	c, err := provision.ReadChoice(part)
	if err != nil || running == 0 {
		f.say("slots: slot %s runs, and there are no updates of the system: %v", running, err)
		return
	}
	f.slots = slots{running: running, trial: c.Usual != running, begun: time.Now()}
	f.say("slots: %s runs, %s usually starts", running, c.Usual)
}

// part opens a part of the card.
func (f *first) part(n int) (provision.SlotFile, error) {
	d, err := os.OpenFile(f.path(f.disk+strconv.Itoa(n)), os.O_RDWR, 0)
	return provision.SlotFile{File: d}, err
}

// tellSlots tells the kiosk.
func (f *first) tellSlots() {
	data, err := json.Marshal(provision.Slots{Slot: f.slots.running.String(), Trial: f.slots.trial})
	if err == nil {
		err = writeNew(f.path("/"+provision.SlotsFile), data)
	}
	if err != nil {
		f.say("slots: %v", err)
	}
}

// writeNew makes or replaces a file that everybody may read.
func writeNew(name string, data []byte) error {
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name+".new", data, 0o644)); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// putSystem has the system on the stick written to the slot that does not run.
// The kiosk asks for it with one word: which stick, which file and whether it
// is a system at all is found out by the process that writes.
func (f *first) putSystem() {
	s := &f.slots
	if s.put != 0 {
		return // it asked already
	}
	if err := f.startPut(); err != nil {
		f.say("system: %v", err)
		f.refusePut("H-DISK")
	}
}

func (f *first) startPut() error {
	s := &f.slots
	if s.running == 0 || s.trial {
		return fmt.Errorf("slot %s runs, on trial: %t: the other one stays", s.running, s.trial)
	}
	s.whole = false
	if err := f.choose(s.running); err != nil { // what is tried is the other
		return err
	}
	slot, err := f.part(s.running.Other().Part())
	if err != nil {
		return err
	}
	defer slot.Close() //nolint:errcheck // the process has its own
	if err := f.tellPut(provision.Put{Step: provision.StepCheck}); err != nil {
		return err
	}
	status, err := os.OpenFile(f.path("/"+provision.PutFile), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer status.Close() //nolint:errcheck // the process has its own
	s.put, err = f.put([]string{"system-put", "--root", rootFile, "--state", stateFolder}, slot.File, status)
	s.putting = time.Now()
	return err
}

// tellPut tells the kiosk how far a system is.
func (f *first) tellPut(p provision.Put) error {
	status, err := os.OpenFile(f.path("/"+provision.PutFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(p.Write(status), status.Close())
}

func (f *first) refusePut(code string) {
	p := provision.Put{Step: provision.StepRefused}
	if _, told := provision.ReadSlots(f.files); told.Step == provision.StepRefused {
		return // and it said why
	}
	if err := json.Unmarshal([]byte(strconv.Quote(code)), &p.Code); err == nil {
		err = f.tellPut(p)
		if err != nil {
			f.say("system: %v", err)
		}
	}
}

// putEnded notes what became of writing a slot.
func (f *first) putEnded(status string) {
	f.say("system-put: %s", status)
	f.slots.put = 0
	if f.slots.whole = status == "exit 0"; !f.slots.whole {
		f.refusePut("B-SYSTEM")
	}
}

// choose makes a slot the one that starts from now on.
func (f *first) choose(usual provision.Slot) error {
	part, err := f.part(1)
	if err != nil {
		return err
	}
	defer part.Close() //nolint:errcheck // synced
	c, err := provision.ReadChoice(part)
	if err != nil {
		return err
	}
	return c.Start(part, usual)
}

// doesWell notes that the kiosk says that it does as well as the one before.
func (f *first) doesWell() {
	s := &f.slots
	s.heard = time.Now()
	if s.well.IsZero() {
		s.well = s.heard
	}
}

// judgeTrial keeps a system on trial that has proven itself, and says that the
// board is to go back when it has not in time.
func (f *first) judgeTrial() (back bool) {
	s := &f.slots
	if s.put != 0 && time.Since(s.putting) > putTime {
		f.say("system-put takes longer than %s: killed", putTime)
		f.kill(s.put, true)
	}
	if !s.trial {
		return false
	}
	if time.Since(s.heard) > silence {
		s.well = time.Time{}
	}
	if !s.well.IsZero() && s.heard.Sub(s.well) >= proven {
		if err := f.keepSystem(); err != nil {
			f.say("system: it does well, and cannot be kept: %v", err)
			s.well = time.Time{} // once more
		}
	}
	if s.trial && time.Since(s.begun) >= trialTime {
		f.say("B-SYSTEM slot %s did not do well for %s within %s: back to %s", s.running, proven, trialTime, s.running.Other())
		return true
	}
	return false
}

// keepSystem makes what runs what starts, and only then lets it write to the
// state.
func (f *first) keepSystem() error {
	s := &f.slots
	if err := f.choose(s.running); err != nil {
		return err
	}
	f.say("system: slot %s has done well for %s, and is kept", s.running, proven)
	s.trial = false
	m := stateMount(f.disk + "4")
	m.flags |= syscall.MS_REMOUNT
	if err := f.mount(m); err != nil {
		f.say("H-DISK the state cannot be written: %v", err)
	}
	f.tellSlots()
	return nil
}

// stateMount is the part with the state as it is mounted.
func stateMount(device string) mount {
	return mount{device, stateFolder, "ext4", noTricks | syscall.MS_NOATIME, "errors=remount-ro"}
}

// put starts the process that writes a slot, which has it as its descriptor 3
// and the file in which it says how far it is as 4.
func (l linux) put(args []string, slot, status *os.File) (int, error) {
	return l.spawn(args, environment("100MiB"), &syscall.SysProcAttr{Setsid: true, Cloneflags: syscall.CLONE_NEWNET,
		Credential: &syscall.Credential{Uid: slotUser, Gid: user}, AmbientCaps: []uintptr{readAll}}, slot, status)
}

// tryboot is what reboot(2) is asked for: part 0 is the one that autoboot.txt
// names, under [tryboot]. The watchdog's driver reads the number, the
// firmware's the word behind a space: it then leaves flag 1 with the firmware,
// and without the word it leaves none.
//
// Source: Linux of the Raspberry Pi, drivers/watchdog/bcm2835_wdt.c and
// drivers/firmware/raspberrypi.c.
const tryboot = "0 tryboot"

// try restarts into the slot that does not usually start, once.
func (l linux) try() error {
	l.settle()
	how, err := syscall.BytePtrFromString(tryboot)
	if err != nil {
		return err
	}
	_, _, errno := syscall.Syscall6(syscall.SYS_REBOOT, syscall.LINUX_REBOOT_MAGIC1, syscall.LINUX_REBOOT_MAGIC2,
		syscall.LINUX_REBOOT_CMD_RESTART2, uintptr(unsafe.Pointer(how)), 0, 0)
	return errno
}
