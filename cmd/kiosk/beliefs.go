package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"

	"github.com/spf13/cobra"
)

// beliefs say where a command finds what a kiosk believes.
type beliefs struct {
	trust, root, state string
}

func (b *beliefs) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&b.trust, "trust", "", "a sealed bundle or a trust folder; without it, the newest bundle in --state")
	cmd.Flags().StringVar(&b.state, "state", installState, "where a kiosk keeps its bundles")
	rootFlag(cmd, &b.root)
}

// open reads the trust set. Only a path that was named and is not there is an
// error: a kiosk that believes nobody still judges, and its reports say why.
// What is wrong with the set is told on errs.
func (b *beliefs) open(errs io.Writer) (*trust.Set, error) {
	set, err := b.read(errs)
	if err != nil {
		return nil, err
	}
	// What the consortium signed for all kiosks holds for a command too.
	narrowed, _, err := set.For("")
	return narrowed, err
}

func (b *beliefs) read(errs io.Writer) (*trust.Set, error) {
	if b.trust == "" {
		return b.installed(errs), nil
	}
	info, err := os.Stat(b.trust)
	if err != nil {
		return nil, fmt.Errorf("--trust %s: %w", b.trust, unwrapPath(err))
	}
	if info.IsDir() && !sealedFolder(b.trust) {
		set, err := trust.Open(os.DirFS(b.trust))
		if err != nil {
			return nil, fmt.Errorf("--trust %s: %w", b.trust, err)
		}
		faults(errs, b.trust, set)
		return set, nil
	}
	sealed, err := openBundle(b.trust, b.root)
	return believe(errs, b.trust, sealed, err), nil
}

// sealedFolder tells an unpacked bundle from a trust folder.
func sealedFolder(dir string) bool {
	found, _ := filepath.Glob(filepath.Join(dir, "metadata", "*root.json"))
	return len(found) > 0
}

// installed is the newest bundle in the kiosk's state, nobody if none.
func (b *beliefs) installed(errs io.Writer) *trust.Set {
	if _, err := os.Stat(b.state); err != nil {
		return trust.Nothing(reason.BNone)
	}
	anchor, err := provision.ReadRoot(b.root, b.state)
	if err != nil {
		return trust.Nothing(reason.BRoot)
	}
	now := provision.Peek(b.state, anchor, nil)
	if now == nil {
		return trust.Nothing(reason.BNone)
	}
	return believe(errs, b.state, now, nil)
}

// believe makes a trust set of a bundle whose signatures were verified. One
// that was refused is believed in nothing, and its code says why.
func believe(errs io.Writer, path string, b *bundle.Bundle, err error) *trust.Set {
	var set *trust.Set
	if err == nil {
		set, err = openSet(b)
	}
	if err != nil {
		fmt.Fprintf(errs, "%s: %v\n", path, err)
		return trust.Nothing(reason.CodeOf(err, reason.BBroken))
	}
	set.Expires = b.Expires
	faults(errs, path, set)
	return set
}

// openSet makes the trust set of a bundle. One that is installed is read part
// by part, as badges ask for it.
func openSet(b *bundle.Bundle) (*trust.Set, error) {
	if index := b.Index(); index != nil {
		if set, err := trust.OpenIndexed(b.ConsortiumTree(), index, b.PartTree, notesOn(b)...); err == nil {
			return set, nil
		}
	}
	return trust.OpenSealed(b.Tree(), notesOn(b)...)
}

// notesOn are the codes that every report by this bundle carries.
func notesOn(b *bundle.Bundle) (notes []reason.Code) {
	if len(b.LeftOut) > 0 {
		notes = append(notes, reason.BPart)
	}
	return notes
}

// faults tells what of a trust set could not be used.
func faults(errs io.Writer, path string, set *trust.Set) {
	for _, err := range set.Faults {
		fmt.Fprintf(errs, "%s: left out: %v\n", path, err)
	}
}

// A question says when, and for whom, a command judges.
type question struct {
	at, audience string
}

func (q *question) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&q.at, "at", "", "the time to judge at, or earliest/latest, as 2026-11-22T00:00:00Z; without it, now")
	cmd.Flags().StringVar(&q.audience, "audience", verify.Public.String(), "who looks: public, partner, employer or office")
}

// trusted is how far apart the ends of an interval are that a trusted clock
// leaves: five minutes either way.
const trusted = 10 * time.Minute

func (q *question) ask(now time.Time) (ask verify.Ask, err error) {
	var ok bool
	if ask.Audience, ok = verify.ParseAudience(q.audience); !ok {
		return ask, fmt.Errorf("--audience %q is not one of public, partner, employer, office", q.audience)
	}
	ask.At = verify.At(now)
	if q.at == "" {
		return ask, nil
	}
	first, last, isInterval := strings.Cut(q.at, "/")
	if !isInterval {
		last = first
	}
	m := &ask.At
	if m.Earliest, err = parseInstant(first); err == nil {
		m.Latest, err = parseInstant(last)
	}
	if err == nil && m.Latest.Before(m.Earliest) {
		err = errors.New("it ends before it begins")
	}
	if err != nil {
		return ask, fmt.Errorf("--at %q: %w", q.at, err)
	}
	m.Set = m.Latest.Sub(m.Earliest) <= trusted
	return ask, nil
}

func parseInstant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q is no time as 2026-11-22T00:00:00Z", s)
	}
	return t, nil
}
