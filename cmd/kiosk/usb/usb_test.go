package usb

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// described is what a device with these interfaces, each in a configuration
// of its own that has an endpoint too, shows of itself.
func described(vendor, product uint16, class byte, interfaces ...Interface) []byte {
	all := []byte{18, 1, 0, 2, class, 0, 0, 64, byte(vendor), byte(vendor >> 8), byte(product), byte(product >> 8), 0, 1, 1, 2, 3, byte(len(interfaces))}
	for n, i := range interfaces {
		all = append(all, 9, 2, 25, 0, 1, byte(n+1), 0, 0x80, 50)
		all = append(all, 9, 4, 0, 0, 1, i.Class, i.Subclass, i.Protocol, 0)
		all = append(all, 7, 5, 0x81, 2, 64, 0, 0)
	}
	return all
}

var (
	stick    = Interface{8, 6, 0x50}
	uas      = Interface{8, 6, 0x62}
	keyboard = Interface{3, 1, 1}
	mouse    = Interface{3, 1, 2}
	touch    = Interface{3, 0, 0}
	video    = Interface{0x0e, 1, 0}
	stream   = Interface{0x0e, 2, 0}
	mic      = Interface{1, 2, 0}
	midi     = Interface{1, 3, 0}
	acm      = Interface{2, 2, 1}
	rndis    = Interface{2, 2, 0xff}
	data     = Interface{0x0a, 0, 0}
	ecm      = Interface{2, 6, 0}
	card     = Interface{0x0b, 0, 0}
	printer  = Interface{7, 1, 2}
	radio    = Interface{0xe0, 1, 1}
	vendors  = Interface{0xff, 0, 0}
	hub      = Interface{9, 0, 0}
)

// things are what people plug in, and what becomes of it.
var things = []struct {
	name            string
	vendor, product uint16
	class           byte
	interfaces      []Interface
	want            error
	may             []Kind
	network         bool // the same with one; false: network does not matter
}{
	{"a stick", 0x0781, 0x5567, 0, []Interface{stick}, nil, []Kind{Storage}, false},
	{"a fast stick", 0x0781, 0x5567, 0, []Interface{stick, uas}, nil, []Kind{Storage}, false},
	{"a stick that types", 0x0781, 0x5567, 0, []Interface{stick, keyboard}, ErrMixed, nil, false},
	{"one that types otherwise", 0x0781, 0x5567, 0, []Interface{stick, touch}, ErrMixed, nil, false},
	{"a stick with a mouse", 0x0781, 0x5567, 0, []Interface{mouse, stick}, ErrMixed, nil, false},
	{"a stick with a network", 0x0781, 0x5567, 0, []Interface{stick, ecm, data}, ErrMixed, nil, true},
	{"a network that types", 0x1d6b, 0x0104, 0, []Interface{ecm, data, keyboard}, ErrMixed, nil, true},
	{"a camera", 0x046d, 0x0825, 0xef, []Interface{video, stream, mic}, nil, []Kind{Camera, Sound}, false},
	{"a camera with buttons", 0x046d, 0x0825, 0xef, []Interface{video, stream, touch, vendors}, nil, []Kind{Camera}, false},
	{"a camera that types", 0x046d, 0x0825, 0xef, []Interface{video, stream, keyboard}, ErrMixed, nil, false},
	{"a loudspeaker", 0x08bb, 0x2902, 0, []Interface{mic, touch}, nil, []Kind{Sound}, false},
	{"a piano", 0x0582, 0x0001, 0, []Interface{midi}, ErrClass, nil, false},
	{"a hand scanner", 0x0c2e, 0x0901, 0, []Interface{keyboard}, nil, []Kind{Keyboard}, false},
	{"one for shops", 0x0c2e, 0x0901, 0, []Interface{keyboard, touch}, nil, []Kind{Keyboard, Touch}, false},
	{"a serial one", 0x0c2e, 0x090a, 2, []Interface{acm, data}, nil, []Kind{Serial, Data}, false},
	{"one with a chip", 0x1a86, 0x7523, 0xff, []Interface{vendors}, nil, []Kind{Serial}, false},
	{"a keyboard with a mouse", 0x046d, 0xc52b, 0, []Interface{keyboard, mouse, touch}, nil, []Kind{Keyboard, Touch}, false},
	{"a mouse", 0x046d, 0xc077, 0, []Interface{mouse}, ErrClass, nil, false},
	{"a touch screen", 0x0eef, 0x0005, 0, []Interface{touch}, nil, []Kind{Touch}, false},
	{"a hub", 0x0424, 0x9514, 9, []Interface{hub}, nil, []Kind{Hub}, false},
	{"a hub that stores", 0x0424, 0x9514, 9, []Interface{stick}, ErrMixed, nil, false},
	{"a hub of nothing", 0x0424, 0x9514, 9, []Interface{vendors}, ErrMixed, nil, false},
	{"the board's Ethernet", 0x0424, 0xec00, 0xff, []Interface{vendors}, nil, []Kind{Wired}, false},
	{"an adapter", 0x0bda, 0x8153, 0, []Interface{vendors, ecm, data}, ErrNoSync, nil, false},
	{"an adapter, wanted", 0x0bda, 0x8153, 0, []Interface{vendors, ecm, data}, nil, []Kind{Ethernet}, true},
	{"an adapter by its class", 0x2001, 0x4a00, 0, []Interface{ecm, data}, ErrNoSync, nil, false},
	{"that one, wanted", 0x2001, 0x4a00, 0, []Interface{ecm, data}, nil, []Kind{Ethernet, Data}, true},
	{"a phone that shares its network", 0x18d1, 0x4ee3, 0, []Interface{rndis, data}, ErrClass, nil, true},
	{"a card reader", 0x08e6, 0x3437, 0, []Interface{card}, ErrClass, nil, false},
	{"a printer", 0x03f0, 0x0001, 0, []Interface{printer}, ErrClass, nil, false},
	{"Bluetooth", 0x0a12, 0x0001, 0xe0, []Interface{radio}, ErrClass, nil, false},
	{"nothing at all", 0x0001, 0x0001, 0, nil, ErrClass, nil, false},
}

