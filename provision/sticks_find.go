package provision

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Stick is a USB disk that somebody put in.
type Stick struct {
	Name    string   // the kernel's: "sda"
	Device  string   // "/dev/sda"
	Mounted []string // where a desktop has put its file systems, if it has

	identity string // name and the kernel's count, so that a swap is seen
}

// desktops are where a desktop puts the sticks of the person in front of it.
// A disk that is mounted anywhere else is a part of this computer.
var desktops = []string{"/media/", "/run/media/"}

// findSticks are the USB disks with a medium in them, by name. A disk that
// this system runs from, or uses, is none.
//
// Source: Linux, Documentation/ABI/stable/sysfs-block; proc(5), mountinfo.
func findSticks(system string) (out []Stick) {
	mounts := mountedDevices(filepath.Join(system, "/proc/self/mountinfo"))
	disks, _ := filepath.Glob(filepath.Join(system, "/sys/block/sd*")) // the pattern is well formed
	slices.Sort(disks)
	for _, dir := range disks {
		target, err := os.Readlink(dir)
		if size := line(dir, "size"); err != nil || !strings.Contains(target, "/usb") || size == "" || size == "0" {
			continue
		}
		name := filepath.Base(dir)
		s := Stick{Name: name, Device: "/dev/" + name, identity: name + " " + line(dir, "diskseq")}
		if !s.inUse(dir, mounts) {
			out = append(out, s)
		}
	}
	return out
}

// inUse tells whether a disk is a part of this computer, and notes where a
// desktop has mounted it.
func (s *Stick) inUse(dir string, mounts map[string][]string) bool {
	parts, _ := filepath.Glob(filepath.Join(dir, s.Name+"*")) // the pattern is well formed
	for _, d := range append(parts, dir) {
		if held, _ := os.ReadDir(filepath.Join(d, "holders")); len(held) > 0 {
			return true // LVM, RAID, encryption
		}
		for _, at := range mounts[line(d, "dev")] {
			if !slices.ContainsFunc(desktops, func(p string) bool { return strings.HasPrefix(at, p) }) {
				return true
			}
			s.Mounted = append(s.Mounted, at)
		}
	}
	return false
}

// line is the contents of a file of one line, "" if there is none.
func line(dir, name string) string {
	data, _ := os.ReadFile(filepath.Join(dir, name))
	return strings.TrimSpace(string(data))
}

// mountedDevices are the places where each device, "8:1", is mounted.
func mountedDevices(file string) map[string][]string {
	data, _ := os.ReadFile(file) // without it no disk is known to be in use
	out := map[string][]string{}
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	for l := range strings.Lines(string(data)) {
		if f := strings.Fields(l); len(f) > 4 {
			out[f[2]] = append(out[f[2]], unescape.Replace(f[4]))
		}
	}
	return out
}
