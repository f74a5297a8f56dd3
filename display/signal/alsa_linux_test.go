package signal

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestABI holds the kernel's layout: sizes and places on 32 and 64 bits.
//
// Source: Linux, include/uapi/sound/asound.h, struct snd_pcm_hw_params;
// SNDRV_PCM_IOCTL_HW_PARAMS is 0xc2604111 on 64 bits, 0xc25c4111 on 32.
func TestABI(t *testing.T) {
	var p hwParams
	size, request := uintptr(608), uint(0xc2604111)
	if unsafe.Sizeof(uintptr(0)) == 4 {
		size, request = 604, 0xc25c4111
	}
	if unsafe.Sizeof(p) != size || ioctlParams != request {
		t.Errorf("size %d, request %#x, want %d, %#x", unsafe.Sizeof(p), ioctlParams, size, request)
	}
	if at := unsafe.Offsetof(p.ranges); at != 4+8*32 {
		t.Errorf("ranges are at %d", at)
	}
	if at := unsafe.Offsetof(p.asked); at != 4+8*32+21*12 {
		t.Errorf("rmask is at %d", at)
	}
	q := params(44100, 2)
	if r := q.ranges[3]; r.least != 44100 || r.most != 44100 || q.masks[1][0] != 4 || q.ranges[2].most != 2 {
		t.Errorf("asks for %+v", q)
	}
}

