package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"badgekiosk/provision"
	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// Descriptors that the first process of a card's own system leaves open.
const (
	slotDescriptor   = 3 // the slot that does not run
	statusDescriptor = 4 // the file in which it is said how far this is
)

func systemPutCommand() *cobra.Command {
	var p putting
	cmd := &cobra.Command{
		Use:    "system-put --root FILE --state DIR",
		Short:  "Write the system on a stick to the card's other slot (the card's first process calls this)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.status, p.running = os.NewFile(statusDescriptor, "status"), provision.ReadRunning("/")
			p.sticks, p.lower = provision.FindSticks, lowerPowers
			var err error
			if p.slot, err = openSlotDisk(slotDescriptor); err != nil {
				return err
			}
			if p.self, err = os.Executable(); err != nil {
				return err
			}
			n, err := p.run(cmd.Context())
			if err != nil {
				p.say(provision.Put{Step: provision.StepRefused, Number: n, Code: reason.CodeOf(err, reason.BSystem)})
				fmt.Fprintln(cmd.ErrOrStderr(), err)
				return exitSome
			}
			p.say(provision.Put{Step: provision.StepWhole, Number: n})
			return nil
		},
	}
	rootFlag(cmd, &p.root)
	cmd.Flags().StringVar(&p.state, "state", installState, "where the kiosk keeps its bundles")
	return cmd
}

// A putting is a system on its way from a stick to a slot. It trusts the kiosk
// with nothing but the wish: whom to believe, what is older, and what is on
// the stick it finds out for itself.
type putting struct {
	root, state string
	running     provision.Running
	slot        provision.SlotDisk
	status      io.WriterAt
	self        string // this program, to read sticks with
	sticks      func() []provision.Stick
	lower       func() error // has what is started from then on read no more than anybody may
}

// run puts the newest system that may be taken into the slot, and returns its
// number.
func (p *putting) run(ctx context.Context) (int64, error) {
	b, floors, err := p.beliefs()
	if err != nil {
		return 0, err
	}
	if err := p.lower(); err != nil {
		return 0, err
	}
	from, found, err := p.find(ctx, b, floors)
	if err == nil {
		err = found.Err
	}
	if err != nil {
		return found.Number, err
	}
	open := func() (io.ReadCloser, error) {
		return provision.StickSystem(ctx, from, found.Name, p.self, "stick-read")
	}
	return found.Number, provision.PutSystem(p.slot, found.System, open, func(step string, done, of int64) {
		p.say(provision.Put{Step: step, Done: done, Of: of, Number: found.Number})
	})
}

// beliefs are what the kiosk has installed, verified anew from its root.
func (p *putting) beliefs() (*bundle.Bundle, bundle.Floors, error) {
	anchor, err := provision.ReadRoot(p.root, p.state)
	if err != nil {
		return nil, nil, reason.Errorf(reason.BRoot, "no root to judge a system from: %w", err)
	}
	b := provision.Peek(p.state, anchor, factoryOf(config{Root: p.root}))
	return b, provision.PeekState(p.state).Floors, nil
}

// find is the system to take, of those on all sticks.
func (p *putting) find(ctx context.Context, b *bundle.Bundle, floors bundle.Floors) (from provision.Stick, found provision.FoundSystem, err error) {
	read := provision.ReadBy(p.self, "stick-read", "--systems")
	err = reason.Errorf(reason.BEmpty, "no stick with a system is in")
	for _, s := range p.sticks() {
		c, fault := read(ctx, s)
		if fault != nil {
			err = fault
			continue
		}
		next, ok := p.running.JudgeSystems(b, floors, c.Systems)
		if ok && (found.Name == "" || next.Err == nil && (found.Err != nil || next.Number > found.Number)) {
			from, found = s, next
		}
	}
	if found.Name != "" {
		return from, found, nil
	}
	return from, found, err
}

// say says how far this is. Who cannot be told is none of its concern.
func (p *putting) say(how provision.Put) { _ = how.Write(p.status) }
