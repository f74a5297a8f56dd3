// Package baked finds the badge that an issuer baked into a PNG or SVG picture.
//
// Pixels and shapes are never decoded: only the containers are read, each in
// one pass. Keywords and namespaces are compared exactly, as the standards
// write them.
//
// Sources: 1EdTech Open Badges 3.0 and CLR 2.0, "Baked Badge"; Open Badges
// 2.0 Baking Specification.
package baked

import (
	"bytes"

	"badgekiosk/verify/reason"
)

// MaxText is the most, in bytes, that a compressed chunk may hold.
const MaxText = 256 << 10

// A standard under which badges are baked. When a picture holds badges of
// several, the first in this order counts.
type standard int

const (
	openBadges3 standard = iota
	clr2
	openBadges2
	standards // how many there are
)

// A Text is what was baked: JSON, a compact token, or, in old badges, a link.
type Text struct {
	Data []byte
	Via  string // how it was held, for logs: "png-itxt", "svg-verify", …
}

// shelf keeps one text for each standard.
type shelf [standards]Text

// put keeps t. A second text of the same standard must be the same.
func (s *shelf) put(st standard, t Text) error {
	switch have := s[st]; {
	case have.Via == "":
		s[st] = t
	case !bytes.Equal(have.Data, t.Data):
		return reason.Errorf(reason.QAmbig, "a picture with two different baked badges, of %d and %d bytes", len(have.Data), len(t.Data))
	}
	return nil
}

// first returns the text that counts, or Q-NOTBADGE.
func (s *shelf) first() (Text, error) {
	for _, t := range s {
		if t.Via != "" {
			return t, nil
		}
	}
	return Text{}, reason.Errorf(reason.QNotBadge, "a picture without a baked badge")
}
