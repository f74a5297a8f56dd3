package display

import (
	"io"
	"io/fs"
	"strings"

	"github.com/go-text/typesetting/language"
)

// A pack is a folder of fonts for scripts beyond the built-in one's.
type pack struct {
	folder fs.FS
	faces  map[language.Script]*typeface // nil for a script that has none
}

// maxFont is the largest font file that is read, in bytes.
const maxFont = 8 << 20

// face is the pack's font for a script, nil if it has none that can be read.
func (p *pack) face(s language.Script) *typeface {
	if p.folder == nil || builtinScript(s) {
		return nil
	}
	f, tried := p.faces[s]
	if !tried {
		f = p.read(strings.ToLower(s.String()))
		p.faces[s] = f
	}
	return f
}

// builtinScript tells whether the built-in font is the best for a script.
func builtinScript(s language.Script) bool {
	switch s {
	case language.Latin, language.Greek, language.Cyrillic, language.Common, language.Inherited:
		return true
	}
	return false
}

func (p *pack) read(name string) *typeface {
	for _, suffix := range []string{".ttf", ".otf"} {
		file, err := p.folder.Open(name + suffix)
		if err != nil {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(file, maxFont+1))
		file.Close()
		if err != nil || len(data) > maxFont {
			continue
		}
		if f, err := parseFont(data); err == nil {
			return f
		}
	}
	return nil
}
