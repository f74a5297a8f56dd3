package boot

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A port is a folder as the kernel shows a USB device, and its interfaces.
type port map[string]string

// plug shows a device with these interfaces, "080650", as one that just came.
func plug(t *testing.T, f *first, name, number string, vendor, product uint16, class byte, interfaces ...string) {
	t.Helper()
	dir := f.path(usbDevices + "/" + name)
	all := []byte{18, 1, 0, 2, class, 0, 0, 64, byte(vendor), byte(vendor >> 8), byte(product), byte(product >> 8), 0, 0, 0, 0, 0, 1, 9, 2, 0, 0, 1, 1, 0, 0x80, 50}
	files := port{"devnum": number + "\n", "authorized": "0\n"}
	for n, i := range interfaces {
		at := name + ":1." + string(rune('0'+n))
		files[at+"/authorized"] = "0\n"
		files[at+"/bInterfaceClass"], files[at+"/bInterfaceSubClass"], files[at+"/bInterfaceProtocol"] = i[:2]+"\n", i[2:4]+"\n", i[4:]+"\n"
		var c [3]byte
		for k := range c {
			c[k] = hexByte(t, i[2*k:2*k+2])
		}
		all = append(all, 9, 4, byte(n), 0, 0, c[0], c[1], c[2], 0)
	}
	files["descriptors"] = string(all)
	lay(t, dir, files)
}

func hexByte(t *testing.T, s string) byte {
	t.Helper()
	n := strings.Index("0123456789abcdef", s[:1])<<4 | strings.Index("0123456789abcdef", s[1:])
	if n < 0 {
		t.Fatalf("%q is no byte", s)
	}
	return byte(n)
}

