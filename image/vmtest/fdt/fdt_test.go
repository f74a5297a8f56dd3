package fdt

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
)

func node(name string, children ...*Node) *Node { return &Node{Name: name, Children: children} }

func (n *Node) with(name string, value []byte) *Node { n.Set(name, value); return n }

// board is a small tree with labels and parameters.
func board() *Node {
	return node("",
		node("soc",
			node("spi@7e204000").with("status", String("disabled")).with("phandle", Word(7)),
			node("i2c@7e804000").with("status", String("disabled")),
			node("watchdog@7e100000").with("phandle", Word(9))),
		node("chosen").with("bootargs", String("a=1")).with("phandle", Word(11)),
		node("aliases").with("serial0", String("/soc/uart")),
		node(symbols).with("spi", String("/soc/spi@7e204000")).with("i2c_arm", String("/soc/i2c@7e804000")),
		node(overrides).
			with("spi", append(Word(7), "status\x00"...)).
			with("watchdog", append(Word(9), "early?\x00"...)).
			with("audio", append(Word(11), "bootargs{on='sound=1 loud=1',off='sound=0'}\x00"...)).
			with("odd", append(Word(11), "bootargs{yes='1'}\x00"...)).
			with("speed", append(Word(7), "clock:0\x00"...)),
	).with("compatible", String("made,up"))
}

// clock is an overlay like a battery clock's: a fragment that sleeps, laid
// over another one that says which bus.
func clock() *Node {
	return node("",
		node("fragment@0", node(dormant, node("rtc@68").with("reg", Word(0x68)).with("phandle", Word(2)))).with("target", Word(1)),
		node("fragment@100", node(body).with("status", String("okay")).with("phandle", Word(1))).with("target", Word(0xffffffff)),
		node("fragment@5", node(body).with("serial0", String("/soc/other"))).with("target-path", String("/aliases")),
		node("fragment@6", node(body).with("bootargs", String("b=2")).with("link", Word(2))).with("target-path", String("/chosen")),
		node(overrides).with("ds", append(Word(0), "+0\x00"...)),
		node(fixups).with("i2c_arm", String("/fragment@100:target:0")),
		node(local,
			node("fragment@0").with("target", Word(0)),
			node("fragment@6", node(body).with("link", Word(0)))),
	)
}

// TestTwice reads what was written, and gets the same tree and bytes.
func TestTwice(t *testing.T) {
	once := board().Bytes()
	got, err := Parse(once)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, board()) {
		t.Errorf("read back:\n%v\nwant\n%v", got, board())
	}
	if !bytes.Equal(got.Bytes(), once) {
		t.Error("written again, the bytes differ")
	}
}

// TestOverlay lays an overlay with a parameter, as a firmware does.
func TestOverlay(t *testing.T) {
	b, c := board(), clock()
	if err := c.Param("ds", "on"); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(c); err != nil {
		t.Fatal(err)
	}
	bus := b.Find("/soc/i2c@7e804000")
	rtc := bus.Find("rtc@68")
	if bus.Text("status") != "okay" || rtc == nil {
		t.Fatalf("the bus is %q and has the clock %v", bus.Text("status"), rtc)
	}
	if link, _ := b.Find("chosen").Get("link"); binary.BigEndian.Uint32(link) != rtc.handle() {
		t.Errorf("the link leads to %x, the clock is %d", link, rtc.handle())
	}
	if got := b.Find("chosen").Text("bootargs"); got != "a=1 b=2" {
		t.Errorf("kernel arguments %q", got)
	}
	if got := b.Find("aliases").Text("serial0"); got != "/soc/other" {
		t.Errorf("alias %q", got)
	}
	seen := map[uint32]string{}
	b.each(func(n *Node) bool {
		if h := n.handle(); h != 0 && seen[h] != "" {
			t.Errorf("%s and %s have handle %d", n.Name, seen[h], h)
		} else if h != 0 {
			seen[h] = n.Name
		}
		return false
	})
}

// TestAsleep leaves out what no parameter woke.
func TestAsleep(t *testing.T) {
	b := board()
	if err := b.Apply(clock()); err != nil {
		t.Fatal(err)
	}
	if b.Find("/soc/i2c@7e804000/rtc@68") != nil {
		t.Error("a sleeping fragment was laid")
	}
}

func TestParams(t *testing.T) {
	b := board()
	for _, p := range []string{"spi", "watchdog"} {
		if err := b.Param(p, "on"); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.Find("/soc/spi@7e204000").Text("status"); got != "okay" {
		t.Errorf("spi is %q", got)
	}
	if _, on := b.Find("/soc/watchdog@7e100000").Get("early"); !on {
		t.Error("the watchdog is not early")
	}
	if err := b.Param("watchdog", "off"); err != nil {
		t.Fatal(err)
	}
	if _, on := b.Find("/soc/watchdog@7e100000").Get("early"); on {
		t.Error("the watchdog is still early")
	}
	for _, c := range []struct{ value, want string }{{"on", "a=1 sound=1 loud=1"}, {"off", "a=1 sound=1 loud=1 sound=0"}} {
		if err := b.Param("audio", c.value); err != nil {
			t.Fatal(err)
		}
		if got := b.Find("chosen").Text("bootargs"); got != c.want {
			t.Errorf("audio %s: kernel arguments %q, want %q", c.value, got, c.want)
		}
	}
	for p, want := range map[string]string{"odd": "not followed", "none": "no parameter none", "speed": "not followed"} {
		if err := b.Param(p, "on"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", p, err, want)
		}
	}
}

// TestUnknownLabel refuses an overlay for another board.
func TestUnknownLabel(t *testing.T) {
	c := clock()
	c.Find(fixups).Set("hdmi", String("/fragment@100:target:0"))
	if err := board().Apply(c); err == nil || !strings.Contains(err.Error(), "hdmi") {
		t.Errorf("got %v, want an error that names hdmi", err)
	}
}

// TestMangled cuts a tree and an overlay at every byte and flips bits of every
// byte: nothing panics, and a cut tree is refused.
func TestMangled(t *testing.T) {
	whole := clock().Bytes()
	for i := range whole {
		if _, err := Parse(whole[:i]); err == nil {
			t.Errorf("cut at %d: no error", i)
		}
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			if n, err := Parse(b); err == nil {
				_ = n.Param("ds", "on")
				_ = board().Apply(n)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(board().Bytes())
	f.Add(clock().Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse(n.Bytes())
		if err != nil || !reflect.DeepEqual(again, n) {
			t.Fatalf("written and read again: %v, %v", again, err)
		}
		_ = n.Param("ds", "on")
		_ = board().Apply(n)
	})
}
