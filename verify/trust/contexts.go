package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"

	"badgekiosk/verify/rdf"
)

// MaxContexts is the most contexts that a set may add.
const MaxContexts = 64

// contextIndex lists the consortium's further JSON-LD contexts, a line each:
//
//	URL, tab, file in contexts/, tab, SHA-256 of the file in hexadecimal
//
// Members cannot add any: what a term means is the same for all of them.
const contextIndex = "contexts/index.tsv"

// Contexts are the JSON-LD contexts that badges may use here: those compiled
// in, and the consortium's own.
func (s *Set) Contexts() *rdf.Contexts {
	if s == nil || s.contexts == nil {
		return rdf.Builtin()
	}
	return s.contexts
}

// readContexts reads contexts/index.tsv and the files it names. A context
// that redefines anything is left out.
func (r *reader) readContexts() {
	all, n := rdf.Builtin(), 0
	for line := range strings.Lines(string(trimBOM(r.read(contextIndex)))) {
		r.file = contextIndex
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if n++; n > MaxContexts {
			r.fault("more than %d contexts", MaxContexts)
			break
		}
		if next := r.context(all, strings.Split(line, "\t")); next != nil {
			all = next
		}
	}
	if n > 0 {
		r.set.contexts = all
	}
}

// context returns all with one more, nil if it cannot be used.
func (r *reader) context(all *rdf.Contexts, fields []string) *rdf.Contexts {
	if len(fields) != 3 || !fs.ValidPath(path.Join("contexts", fields[1])) || strings.Contains(fields[1], "/") {
		r.fault("%.200q is not URL, file and sha256 with tabs between", strings.Join(fields, "\t"))
		return nil
	}
	file := path.Join("contexts", fields[1])
	data := r.read(file)
	if data == nil {
		r.fault("the context of %.200q is missing", fields[0])
		return nil
	}
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != strings.TrimPrefix(strings.ToLower(fields[2]), hashPrefix) {
		r.fault("the context of %.200q has sha256 %x, the list says %.80s", fields[0], sum, fields[2])
		return nil
	}
	next, err := all.With(fields[0], data)
	if err != nil {
		r.fault("%w", err)
		return nil
	}
	return next
}
