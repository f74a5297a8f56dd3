package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/provision/issue"
	"badgekiosk/provision/seal"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
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

// A workshop is the folder that a bundle is made in.
type workshop struct {
	dir  string
	keys string // folder of key files
	pass string // passphrase of the keys, empty for keys in clear
	says bool   // sealing makes clips of the names that kiosks say
}

func (w *workshop) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.keys, "keys", "", "folder of the key files (default DIR/keys)")
	cmd.Flags().StringVar(&w.pass, "passphrase-file", "", "file whose first line is the passphrase of the keys")
}

// at sets the folder, and reads the passphrase.
func (w *workshop) at(dir string) error {
	w.dir = dir
	if w.keys == "" {
		w.keys = filepath.Join(dir, "keys")
	}
	if w.pass == "" {
		return nil
	}
	data, err := os.ReadFile(w.pass)
	if err != nil {
		return err
	}
	w.pass, _, _ = strings.Cut(strings.TrimRight(string(data), "\r\n"), "\n")
	if w.pass == "" {
		return errors.New("the passphrase file begins with an empty line")
	}
	return nil
}

// coalition sets the folder and reads the coalition in it.
func (w *workshop) coalition(dir string) (*seal.Coalition, error) {
	if err := w.at(dir); err != nil {
		return nil, err
	}
	return seal.Load(w.dir, time.Now())
}

func (w *workshop) key(name string) string { return filepath.Join(w.keys, name+".key.json") }

func (w *workshop) tree() issue.Trust { return issue.Trust{Folder: issue.Dir(w.trust())} }

func (w *workshop) trust() string { return filepath.Join(w.dir, "trust") }

// make writes a new key file for role and returns its public half.
func (w *workshop) make(name, role string) (*seal.Key, error) {
	return seal.MakeKey(w.key(name), role, w.pass)
}

// sign adds to role the signatures of those keys here that may sign it.
func (w *workshop) sign(c *seal.Coalition, role string) (signed int, err error) {
	names, err := filepath.Glob(filepath.Join(w.keys, "*.key.json"))
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		key, err := seal.PublicKey(name)
		if err != nil || !c.May(role, key) {
			continue
		}
		signer, err := seal.ReadKey(name, w.pass)
		if err != nil {
			return signed, err
		}
		if err := c.Sign(role, signer); err != nil {
			return signed, err
		}
		signed++
	}
	return signed, nil
}

// rootKeys and rootNeed are how many people hold root and targets keys, and
// how many of them must sign.
const rootKeys, rootNeed = 3, 2

func bundleInit() *cobra.Command {
	var w workshop
	var name string
	cmd := &cobra.Command{
		Use:   "init DIR --name NAME",
		Short: "Begin a coalition: make its keys and an empty trust folder",
		Long: `Init makes the folder DIR: keys for every role (three root and three targets
keys, of which two must sign; one each for the consortium's own part, snapshot
and timestamp), root.json for the kiosks, and trust/, the folder you edit.

With --passphrase-file the keys are encrypted. Without it they are in clear.`,
		Args: oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			if name == "" {
				return errors.New(`the coalition needs a name: --name "Five Rivers"`)
			}
			if err := w.at(args[0]); err != nil {
				return err
			}
			return w.init(cmd.OutOrStdout(), name)
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&name, "name", "", "the coalition's name, as kiosks show it")
	return cmd
}

func oneFolder(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one folder: %s", cmd.UseLine())
	}
	return nil
}

func (w *workshop) init(out io.Writer, name string) error {
	if err := os.MkdirAll(w.keys, 0o700); err != nil {
		return err
	}
	public := map[string][]*seal.Key{}
	for role, n := range map[string]int{seal.Root: rootKeys, seal.Targets: rootKeys, seal.Snapshot: 1, seal.Timestamp: 1, bundle.Consortium: 1} {
		for i := range n {
			file := role
			if n > 1 {
				file = fmt.Sprintf("%s-%d", role, i+1)
			}
			k, err := w.make(file, role)
			if err != nil {
				return err
			}
			public[role] = append(public[role], k)
		}
	}
	c, err := seal.New(w.dir, time.Now(), public, seal.Thresholds{Root: rootNeed, Targets: rootNeed})
	if err != nil {
		return err
	}
	if _, err := w.sign(c, seal.Root); err != nil {
		return err
	}
	root, err := c.Root()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "root.json"), root, 0o644); err != nil {
		return err
	}
	if err := w.tree().Begin(name, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is ready.\n  %s    goes on every kiosk, once\n  %s         is what you edit; add members with kiosk bundle add district\n  %s          keep these apart and off the network\n",
		w.dir, filepath.Join(w.dir, "root.json"), w.trust(), w.keys)
	return nil
}

