// Package display shows a screen to the person in front of the kiosk: a
// [Screen] says what to show, [Render] draws it for a [Format], a [Panel] is
// the glass. Drivers live in folders named for the controller chip; what those
// of e-paper share is in fourwire.
//
// A screen becomes a picture in steps, a file each. band.go draws the verdict;
// body.go finds the size at which all else fits; plan.go says where it goes,
// with column.go, table.go and menu.go; para.go shapes text and line.go breaks
// it; glyph.go draws letters, mark.go signs, picture.go and preview.go
// pictures; canvas.go puts them on the glass's inks. governor.go chooses how
// the glass changes.
package display

import (
	"context"
	"image"
	"image/color"
	"io"
)

// A Mark is the sign that can be read from across the room.
type Mark int

// The marks. Each has its own shape, so that colour is never the only cue.
const (
	NoMark      Mark = iota
	Verified         // circle with a check
	Check            // triangle with an exclamation mark
	NotVerified      // octagon with a cross
	CannotTell       // square with a question mark
	Demo             // hatched square
)

// A Screen is what to say, in words already, before any decision about how
// it looks. What does not fit is shortened with an ellipsis or left out, the
// last first; Word is never shortened.
type Screen struct {
	Mark  Mark
	Word  string // the verdict in the reader's language: "VERIFIED"
	Say   string // one sentence: why, or "Badge is genuine. Who holds it: not checked"
	Title string // what the badge is for

	// Fields are label and text, most important first.
	Fields []Field
	// Notes are small lines that must not be left out before Fields are:
	// the as-of date, "This kiosk's clock is not set", …
	Notes []string
	// Code is the reason code, small, for the telephone call with IT.
	Code string
	// QR, when not empty, is drawn as a QR code.
	QR string
	// Lang is a BCP 47 tag; it chooses the direction of the layout.
	Lang string
	// Picture, when not nil, is the badge's own, scaled and dithered to fit.
	Picture image.Image
	// Done of Of parts, when Of is not 0, are drawn as a bar.
	Done, Of int
	// Choices, when there are any, are a menu; Chosen is the index of the one
	// that the buttons stand on.
	Choices []string
	Chosen  int
	// Page of Pages, when there are several, stands in the corner: "2/3".
	Page, Pages int
	// Leaving marks a result that is about to go.
	Leaving bool
	// Preview, when not nil, is what the camera sees. It is drawn as in a
	// mirror, in a frame, where a picture would be.
	Preview *image.Gray
	// Personal tells that the screen names somebody: no ghost of it may stay
	// on the glass.
	Personal bool
}

// A Field is one labelled text. Quoted text is the credential's own claim.
type Field struct {
	Label, Text string
	Quoted      bool
}

// A Format describes a glass.
type Format struct {
	Size image.Point   // pixels, as the person sees it
	PPI  int           // pixels per inch, so that text is sized by what an eye can read
	Inks color.Palette // index 0 is paper, 1 is ink, further ones are colours
}

// Refresh is how a panel may change its picture. On glass without ghosts Full
// sends all of it and how the panel is set up, the others what differs.
type Refresh int

// The refreshes.
const (
	Full    Refresh = iota // every pixel driven through black and white; no ghost remains
	Fast                   // every pixel, shorter waveform
	Partial                // only pixels that differ; quick, leaves a ghost
)

// A Waker is a Panel that must raise a voltage before it can change. Wake
// begins that and does not wait for it: called when a code is seen, the next
// Show is under way at once. Rest ends it, if no Show has; glass that is left
// awake fades.
type Waker interface {
	Wake(ctx context.Context) error
	Rest(ctx context.Context) error
}

// A Panel is a piece of glass that shows one picture at a time.
type Panel interface {
	// Format reports the size of the glass and its inks.
	Format() Format
	// Show puts img, drawn for the panel's Format, on the glass, and returns
	// when the glass has stopped changing or ctx has ended.
	Show(ctx context.Context, img *image.Paletted, how Refresh) error
	// Close wipes the glass and leaves the panel without power.
	io.Closer
}
