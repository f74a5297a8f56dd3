package usb

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

// words of one rule: what is matched or set, how, and with what.
var words = regexp.MustCompile(`([A-Z]+)(?:\{([^}]*)\})?(==|!=|\+=|=)"([^"]*)"`)

// glob matches as fnmatch(3) does, with | between patterns.
func glob(patterns, s string) bool {
	for p := range strings.SplitSeq(strings.ReplaceAll(patterns, "[!", "[^"), "|") {
		if ok, err := path.Match(p, s); err != nil || ok {
			return err == nil
		}
	}
	return false
}

// authorized is what udev, which reads these rules, writes for a new device;
// empty for nothing. It knows as much of udev as the rules use.
func authorized(t *testing.T, rules string, d Device) string {
	t.Helper()
	attr := map[string]string{"idVendor": fmt.Sprintf("%04x", d.Vendor), "idProduct": fmt.Sprintf("%04x", d.Product), "bDeviceClass": fmt.Sprintf("%02x", d.Class)}
	env := map[string]string{"DEVTYPE": "usb_device"}
	if len(d.Interfaces) > 0 {
		env["ID_USB_INTERFACES"] = ":"
		for _, i := range d.Interfaces {
			env["ID_USB_INTERFACES"] += i.String() + ":"
		}
	}
	set, label := "", ""
lines:
	for line := range strings.Lines(rules) {
		all := words.FindAllStringSubmatch(line, -1)
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if said := words.ReplaceAllString(line, ""); strings.Trim(said, ", ") != "" {
			t.Fatalf("udev would not understand %q", line)
		}
		if label != "" {
			if all[0][1] != "LABEL" || all[0][4] != label {
				continue
			}
			label = ""
		}
		for _, w := range all {
			have := map[string]string{"ACTION": "add", "SUBSYSTEM": "usb", "KERNEL": "1-1.2"}[w[1]]
			switch w[1] {
			case "ENV":
				have = env[w[2]]
			case "ATTR":
				have = attr[w[2]]
			}
			switch {
			case w[3] == "==" && !glob(w[4], have), w[3] == "!=" && glob(w[4], have):
				continue lines
			case w[1] == "ENV" && w[3] == "+=":
				env[w[2]] += " " + w[4]
			case w[1] == "ENV" && w[3] == "=":
				env[w[2]] = w[4]
			case w[1] == "ATTR" && w[3] == "=" && w[2] == "authorized":
				set = w[4]
			case w[1] == "GOTO":
				label = w[4]
			}
		}
	}
	if label != "" {
		t.Fatalf("there is no label %q", label)
	}
	return set
}

// TestRules has udev take and turn away what a card does: all that people
// plug in, and any three interfaces in one device.
func TestRules(t *testing.T) {
	for _, network := range []bool{false, true} {
		rules := Rules(network)
		check := func(name string, d Device) {
			want := "1"
			if _, err := d.Admit(network); err != nil {
				want = "0"
			}
			if got := authorized(t, rules, d); got != want {
				t.Errorf("%s (%+v), network %t: udev sets %q, want %q", name, d, network, got, want)
			}
		}
		for _, c := range things {
			check(c.name, Device{c.vendor, c.product, c.class, c.interfaces})
		}
		all := []Interface{stick, uas, keyboard, mouse, touch, video, mic, midi, acm, rndis, data, ecm, vendors, hub, {3, 1, 0x11}, {3, 0x10, 1}, {3, 2, 1}}
		for i, a := range all {
			for j, b := range all[i:] {
				for _, c := range all[i+j:] {
					check("three", Device{Interfaces: []Interface{b, c, a}})
				}
			}
		}
	}
}

// TestRootHubs lets nothing new in before it is judged.
func TestRootHubs(t *testing.T) {
	if want := `KERNEL=="usb[0-9]*", ATTR{authorized_default}="0"`; !strings.Contains(Rules(false), want) {
		t.Errorf("the rules lack %s:\n%s", want, Rules(false))
	}
}
