package jail

import (
	"reflect"
	"unicode"
	"unicode/utf8"

	"badgekiosk/verify"
)

// maxTexts is how many texts a list in a report holds at most.
const maxTexts = 1000

// texts tells whether every string in r is as verify promises: valid UTF-8, no
// character that reaches beyond its field, no longer than [verify.MaxText].
func texts(r *verify.Report) bool { return clean(reflect.ValueOf(r).Elem()) }

func clean(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return cleanText(v.String())
	case reflect.Slice:
		if v.Len() > maxTexts {
			return false
		}
		for i := range v.Len() {
			if !clean(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			// Inner reports are looked at by sound, in their turn.
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Credentials" && !clean(v.Field(i)) {
				return false
			}
		}
	}
	return true
}

func cleanText(s string) bool {
	if len(s) > verify.MaxText || !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return false
		}
	}
	return true
}
