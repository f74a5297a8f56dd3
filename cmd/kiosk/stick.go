package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime/debug"
	"time"

	"badgekiosk/provision"
	"badgekiosk/provision/stick"

	"github.com/spf13/cobra"
)

// What the reader of a stick may take.
const (
	stickMemory = 160 << 20 // bytes: what is copied off it, and a folder packed again
	stickCPU    = 60        // seconds
	systemCPU   = 600       // seconds, where it unpacks an image
)

// watchSticks reads each stick that is put in by a process of its own.
func watchSticks(ctx context.Context, judge func(stick.Contents) provision.Outcome) (<-chan provision.StickEvent, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w := &provision.Sticks{Read: provision.ReadBy(self, "stick-read"), Judge: judge}
	return w.Watch(ctx), nil
}

func stickReadCommand() *cobra.Command {
	var name string
	var only bool
	cmd := &cobra.Command{
		Use:    "stick-read [--systems | --system NAME] DEVICE [FOLDER…]",
		Short:  "Copy what is for a kiosk off a stick (kiosk run calls this)",
		Hidden: true,
		Args:   cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if name != "" {
				confine(systemCPU)
			} else {
				confine(stickCPU)
			}
			open := os.Open
			if len(args) == 1 {
				open = patiently(open)
			}
			volumes, done, err := openStick(open, args[0], args[1:])
			defer done()
			if name != "" {
				if err != nil {
					return err
				}
				return stick.CopySystem(cmd.OutOrStdout(), name, volumes...)
			}
			read := stick.Read
			if only {
				read = stick.ReadSystems
			}
			var c stick.Contents
			if err == nil {
				c, err = read(volumes...)
			}
			return stick.Send(cmd.OutOrStdout(), c, err)
		},
	}
	cmd.Flags().BoolVar(&only, "systems", false, "only what was signed of systems")
	cmd.Flags().StringVar(&name, "system", "", "only the image in this file")
	return cmd
}

const (
	lentAfter = 3 * time.Second        // that whoever lends sticks may take to lend one
	lentPoll  = 100 * time.Millisecond // between two tries
)

// patiently opens a device that may not be lent yet: the kernel shows a stick
// to us as early as to whoever lends it.
func patiently(open func(string) (*os.File, error)) func(string) (*os.File, error) {
	return func(device string) (*os.File, error) {
		for end := time.Now().Add(lentAfter); ; time.Sleep(lentPoll) {
			f, err := open(device)
			if !errors.Is(err, fs.ErrPermission) || time.Now().After(end) {
				return f, err
			}
		}
	}
}

// confine bounds what this process may take: what a stick holds is a
// stranger's.
func confine(seconds uint64) {
	debug.SetMemoryLimit(stickMemory)
	limitProcess(stickMemory, seconds)
}

// openStick opens the file systems on a device. Who may not read the device
// reads the folders that a desktop has mounted it at.
func openStick(open func(string) (*os.File, error), device string, folders []string) (volumes []fs.FS, done func(), err error) {
	d, err := open(device)
	if err == nil {
		volumes, err = stick.Volumes(d)
		return volumes, func() { _ = d.Close() }, err
	}
	done = func() {}
	if !errors.Is(err, fs.ErrPermission) || len(folders) == 0 {
		return nil, done, err
	}
	for _, f := range folders {
		root, err := os.OpenRoot(f) // a link on a stick leads nowhere else
		if err != nil {
			return nil, done, err
		}
		volumes = append(volumes, root.FS())
	}
	return volumes, done, nil
}