func lay(t *testing.T, dir string, files port) {
	t.Helper()
	for name, data := range files {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(data), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// shown is what a file of a device's says now.
func shown(t *testing.T, f *first, name string) string {
	t.Helper()
	data, err := os.ReadFile(f.path(usbDevices + "/" + name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// usbBoard has one root hub and nothing on it.
func usbBoard(t *testing.T) (*first, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	f := &first{kernel: &board{}, files: t.TempDir(), log: &log}
	lay(t, f.path(usbDevices), port{"usb1/authorized_default": "1\n", "usb1/interface_authorized_default": "1\n", "usb1/authorized": "1\n", "../drivers_probe": ""})
	return f, &log
}

// TestGuard lets in what a kiosk has a use for, says what it turns away, once,
// and gives no driver to what comes along with a camera.
func TestGuard(t *testing.T) {
	f, log := usbBoard(t)
	plug(t, f, "1-1", "2", 0x0424, 0x9514, 9, "090000")
	plug(t, f, "1-1.1", "3", 0x0424, 0xec00, 0xff, "ff00ff")
	plug(t, f, "1-1.2", "4", 0x0781, 0x5567, 0, "080650")
	plug(t, f, "1-1.3", "5", 0x046d, 0x0825, 0xef, "0e0100", "0e0200", "030000", "ff0000")
	plug(t, f, "1-1.4", "6", 0x0781, 0x5567, 0, "080650", "030101")
	plug(t, f, "1-1.5", "7", 0x08e6, 0x3437, 0, "0b0000")
	for range 3 {
		f.guardUSB()
	}
	for name, want := range map[string]string{
		"usb1/authorized_default": "0", "usb1/interface_authorized_default": "0", "usb1/authorized": "1",
		"1-1/authorized": "1", "1-1/1-1:1.0/authorized": "1",
		"1-1.1/authorized": "1", "1-1.1/1-1.1:1.0/authorized": "1",
		"1-1.2/authorized": "1", "1-1.2/1-1.2:1.0/authorized": "1",
		"1-1.3/authorized": "1", "1-1.3/1-1.3:1.0/authorized": "1", "1-1.3/1-1.3:1.1/authorized": "1",
		"1-1.3/1-1.3:1.2/authorized": "0", "1-1.3/1-1.3:1.3/authorized": "0",
		"1-1.4/authorized": "0", "1-1.4/1-1.4:1.0/authorized": "0", "1-1.4/1-1.4:1.1/authorized": "0",
		"1-1.5/authorized": "0", "1-1.5/1-1.5:1.0/authorized": "0",
	} {
		if got := shown(t, f, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	for _, want := range []string{"H-USB 1-1.4, 0781:5567, is turned away: storage and keyboard", "H-USB 1-1.5"} {
		if strings.Count(log.String(), want) != 1 {
			t.Errorf("it does not say once %q:\n%s", want, log)
		}
	}
	if strings.Count(log.String(), "H-USB") != 2 {
		t.Errorf("it says:\n%s", log)
	}
}

// TestGuardLate lets a hub's interface in that the kernel shows only after it
// was told to take the hub.
func TestGuardLate(t *testing.T) {
	f, _ := usbBoard(t)
	plug(t, f, "1-1", "2", 0x0424, 0x9514, 9, "090000")
	dir := f.path(usbDevices + "/1-1/1-1:1.0")
	later := filepath.Join(t.TempDir(), "later")
	if err := os.Rename(dir, later); err != nil {
		t.Fatal(err)
	}
	f.guardUSB()
	if err := os.Rename(later, dir); err != nil {
		t.Fatal(err)
	}
	f.guardUSB()
	if got := shown(t, f, "1-1/1-1:1.0/authorized"); got != "1" {
		t.Errorf("the hub's interface is %s, want 1", got)
	}
}

// TestGuardAtBoot takes a device away from its drivers that came before the
// first process did.
func TestGuardAtBoot(t *testing.T) {
	f, _ := usbBoard(t)
	plug(t, f, "1-1", "2", 0x0781, 0x5567, 0, "080650", "030101")
	lay(t, f.path(usbDevices), port{"1-1/authorized": "1\n"})
	f.guardUSB()
	if got := shown(t, f, "1-1/authorized"); got != "0" {
		t.Errorf("a stick that types is authorized: %s", got)
	}
}

// TestGuardAgain judges what comes to the same port anew.
func TestGuardAgain(t *testing.T) {
	f, _ := usbBoard(t)
	plug(t, f, "1-1", "2", 0x0781, 0x5567, 0, "080650")
	f.guardUSB()
	if err := os.RemoveAll(f.path(usbDevices + "/1-1")); err != nil {
		t.Fatal(err)
	}
	f.guardUSB()
	if len(f.judged) != 0 {
		t.Errorf("it remembers %v", f.judged)
	}
	plug(t, f, "1-1", "3", 0x0781, 0x5567, 0, "030102", "080650")
	f.guardUSB()
	if got := shown(t, f, "1-1/authorized"); got != "0" {
		t.Errorf("what came after a stick is authorized: %s", got)
	}
}

// TestGuardGarbled turns away what does not say what it is.
func TestGuardGarbled(t *testing.T) {
	f, log := usbBoard(t)
	plug(t, f, "1-1", "2", 0x0781, 0x5567, 0, "080650")
	lay(t, f.path(usbDevices), port{"1-1/descriptors": "garbage", "1-1/authorized": "1\n"})
	f.guardUSB()
	if got := shown(t, f, "1-1/authorized"); got != "0" || !strings.Contains(log.String(), "H-USB") {
		t.Errorf("authorized: %s; it says %s", got, log)
	}
}

// TestGuardNetwork takes an adapter once a network is wanted, and not before.
func TestGuardNetwork(t *testing.T) {
	f, _ := usbBoard(t)
	plug(t, f, "1-1", "2", 0x2001, 0x4a00, 0, "020600", "0a0000")
	plug(t, f, "1-2", "3", 0x2001, 0x4a00, 0, "020600", "030101")
	f.guardUSB()
	if got := shown(t, f, "1-1/authorized"); got != "0" {
		t.Errorf("without a wish for a network, authorized: %s", got)
	}
	f.wantNetwork()
	for name, want := range map[string]string{"1-1/authorized": "1", "1-1/1-1:1.0/authorized": "1", "1-1/1-1:1.1/authorized": "1", "1-2/authorized": "0"} {
		if got := shown(t, f, name); got != want {
			t.Errorf("with one, %s is %s, want %s", name, got, want)
		}
	}
}

// TestCame hears of devices, not of their interfaces or of disks.
func TestCame(t *testing.T) {
	for message, want := range map[string]bool{
		"add@/devices/usb1/1-1\x00ACTION=add\x00SUBSYSTEM=usb\x00DEVTYPE=usb_device\x00":        true,
		"add@/devices/usb1/1-1:1.0\x00ACTION=add\x00SUBSYSTEM=usb\x00DEVTYPE=usb_interface\x00": false,
		"remove@/devices/usb1/1-1\x00ACTION=remove\x00SUBSYSTEM=usb\x00DEVTYPE=usb_device\x00":  false,
		"add@/devices/usb1/1-1/sda\x00ACTION=add\x00SUBSYSTEM=block\x00DEVTYPE=disk\x00":        false,
		"libudev\x00\xfe\xed\xca\xfe": false,
		"":                            false,
	} {
		if got := came(message); got != want {
			t.Errorf("%q: %t, want %t", message, got, want)
		}
	}
}
