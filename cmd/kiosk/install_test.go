package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"badgekiosk/cmd/kiosk/usb"
)

// tree is every file below a folder, with its mode, and where links lead.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		must(t, err)
		at, _ := os.Readlink(name)
		all[strings.TrimPrefix(name, dir)] = info.Mode().String() + " " + info.ModTime().String() + " " + at
		return nil
	}))
	return all
}

// TestInstall writes a service, says what to do next, and the second time
// changes nothing.
func TestInstall(t *testing.T) {
	dir := t.TempDir()
	said := say(t, exitAll, "install", "--prefix", dir, "--panel", "epd-4in26", "--camera", "ribbon")
	for _, want := range []string{"wrote     " + dir + unitFile, "systemd-sysusers", "systemctl restart badge-kiosk", defaultRoot, "kiosk doctor --walk --config " + settingsFile} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	data, err := os.ReadFile(dir + settingsFile)
	must(t, err)
	if c, err := readConfig(data); err != nil || c.Panel.Name != "epd-4in26" || c.Camera.Kind != "ribbon" {
		t.Errorf("the settings are %s, %v", data, err)
	}
	if info, err := os.Stat(dir + programFile); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the program: %v, %v", info, err)
	}
	before := tree(t, dir)
	must(t, os.WriteFile(dir+settingsFile, []byte("mine"), 0o600))
	said = say(t, exitAll, "install", "--prefix", dir)
	if data, _ := os.ReadFile(dir + settingsFile); string(data) != "mine" || strings.Contains(said, "wrote") {
		t.Errorf("the settings are %q now, and it says:\n%s", data, said)
	}
	after := tree(t, dir)
	delete(before, settingsFile)
	for name, was := range before {
		if after[name] != was {
			t.Errorf("%s was %s and is %s", name, was, after[name])
		}
	}
	must(t, os.WriteFile(dir+unitFile, []byte("spoilt"), 0o600))
	if said := say(t, exitAll, "install", "--prefix", dir); strings.Count(said, "wrote") != 1 {
		t.Errorf("with a spoilt service it says:\n%s", said)
	}
}

// TestInstallFonts copies the fonts beside the program, and nothing else that
// lies there.
func TestInstallFonts(t *testing.T) {
	from, dir := t.TempDir(), t.TempDir()
	for _, name := range []string{"arab.ttf", "hani.otf", "COPYRIGHT-any", "unpacked.deb"} {
		must(t, os.WriteFile(filepath.Join(from, name), []byte(name), 0o600))
	}
	must(t, os.Mkdir(filepath.Join(from, "folder"), 0o700))
	i := installation{prefix: dir, out: t.Output()}
	must(t, i.copyFonts(from))
	must(t, i.copyFonts(filepath.Join(from, "nowhere")))
	got := tree(t, dir)
	for _, name := range []string{"arab.ttf", "hani.otf", "COPYRIGHT-any"} {
		if _, ok := got[programFolder+"/fonts/"+name]; !ok {
			t.Errorf("%s is not copied", name)
		}
	}
	if len(got) != 3 {
		t.Errorf("copied %v", got)
	}
}

// TestRemove takes away what install wrote, and nothing else.
func TestRemove(t *testing.T) {
	dir := t.TempDir()
	say(t, exitAll, "install", "--prefix", dir)
	for range 2 {
		say(t, exitAll, "install", "--prefix", dir, "--remove")
		left := tree(t, dir)
		if _, ok := left[settingsFile]; !ok || len(left) != 1 {
			t.Errorf("left are %v, want the settings alone", left)
		}
	}
	must(t, os.WriteFile(dir+programLink, []byte("another kiosk"), 0o755))
	say(t, exitAll, "install", "--prefix", dir)
	say(t, exitAll, "install", "--prefix", dir, "--remove")
	if data, err := os.ReadFile(dir + programLink); err != nil || string(data) != "another kiosk" {
		t.Errorf("another's program is %q, %v", data, err)
	}
}

