package display

import "unicode"

// keepAddresses makes the line breaks inside addresses, identifiers and
// telephone numbers a last resort: one that is torn in two is read wrong.
func (p *para) keepAddresses() {
	for from := 0; from < len(p.text); {
		to, address := p.token(from)
		for i := from + 1; address && i < to; i++ {
			before := p.text[i-1]
			if p.breaks[i] == word || p.breaks[i] == grapheme && (before == '.' || before == '@') {
				p.breaks[i] = piece
			}
		}
		from = to + 1
	}
}

// keepNumbers makes the spaces of a date, and of a number with what it counts,
// a last resort too: "20 Nov 2026", "5 s".
func (p *para) keepNumbers() {
	from := 0
	for i, r := range p.text {
		if r != ' ' {
			continue
		}
		to := i + 1
		for to < len(p.text) && p.text[to] >= '0' && p.text[to] <= '9' {
			to++
		}
		if digits(p.text[from:i], 1, 2) || digits(p.text[i+1:to], 4, 4) {
			p.breaks[i+1] = min(p.breaks[i+1], piece)
		}
		from = i + 1
	}
}

// keepHyphens makes the hyphens inside our own words a last resort as well:
// "Tenez-le" is read at one glance.
func (p *para) keepHyphens() {
	for i := 1; p.ours && i < len(p.text)-1; i++ {
		if p.text[i] == '-' && unicode.IsLetter(p.text[i-1]) && unicode.IsLetter(p.text[i+1]) {
			p.breaks[i+1] = min(p.breaks[i+1], piece)
		}
	}
}

// digits tells whether text is a number of at least least and at most most
// digits.
func digits(text []rune, least, most int) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(text) >= least && len(text) <= most
}

// token finds where what begins at from ends: at the next space that does
// not stand inside a telephone number, or character that no address has.
func (p *para) token(from int) (to int, address bool) {
	for to = from; to < len(p.text); to++ {
		switch r := p.text[to]; {
		case r == ' ' && p.inNumber(from, to):
			address = true
		case r <= ' ' || r >= 0x7F:
			return to, address
		case r >= '0' && r <= '9', r == ':', r == '/', r == '@', r == '_', r == '%':
			address = true
		case r == '.' && to > from && to+1 < len(p.text) && p.text[to+1] != ' ':
			address = true
		}
	}
	return to, address
}

// inNumber tells whether the space at i parts two groups of a telephone
// number, as in "+1 (555) 010-0100".
func (p *para) inNumber(from, i int) bool {
	return i > from && i+1 < len(p.text) && dialled(p.text[i-1]) && dialled(p.text[i+1])
}

func dialled(r rune) bool { return r >= '0' && r <= '9' || r == '(' || r == ')' || r == '+' }
