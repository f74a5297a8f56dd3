package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatch follows a card on which slot B is written and then started, and
// finds each way in which that could leave a board that does not start.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	whole := card(t, bothSlots, config)
	a, size, err := place(bytes.NewReader(whole), 2)
	if err != nil {
		t.Fatal(err)
	}
	b := a + size
	auto := bytes.Index(whole, []byte(bothSlots))
	if auto < 0 || auto%logSector != 0 {
		t.Fatalf("autoboot.txt at %d", auto)
	}
	base := filepath.Join(dir, "base")
	if err := os.WriteFile(base, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	// The new system differs from the old one in its last two sectors.
	last := (b + size) / logSector
	fill := [][2]int{{int(last - 2), 0xb1}, {int(last - 1), 0xb2}}
	changed := bytes.Clone(whole[b : b+size])
	for i, v := range []byte{0xb1, 0xb2} {
		copy(changed[size-int64(2-i)*logSector:], bytes.Repeat([]byte{v}, logSector))
	}
	const switched = -1 // stands for the sector that starts slot B
	for name, c := range map[string]struct {
		writes [][2]int
		want   string // of the error
	}{
		"as it is":     {append(fill, [2]int{switched}), ""},
		"half a slot":  {[][2]int{fill[0], {switched}}, "not whole"},
		"the other":    {append(fill, [2]int{int(a / logSector), 1}), "slot a, which starts"},
		"after it":     {append(fill, [2]int{switched}, fill[0]), "slot b, which starts"},
		"no table":     {append(fill, [2]int{0, 0}), "table"},
		"no autoboot":  {append(fill, [2]int{auto / logSector, 'x'}), "autoboot.txt"},
		"never kept":   {fill, "want b"},
		"nothing else": {nil, "want b"},
	} {
		t.Run(name, func(t *testing.T) {
			log := logged(c.writes...)
			sector := bytes.Clone(whole[auto : auto+logSector])
			copy(sector, strings.NewReplacer("=2", "=3", "=3", "=2").Replace(bothSlots))
			for i, w := range c.writes {
				if w[0] != switched {
					continue
				}
				at := (2 + 2*i) * logSector
				copy(log[at:], fmt.Appendf(nil, "%c%c", byte(auto/logSector), byte(auto/logSector>>8)))
				clear(log[at+2 : at+8])
				copy(log[at+logSector:], sector)
			}
			l := cardLog{base: base, path: filepath.Join(t.TempDir(), "log")}
			copied := filepath.Join(t.TempDir(), "card")
			if err := os.WriteFile(l.path, log, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := copySparse(copied, base); err != nil {
				t.Fatal(err)
			}
			f, err := os.OpenFile(copied, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			w := watch{card: f, led: "a"}
			w.sizes.a, w.sizes.b = size, size
			if w.sums.a, err = partSum(f, 2, size); err != nil {
				t.Fatal(err)
			}
			if w.sums.b, err = partSum(bytes.NewReader(append(bytes.Clone(whole[:b]), changed...)), 3, size); err != nil {
				t.Fatal(err)
			}
			err = w.follow(l, "b")
			if c.want == "" && (err != nil || w.switched != 2 || w.toB != 2) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, switched after %d, %d to slot B; want %q", err, w.switched, w.toB, c.want)
			}
		})
	}
}
