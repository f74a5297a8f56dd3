package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

func bundleInspect() *cobra.Command {
	var root string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect FILE --root ROOT",
		Short: "Say in words what a bundle makes a kiosk believe",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := openBundle(args[0], root)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			set, err := trust.OpenSealed(b.Tree())
			if err != nil {
				return err
			}
			anchor, err := os.ReadFile(root)
			if err != nil {
				return err
			}
			s := summarize(b, set, anchor)
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(s)
			}
			s.print(cmd.OutOrStdout())
			return nil
		},
	}
	rootFlag(cmd, &root)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one line of JSON")
	return cmd
}

// A summary is what inspect says.
type summary struct {
	Name    string          `json:"name"`
	Serial  int64           `json:"serial"`
	Issued  time.Time       `json:"issued"`
	Expires time.Time       `json:"expires"`
	Version int64           `json:"version"`
	Root    string          `json:"root"`                  // the anchor's SHA-256
	Words   string          `json:"words"`                 // the six words that a kiosk shows for it
	Newest  string          `json:"newestWords,omitempty"` // those of the newest root, where that is another
	Members []memberSummary `json:"members"`
	Faults  []string        `json:"faults,omitempty"`
}

type memberSummary struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	Contact   string     `json:"contact,omitempty"` // whom screens name for questions
	Codes     string     `json:"codes,omitempty"`   // where learners get their badge as a code
	Issuers   []string   `json:"issuers"`           // its own
	Guests    []guest    `json:"guests,omitempty"`  // organizations of their own that it lists
	Keys      int        `json:"keys"`
	Documents int        `json:"documents"`
	Oldest    *time.Time `json:"oldest,omitempty"` // of the documents
	LeftOut   string     `json:"leftOut,omitempty"`
}

// A guest is an organization that is no member and that a member lists.
type guest struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

func summarize(b *bundle.Bundle, set *trust.Set, anchor []byte) summary {
	s := summary{Name: set.Name, Serial: set.Serial, Issued: set.Issued, Expires: b.Expires, Version: b.Version,
		Root: fmt.Sprintf("%x", sha256.Sum256(anchor)), Words: bundle.Words(anchor)}
	if !bytes.Equal(b.Root, anchor) {
		s.Newest = bundle.Words(b.Root)
	}
	for _, m := range set.Members {
		n := memberSummary{ID: m.ID, Name: m.Name, Kind: m.Kind, Contact: m.Contact, Codes: m.Codes}
		for _, i := range set.IssuersOf(m) {
			if i.Guest != "" {
				n.Guests = append(n.Guests, guest{i.Name, i.Guest})
			} else {
				n.Issuers = append(n.Issuers, i.Name)
			}
			n.Keys += len(i.Keys)
		}
		if docs := set.DocumentsOf(m); len(docs) > 0 {
			n.Documents, n.Oldest = len(docs), &docs[0].Fetched
		}
		s.Members = append(s.Members, n)
	}
	for _, l := range b.LeftOut {
		s.Members = append(s.Members, memberSummary{ID: l.Member, LeftOut: l.Why.Error()})
	}
	for _, f := range set.Faults {
		s.Faults = append(s.Faults, f.Error())
	}
	return s
}

func (s *summary) print(out io.Writer) {
	fmt.Fprintf(out, "%s, number %d, issued %s, good until %s\n", s.Name, s.Serial, dayOf(s.Issued), dayOf(s.Expires))
	fmt.Fprintf(out, "signed under the root whose six words are: %s\n", s.Words)
	if s.Newest != "" {
		fmt.Fprintf(out, "its keys have changed since; a kiosk that takes its first root from this bundle shows: %s\n", s.Newest)
	}
	for _, m := range s.Members {
		if m.LeftOut != "" {
			fmt.Fprintf(out, "\n%s: %s left out: %s\n", m.ID, reason.BPart, m.LeftOut)
			continue
		}
		fmt.Fprintf(out, "\n%s (%s, %s): %s, %s, %s", m.Name, m.Kind, m.ID,
			counted(len(m.Issuers)+len(m.Guests), "issuer"), counted(m.Keys, "key"), counted(m.Documents, "document"))
		if m.Oldest != nil {
			fmt.Fprintf(out, ", the oldest of %s", dayOf(*m.Oldest))
		}
		fmt.Fprintln(out)
		if m.Contact != "" || m.Codes != "" {
			fmt.Fprintf(out, "  for questions: %s\n", strings.Join(slices.DeleteFunc([]string{m.Contact, m.Codes}, func(s string) bool { return s == "" }), ", "))
		}
		for _, name := range m.Issuers {
			fmt.Fprintf(out, "  %s\n", name)
		}
		for _, g := range m.Guests {
			fmt.Fprintf(out, "  %s (%s), listed by %s\n", g.Name, g.Kind, m.Name)
		}
	}
	for _, f := range s.Faults {
		fmt.Fprintf(out, "\nfault: %s\n", f)
	}
}

func dayOf(t time.Time) string {
	if t.Year() < 2000 { // none was given, or a clock that began at none
		return "no date"
	}
	return t.UTC().Format("2 January 2006")
}

// counted is "1 key" or "2 keys".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
