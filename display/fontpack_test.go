package display

import (
	"bytes"
	"image"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/go-fonts/dejavu/dejavusansbold"
)

// An opened folder counts which files are read.
type opened struct {
	fstest.MapFS
	names []string
}

func (o *opened) Open(name string) (fs.File, error) {
	o.names = append(o.names, name)
	return o.MapFS.Open(name)
}

// A font of the pack is read when its script first comes, once, and draws it.
func TestFontPack(t *testing.T) {
	f := Format{Size: image.Pt(250, 122), PPI: 130, Inks: BlackAndWhite()}
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	s := Screen{Mark: Verified, Say: "Армения Հայաստան"} // Armenian, in regular
	without := r.Render(s, f)
	folder := &opened{MapFS: fstest.MapFS{"armn.ttf": {Data: dejavusansbold.TTF}, "thai.ttf": {Data: []byte("no font")}}}
	r.UseFonts(folder)
	if len(folder.names) > 0 {
		t.Errorf("before any text, %v were read", folder.names)
	}
	with := r.Render(s, Format{Size: image.Pt(800, 480), PPI: 125, Inks: BlackAndWhite()})
	r.Render(s, f)
	if want := []string{"armn.ttf"}; !slices.Equal(folder.names, want) {
		t.Errorf("%v were read, want %v", folder.names, want)
	}
	if plain := Render(s, Format{Size: image.Pt(800, 480), PPI: 125, Inks: BlackAndWhite()}); bytes.Equal(plain.Pix, with.Pix) {
		t.Error("the pack's font was not used")
	}
	r.UseFonts(fstest.MapFS{})
	if !bytes.Equal(r.Render(s, f).Pix, without.Pix) {
		t.Error("an empty pack changes the picture")
	}
}

// Without a font the screen still shows what it can, and the kiosk can say
// what it lacks; a broken font is as none.
func TestLacks(t *testing.T) {
	r, err := NewRenderer()
	if err != nil {
		t.Fatal(err)
	}
	s := Screen{Title: "Welding, Сварка, συγκόλληση", Fields: []Field{{Label: "Holder", Text: "สมชาย 李伟"}}}
	if got, want := r.Lacks(s), []string{"Thai", "Chinese"}; !slices.Equal(got, want) {
		t.Errorf("lacks %v, want %v", got, want)
	}
	r.UseFonts(fstest.MapFS{"thai.ttf": {Data: dejavusansbold.TTF[:5000]}, "hani.otf": {Data: bytes.Repeat([]byte{0}, 100)}})
	if got := r.Lacks(s); len(got) != 2 {
		t.Errorf("with broken fonts it lacks %v", got)
	}
	if got := r.Lacks(Screen{Say: "Hàn thử nghiệm"}); len(got) > 0 {
		t.Errorf("Vietnamese lacks %v", got)
	}
}
