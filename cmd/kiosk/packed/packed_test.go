package packed

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

type inner struct {
	Word string
	N    []int16
}

type thing struct {
	Yes    bool
	I      int
	Small  int8
	U      uint32
	Text   string
	Raw    []byte
	Sum    [4]byte
	Pair   [2]string
	At     time.Time
	Took   time.Duration
	One    *inner
	None   *inner
	Many   []inner
	hidden int
}

var sample = thing{
	Yes: true, I: -300, Small: -5, U: 1 << 31, Text: "añ\x00", Raw: []byte{0, 255}, Sum: [4]byte{9, 8, 7, 6},
	Pair: [2]string{"a", ""}, At: time.Date(2026, 11, 22, 1, 2, 3, 4, time.FixedZone("", -5*3600)), Took: time.Hour,
	One: &inner{"x", []int16{-1, 2}}, Many: []inner{{"y", nil}, {"", []int16{3}}},
}

func pack(t testing.TB, v any) []byte {
	t.Helper()
	data, err := Append(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestThereAndBack(t *testing.T) {
	for _, want := range []thing{{}, sample, {hidden: 3}} {
		data := pack(t, want)
		got := sample // whatever was there before does not stay
		if err := Read(data, &got); err != nil {
			t.Fatal(err)
		}
		want.hidden, got.hidden = 0, 0
		if !want.At.Equal(got.At) || want.At.Format(time.RFC3339Nano) != got.At.Format(time.RFC3339Nano) {
			t.Errorf("time %s came back as %s", want.At, got.At)
		}
		want.At, got.At = time.Time{}, time.Time{}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v came back as %+v", want, got)
		}
	}
	if string(pack(t, &sample)) != string(pack(t, sample)) {
		t.Error("a value and a pointer to it are not alike")
	}
	var zero struct{ T time.Time }
	if err := Read(pack(t, zero), &zero); err != nil || !zero.T.IsZero() {
		t.Errorf("no time came back as %s, %v", zero.T, err)
	}
}

// TestCut: no value can be read from a part of itself, nor from itself and
// more.
func TestCut(t *testing.T) {
	data := pack(t, sample)
	var got thing
	for i := range data {
		if err := Read(data[:i], &got); !errors.Is(err, ErrCut) {
			t.Errorf("cut at %d of %d: %v", i, len(data), err)
		}
	}
	if err := Read(append(data, 0), &got); !errors.Is(err, ErrMore) {
		t.Errorf("more behind it: %v", err)
	}
}

func TestRefused(t *testing.T) {
	for _, v := range []any{map[string]int{}, struct{ F func() }{}, 1.5, struct{ A any }{3}} {
		if _, err := Append(nil, v); err == nil {
			t.Errorf("%T is packed", v)
		}
	}
	type list struct{ Next *list }
	deep := &list{}
	for range maxDepth {
		deep = &list{deep}
	}
	if _, err := Append(nil, deep); !errors.Is(err, ErrDeep) {
		t.Errorf("a deep list: %v", err)
	}
	if err := Read([]byte(strings.Repeat("\x01", 1000)), deep); !errors.Is(err, ErrDeep) {
		t.Errorf("reading a deep list: %v", err)
	}
	var small struct{ V int8 }
	if err := Read(pack(t, 300), &small); !errors.Is(err, ErrInvalid) {
		t.Errorf("300 in eight bits: %v", err)
	}
	var yes bool
	if err := Read([]byte{2}, &yes); !errors.Is(err, ErrInvalid) {
		t.Errorf("neither true nor false: %v", err)
	}
	// a length that promises more than there is takes no memory
	var many []inner
	if n := testing.AllocsPerRun(10, func() { Read([]byte("\xff\xff\xff\xff\x0f"), &many) }); n > 5 {
		t.Errorf("%.0f allocations", n)
	}
}

// FuzzRead: whatever can be read is written again as the same bytes: a value
// has one form.
func FuzzRead(f *testing.F) {
	f.Add(pack(f, sample))
	f.Add(pack(f, thing{}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v thing
		if Read(data, &v) != nil {
			return
		}
		if again := pack(t, v); string(again) != string(data) {
			t.Errorf("% x came back as % x", data, again)
		}
	})
}
