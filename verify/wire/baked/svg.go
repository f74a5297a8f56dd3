package baked

import (
	"bytes"
	"encoding/xml"
	"io"

	"badgekiosk/verify/reason"
)

// The limits of an SVG. Its size is the caller's to bound.
const (
	MaxSVGDepth = 256 // elements inside one another
	// MaxMarks is how many tags and attributes it may have, all together. The
	// XML reader takes up to 250 bytes for each, so 12 MB; drawings have one
	// in 30 to 100 bytes.
	MaxMarks  = 48 << 10
	maxEquals = 16 << 10 // equals signs, thus attributes, in one tag
)

// name tells which standard an element belongs to.
func name(n xml.Name) (standard, bool) {
	switch n {
	case xml.Name{Space: "https://purl.imsglobal.org/ob/v3p0", Local: "credential"}:
		return openBadges3, true
	case xml.Name{Space: "https://purl.imsglobal.org/clr/v2p0", Local: "credential"}:
		return clr2, true
	case xml.Name{Space: "http://openbadges.org", Local: "assertion"}:
		return openBadges2, true
	}
	return 0, false
}

// SVG returns the badge baked into the SVG data.
//
// Elements are known by namespace, whatever their prefix. No entity but XML's
// own five is expanded and nothing outside data is read.
//
// The error is Q-NOTBADGE if there is no badge or data is no SVG, Q-AMBIG if
// there are two different ones, Q-UNREADABLE if the XML is broken once it has
// shown itself to be an SVG, Q-PARTIAL if it ends too soon, Q-TOOBIG over
// [MaxSVGDepth], [MaxMarks] or thousands of attributes in a tag.
func SVG(data []byte) (Text, error) {
	if tooManyMarks(data) {
		return Text{}, reason.Errorf(reason.QTooBig, "an SVG with more than %d tags and attributes, or %d in one tag", MaxMarks, maxEquals)
	}
	s := svg{xml: xml.NewDecoder(bytes.NewReader(data))}
	for {
		tok, err := s.xml.Token()
		if err == io.EOF && s.root {
			return s.found.first()
		}
		if err != nil {
			return Text{}, s.broken(err)
		}
		if err := s.token(tok); err != nil {
			return Text{}, err
		}
	}
}

// tooManyMarks keeps the XML reader, which takes memory for every tag and
// attribute, from a file that is nothing else.
func tooManyMarks(data []byte) bool {
	all, equals := 0, 0
	for _, c := range data {
		switch c {
		case '<':
			all, equals = all+1, 0
		case '=':
			all, equals = all+1, equals+1
		default:
			continue
		}
		if all > MaxMarks || equals > maxEquals {
			return true
		}
	}
	return false
}

// svg is the state of one pass.
type svg struct {
	xml   *xml.Decoder
	found shelf
	root  bool // <svg> has been seen
	depth int

	// The element of a badge that the pass is in, if inside is not zero.
	inside int // its depth
	st     standard
	verify []byte // its attribute
	body   []byte // its text
}

// broken gives the code to an error of the XML reader.
func (s *svg) broken(err error) error {
	if !s.root {
		return reason.Errorf(reason.QNotBadge, "text that is no SVG")
	}
	if e, ok := err.(*xml.SyntaxError); ok && e.Msg == "unexpected EOF" {
		return reason.Errorf(reason.QPartial, "an SVG that ends in line %d, inside an element", e.Line)
	}
	// The reader's words may quote what a learner's badge says.
	line, _ := s.xml.InputPos()
	return reason.Errorf(reason.QUnreadable, "an SVG with broken XML in line %d", line)
}

func (s *svg) token(tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		return s.start(tok)
	case xml.EndElement:
		s.depth--
		if s.inside == s.depth+1 {
			return s.end()
		}
	case xml.CharData:
		if s.inside > 0 {
			s.body = append(s.body, tok...)
		}
	}
	return nil
}

func (s *svg) start(el xml.StartElement) error {
	s.depth++
	st, badge := name(el.Name)
	switch {
	case !s.root && el.Name.Local != "svg":
		return reason.Errorf(reason.QNotBadge, "XML that is no SVG")
	case s.root && s.depth == 1:
		return reason.Errorf(reason.QUnreadable, "an SVG with something after its end")
	case s.depth > MaxSVGDepth:
		return reason.Errorf(reason.QTooBig, "an SVG of more than %d elements inside one another", MaxSVGDepth)
	case s.inside > 0:
		return reason.Errorf(reason.QUnreadable, "an SVG with an element inside its badge")
	}
	s.root = true
	if !badge {
		return nil
	}
	s.inside, s.st, s.verify, s.body = s.depth, st, nil, nil
	for _, a := range el.Attr {
		if a.Name != (xml.Name{Local: "verify"}) {
			continue
		}
		if s.verify != nil {
			return reason.Errorf(reason.QUnreadable, "an SVG with two verify attributes in one tag")
		}
		s.verify = []byte(a.Value)
	}
	return nil
}

// end keeps the badge whose element ends here: its body, or, with no body,
// its verify attribute. Only in Open Badges 2.0 may both stand, the attribute
// then being the link of a hosted badge.
func (s *svg) end() error {
	s.inside = 0
	body, verify := bytes.TrimSpace(s.body), bytes.TrimSpace(s.verify)
	switch {
	case len(body) == 0 && len(verify) == 0:
		return nil
	case len(body) == 0:
		return s.found.put(s.st, Text{verify, "svg-verify"})
	case len(verify) > 0 && (s.st != openBadges2 || !bytes.Contains(verify, []byte(":"))):
		return reason.Errorf(reason.QAmbig, "an SVG with a badge of %d bytes in its body and one of %d in its verify attribute", len(body), len(verify))
	}
	return s.found.put(s.st, Text{body, "svg-body"})
}
