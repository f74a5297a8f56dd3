package provision

import (
	"bytes"
	"strings"
	"testing"

	"badgekiosk/image/fat32"
)

// autobootText is the file as a card has it.
const autobootText = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"

// firstPart is a card's first part with text in autoboot.txt.
func firstPart(t testing.TB, text string) []byte {
	t.Helper()
	d := make(memory, fat32.MinSize)
	err := fat32.Volume{Label: "KIOSK", Size: fat32.MinSize}.Write(d, []fat32.File{
		{Name: "autoboot.txt", Data: []byte(text)}, {Name: "bootcode.bin", Data: slotImage(50_000, 1)}, {Name: "kiosk.json", Data: []byte("{}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type memory []byte

func (m memory) WriteAt(b []byte, at int64) (int, error) { return copy(m[at:], b), nil }

// follow is what a firmware makes of autoboot.txt: the part that it starts.
func follow(text string, tryboot bool) (part string) {
	on, both := true, false
	for _, line := range strings.Split(text, "\n") {
		switch {
		case line == "[all]":
			on = true
		case line == "[tryboot]":
			on = tryboot
		case on && line == "tryboot_a_b=1":
			both = true
		case on && strings.HasPrefix(line, "boot_partition="):
			part = strings.TrimPrefix(line, "boot_partition=")
		}
	}
	if tryboot && !both {
		return ""
	}
	return part
}

// TestChoice: the choice is one sector in its place, and whichever of its
// bytes are new when the power goes, the firmware finds one of the two slots
// and we find a choice that can be made again.
func TestChoice(t *testing.T) {
	card := firstPart(t, autobootText)
	c, err := ReadChoice(bytes.NewReader(card))
	if err != nil || c.Usual != SlotA || c.Tried != SlotB {
		t.Fatalf("a new card starts %s and tries %s, %v", c.Usual, c.Tried, err)
	}
	f := newFlash(t, card)
	if err := c.Start(f, SlotB); err != nil || c.Usual != SlotB || c.Tried != SlotA {
		t.Fatalf("to start B: %v, %s and %s", err, c.Usual, c.Tried)
	}
	if f.written != slotSector {
		t.Errorf("%d bytes were written, want one sector", f.written)
	}
	var changed []int
	for i := range card {
		if card[i] != f.kept[i] {
			changed = append(changed, i)
		}
	}
	if len(changed) != 2 || changed[0]/slotSector != changed[1]/slotSector {
		t.Fatalf("bytes %v changed, want two in one sector", changed)
	}
	first := changed[0] / slotSector * slotSector
	old, now := card[first:first+slotSector], f.kept[first:first+slotSector]
	torn := map[string]bool{} // cut at each byte, from either end
	for cut := range slotSector + 1 {
		torn[string(now[:cut])+string(old[cut:])] = true
		torn[string(old[:cut])+string(now[cut:])] = true
	}
	if len(torn) != 4 {
		t.Errorf("%d outcomes, want 4", len(torn))
	}
	for sector := range torn {
		text := strings.TrimRight(sector, "\x00")
		for _, try := range []bool{false, true} {
			if part := follow(text, try); part != "2" && part != "3" {
				t.Fatalf("the firmware starts part %q (try: %t)\n%s", part, try, text)
			}
		}
		copy(card[first:], sector)
		c, err := ReadChoice(bytes.NewReader(card))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for _, to := range []Slot{SlotA, SlotB} {
			if err := c.Start(newFlash(t, card), to); err != nil || c.Usual != to || c.Tried != to.Other() {
				t.Fatalf("slot %s cannot be chosen: %v\n%s", to, err, text)
			}
		}
	}
}

// TestChoiceFaults leaves a card alone whose file is not as we write it, and
// says when the card did not take a choice.
func TestChoiceFaults(t *testing.T) {
	for name, text := range map[string]string{
		"no try":          "[all]\ntryboot_a_b=1\nboot_partition=2\n",
		"the other order": "[tryboot]\nboot_partition=3\n[all]\ntryboot_a_b=1\nboot_partition=2\n",
		"a third part":    strings.Replace(autobootText, "=3", "=4", 1),
		"two digits":      strings.Replace(autobootText, "=3", "=33", 1),
		"not by part":     strings.Replace(autobootText, "tryboot_a_b=1", "tryboot_a_b=0", 1),
		"once more":       autobootText + "boot_partition=2\n",
		"too long":        autobootText + strings.Repeat("#\n", 300),
		"nothing":         "\n",
	} {
		if c, err := ReadChoice(bytes.NewReader(firstPart(t, text))); err == nil {
			t.Errorf("%s: read as %s and %s", name, c.Usual, c.Tried)
		}
	}
	if _, err := ReadChoice(bytes.NewReader(make([]byte, 4096))); err == nil {
		t.Error("read on a card without a file system")
	}
	for n := range 2 {
		f := newFlash(t, firstPart(t, autobootText))
		c, err := ReadChoice(f)
		must(t, err)
		f.left = n
		if err := c.Start(f, SlotB); err == nil || c.Usual != SlotA {
			t.Errorf("cut at step %d: %v, and it is taken to start %s", n, err, c.Usual)
		}
	}
	f := newFlash(t, firstPart(t, autobootText))
	c, err := ReadChoice(f)
	must(t, err)
	f.lies = true
	if err := c.Start(f, SlotB); err == nil {
		t.Error("a card that keeps something else is believed")
	}
	if err := c.Start(f, 0); err == nil {
		t.Error("no slot is chosen")
	}
}

// TestRunningSlot takes the firmware's word for the slot, in either way, and
// nobody's where it contradicts itself.
func TestRunningSlot(t *testing.T) {
	for _, c := range []struct {
		arguments string
		partition []byte
		want      Slot
	}{
		{"quiet kiosk.slot=a", nil, SlotA},
		{"kiosk.slot=b quiet\n", nil, SlotB},
		{"kiosk.slot=b", []byte{0, 0, 0, 3}, SlotB},
		{"quiet", []byte{0, 0, 0, 3}, SlotB},
		{"quiet", []byte{0, 0, 0, 2}, SlotA},
		{"kiosk.slot=a", []byte{0, 0, 0, 3}, 0},
		{"kiosk.slot=c", nil, 0},
		{"kiosk.slot=ab", nil, 0},
		{"kiosk.slot=", []byte{3}, 0},
		{"", nil, 0},
		{"kiosk.slot=a", []byte{0, 0, 0, 0}, SlotA}, // a firmware that does not say
	} {
		if got := RunningSlot(c.arguments, c.partition); got != c.want {
			t.Errorf("%q, % x: %s, want %s", c.arguments, c.partition, got, c.want)
		}
	}
	if SlotA.Part() != 2 || SlotB.Part() != 3 || SlotA.Other() != SlotB || SlotB.Other() != SlotA || Slot(0).Other() != 0 || Slot(0).Part() != 0 {
		t.Error("slots are not parts 2 and 3")
	}
}

// FuzzChoice: whatever stands in the file, choosing changes two bytes of it,
// or nothing.
func FuzzChoice(f *testing.F) {
	f.Add([]byte(autobootText))
	f.Add([]byte("[tryboot]\nboot_partition=2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > slotSector {
			return
		}
		var c Choice
		copy(c.sector[:], text)
		if c.parse(c.sector[:len(text)]) != nil {
			return
		}
		for i, s := range []Slot{c.Usual, c.Tried} {
			if c.sector[c.digits[i]] != byte('0'+s.Part()) {
				t.Fatalf("%q: digit %d is at %d", text, i, c.digits[i])
			}
		}
	})
}
