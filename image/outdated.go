package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// outdated writes a line for each input that has a newer version: module,
// the version that the lock has, the newest.
func outdated(out io.Writer, lock string, newest func(module string) (string, error)) error {
	data, err := os.ReadFile(lock)
	if err != nil {
		return err
	}
	all, err := readLock(data)
	if err != nil {
		return fmt.Errorf("%s: %w", lock, err)
	}
	for _, in := range all {
		v, err := newest(in.module)
		if err != nil {
			return fmt.Errorf("newest %s: %w", in.module, err)
		}
		if v != "" && v != in.version {
			fmt.Fprintf(out, "%s %s %s\n", in.module, in.version, v)
		}
	}
	return nil
}

// newest asks the module proxy for a module's newest version, or apt for a
// package's; "" where there is no apt to ask.
func newest(module string) (string, error) {
	if name, ok := strings.CutPrefix(module, "debian/"); ok {
		out, _ := exec.Command("apt-cache", "show", "--no-all-versions", name).Output()
		_, rest, _ := strings.Cut(string(out), "\nVersion: ")
		version, _, _ := strings.Cut(rest, "\n")
		return version, nil
	}
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Version}}", module+"@latest")
	cmd.Dir, cmd.Env = os.TempDir(), append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
