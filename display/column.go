package display

import (
	"image"
)

// A column is where text is being set, from the top down.
type column struct {
	*plan
	image.Rectangle
	squeeze bool // cut what has no room
}

func (c *column) px(size float64) int { return max(c.least, int(size*c.u+.5)) }

// gap leaves white, less of it where every line counts.
func (c *column) gap(em float64) {
	if c.squeeze {
		em /= 2
	}
	c.Min.Y += int(em*c.u + .5)
}

// put sets text at the top of what is left of c.
func (c *column) put(t *para, size float64, most int, shade *ramp) {
	if len(t.text) == 0 {
		return
	}
	px := c.px(size)
	if room := c.Dy() / t.height(px); c.squeeze && room < most {
		most = max(room, 1)
	}
	lines := t.balanced(px, c.Dx(), most)
	h := heightOf(lines, px)
	c.add(item{lines: lines, px: px, at: image.Rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+h), shade: shade})
	c.Min.Y += h
}

// wholeWords is the largest size, from most down to least, at which no word of
// t is wider than c.
func (c *column) wholeWords(t *para, most, least float64) float64 {
	size := most
	for size > least && t.widest(c.px(size)) > c.Dx() {
		size -= .05
	}
	return max(size, least)
}

// shortTitle is how many letters of a title are worth a smaller size to keep
// them on one line: "Welding I".
const shortTitle = 14

// oneLine is the size, up to most, at which a short t stands on one line, or
// most if it cannot.
func (c *column) oneLine(t *para, most float64) float64 {
	if len(t.text) > shortTitle {
		return most
	}
	for size := most; size >= plainSize; size -= .05 {
		if t.measure(0, len(t.text), c.px(size)) <= c.Dx() {
			return size
		}
	}
	return most
}

func (c *column) add(i item) {
	c.items = append(c.items, i)
	n := len(i.lines)
	if n == 0 {
		return
	}
	short := len(i.lines[0].p.text) <= shortAddress
	if i.lines[n-1].cut || short && !c.squeeze && torn(i.lines) {
		c.whole = false
	}
}

// shortAddress is how many characters of an address or number are worth a
// smaller size to keep them on one line.
const shortAddress = 48
