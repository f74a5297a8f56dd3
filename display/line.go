package display

// A line is a piece of a para that fits a width.
type line struct {
	p        *para
	from, to int  // of p.text, without the spaces around it
	cut      bool // an ellipsis stands for the rest
	width    int  // pixels
}

// scale is n em units at px pixels an em, in whole pixels: pens move by whole
// pixels so that every letter looks the same wherever it stands.
func scale(n, px int) int {
	if n < 0 {
		return -scale(-n, px)
	}
	return (n*px + em/2) / em
}

// lines breaks p into at most most lines of width pixels, at px pixels an em.
// It breaks between words, and within one only if it is longer than a line:
// then after a piece of an address or, last, after any character.
// What is left over is shown by an ellipsis after a whole character.
func (p *para) lines(px, width, most int) []line { return p.indented(px, width, most, 0) }

// indented is lines whose first is shorter by indent, and empty if the first
// word does not fit it.
func (p *para) indented(px, width, most, indent int) []line {
	var out []line
	for at := 0; at < len(p.text) && len(out) < most; {
		room := width
		if len(out) == 0 {
			room -= indent
		}
		to, next := p.fill(at, px, room)
		if len(out) == 0 && indent > 0 && most > 1 && p.breaks[next] != word {
			to, next = at, at
		}
		l := line{p: p, from: at, to: to}
		if next < len(p.text) && len(out) == most-1 {
			l.to, l.cut = p.trim(at, px, room-p.ellipsis(px)), true
		}
		l.width = p.measure(l.from, l.to, px)
		if l.cut {
			l.width += p.ellipsis(px)
		}
		out = append(out, l)
		at = next
	}
	return out
}

// balanced breaks p as lines does, but makes the lines about equally long, so
// that no last line is left with one short word. Chinese, whose lines may end
// inside a word, it breaks where a reader pauses, if there are as few lines.
func (p *para) balanced(px, width, most int) []line {
	best := p.lines(px, width, most)
	if len(best) < 2 || best[len(best)-1].cut {
		return best
	}
	if p.square {
		if out := p.paused(px, width, len(best)); out != nil {
			return out
		}
	}
	narrow, wide := width/2, width // it fits wide, perhaps not narrow
	for wide-narrow > px/4 {
		try := p.lines(px, (narrow+wide)/2, len(best))
		if try[len(try)-1].cut || p.widest(px) > (narrow+wide)/2 {
			narrow = (narrow + wide) / 2
		} else {
			best, wide = try, (narrow+wide)/2
		}
	}
	return best
}

// paused breaks p into n lines, which it fits, after commas and full stops
// where what follows has room on the lines that are left. It is nil if there is
// no such place, or a line would be left with a word or two.
func (p *para) paused(px, width, n int) (out []line) {
	found, least := false, width
	for at := 0; at < len(p.text); {
		to, next := p.fill(at, px, width)
		for i := next; i > at && next < len(p.text); i-- {
			if pauses(p.text[i-1]) && p.breaks[i] == word && p.rows(i, px, width) < n-len(out) {
				to, next, found = i, i, true
				break
			}
		}
		l := line{p: p, from: at, to: to, width: p.measure(at, to, px)}
		out, least = append(out, l), min(least, l.width)
		at = next
	}
	if !found || least < width/3 {
		return nil
	}
	return out
}

// rows is how many lines what begins at from takes.
func (p *para) rows(from, px, width int) (n int) {
	for from < len(p.text) {
		_, from = p.fill(from, px, width)
		n++
	}
	return n
}

// pauses tells whether a reader of Chinese pauses after r.
func pauses(r rune) bool {
	switch r {
	case '，', '。', '；', '：', '、':
		return true
	}
	return false
}

// fill finds how far the line that begins at from reaches: to is where its
// ink ends, next where the following line begins.
func (p *para) fill(from, px, width int) (to, next int) {
	used := 0
	fits := [...]int{noBreak: from, grapheme: from, piece: from, word: from}
	for i := from; i < len(p.text); i++ {
		if p.text[i] != ' ' {
			used += scale(p.advance[i], px)
		}
		if used > width {
			break
		}
		if p.text[i] == ' ' {
			used += scale(p.advance[i], px)
		}
		fits[p.breaks[i+1]] = i + 1
	}
	for kind := word; next <= from && kind > noBreak; kind-- {
		next = fits[kind]
	}
	if next == from { // not even one character fits: it is clipped
		for next = from + 1; p.breaks[next] == noBreak; next++ {
		}
	}
	for to = next; to > from && p.text[to-1] == ' '; to-- {
	}
	return to, next
}

// trim finds where to cut so that what is before it fits width.
func (p *para) trim(from, px, width int) int {
	used, fits := 0, from
	for i := from; i < len(p.text); i++ {
		if used += scale(p.advance[i], px); used > width {
			break
		}
		if p.breaks[i+1] != noBreak && p.text[i] != ' ' {
			fits = i + 1
		}
	}
	return fits
}

func (p *para) measure(from, to, px int) (w int) {
	for _, a := range p.advance[from:to] {
		w += scale(a, px)
	}
	return w
}

// ellipsis is how wide the ellipsis is: one em fits it in every font.
func (p *para) ellipsis(px int) int { return px }

// widest is the longest stretch, in pixels, that no line break cuts.
func (p *para) widest(px int) (most int) {
	sum := 0
	for i, a := range p.advance {
		if p.breaks[i] == word {
			sum = 0
		}
		if p.text[i] != ' ' {
			sum += scale(a, px)
			most = max(most, sum)
		}
	}
	return most
}

// pieces are the line's runs from left to right, cut to the line.
//
// Source: UAX #9, rule L2: from the highest level to the lowest odd one,
// reverse every stretch at that level or above.
func (l line) pieces() []run {
	var out []run
	top, low := uint8(0), uint8(255)
	for _, r := range l.p.runs {
		r.from, r.to = max(r.from, l.from), min(r.to, l.to)
		if r.from >= r.to {
			continue
		}
		top = max(top, r.level)
		if r.level%2 == 1 {
			low = min(low, r.level)
		}
		out = append(out, r)
	}
	if l.p.base == 1 {
		low = 1
	}
	for level := top; level >= low && level > 0; level-- {
		for i := 0; i < len(out); i++ {
			j := i
			for j < len(out) && out[j].level >= level {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				out[a], out[b] = out[b], out[a]
			}
			i = max(i, j-1)
		}
	}
	return out
}
