package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"badgekiosk/cmd/kiosk/status"
	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"

	"github.com/spf13/cobra"
)

func statusCommand() *cobra.Command {
	var s statusReader
	var state string
	var photos bool
	cmd := &cobra.Command{
		Use:   "status [--json] [--read PHOTO…]",
		Short: "Say how this kiosk is, or many kiosks from photographs",
		Long: `Status asks the kiosk that runs on this board how it is: its bundle, its clock,
what was wrong lately. It asks by a Unix socket that only the kiosk's own user
and root can open; no network is used.

With --read it reads photographs of the status code that a kiosk's staff menu
shows, and prints a table of them all. It exits with 1 if a photograph has no
status code, and 2 if one cannot be opened.`,
		Example: "  kiosk status\n  kiosk status --read photos/*.jpg",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.in, s.out, s.errs = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			switch {
			case photos && len(args) == 0:
				return errors.New("no photograph named: kiosk status --read PHOTO…")
			case photos:
				return s.read(args)
			case len(args) > 0:
				return fmt.Errorf("to read a status from %s: kiosk status --read %s", args[0], args[0])
			}
			return s.ask(state)
		},
	}
	cmd.Flags().BoolVar(&photos, "read", false, "read photographs of status codes")
	cmd.Flags().BoolVar(&s.json, "json", false, "one line of JSON for each kiosk")
	cmd.Flags().StringVar(&state, "state", installState, "where the kiosk keeps its bundles")
	return cmd
}

// statusSockets are where a kiosk may answer: in memory where the system has
// made it a folder, else with its state.
func statusSockets(state string) []string {
	return []string{"/run/badge-kiosk/status", filepath.Join(state, "status")}
}

// listenStatus answers on the first socket that can be made.
func listenStatus(state string, get func() status.Status) (io.Closer, error) {
	var err error
	for _, path := range statusSockets(state) {
		var s *status.Server
		if s, err = status.Listen(path, get); err == nil {
			return s, nil
		}
	}
	return nil, err
}

// A statusReader is one run of kiosk status.
type statusReader struct {
	json      bool
	in        io.Reader
	out, errs io.Writer
}

// ask prints the status of the kiosk that runs here.
func (s *statusReader) ask(state string) error {
	var all error
	for _, path := range statusSockets(state) {
		now, err := status.Read(path)
		if err == nil {
			return s.print(now)
		}
		all = err
	}
	return all
}

func (s *statusReader) print(now status.Status) error {
	if s.json {
		return json.NewEncoder(s.out).Encode(now)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "%s:\t%s\n", label, fmt.Sprintf(format, args...))
	}
	line("site", "%s", cmp.Or(now.Site, "not set"))
	line("build", "%s", now.Build)
	line("root", "%s", cmp.Or(strings.Join(now.Root, " "), "none"))
	line("bundle", "%s", bundleWords(now))
	line("oldest list", "%s", dayOrNone(now.Oldest))
	line("clock", "%s (%s)", now.At.UTC().Format(time.DateTime), now.Clock)
	line("up", "%s", upWords(now.Uptime))
	n := now.Counts
	line("badges", "%d verified, %d check, %d not verified, %d cannot tell, %d demo", n.Verified, n.Check, n.NotVerified, n.CannotTell, n.Demo)
	if len(now.Missing) > 0 {
		line("judge lacks", "%s", strings.Join(now.Missing, ", "))
	}
	for _, c := range now.Codes {
		line(string(c.Code), "%s, %d times", c.At.UTC().Format(time.DateTime), c.Times)
	}
	return w.Flush()
}

func bundleWords(s status.Status) string {
	if s.Serial == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %s", s.Serial, dayOrNone(s.Issued))
}

func dayOrNone(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.DateOnly)
}

// upWords is how long a kiosk has run, as far as it matters.
func upWords(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	if d < 48*time.Hour {
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// A photographed status, and where it was read.
type photographed struct {
	File string `json:"file"`
	status.Status
}

// read prints a table of the statuses in photographs, sorted by site.
func (s *statusReader) read(files []string) error {
	worst := exitAll
	var all []photographed
	for _, file := range files {
		found, err := s.photo(file)
		if err != nil {
			fmt.Fprintf(s.errs, "%s: %v\n", file, err)
			worst = max(worst, exitUsage)
		} else if len(found) == 0 {
			worst = max(worst, exitSome)
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b photographed) int { return cmp.Compare(a.Site, b.Site) })
	if err := s.table(all); err != nil {
		return err
	}
	if worst == exitAll {
		return nil
	}
	return worst
}

// photo is every status code in a photograph. Other codes are not a fault.
func (s *statusReader) photo(file string) (found []photographed, err error) {
	data, err := readInput(file, s.in)
	if err != nil {
		return nil, err
	}
	picture, err := scanner.DecodePicture(data)
	if err != nil {
		return nil, err
	}
	say := errors.New("no status code is found; hold the camera straight and close, and let the whole code be in the picture")
	for _, y := range new(qr.Reader).Read(&scanner.Frame{Gray: *picture}) {
		now, err := status.Parse(y.Text)
		switch {
		case err == nil:
			found = append(found, photographed{file, now})
		case !errors.Is(err, status.ErrForeign):
			say = err
		}
	}
	if len(found) == 0 {
		fmt.Fprintf(s.errs, "%s: %v\n", file, say)
	}
	return found, nil
}

func (s *statusReader) table(all []photographed) error {
	if s.json {
		out := json.NewEncoder(s.out)
		for _, p := range all {
			if err := out.Encode(p); err != nil {
				return err
			}
		}
		return nil
	}
	if len(all) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SITE\tBUNDLE\tOLDEST LIST\tCLOCK\tUP\tBUILD\tROOT\tCODES")
	for _, p := range all {
		var codes []string
		for _, c := range p.Codes {
			codes = append(codes, fmt.Sprintf("%s×%d", c.Code, c.Times))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", cmp.Or(p.Site, "not set"), bundleWords(p.Status), dayOrNone(p.Oldest),
			p.Clock, upWords(p.Uptime), p.Build, strings.Join(p.Root, " "), cmp.Or(strings.Join(codes, " "), "none"))
	}
	return w.Flush()
}
