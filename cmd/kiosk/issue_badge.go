package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"badgekiosk/provision/issue"

	"github.com/spf13/cobra"
)

// now is the date that is written on what is made here. Judging never asks
// it: see Moment in package verify.
func now() time.Time { return time.Now() }

// badgeFlags are the words of one badge as they are typed.
type badgeFlags struct {
	key, issuerName, status, format, out string
	from, until                          string
	skills                               []string
	scale                                []string
	level                                int
	badge                                issue.Badge
	compact                              bool
}

func issueBadgeCommand() *cobra.Command {
	var f badgeFlags
	cmd := &cobra.Command{
		Use:   "badge",
		Short: "Issue a badge",
		Long: `Badge signs one Open Badges 3.0 credential. It names no learner: whoever holds
the code holds the badge. A name goes in only with --learner-name, and is then
in clear for everybody who reads the code.

The formats are vc-jwt (what most systems take), vc-jose, di-eddsa-rdfc-2022
(what certification asks for, and the smallest codes) and di-eddsa-jcs-2022.`,
		Example: `  kiosk issue badge --key riverbend.jwk --name "Welding I" --out badge.jwt
  kiosk issue badge --key riverbend.jwk --name "Welding I" --compact \
      --level 3 --scale Beginning,Developing,Proficient,Expert --until 2028-06-30 --status status.jwt --out badge.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	a := &f.badge.Achievement
	flags.StringVar(&f.key, "key", "", "the issuer's key `FILE`")
	flags.StringVar(&a.Name, "name", "", "what the badge is for")
	flags.StringVar(&a.ID, "achievement", "", "`URI` of the achievement, the same for all its badges (default: a new one)")
	flags.StringVar(&a.Description, "description", "", "one sentence (default: the name)")
	flags.StringVar(&a.Criteria, "criteria", "", "what the learner had to do (default: the achievement's URI)")
	flags.StringVar(&a.Type, "type", "", "of achievement: Certificate, Course, … as Open Badges names them")
	flags.StringArrayVar(&f.skills, "skill", nil, "`NAME=URL` of a skill in its framework; may be given again")
	flags.StringSliceVar(&f.scale, "scale", nil, "names of all levels, from the lowest, with commas between")
	flags.IntVar(&f.level, "level", 0, "which level of --scale was reached, from 1")
	flags.StringVar(&f.issuerName, "issuer-name", "", "what the badge calls its issuer; kiosks show the trust folder's name")
	flags.StringVar(&f.badge.Learner.Name, "learner-name", "", "who earned it, readable for everybody")
	flags.StringVar(&f.badge.Learner.ID, "learner", "", "`DID` of the learner's wallet (default: an identifier that tells nothing)")
	flags.StringVar(&f.from, "from", "", "valid from this `DATE` on (default: now)")
	flags.StringVar(&f.until, "until", "", "valid until this `DATE` (default: it does not expire)")
	flags.StringVar(&f.status, "status", "", "list `FILE` of kiosk issue status, so that the badge can be withdrawn")
	flags.StringVar(&f.format, "format", "", "how it is signed (default: vc-jwt; with --compact the smallest for the key)")
	flags.BoolVar(&f.compact, "compact", false, "leave out what neither a kiosk nor the standard needs")
	flags.StringVarP(&f.out, "out", "o", "", "`FILE` to write (default: standard output)")
	mustHave(cmd, "key", "name")
	return cmd
}

func (f *badgeFlags) run(cmd *cobra.Command) error {
	key, err := issue.ReadKey(f.key)
	if err != nil {
		return err
	}
	var format issue.Format
	if f.format != "" {
		if format, err = issue.ParseFormat(f.format); err != nil {
			return fmt.Errorf("--format: %w", err)
		}
	}
	if err := f.words(); err != nil {
		return err
	}
	issuer := issue.NewIssuer(key, f.issuerName)
	if f.status != "" {
		if f.badge.Status, err = takeEntry(issuer, f.status); err != nil {
			return err
		}
	}
	signed, err := issuer.Sign(f.badge, issue.Options{Format: format, Compact: f.compact, Created: now()})
	if err != nil {
		return err
	}
	return output(cmd, f.out, append(signed, '\n'))
}

// words reads the flags that need more than a copy.
func (f *badgeFlags) words() (err error) {
	f.badge.From = now()
	if f.from != "" {
		if f.badge.From, err = parseDate(f.from); err != nil {
			return fmt.Errorf("--from: %w", err)
		}
	}
	if f.until != "" {
		if f.badge.Until, err = parseDate(f.until); err != nil {
			return fmt.Errorf("--until: %w", err)
		}
	}
	if f.level != 0 || len(f.scale) > 0 {
		f.badge.Level = &issue.Level{N: f.level, Names: f.scale}
	}
	for _, s := range f.skills {
		name, url, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--skill %q is not NAME=URL", s)
		}
		f.badge.Achievement.Skills = append(f.badge.Achievement.Skills, issue.Skill{Name: name, URL: url})
	}
	return nil
}

// parseDate reads an instant, or a day as its first instant in UTC.
func parseDate(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a date like 2026-11-21 nor an instant like 2026-11-21T09:00:00Z", s)
}

// takeEntry gives out a place in a status list and notes it beside the list,
// so that no two badges share one. The note holds numbers only.
func takeEntry(issuer issue.Issuer, listFile string) (*issue.Status, error) {
	signed, err := os.ReadFile(listFile)
	if err != nil {
		return nil, err
	}
	list, err := issuer.OpenList(signed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", listFile, err)
	}
	notes := listFile + ".used"
	used, err := readUsed(notes)
	if err != nil {
		return nil, err
	}
	index, err := issue.FreeEntry(used)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", listFile, err)
	}
	f, err := os.OpenFile(notes, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintln(f, index)
	return &issue.Status{List: list.URL, Index: index, Purpose: list.Purpose}, errors.Join(err, f.Sync(), f.Close())
}

func readUsed(file string) (map[int]bool, error) {
	used := map[int]bool{}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return used, nil
	} else if err != nil {
		return nil, err
	}
	for _, field := range strings.Fields(string(data)) {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no place in a list", file, field)
		}
		used[n] = true
	}
	return used, nil
}
