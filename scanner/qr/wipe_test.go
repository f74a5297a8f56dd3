package qr

import (
	"image"
	"reflect"
	"strings"
	"testing"

	"badgekiosk/scanner"
	"badgekiosk/scanner/scansim"
)

// TestWipe leaves nothing of a picture or a code in the reader's memory,
// whichever steps used it.
func TestWipe(t *testing.T) {
	code, err := scansim.Text(strings.Repeat("A learner's name. ", 12), 'L')
	if err != nil {
		t.Fatal(err)
	}
	hard, _, err := scansim.Scene{Quality: scansim.Hard, Version: 10, Level: 'M', Module: 2, Frame: image.Pt(640, 480), Seed: 3}.Render()
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]*image.Gray{
		"read": code.Print(4), "inverted": scansim.Inverted(code.Print(4)), "hard": hard, "room": scansim.Room(640, 480, 1),
	} {
		r := Reader{Live: true}
		r.Read(&scanner.Frame{Gray: *m})
		r.Wipe()
		v := reflect.ValueOf(&r).Elem()
		left(t, name, v)
		left(t, name, v.FieldByName("thresholds"))
		if again := r.Read(&scanner.Frame{Gray: *code.Print(4)}); len(again) != 1 {
			t.Errorf("%s: %d codes read after a wipe, want 1", name, len(again))
		}
	}
}

// left finds brightness, codewords and texts in a struct's buffers. What
// belongs to the frame is the frame's owner's.
func left(t *testing.T, name string, v reflect.Value) {
	for i := range v.NumField() {
		f, field := v.Field(i), v.Type().Field(i).Name
		switch f.Type() {
		case reflect.TypeFor[[]byte](), reflect.TypeFor[[]float32](), reflect.TypeFor[[]scanner.Symbol](), reflect.TypeFor[[]middle]():
		default:
			continue
		}
		if field == "pix" {
			continue
		}
		all := f.Slice(0, f.Cap())
		for k := range all.Len() {
			if !all.Index(k).IsZero() {
				t.Errorf("%s: %s holds %v at %d of %d", name, field, all.Index(k), k, all.Len())
				break
			}
		}
	}
}
