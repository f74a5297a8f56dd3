package rdf

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseNQuads fills the canonicalizer from N-Quads, in place of a document.
// It returns the blank nodes' own names by number.
func (z *Canonicalizer) parseNQuads(text string) (names []string, err error) {
	z.walk.reset(&z.engine)
	g := &z.walk.graph
	blanks := map[string]int32{}
	blank := func(name string) int32 {
		n, ok := blanks[name]
		if !ok {
			n = g.blanks
			g.blanks++
			blanks[name] = n
			names = append(names, name)
		}
		return n
	}
	subject := func(iri string) int32 {
		g.subjects = append(g.subjects, iri)
		return int32(len(g.subjects) - 1)
	}
	for at, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		q := quad{graph: noGraph}
		for place := 0; ; place++ {
			line = strings.TrimLeft(line, " \t")
			if line == "." {
				break
			}
			kind, text, suffix, rest, ok := token(line)
			if !ok || place > 3 {
				return nil, fmt.Errorf("line %d: %q", at+1, line)
			}
			line = rest
			switch {
			case place == 0 && kind == '<':
				q.subject = subject(text)
			case place == 0:
				q.subject = ^blank(text)
			case place == 1:
				q.predicate, _ = g.ownPredicate(text)
			case place == 2 && kind == '<':
				q.object, q.text = objectIRI, text
			case place == 2 && kind == '_':
				q.object = blank(text)
			case place == 2:
				q.text = z.walk.escaped([]byte(text))
				if q.object, err = g.ownLiteral(suffix); err != nil {
					return nil, err
				}
			case kind == '<':
				q.graph = namedGraph - subject(text)
			default:
				q.graph = blank(text)
			}
		}
		g.quads = append(g.quads, q)
	}
	return names, nil
}

// token reads one term of a line.
func token(s string) (kind byte, text, suffix, rest string, ok bool) {
	switch s[0] {
	case '<':
		text, rest, ok = strings.Cut(s[1:], ">")
		return '<', unescape(text), "", rest, ok
	case '_':
		n := strings.IndexAny(s, " \t")
		if n < 0 {
			return 0, "", "", "", false
		}
		return '_', s[2:n], "", s[n:], true
	case '"':
		n := 1
		for n < len(s) && s[n] != '"' {
			if s[n] == '\\' {
				n++
			}
			n++
		}
		if n >= len(s) {
			return 0, "", "", "", false
		}
		text, rest = unescape(s[1:n]), s[n+1:]
		if strings.HasPrefix(rest, "^^<") {
			n := strings.IndexByte(rest, '>') + 1
			if suffix = "^^<" + unescape(rest[3:n-1]) + ">"; suffix == "^^<"+xsd+"string>" {
				suffix = ""
			}
			return '"', text, suffix, rest[n:], true
		}
		if strings.HasPrefix(rest, "@") {
			n := strings.IndexAny(rest, " \t.")
			return '"', text, rest[:n], rest[n:], true
		}
		return '"', text, "", rest, true
	}
	return 0, "", "", "", false
}

func unescape(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch n := map[byte]int{'u': 4, 'U': 8}[s[i]]; {
		case n > 0:
			x, _ := strconv.ParseUint(s[i+1:i+1+n], 16, 32)
			b = utf8.AppendRune(b, rune(x))
			i += n
		case strings.IndexByte("tbnrf", s[i]) >= 0:
			b = append(b, "\t\b\n\r\f"[strings.IndexByte("tbnrf", s[i])])
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}
