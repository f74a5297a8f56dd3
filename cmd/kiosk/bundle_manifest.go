package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"badgekiosk/provision/issue"
	"badgekiosk/provision/seal"
)

func addManifest() *cobra.Command {
	var w workshop
	var picture, document string
	cmd := &cobra.Command{
		Use:   "manifest DIR MEMBER FILE",
		Short: "Describe an achievement, so that a small badge shows a full card",
		Long: `Manifest describes the achievement that FILE names, so that a small badge shows
a full card. With --document the description holds for that document alone:
nothing is sealed while another copy of what stands at the achievement's id is
in the member's documents.`,
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[2])
			if err != nil {
				return err
			}
			return w.within(args, func(t issue.Trust, member string) error {
				folder := "districts/" + member + "/manifests/"
				if picture != "" {
					if data, err = illustrated(t, folder, data, picture); err != nil {
						return err
					}
				}
				if document != "" {
					if data, err = describing(data, document); err != nil {
						return err
					}
				}
				return t.WriteFile(folder+filepath.Base(args[2]), data)
			})
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&document, "document", "", "the achievement's own document, as it stands at its id: the manifest is for no other")
	cmd.Flags().StringVar(&picture, "picture", "", "the badge's picture (PNG, JPEG, GIF, WebP), scaled for kiosks' panels")
	return cmd
}

// illustrated puts a picture, ready for panels, beside a manifest and names
// it there.
func illustrated(t issue.Trust, folder string, manifest []byte, picture string) ([]byte, error) {
	data, err := readFile(picture, maxBundle)
	if err != nil {
		return nil, err
	}
	if data, err = seal.PanelPicture(data); err != nil {
		return nil, fmt.Errorf("%s %w", picture, err)
	}
	var all map[string]any
	if err := json.Unmarshal(manifest, &all); err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(filepath.Base(picture), filepath.Ext(picture)) + ".png"
	all["picture"] = name
	if err := t.WriteFile(folder+name, data); err != nil {
		return nil, err
	}
	out, err := json.MarshalIndent(all, "", "  ")
	return append(out, '\n'), err
}

// describing writes into a manifest which document it describes.
func describing(manifest []byte, document string) ([]byte, error) {
	data, err := readFile(document, maxBundle)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := json.Unmarshal(manifest, &all); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	all["sha256"] = hex.EncodeToString(sum[:])
	out, err := json.MarshalIndent(all, "", "  ")
	return append(out, '\n'), err
}
