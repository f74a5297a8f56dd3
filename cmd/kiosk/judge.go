package main

import (
	"io"

	"badgekiosk/cmd/kiosk/jail"
	"badgekiosk/provision"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"

	"github.com/spf13/cobra"
)

// judgeCommand is the process that kiosk run judges in. Nobody else starts
// it.
func judgeCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:    "judge --config FILE",
		Short:  "Judge what kiosk run hands over, and do nothing else",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return jail.Serve(func() (jail.Court, error) { return courtFor(file) })
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "kiosk.json of this board")
	return cmd
}

// judgeOf is how kiosk run starts the judge of a kiosk.json.
func judgeOf(file string) jail.Command {
	return jail.Command{Args: []string{"judge", "--config", file}}
}

// courtFor judges as the kiosk of a kiosk.json does.
func courtFor(file string) (jail.Court, error) {
	c, err := configFrom(file)
	if err != nil {
		return nil, err
	}
	b := boundAlone(c)
	return func(payload []byte, ask verify.Ask) verify.Report {
		// Whatever it is asked, it shows nobody more than was signed.
		ask.Audience = min(ask.Audience, b.ceiling)
		return b.verifier.Verify(payload, ask)
	}, nil
}

// boundAlone is what a kiosk believes, read by a process that has no part of
// it and reads no clock. One that believes nobody judges too.
func boundAlone(c config) belief {
	set := trust.Nothing(reason.BRoot)
	if anchor, err := provision.ReadRoot(c.Root, c.State); err == nil {
		set = trust.Nothing(reason.BNone)
		if now := provision.Peek(c.State, anchor, factoryOf(c)); now != nil {
			set = believe(io.Discard, c.State, now, nil) // its faults are kiosk run's to tell
		}
	}
	b, _ := bound(c, set) // likewise: what is left is the least
	return b
}
