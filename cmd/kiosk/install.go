package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func installCommand() *cobra.Command {
	var i installation
	cmd := &cobra.Command{
		Use:   "install [--panel NAME] [--camera KIND] [--sync] [--prefix DIR] [--remove]",
		Short: "Make this computer a kiosk: a service of Raspberry Pi OS or Debian",
		Long: `Install copies this program to /usr/lib/badge-kiosk and writes what systemd needs
to run it as a user of its own: a service, a user and groups, rules for the
devices, and kiosk.json if there is none. It starts nothing, and says what to do
next. Run again it changes only what is not as it should be; change the service
with: systemctl edit badge-kiosk.

On its USB the computer then takes what a kiosk has a use for, and no more.
The service has no network, unless --sync lets it fetch bundles from the address
that its signed settings name. --remove takes away what install wrote, and keeps
the settings and the state.`,
		Example: "  sudo ./kiosk install --panel epd-7in5-v2 --camera ribbon",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			i.out = cmd.OutOrStdout()
			if i.remove {
				return advise(i.takeAway())
			}
			return advise(i.install())
		},
	}
	cmd.Flags().StringVar(&i.panel, "panel", "epd-7in5-v2", "the panel that a new kiosk.json names; kiosk screen --list has them all")
	cmd.Flags().StringVar(&i.camera, "camera", "usb", "what a new kiosk.json reads the codes with: usb, ribbon, hand")
	cmd.Flags().BoolVar(&i.sync, "sync", false, "let the service fetch bundles over the network")
	cmd.Flags().StringVar(&i.prefix, "prefix", "/", "write below this folder")
	cmd.Flags().BoolVar(&i.remove, "remove", false, "take the service away again")
	return cmd
}

// advise says what to do about a file that may not be written.
func advise(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; run it with sudo", err)
	}
	return err
}

// An installation is what install was asked for.
type installation struct {
	panel, camera, prefix string
	sync, remove          bool
	out                   io.Writer
}

// Where things are on a system that is not our own.
const (
	programFolder = "/usr/lib/badge-kiosk"
	programFile   = programFolder + "/kiosk"
	programLink   = "/usr/local/bin/kiosk"
	settingsFile  = "/etc/badge-kiosk/kiosk.json"
	unitFile      = "/etc/systemd/system/badge-kiosk.service"
	rulesFile     = "/etc/udev/rules.d/60-badge-kiosk.rules"
	portsFile     = "/etc/udev/rules.d/61-badge-kiosk-usb.rules"
	usersFile     = "/etc/sysusers.d/badge-kiosk.conf"
)

func (i *installation) path(name string) string { return filepath.Join(i.prefix, name) }

// systemFiles are those that install writes and remove takes away.
func (i *installation) systemFiles() [][2]string {
	return [][2]string{{unitFile, unit(i.sync)}, {rulesFile, rules}, {portsFile, portsRules(i.sync)}, {usersFile, users}}
}

func (i *installation) install() error {
	settings, err := i.settings()
	if err != nil {
		return err
	}
	if err := i.copyProgram(); err != nil {
		return err
	}
	for _, f := range i.systemFiles() {
		if err := i.write(f[0], []byte(f[1]), 0o644); err != nil {
			return err
		}
	}
	if _, err := os.Stat(i.path(settingsFile)); err == nil {
		fmt.Fprintf(i.out, "kept      %s\n", i.path(settingsFile))
	} else if err := i.write(settingsFile, settings, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(i.out, `
From its next start on this computer takes on its USB: cameras, hand scanners,
keyboards, touch screens, loudspeakers, sticks, hubs%s. All else is turned
away: a mouse, Bluetooth, Wi-Fi. %s says
how to keep something else.

Put the coalition's root.json at %s, and the wires of the panel
into %s. Which panel and camera there are, this finds
out with you: sudo kiosk doctor --walk --config %s
Then, as often as you like:

  sudo sh -c 'systemd-sysusers && udevadm control --reload && udevadm trigger'
  sudo sh -c 'systemctl daemon-reload && systemctl enable badge-kiosk && systemctl restart badge-kiosk'
`, map[bool]string{true: ", network adapters"}[i.sync], portsFile, defaultRoot, settingsFile, settingsFile)
	return nil
}

// settings are a new kiosk's.
func (i *installation) settings() ([]byte, error) {
	data, err := json.MarshalIndent(map[string]any{
		"lang":   "en",
		"panel":  map[string]string{"name": i.panel},
		"camera": map[string]string{"kind": i.camera},
		"state":  installState,
		"root":   defaultRoot,
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	_, err = readConfig(data)
	return append(data, '\n'), err
}

// copyProgram copies this program, and the fonts beside it if there are any.
func (i *installation) copyProgram() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if self == i.path(programFile) {
		fmt.Fprintf(i.out, "as it was %s\n", self)
	} else if data, err := os.ReadFile(self); err != nil {
		return err
	} else if err := i.write(programFile, data, 0o755); err != nil {
		return err
	}
	if err := i.copyFonts(filepath.Join(filepath.Dir(self), "fonts")); err != nil {
		return err
	}
	return i.link()
}

// copyFonts copies a font pack and its licences, if the folder is there.
func (i *installation) copyFonts(from string) error {
	for _, pattern := range []string{"*.ttf", "*.otf", "COPYRIGHT*"} {
		found, _ := filepath.Glob(filepath.Join(from, pattern)) // the pattern is well formed
		for _, name := range found {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if err := i.write(programFolder+"/fonts/"+filepath.Base(name), data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// link makes the program one that a shell finds. Another program of the same
// name stays.
func (i *installation) link() error {
	name := i.path(programLink)
	if _, err := os.Lstat(name); err == nil {
		fmt.Fprintf(i.out, "kept      %s\n", name)
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := os.Symlink(programFile, name); err != nil {
		return err
	}
	fmt.Fprintf(i.out, "wrote     %s\n", name)
	return nil
}

// write writes a file that is not so yet, whole or not at all.
func (i *installation) write(name string, data []byte, mode os.FileMode) error {
	name = i.path(name)
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, data) {
		fmt.Fprintf(i.out, "as it was %s\n", name)
		return os.Chmod(name, mode)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".kiosk-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone, once it has its name
	_, err = f.Write(data)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	fmt.Fprintf(i.out, "wrote     %s\n", name)
	return nil
}

// takeAway takes away what install wrote. What is gone already is as good.
func (i *installation) takeAway() error {
	for _, f := range i.systemFiles() {
		if err := i.removeFile(f[0]); err != nil {
			return err
		}
	}
	if at, err := os.Readlink(i.path(programLink)); err == nil && at == programFile {
		if err := i.removeFile(programLink); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(i.path(programFolder)); err != nil {
		return err
	}
	fmt.Fprintf(i.out, `removed   %s
kept      %s and %s

  sudo systemctl disable --now badge-kiosk
  sudo sh -c 'systemctl daemon-reload && udevadm control --reload'
`, i.path(programFolder), i.path(filepath.Dir(settingsFile)), i.path(installState))
	return nil
}

func (i *installation) removeFile(name string) error {
	err := os.Remove(i.path(name))
	if err == nil {
		fmt.Fprintf(i.out, "removed   %s\n", i.path(name))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
