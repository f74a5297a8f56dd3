package signal

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"
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