// TestInstallRefuses writes nothing for settings that no kiosk runs with.
func TestInstallRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"--panel", "epd-9"}, {"--camera", "eye"}} {
		say(t, exitUsage, append([]string{"install", "--prefix", dir}, args...)...)
		if left := tree(t, dir); len(left) > 0 {
			t.Errorf("%q: wrote %v", args, left)
		}
	}
}

// TestServiceWalls holds what the service and its rules promise.
func TestServiceWalls(t *testing.T) {
	alone, synced := unit(false), unit(true)
	for _, want := range []string{"\nType=notify\n", "\nWatchdogSec=30\n", "\nUser=badge-kiosk\n", "\nNoNewPrivileges=yes\n", "\nProtectSystem=strict\n",
		"\nCapabilityBoundingSet=CAP_SYS_TIME\n", "\nDevicePolicy=closed\n", "\nLimitCORE=0\n", "\nMemorySwapMax=0\n", "\nDeviceAllow=block-sd r\n"} {
		if !strings.Contains(alone, want) || !strings.Contains(synced, want) {
			t.Errorf("a service lacks %q", want)
		}
	}
	for _, wall := range []string{"PrivateNetwork=yes", "IPAddressDeny=any", "RestrictAddressFamilies=AF_UNIX\n"} {
		if !strings.Contains(alone, wall) || strings.Contains(synced, wall) {
			t.Errorf("%q must be in the service without a network, and only there", wall)
		}
	}
	if strings.Contains(alone+rules+users, `"disk"`+"\n") || strings.Contains(users, "disk") || strings.Contains(rules, `GROUP="disk"`) {
		t.Error("the group disk may write every disk")
	}
	for line := range strings.Lines(rules) {
		if strings.Contains(line, `"block"`) && (!strings.Contains(line, `MODE="0440"`) || !strings.Contains(line, `SUBSYSTEMS=="usb"`) || !strings.Contains(line, `removable}=="1"`)) {
			t.Errorf("the rule for sticks is %s", line)
		}
	}
}

// TestServiceIsRead has systemd's own tools read the files, where they are
// installed.
func TestServiceIsRead(t *testing.T) {
	for _, sync := range []string{"--sync=false", "--sync"} {
		dir := t.TempDir()
		say(t, exitAll, "install", "--prefix", dir, sync)
		if program, err := exec.LookPath("systemd-analyze"); err == nil {
			text, err := os.ReadFile(dir + unitFile)
			must(t, err)
			local := filepath.Join(dir, "badge-kiosk.service") // with a program that is there
			must(t, os.WriteFile(local, []byte(strings.ReplaceAll(string(text), "ExecStart="+programFile, "ExecStart="+dir+programFile)), 0o600))
			out, err := exec.Command(program, "verify", "--man=no", "--generators=no", "--recursive-errors=no", local).CombinedOutput()
			if err != nil || strings.Contains(string(out), "badge-kiosk.service") {
				t.Errorf("systemd-analyze verify: %v\n%s", err, out)
			}
		}
		if program, err := exec.LookPath("systemd-sysusers"); err == nil {
			out, err := exec.Command(program, "--dry-run", dir+usersFile).CombinedOutput()
			if err != nil || strings.Contains(string(out), "gnoring") {
				t.Errorf("systemd-sysusers: %v\n%s", err, out)
			}
		}
	}
}

// TestInstallPorts writes rules for the computer's USB that are those of the
// card, and takes network adapters only for a kiosk that asks a host.
func TestInstallPorts(t *testing.T) {
	for _, sync := range []bool{false, true} {
		dir := t.TempDir()
		args := []string{"install", "--prefix", dir}
		if sync {
			args = append(args, "--sync")
		}
		said := say(t, exitAll, args...)
		data, err := os.ReadFile(dir + portsFile)
		must(t, err)
		if !strings.Contains(string(data), usb.Rules(sync)) || !strings.HasPrefix(string(data), "# Written by kiosk install") {
			t.Errorf("sync %t: the rules are\n%s", sync, data)
		}
		if !strings.Contains(said, "network adapters") == sync || !strings.Contains(said, portsFile) {
			t.Errorf("sync %t: it says\n%s", sync, said)
		}
	}
}
