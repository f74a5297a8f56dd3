package display

import (
	"image"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/language"
)

// A Renderer draws screens, and keeps the shapes of letters and marks that it
// has drawn before; of texts it keeps nothing. It is not safe for concurrent
// use.
type Renderer struct {
	set   setter
	cache glyphs
	signs map[signKey]sign

	greyTable greyTable // of the panel that last showed a preview
}

// NewRenderer returns a Renderer that has the built-in fonts.
func NewRenderer() (*Renderer, error) {
	faces, err := builtin()
	if err != nil {
		return nil, err
	}
	for i, f := range faces {
		faces[i] = f.own()
	}
	return &Renderer{set: setter{faces: faces}, cache: glyphs{}, signs: map[signKey]sign{}}, nil
}

// UseFonts gives r a font pack: a folder of fonts named by the script that
// they are for, as display/fonts/make writes it. Each is read when a text
// first needs it. Without a pack, or without a font for a script, the
// built-in fonts show what they can.
func (r *Renderer) UseFonts(folder fs.FS) {
	r.set.pack = pack{folder: folder, faces: map[language.Script]*typeface{}}
	clear(r.cache)
}

// Lacks names the scripts, as "Thai", in which s says something that r has no
// font for, in the order of the screen. Render says so on the screen.
func (r *Renderer) Lacks(s Screen) (scripts []string) {
	look := func(text string) {
		for _, c := range clean(text) {
			script := language.LookupScript(c)
			if builtinScript(script) || script == language.Unknown || has(r.set.face(c, regular), c) {
				continue
			}
			if name := scriptName(script); !slices.Contains(scripts, name) {
				scripts = append(scripts, name)
			}
		}
	}
	for _, text := range append([]string{s.Word, s.Say, s.Title}, s.Notes...) {
		look(text)
	}
	for _, f := range s.Fields {
		look(f.Label)
		look(f.Text)
	}
	return scripts
}

// scriptName is a script's name for people, or its ISO 15924 code.
func scriptName(s language.Script) string {
	switch s {
	case language.Han:
		return "Chinese"
	case language.Devanagari:
		return "Devanagari"
	case language.Bengali:
		return "Bengali"
	case language.Tamil:
		return "Tamil"
	case language.Khmer:
		return "Khmer"
	case language.Myanmar:
		return "Myanmar"
	case language.Ethiopic:
		return "Ethiopic"
	}
	code := s.String()
	return strings.ToUpper(code[:1]) + code[1:]
}

var renderers = sync.Pool{New: func() any {
	r, err := NewRenderer()
	if err != nil {
		panic(err) // the fonts are in the binary
	}
	return r
}}

// Render draws s for f with the built-in fonts. It may be called from several
// goroutines.
func Render(s Screen, f Format) *image.Paletted {
	r := renderers.Get().(*Renderer)
	defer renderers.Put(r)
	return r.Render(s, f)
}

// MinSide is the shortest side of a glass that text fits on.
const MinSide = 96

// Render draws s for f. The same screen always gives the same picture.
//
// Word is drawn whole, at any length that our own words have. What else does
// not fit is drawn smaller, then shortened with an ellipsis, then left out:
// fields from the last, the picture, title. Characters that no font has are
// boxes, and a note names their script.
func (r *Renderer) Render(s Screen, f Format) *image.Paletted {
	if len(f.Inks) < 2 {
		f.Inks = BlackAndWhite()
	}
	f.Size = image.Pt(max(f.Size.X, 0), max(f.Size.Y, 0))
	p := page{
		Renderer: r, canvas: newCanvas(f), screen: s, format: f,
		lang: language.NewLanguage(s.Lang), rtl: writtenRightToLeft(s.Lang),
	}
	for _, script := range r.Lacks(s) { // what a box stands for
		p.screen.Notes = append(slices.Clip(p.screen.Notes), "□ "+script)
	}
	p.findInks()
	p.fill(p.img.Rect, paper)
	if f.Size.X >= MinSide && f.Size.Y >= MinSide {
		p.body(p.band())
	}
	return p.img
}

// The first two inks of every panel.
const (
	paper = 0
	ink   = 1
)

// writtenRightToLeft tells whether a language's screens are mirrored.
func writtenRightToLeft(tag string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch primary {
	case "ar", "he", "iw", "fa", "ur", "ps", "sd", "yi", "dv", "ckb", "ug":
		return true
	}
	return false
}
