package mipi

import (
	"bytes"
	"image"
)

// windowCost is about how many pixels the bus could send in the time that
// opening a window takes.
const windowCost = 300

// changes are windows outside which two pictures of width pixels a line are
// alike: as few as are worth their while.
func changes(now, was []byte, width int) []image.Rectangle {
	var out []image.Rectangle
	for y := range len(now) / width {
		row := differing(now[y*width:][:width], was[y*width:][:width], y)
		if row.Empty() {
			continue
		}
		if n := len(out) - 1; n >= 0 {
			both := out[n].Union(row)
			if area(both)-area(out[n]) <= area(row)+windowCost {
				out[n] = both
				continue
			}
		}
		out = append(out, row)
	}
	return out
}

// differing is where line y differs.
func differing(now, was []byte, y int) image.Rectangle {
	if bytes.Equal(now, was) {
		return image.Rectangle{}
	}
	left, right := 0, len(now)
	for now[left] == was[left] {
		left++
	}
	for now[right-1] == was[right-1] {
		right--
	}
	return image.Rect(left, y, right, y+1)
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