// TestThings plugs each of them in.
func TestThings(t *testing.T) {
	for _, c := range things {
		d, err := Parse(described(c.vendor, c.product, c.class, c.interfaces...))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		may, err := d.Admit(c.network)
		if !errors.Is(err, c.want) || !slices.Equal(may, c.may) {
			t.Errorf("%s: may %v, %v; want %v, %v", c.name, may, err, c.may, c.want)
		}
	}
}

// TestMangled cuts a stick that types, and flips its bytes: it is never taken
// while both of what it is stand in it.
func TestMangled(t *testing.T) {
	whole := described(0x0781, 0x5567, 0, stick, keyboard)
	check := func(what string, b []byte, types bool) {
		d, err := Parse(b)
		if err != nil {
			return
		}
		may, err := d.Admit(true)
		if both := slices.Contains(may, Storage) && slices.Contains(may, Keyboard); both || types && err == nil && slices.Contains(d.Interfaces, stick) {
			t.Errorf("%s: %v is taken as %v", what, d, may)
		}
	}
	for n := range whole {
		d, err := Parse(whole[:n])
		if err == nil && slices.Contains(d.Interfaces, keyboard) && n < len(whole)-7 {
			t.Errorf("cut at %d: %v", n, d)
		}
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[n] ^= 1 << bit
			d, _ := Parse(b)
			check("flipped", b, slices.Contains(d.Interfaces, keyboard))
		}
	}
}

// FuzzParse holds that nothing a device says makes more of it than it shows.
func FuzzParse(f *testing.F) {
	for _, c := range things {
		f.Add(described(c.vendor, c.product, c.class, c.interfaces...))
	}
	f.Add([]byte{18, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Parse(b)
		if err != nil {
			return
		}
		if len(d.Interfaces) > maxInterfaces {
			t.Fatalf("%d interfaces", len(d.Interfaces))
		}
		may, err := d.Admit(true)
		if err != nil {
			return
		}
		for _, i := range d.Interfaces {
			if i.Class == 3 && i.Protocol == 1 && i.Subclass == 1 && slices.Contains(may, Storage) {
				t.Fatalf("%v is a stick that types, and is taken as %v", d, may)
			}
		}
	})
}
