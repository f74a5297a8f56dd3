package boot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"badgekiosk/cmd/kiosk/usb"
)

// usbDevices is where the kernel has every USB device, and usbProbe what looks
// for a driver for an interface that was allowed after it came.
const (
	usbDevices = "/sys/bus/usb/devices"
	usbProbe   = "/sys/bus/usb/drivers_probe"
)

// guardUSB judges every USB device that came since the last time, by what it
// says of itself. The kernel was started so that none has a driver before.
//
// Two locks: a device that is turned away stays without a configuration; in
// one that is taken, an interface that is no use here stays without a driver.
//
// Source: Linux, Documentation/usb/authorization.rst.
func (f *first) guardUSB() {
	roots, _ := filepath.Glob(f.path(usbDevices + "/usb[0-9]*")) // the pattern is well formed
	for _, root := range roots {
		f.insist(root+"/authorized_default", "0")
		f.insist(root+"/interface_authorized_default", "0")
	}
	devices, _ := filepath.Glob(f.path(usbDevices + "/[0-9]*-*[0-9]")) // so is this
	if f.judged == nil {
		f.judged = map[string]bool{}
	}
	there := map[string]bool{}
	for _, dir := range devices {
		if strings.Contains(filepath.Base(dir), ":") {
			continue // an interface
		}
		number, err := os.ReadFile(dir + "/devnum")
		if err != nil {
			continue // it left again
		}
		id := filepath.Base(dir) + " " + strings.TrimSpace(string(number)) // no second device has both
		there[id] = true
		if !f.judged[id] {
			f.judged[id] = f.judgeUSB(dir)
		}
	}
	for id := range f.judged {
		if !there[id] {
			delete(f.judged, id)
		}
	}
}

// wantNetwork has the guard take adapters for Ethernet from now on, also one
// that it turned away before.
func (f *first) wantNetwork() {
	if !f.network {
		f.network = true
		clear(f.judged)
		f.guardUSB()
	}
}

// judgeUSB judges one device, and says whether that is done with.
func (f *first) judgeUSB(dir string) bool {
	data, err := readUpTo(dir+"/descriptors", usb.MaxDescriptors+1)
	if errors.Is(err, fs.ErrNotExist) {
		return false // it is leaving
	}
	var d usb.Device
	var may []usb.Kind
	if err == nil {
		d, err = usb.Parse(data)
	}
	if err == nil {
		may, err = d.Admit(f.network)
	}
	if err != nil {
		f.say("H-USB %s, %04x:%04x, is turned away: %v", filepath.Base(dir), d.Vendor, d.Product, err)
		f.insist(dir+"/authorized", "0")
		return true
	}
	f.insist(dir+"/authorized", "1")
	return f.letIn(d, dir, may)
}

// letIn lets a device's interfaces have a driver, those that may: first all of
// them are allowed, as some drivers take two, then drivers are looked for. It
// says whether there were any: the kernel may add them a moment later.
func (f *first) letIn(d usb.Device, dir string, may []usb.Kind) bool {
	interfaces, _ := filepath.Glob(dir + "/" + filepath.Base(dir) + ":*") // the pattern is well formed
	var allowed []string
	for _, in := range interfaces {
		i, err := codes(in)
		if err == nil && d.Has(may, i) {
			f.insist(in+"/authorized", "1")
			allowed = append(allowed, in)
		} else {
			f.insist(in+"/authorized", "0")
		}
	}
	for _, in := range allowed {
		if _, err := os.Lstat(in + "/driver"); err == nil {
			continue
		}
		// One that no driver of this kernel's knows stays without.
		_ = os.WriteFile(f.path(usbProbe), []byte(filepath.Base(in)), 0)
	}
	return len(interfaces) > 0
}

// codes are an interface's for class, subclass and protocol.
func codes(dir string) (i usb.Interface, err error) {
	for name, to := range map[string]*byte{"bInterfaceClass": &i.Class, "bInterfaceSubClass": &i.Subclass, "bInterfaceProtocol": &i.Protocol} {
		data, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			return i, err
		}
		n, err := strconv.ParseUint(strings.TrimSpace(string(data)), 16, 8)
		if err != nil {
			return i, fmt.Errorf("%s/%s: %w", dir, name, err)
		}
		*to = byte(n)
	}
	return i, nil
}

// insist writes a value where the kernel has another. What is no longer there
// needs none.
func (f *first) insist(name, value string) {
	now, err := os.ReadFile(name)
	if err == nil && strings.TrimSpace(string(now)) != value {
		err = os.WriteFile(name, []byte(value), 0)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.say("%v", err)
	}
}

// plugs hears of USB devices that came. Who hears nothing still looks once in
// each tick.
//
// Source: netlink(7), NETLINK_KOBJECT_UEVENT.
func plugs(all chan<- event) {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, syscall.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return
	}
	const fromKernel = 1 // group
	if err := syscall.Bind(s, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK, Groups: fromKernel}); err != nil {
		return
	}
	b := make([]byte, maxUevent)
	for {
		n, from, err := syscall.Recvfrom(s, b, 0)
		if errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ENOBUFS) { // the tick sees what was lost
			continue
		}
		if err != nil {
			return
		}
		if k, ok := from.(*syscall.SockaddrNetlink); ok && k.Pid == 0 && came(string(b[:n])) {
			all <- event{plugged: true}
		}
	}
}

// maxUevent is the longest message about a device. Source: Linux,
// include/linux/kobject.h, UEVENT_BUFFER_SIZE, and the path before it.
const maxUevent = 8 << 10

// came tells whether a message says that a USB device came.
func came(message string) bool {
	words := strings.Split(message, "\x00")
	return slices.Contains(words, "ACTION=add") && slices.Contains(words, "SUBSYSTEM=usb") && slices.Contains(words, "DEVTYPE=usb_device")
}

// readUpTo is a file's first bytes, at most so many.
func readUpTo(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(file, most))
}