func bundleSign() *cobra.Command {
	var w workshop
	var key, command string
	cmd := &cobra.Command{
		Use:   "sign DIR ROLE --key FILE | --signer COMMAND",
		Short: "Add one person's signature to a role",
		Long: `Sign adds one signature to root, targets, or a member, for a ceremony over
several people's machines: send the folder DIR (without its keys) from one to
the next. What is still missing is printed.

With --signer the key may be in a token or a vault: COMMAND public writes the
Ed25519 public key as PEM, COMMAND sign reads the message from standard input
and writes the signature in base64.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := w.coalition(args[0])
			if err != nil {
				return err
			}
			var signer seal.Signer = seal.External{Command: command}
			if command == "" {
				if signer, err = seal.ReadKey(key, w.pass); err != nil {
					return err
				}
			}
			if err := c.Sign(args[1], signer); err != nil {
				return err
			}
			if n := c.Lacks(args[1]); n > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "%s signed; %d more must sign\n", args[1], n)
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "%s is signed\n", args[1])
			}
			return nil
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&key, "key", "", "the key file to sign with")
	cmd.Flags().StringVar(&command, "signer", "", "a command that signs in its stead")
	return cmd
}

func bundleSeal() *cobra.Command {
	var w workshop
	cmd := &cobra.Command{
		Use:   "seal DIR",
		Short: "Sign what the keys here may sign, and write the bundle",
		Long: `Seal packs what changed in DIR/trust, signs each part with those keys in the
keys folder that may sign it, and writes DIR/badge-kiosk-bundle.zip. Where
signatures of other people are missing it says whose, and writes no bundle.

With --speech it has espeak-ng say the names of issuers and badges, so that
kiosks that speak say them too: a few kilobytes for each name.`,
		Args: oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := w.at(args[0]); err != nil {
				return err
			}
			return w.seal(cmd.OutOrStdout())
		},
	}
	w.flags(cmd)
	cmd.Flags().BoolVar(&w.says, "speech", false, "make clips of the names, for kiosks that speak (needs espeak-ng)")
	return cmd
}

func (w *workshop) seal(out io.Writer) error {
	tree := os.DirFS(w.trust())
	set, err := w.ready(out)
	if err != nil {
		return err
	}
	if err := w.speak(out); err != nil {
		return err
	}
	c, err := seal.Load(w.dir, time.Now())
	if err != nil {
		return err
	}
	changes := []string{}
	for _, member := range c.Members() {
		changed, err := c.Pack(member, tree)
		if err != nil {
			return err
		}
		if changed {
			changes = append(changes, member)
		}
	}
	if err := w.tree().Begin("", time.Now()); err != nil {
		return err
	}
	if _, err := c.Pack(bundle.Consortium, tree); err != nil {
		return err
	}
	for _, role := range slices.Sorted(maps.Keys(c.Missing())) {
		if _, err := w.sign(c, role); err != nil {
			return err
		}
	}
	zipped, err := w.finish(c)
	if err != nil {
		return err
	}
	file := filepath.Join(w.dir, bundleName)
	if err := os.WriteFile(file, zipped, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d bytes, number %d, %s", file, len(zipped), set.Serial+1, counted(len(c.Members()), "member"))
	if len(changes) > 0 {
		fmt.Fprintf(out, ", new: %s", strings.Join(changes, ", "))
	}
	fmt.Fprintln(out)
	return nil
}

// ready makes the trust folder fit to be sealed: pictures scaled, nothing
// about a learner in clear, no faults, every identifier's owner written down.
// What is only unwise is said on out.
func (w *workshop) ready(out io.Writer) (*trust.Set, error) {
	tree := w.tree()
	made, err := seal.Pictures(tree)
	for _, name := range made {
		fmt.Fprintf(out, "%s: made for kiosks' panels\n", name)
	}
	if err != nil {
		return nil, err
	}
	lints, err := seal.Check(tree)
	if err != nil {
		return nil, err
	}
	set, err := trust.Open(tree)
	if err != nil {
		return nil, err
	}
	for _, l := range append(lints, seal.CheckNames(set)...) {
		if l.Refused {
			err = errors.Join(err, l)
		} else {
			fmt.Fprintf(out, "consider: %s\n", l.Error())
		}
	}
	if err := errors.Join(append(set.Faults, err)...); err != nil {
		return nil, fmt.Errorf("the trust folder has faults, and nothing was sealed: %w", err)
	}
	return set, seal.Own(tree, set)
}

// finish signs snapshot and timestamp with the keys here that may.
func (w *workshop) finish(c *seal.Coalition) ([]byte, error) {
	snapshot, err := w.signer(c, seal.Snapshot)
	if err != nil {
		return nil, err
	}
	timestamp, err := w.signer(c, seal.Timestamp)
	if err != nil {
		return nil, err
	}
	return c.Finish(snapshot, timestamp)
}

// signer is the first key here that may sign role.
func (w *workshop) signer(c *seal.Coalition, role string) (seal.Signer, error) {
	names, err := filepath.Glob(filepath.Join(w.keys, "*.key.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if key, err := seal.PublicKey(name); err == nil && c.May(role, key) {
			return seal.ReadKey(name, w.pass)
		}
	}
	return nil, fmt.Errorf("no key in %s may sign %s", w.keys, role)
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

func bundleVerify() *cobra.Command {
	var root, system string
	cmd := &cobra.Command{
		Use:   "verify FILE --root ROOT [--system FILE]",
		Short: "Check every signature, version and file of a bundle",
		Long: `Verify exits with 0 if the bundle is whole, and 1 for any fault, also one member's part that would be left out.
With --system it checks a system too: whether those whom the bundle lets sign one have signed its image.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := openBundle(args[0], root)
			if reason.CodeOf(err, "") == "" && err != nil {
				return err // the file cannot be read at all
			}
			if err == nil {
				for _, l := range b.LeftOut {
					err = errors.Join(err, reason.Errorf(reason.BPart, "%s: %w", l.Member, l.Why))
				}
			}
			if err != nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %v\n", args[0], err)
				return exitSome
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: whole, version %d, good until %s\n", args[0], b.Version, b.Expires.Format(time.DateOnly))
			if system == "" {
				return nil
			}
			return verifySystem(cmd.OutOrStdout(), b, system)
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().StringVar(&system, "system", "", "a badge-kiosk-system.zip to check by this bundle")
	return cmd
}

func bundleInstall() *cobra.Command {
	var root, state string
	cmd := &cobra.Command{
		Use:   "install FILE… --root ROOT --state DIR",
		Short: "Install a bundle, or the pictures of an urgent update's codes, into a kiosk's state",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			anchor, err := os.ReadFile(root)
			if err != nil {
				return reason.Errorf(reason.BRoot, "no root to judge the bundle from: %w", err)
			}
			store, err := provision.OpenStore(state, anchor)
			if err != nil {
				return reason.Errorf(reason.HDisk, "%s: %w", state, err)
			}
			out := cmd.OutOrStdout()
			b, err := install(store, args)
			if errors.Is(err, provision.ErrInstalled) {
				fmt.Fprintf(out, "%s is installed already\n", args[0])
				return nil
			}
			if err != nil && reason.CodeOf(err, "") == "" {
				return err
			}
			if err != nil {
				fmt.Fprintf(out, "%s: %v; what was installed before stays\n", args[0], err)
				return exitSome
			}
			fmt.Fprintf(out, "%s is installed, version %d\n", args[0], b.Version)
			for _, l := range b.LeftOut {
				stays := "it has no earlier part, so its badges are unknown"
				if l.Kept {
					stays = "its last good part stays"
				}
				fmt.Fprintf(out, "%s the part of %s was left out, %s: %v\n", reason.BPart, l.Member, stays, l.Why)
			}
			return nil
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().StringVar(&state, "state", installState, "the kiosk's state folder")
	return cmd
}