// TestBestFirst: what somebody plugged in is heard before what the board has,
// and HDMI last.
func TestBestFirst(t *testing.T) {
	dir := t.TempDir()
	for card, id := range []string{"vc4hdmi", "Headphones", "Device"} {
		d := filepath.Join(dir, "card"+string(rune('0'+card)))
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d, "id"), []byte(id+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if id == "Device" {
			if err := os.WriteFile(filepath.Join(d, "usbid"), []byte("0d8c:0014"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := bestFirst([]string{"/dev/snd/pcmC0D0p", "/dev/snd/pcmC1D0p", "/dev/snd/pcmC2D0p"}, dir)
	if want := "/dev/snd/pcmC2D0p /dev/snd/pcmC1D0p /dev/snd/pcmC0D0p"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if !slices.Equal(bestFirst(nil, dir), nil) {
		t.Error("something of nothing")
	}
}

// TestKnobABI holds the layout of the card's knobs, on 32 and 64 bits.
func TestKnobABI(t *testing.T) {
	want := [4]uint{0xc0505510, 0xc1105511, 0xc4c85512, 0xc008551a}
	if unsafe.Sizeof(uintptr(0)) == 4 {
		want = [4]uint{0xc0485510, 0xc1105511, 0xc2c85512, 0xc008551a}
	}
	if got := [4]uint{ioctlList, ioctlInfo, ioctlRead, ioctlScale}; got != want {
		t.Errorf("requests %#x, want %#x", got, want)
	}
	var i knobInfo
	var v knobValue
	if unsafe.Offsetof(i.least) != 80 || unsafe.Offsetof(v.values) != 72 {
		t.Errorf("values are at %d and %d", unsafe.Offsetof(i.least), unsafe.Offsetof(v.values))
	}
}

// A fakeKnob is one of a card's, as the kernel keeps it.
type fakeKnob struct {
	name        string
	kind        uint32
	access      uint32
	least, most int
	now         []int
	scale       []uint32 // what its numbers are in decibels; nil: it does not say
}

// fakeKnobs are those of a card that has them.
func fakeKnobs(t *testing.T, all []*fakeKnob) *knobs {
	t.Helper()
	fill := func(id *knobID, n int) {
		id.number = uint32(n + 1)
		copy(id.name[:], all[n].name)
	}
	k := &knobs{control: func(request uint, arg unsafe.Pointer) error {
		switch request {
		case ioctlList:
			l := (*knobList)(arg)
			ids := unsafe.Slice(l.ids, l.space)
			for n := range all {
				fill(&ids[n], n)
			}
			l.used = uint32(len(all))
		case ioctlInfo:
			i := (*knobInfo)(arg)
			k := all[i.id.number-1]
			i.kind, i.access, i.count, i.least, i.most = k.kind, k.access, uint32(len(k.now)), k.least, k.most
		case ioctlScale:
			s := (*knobScale)(arg)
			if copy(s.data[:], all[s.number-1].scale) == 0 {
				return unix.ENXIO
			}
		case ioctlRead:
			v := (*knobValue)(arg)
			copy(v.values[:], all[v.id.number-1].now)
		case ioctlWrite:
			v := (*knobValue)(arg)
			copy(all[v.id.number-1].now, v.values[:])
		}
		return nil
	}}
	if err := k.list(); err != nil {
		t.Fatal(err)
	}
	return k
}

// TestTurnUp: a card that was never turned up can be heard; what is loud, or
// for recording, stays as it is.
func TestTurnUp(t *testing.T) {
	knobs := []*fakeKnob{
		{"PCM Playback Volume", knobNumber, 3, -10239, 400, []int{-10239, 400}, nil},
		{"PCM Playback Switch", knobSwitch, 3, 0, 1, []int{0}, nil},
		{"Mic Capture Volume", knobNumber, 3, 0, 100, []int{0}, nil},
		{"Playback Channel Map", knobNumber, 1, 0, 36, []int{0}, nil},
		{"Speaker Playback Volume", knobNumber, 1, 0, 37, []int{3}, nil}, // cannot be turned
		{"Front Playback Volume", knobNumber, 3, 0, 37, []int{0, 5}, nil},
	}
	k := fakeKnobs(t, knobs)
	k.turnUp(0)
	for n, want := range [][]int{{-1728, 400}, {1}, {0}, {0}, {3}, {29, 29}} {
		if !slices.Equal(knobs[n].now, want) {
			t.Errorf("%s is at %d, want %d", knobs[n].name, knobs[n].now, want)
		}
	}
}

// TestVolume: a volume that was asked for is what it is turned to, up or down.
func TestVolume(t *testing.T) {
	all := []*fakeKnob{
		{"Speaker Playback Volume", knobNumber, 3, 0, 200, []int{190, 10}, nil},
		{"Speaker Playback Switch", knobSwitch, 3, 0, 1, []int{0}, nil},
	}
	fakeKnobs(t, all).turnUp(35)
	if !slices.Equal(all[0].now, []int{70, 70}) || all[1].now[0] != 1 {
		t.Errorf("at %d, switch at %d; want 70 and on", all[0].now, all[1].now)
	}
	var none *knobs
	none.turnUp(50) // a card without any
	if none.worn() || none.Close() != nil {
		t.Error("a card without knobs knows of headphones")
	}
}

// TestWorn: a card is believed to have headphones only where it says so.
func TestWorn(t *testing.T) {
	for _, c := range []struct {
		name string
		now  int
		want bool
	}{
		{"Headphone Jack", 1, true},
		{"Headphone Jack", 0, false},
		{"Front Headphone Jack", 1, true},
		{"Headphone Phantom Jack", 1, false}, // always says yes
		{"Line Out Jack", 1, false},
		{"Headset Playback Volume", 1, true},    // a USB headset's own knob
		{"Headphone Playback Volume", 1, false}, // a box that anything can be plugged into
		{"PCM Playback Volume", 1, false},
		{"Headset Capture Volume", 1, false},
	} {
		all := []*fakeKnob{{"PCM Playback Switch", knobSwitch, 3, 0, 1, []int{1}, nil}, {c.name, knobSwitch, 1, 0, 1, []int{c.now}, nil}}
		if got := fakeKnobs(t, all).worn(); got != c.want {
			t.Errorf("%s at %d: worn %t, want %t", c.name, c.now, got, c.want)
		}
	}
	both := []*fakeKnob{{"Headset Playback Switch", knobSwitch, 3, 0, 1, []int{1}, nil}, {"Headphone Jack", knobSwitch, 1, 0, 1, []int{0}, nil}}
	if fakeKnobs(t, both).worn() {
		t.Error("a jack that says no is not believed")
	}
}

// TestStuckCard: a card that takes nothing, and one that was pulled out, end
// in errors and not in waiting. A pipe stands for the card.
func TestStuckCard(t *testing.T) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	c := &card{file{ends[1], "pipe"}, nil}
	defer c.Close()
	began := time.Now()
	if n, err := c.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 || time.Since(began) > stuck+time.Second {
		t.Errorf("a full card took %d bytes in %s: %v", n, time.Since(began), err)
	}
	if err := unix.Close(ends[0]); err != nil {
		t.Fatal(err)
	}
	if err := c.Drain(t.Context()); err == nil {
		t.Error("a pipe drains like a sound card")
	}
}

// TestLoudness: a volume is as loud as it says on a card that knows its
// decibels: half is 18 dB below the most. The cards are a Pi's jack, QEMU's USB
// sound and one that counts in steps of 1.5 dB; the last is already quieter
// than asked for at its least.
func TestLoudness(t *testing.T) {
	minus := func(n int32) uint32 { return uint32(-n) }
	for _, c := range []struct {
		least, most int
		scale       []uint32
		level, want int
	}{
		{-10239, 400, []uint32{1, 8, minus(10239), 1}, 50, -1406},
		{-10239, 400, []uint32{1, 8, minus(10239), 1}, 100, 400},
		{0, 136, []uint32{4, 8, minus(12799), 800}, 80, 130},
		{0, 31, []uint32{1, 8, minus(4650), 150 | 1<<16}, 50, 19},
		{0, 10, []uint32{5, 8, minus(1000), 0}, 1, 0},
		{0, 10, []uint32{2, 8, 0, 0}, 50, 5}, // a scale that is not known
	} {
		all := []*fakeKnob{{"PCM Playback Volume", knobNumber, 3, c.least, c.most, []int{c.least + 1}, c.scale}}
		if fakeKnobs(t, all).turnUp(c.level); all[0].now[0] != c.want {
			t.Errorf("%+v: at %d", c, all[0].now[0])
		}
	}
}
