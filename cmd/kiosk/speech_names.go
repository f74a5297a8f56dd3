package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"

	"badgekiosk/display/signal/espeak"
	"badgekiosk/provision/bundle"
	"badgekiosk/provision/seal"
	"badgekiosk/verify"
)

// speak makes the clips of the names, where they were asked for.
func (w *workshop) speak(out io.Writer) error {
	if !w.says {
		return nil
	}
	p := espeak.Find()
	if p == "" {
		return errors.New("--speech needs espeak-ng: apt install espeak-ng, or seal without it")
	}
	made, unsaid, err := seal.Speech(context.Background(), w.tree(), p.Clip)
	for _, why := range unsaid {
		fmt.Fprintf(out, "consider: kiosks do not say %s\n", why)
	}
	if made > 0 {
		fmt.Fprintf(out, "%s of names made\n", counted(made, "clip"))
	}
	return err
}

// spokenNames has the clips of the names in the part of the member that a
// report's issuer is listed by, nil where there are none.
func (a *appliance) spokenNames(r verify.Report) fs.FS {
	if a.store == nil || r.Axes.Issuer.State != verify.Pass {
		return nil
	}
	b := a.store.Current()
	if b == nil {
		return nil
	}
	for _, i := range a.trust.Listed(r.Badge.IssuerID) {
		if i.Name == r.Axes.Issuer.Name {
			return namesOf(b, i.Member.ID)
		}
	}
	return nil
}

// nameClips are a member's, read when the voice asks for the first.
type nameClips struct {
	folder string
	part   func() (fs.FS, error)
}

func namesOf(b *bundle.Bundle, member string) nameClips {
	return nameClips{path.Join("districts", member, seal.SpeechFolder), sync.OnceValues(func() (fs.FS, error) { return b.PartTree(member) })}
}

// Open implements [fs.FS].
func (n nameClips) Open(name string) (fs.File, error) {
	tree, err := n.part()
	if err != nil {
		return nil, err
	}
	return tree.Open(path.Join(n.folder, name))
}
