package verify_test

import (
	"bytes"
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"badgekiosk/verify"
	"badgekiosk/verify/ijson"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/verifytest"
)

// TestForget looks through all memory that is kept after a report for
// anything that the badge said.
func TestForget(t *testing.T) {
	searched := 0
	look := func(t *testing.T, b verifytest.Badge) {
		said := sayings(b.Payload)
		v := verify.Verifier{Trust: b.Trust}
		v.Verify(b.Payload, b.Ask)
		memory := v.Memory()
		if memory == nil || len(said) == 0 {
			return
		}
		searched++
		s := search{seen: map[unsafe.Pointer]bool{}, each: func(path string, text []byte) {
			for _, one := range said {
				if bytes.Contains(text, one) {
					t.Errorf("%s still holds %q", path, one)
					return
				}
			}
		}}
		s.value("memory", reflect.ValueOf(memory))
	}
	verifytest.Each(t, look)
	look(t, verifytest.Badge{Payload: []byte(record(t, 20)), Trust: nobodysTrust(t), Ask: verify.Ask{At: verify.At(verifytest.Noon)}})
	if searched < 20 {
		t.Errorf("searched the memory of %d badges, want 20 or more", searched)
	}
}

// TestForgetSearch: the search finds a text wherever it stands.
func TestForgetSearch(t *testing.T) {
	type hiding struct {
		text  string
		spare []byte
		deep  map[string]*hiding
		any   any
	}
	spare := []byte("...needle")
	h := &hiding{text: "needle", spare: spare[:1], any: []string{"needle"}, deep: map[string]*hiding{"needle": {text: "needle"}}}
	found := 0
	s := search{seen: map[unsafe.Pointer]bool{}, each: func(_ string, text []byte) {
		if bytes.Contains(text, []byte("needle")) {
			found++
		}
	}}
	s.value("h", reflect.ValueOf(h))
	if found != 5 {
		t.Errorf("found %d of 5", found)
	}
}

// sayings are the texts of a badge: what its JSON, or that in a token, says
// beside addresses, which contexts and the trust set hold too.
func sayings(payload []byte) (all [][]byte) {
	var collect func(v ijson.Value)
	collect = func(v ijson.Value) {
		const least = 8 // bytes: shorter ones are words of contexts
		if s := v.Bytes(); len(s) >= least && !bytes.Contains(s, []byte(":")) && bytes.Contains(s, []byte(" ")) {
			all = append(all, s)
		}
		for m := v.First(); m.Exists(); m = m.Next() {
			collect(m)
		}
	}
	parts := [][]byte{payload}
	for _, part := range strings.FieldsFunc(string(payload), func(r rune) bool { return r == '.' || r == '~' }) {
		if decoded, err := base64.RawURLEncoding.DecodeString(part); err == nil {
			parts = append(parts, decoded)
		}
	}
	for _, part := range parts {
		if v, err := ijson.Parse(part); err == nil {
			collect(v)
		}
	}
	return all
}

// A search visits every text that can be reached from a value, and what a
// slice has room for.
type search struct {
	seen map[unsafe.Pointer]bool
	each func(path string, text []byte)
}

func (s *search) value(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		s.each(path, []byte(v.String()))
	case reflect.Pointer:
		if v.IsNil() || s.seen[v.UnsafePointer()] || v.Type() == reflect.TypeFor[*trust.Set]() {
			return
		}
		s.seen[v.UnsafePointer()] = true
		s.value(path, v.Elem())
	case reflect.Interface:
		if !v.IsNil() {
			s.value(path, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			s.value(path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			s.value(path+"[key]", k)
			s.value(path+"[…]", v.MapIndex(k))
		}
	case reflect.Slice, reflect.Array:
		s.list(path, v)
	}
}

func (s *search) list(path string, v reflect.Value) {
	if v.Kind() == reflect.Slice {
		if v.IsNil() {
			return
		}
		v = v.Slice(0, v.Cap())
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		text := make([]byte, v.Len())
		for i := range text {
			text[i] = byte(v.Index(i).Uint())
		}
		s.each(path, text)
		return
	}
	for i := range v.Len() {
		s.value(path+"[]", v.Index(i))
	}
}
