package usb

import (
	"fmt"
	"strings"
)

// Rules are udev's, for a computer that has it: the same devices are taken,
// and turned away, as [Device.Admit] says. From the first rule on a new device
// has no driver until it is judged.
//
// Source: udev(7); systemd, src/udev/udev-builtin-usb_id.c for what is in
// ID_USB_INTERFACES: the codes of every interface with colons around them.
func Rules(network bool) string {
	var b strings.Builder
	b.WriteString(`ACTION!="add", GOTO="kiosk_usb_end"
SUBSYSTEM!="usb", GOTO="kiosk_usb_end"
ENV{DEVTYPE}!="usb_device", GOTO="kiosk_usb_end"
KERNEL=="usb[0-9]*", ATTR{authorized_default}="0", GOTO="kiosk_usb_end"
IMPORT{builtin}="usb_id"
ENV{KIOSK_USB}="is"
`)
	// The chips first: none of their interfaces counts.
	for _, c := range chips {
		fmt.Fprintf(&b, "ATTR{idVendor}==\"%04x\", ATTR{idProduct}==%q, ENV{KIOSK_USB}=\"is %s\", GOTO=\"kiosk_usb_judge\"\n", c.vendor, c.products, c.kind)
	}
	for k := range kinds {
		for _, codes := range codesOf(k) {
			fmt.Fprintf(&b, "ENV{KIOSK_USB}!=\"* %s\", ENV{ID_USB_INTERFACES}==\"*:%s:*\", ENV{KIOSK_USB}+=%q\n", k, codes, k)
		}
	}
	b.WriteString("LABEL=\"kiosk_usb_judge\"\n")
	fmt.Fprintf(&b, "ATTR{bDeviceClass}==\"09\", ENV{KIOSK_USB}!=\"is hub\", ENV{KIOSK_USB}=\"is two\"\n")
	for _, is := range taken(network) {
		fmt.Fprintf(&b, "ENV{KIOSK_USB}==%q, ATTR{authorized}=\"1\", GOTO=\"kiosk_usb_end\"\n", is)
	}
	b.WriteString("ATTR{authorized}=\"0\"\nLABEL=\"kiosk_usb_end\"\n")
	return b.String()
}

// codesOf are the codes of a kind. Pointers are every other one of their
// class.
func codesOf(k Kind) (all []string) {
	if k == Pointer {
		return []string{"03[!0]???", "030[!01]??", "0301[!0]?", "03010[!1]"}
	}
	for _, c := range classes {
		if c.kind == k && k != Data {
			all = append(all, c.codes)
		}
	}
	return all
}

// taken are all sets of kinds that a device may be.
func taken(network bool) (all []string) {
	for has := range one(Data) {
		if _, err := admit(has, network); err != nil || has&one(Other) != 0 {
			continue
		}
		is := "is"
		for _, k := range has.kinds() {
			is += " " + k.String()
		}
		all = append(all, is)
	}
	return all
}
