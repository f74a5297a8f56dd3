package main

import (
	"encoding/json"
	"fmt"
)

// Names of what is on the first part, as the init on the board has them too.
const (
	configName = "kiosk.json"
	rootName   = "root.json"
	bundleName = "badge-kiosk-bundle.zip"
)

// Where the board mounts the first part, the slot and the last.
const (
	bootFolder   = "/boot"
	systemFolder = "/system" // the slot that was started
	stateFolder  = "/var/lib/badge-kiosk"
)

// stateLabel is that of the last part, as the board makes it too when it has
// to be made anew.
const stateLabel = "state"

// autoboot tells the firmware which part to start, and which one to try once
// when it is asked to. Source: Raspberry Pi documentation, "autoboot.txt".
const autoboot = `[all]
tryboot_a_b=1
boot_partition=2
[tryboot]
boot_partition=3
`

// firmwareSettings is config.txt of a slot. Radios stay off: a kiosk has no
// use for them. The overlay of the battery clock finds nothing on a board
// without one, and that is all it does. Both slots hold the same bytes, and
// which of them was started decides on the kernel's settings. The board's
// watchdog runs from before the kernel does: one that hangs leads back to the
// slot that is known to work.
// Source: Raspberry Pi documentation, "config.txt": "The [boot_partition=N]
// filter", "kernel_watchdog_timeout".
const firmwareSettings = `[boot_partition=2]
cmdline=cmdline-a.txt
[boot_partition=3]
cmdline=cmdline-b.txt
[all]
arm_64bit=1
kernel=vmlinuz
initramfs initramfs.cpio.gz followkernel
enable_uart=0
disable_splash=1
dtparam=spi=on
dtparam=i2c_arm=on
dtparam=watchdog=on
dtparam=audio=on
kernel_watchdog_timeout=60
dtoverlay=vc4-kms-v3d
dtoverlay=i2c-rtc,ds3231
dtoverlay=disable-wifi
dtoverlay=disable-bt
`

// kernelSettings is cmdline.txt of a slot, "" if it is not known which. A
// kernel that is lost starts anew after five seconds; nothing blinks on the
// screen. No USB device has a driver before the init has judged it. Memory
// that is given back, as by each judge that ends, is cleared at once.
func kernelSettings(slot string) string {
	named := ""
	if slot != "" {
		named = " kiosk.slot=" + slot
	}
	return "console=ttyS0,115200 quiet loglevel=3 panic=5 oops=panic consoleblank=0 init_on_free=1 usbcore.authorized_default=0 vt.global_cursor_default=0" + named + "\n"
}

// kioskSettings is kiosk.json, of a kiosk that speaks where it has clips.
func kioskSettings(panel, camera string, speaks bool) ([]byte, error) {
	if camera != "usb" && camera != "hand" {
		return nil, fmt.Errorf("there is no camera %q; it is usb or hand", camera)
	}
	all := map[string]any{
		"lang":   "en",
		"panel":  map[string]string{"name": panel},
		"camera": map[string]string{"kind": camera},
		"state":  stateFolder,
		"root":   bootFolder + "/" + rootName,
	}
	if speaks {
		all["signals"] = map[string]string{"voice": systemFolder + "/" + voiceFolder}
	}
	b, err := json.MarshalIndent(all, "", "  ")
	return append(b, '\n'), err
}
