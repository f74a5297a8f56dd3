package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// bundleName is the name that a kiosk looks for on a stick.
const bundleName = "badge-kiosk-bundle.zip"

// maxBundle is the largest bundle file, in bytes.
const maxBundle = 64 << 20

func bundleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bundle",
		Short: "Make, sign and check the file that tells kiosks whom to believe",
		Long: `A bundle is one file, badge-kiosk-bundle.zip: the issuers, keys, status lists
and badge descriptions of every member of a coalition, each member's part
signed by its own key. A kiosk takes it from a USB stick.

The work is done in one folder:

  kiosk bundle init coalition --name "Five Rivers"     keys, roles, an empty trust/ folder
  kiosk bundle add district coalition riverbend --name "Riverbend District"
  kiosk bundle add issuer coalition riverbend did.json --name "Riverbend Academy"
  kiosk bundle seal coalition                          signs what its keys may sign, writes the zip
  kiosk bundle inspect coalition/badge-kiosk-bundle.zip --root coalition/root.json

Kiosks get root.json once, when they are set up. Keep the keys folder off the
network: root and targets keys belong to different people.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Args: unknownCommand,
	}
	cmd.AddCommand(bundleInit(), bundleAdd(), bundleSign(), bundleSeal(), bundleInspect(), bundleVerify(), bundleDiff(), bundleInstall(), bundleExample(), bundleSettings(), bundleUrgent(), bundleRotate(), bundleRemove(), bundleSystem())
	return cmd
}

func oneFolder(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one folder: %s", cmd.UseLine())
	}
	return nil
}

// openBundle reads a sealed bundle, a zip or its unpacked folder, and opens
// it with the root in rootFile.
func openBundle(file, rootFile string) (*bundle.Bundle, error) {
	anchor, err := os.ReadFile(rootFile)
	if err != nil {
		return nil, reason.Errorf(reason.BRoot, "no root to judge the bundle from: %w", err)
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return bundle.Open(os.DirFS(file), anchor, bundle.Before{})
	}
	data, err := readFile(file, maxBundle)
	if err != nil {
		return nil, err
	}
	files, err := bundle.Unzip(data)
	if err != nil {
		return nil, err
	}
	return bundle.Open(files, anchor, bundle.Before{})
}

// readFile reads a file of at most limit bytes.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", name, limit)
	}
	return data, err
}

// installState is where a kiosk keeps its state.
const installState = "/var/lib/badge-kiosk"

// defaultRoot is where a kiosk keeps the root it was set up with.
const defaultRoot = "/etc/badge-kiosk/root.json"

func rootFlag(cmd *cobra.Command, root *string) {
	cmd.Flags().StringVar(root, "root", defaultRoot, "the root.json that the bundle must come from")
}
