package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/provision/stick"

	"github.com/spf13/cobra"
)

// Names of what a person puts on a card's first part.
const (
	cardConfig = "kiosk.json"
	cardRoot   = "root.json"
)

// bootRoot is where a board that was started from a card finds its root.json.
const bootRoot = "/boot/" + cardRoot

func prepareCommand() *cobra.Command {
	var p preparation
	cmd := &cobra.Command{
		Use:   "prepare IMAGE [--root FILE] [--bundle FILE] [--config FILE] [--panel NAME] [--to FILE]",
		Short: "Put root, bundle and settings onto a card's image, before or after flashing",
		Long: `Prepare makes a ready-made image one's own: it puts root.json, the bundle that
the card begins with, and kiosk.json onto the image's first part, and keeps all
else. The bundle must come from the root, the one given or the one on the image;
otherwise nothing is written.

IMAGE is replaced when its copy is whole, so it can be interrupted at any time;
with --to it stays as it is. IMAGE may also be a card in its reader, such as
/dev/sdX: then the first part is written in place, and must not be mounted.`,
		Example: "  kiosk prepare badge-kiosk.img --root root.json --bundle badge-kiosk-bundle.zip --panel epd-7in5-v2",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.image, p.out = args[0], cmd.OutOrStdout()
			return p.run()
		},
	}
	cmd.Flags().StringVar(&p.root, "root", "", "the root.json that this kiosk's bundles must come from")
	cmd.Flags().StringVar(&p.bundle, "bundle", "", "the sealed bundle that the card begins with")
	cmd.Flags().StringVar(&p.config, "config", "", "a kiosk.json in the place of the image's own")
	cmd.Flags().StringVar(&p.panel, "panel", "", "the panel's name; kiosk screen --list has them all")
	cmd.Flags().StringVar(&p.to, "to", "", "write the new image here, and leave IMAGE as it is")
	return cmd
}

// A preparation is what prepare was asked for.
type preparation struct {
	image, root, bundle, config, panel, to string
	out                                    io.Writer
}

func (p *preparation) run() error {
	if p.root == "" && p.bundle == "" && p.config == "" && p.panel == "" {
		return errors.New("nothing to put on the card: name at least one of --root, --bundle, --config, --panel")
	}
	c, err := openCard(p.image)
	if err != nil {
		return err
	}
	defer c.close()
	if c.device && p.to != "" {
		return fmt.Errorf("%s is a card in its reader, which is written in place: leave --to out", p.image)
	}
	if err := p.put(c.files); err != nil {
		return err
	}
	told, err := examine(c.files)
	if err != nil {
		return err
	}
	part, err := c.draw()
	if err != nil {
		return err
	}
	to := p.image
	if p.to != "" {
		to = p.to
	}
	if c.device {
		fmt.Fprintf(p.out, "%s is written in place: leave the card in until this command ends\n", p.image)
		err = c.overwrite(part)
	} else {
		err = c.copy(to, part)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s is prepared\n%s", to, told)
	return nil
}

// put puts what was asked for among a card's files.
func (p *preparation) put(files map[string][]byte) error {
	for _, f := range []struct {
		name, from string
		limit      int64
	}{{cardRoot, p.root, stick.MaxRoot}, {bundleName, p.bundle, maxBundle}, {cardConfig, p.config, maxConfig}} {
		if f.from == "" {
			continue
		}
		data, err := readFile(f.from, f.limit)
		if err != nil {
			return err
		}
		files[f.name] = data
	}
	if p.panel == "" {
		return nil
	}
	data, err := withPanel(files[cardConfig], p.panel)
	files[cardConfig] = data
	return err
}

// withPanel is a kiosk.json with another panel. The wires stay.
func withPanel(data []byte, name string) ([]byte, error) {
	if _, err := panelNamed(name); err != nil {
		return nil, err
	}
	all := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	dec.UseNumber()
	if err := dec.Decode(&all); err != nil {
		return nil, fmt.Errorf("the card's %s: %w", cardConfig, err)
	}
	panel, ok := all["panel"].(map[string]any)
	if !ok {
		panel = map[string]any{}
	}
	panel["name"] = name
	all["panel"] = panel
	data, err := json.MarshalIndent(all, "", "  ")
	return append(data, '\n'), err
}

// examine holds that a kiosk with these files works, and tells what it
// believes.
func examine(files map[string][]byte) (string, error) {
	var told bytes.Buffer
	c, err := readConfig(files[cardConfig])
	if err != nil {
		return "", fmt.Errorf("the card's %s: %w", cardConfig, err)
	}
	if c.Root != bootRoot || c.State != installState {
		return "", fmt.Errorf("the card's %s has root %s and state %s; on a card they are %s and %s", cardConfig, c.Root, c.State, bootRoot, installState)
	}
	fmt.Fprintf(&told, "  panel   %s\n", c.Panel.Name)
	root, zipped := files[cardRoot], files[bundleName]
	if root == nil {
		if zipped != nil {
			return "", errors.New("there is no root to judge the bundle from: name one with --root")
		}
		fmt.Fprintf(&told, "  root    none: this card trusts nobody until it takes a root from a stick\n")
		return told.String(), nil
	}
	first, err := provision.ReadFirstRoot(stick.Contents{Root: root})
	if err != nil {
		return "", fmt.Errorf("%s: %w", cardRoot, err)
	}
	fmt.Fprintf(&told, "  root    %s\n", first.Words)
	if zipped == nil {
		fmt.Fprintf(&told, "  bundle  none: this card takes its first from a stick\n")
		return told.String(), nil
	}
	all, err := bundle.Unzip(zipped)
	if err != nil {
		return "", fmt.Errorf("%s: %w", bundleName, err)
	}
	b, err := bundle.Open(all, root, bundle.Before{})
	if err != nil {
		return "", fmt.Errorf("%s: %w", bundleName, err)
	}
	parts := slices.Sorted(maps.Keys(b.Parts()))
	fmt.Fprintf(&told, "  bundle  number %d, good until %s, with %d parts\n", offerOf(b).Serial, b.Expires.Format("2006-01-02"), len(parts))
	for _, l := range b.LeftOut {
		fmt.Fprintf(&told, "  left out: the part of %s: %v\n", l.Member, l.Why)
	}
	return told.String(), nil
}

// sameMode is that of a file that is about to be replaced.
func sameMode(name string) os.FileMode {
	if info, err := os.Stat(name); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}
