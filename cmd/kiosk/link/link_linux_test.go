package link

import (
	"errors"
	"net/netip"
	"syscall"
	"testing"
)

// TestAnswer hears a refusal and no answer at all.
func TestAnswer(t *testing.T) {
	said := func(errno int32) []byte {
		b := append(word(20), 2, 0, 0, 0)
		return append(append(b, make([]byte, 8)...), word(uint32(errno))...)
	}
	for name, c := range map[string]struct {
		message []byte
		want    error
		fails   bool
	}{
		"done":        {said(0), nil, false},
		"refused":     {said(-int32(syscall.EPERM)), syscall.EPERM, true},
		"nothing":     {nil, nil, true},
		"cut":         {said(0)[:16], nil, true},
		"another one": {append(word(16), make([]byte, 12)...), nil, true},
	} {
		if err := answer(c.message); (err != nil) != c.fails || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestKernel asks this system's kernel for what it cannot give. It says so of
// the interface; a kernel that let anybody ask would say otherwise.
func TestKernel(t *testing.T) {
	const none = 1 << 30
	for name, err := range map[string]error{
		"up": Up(none), "move": Move(none, 1), "address": Address(none, netip.MustParsePrefix("192.0.2.1/24")),
		"gateway": Gateway(none, netip.MustParseAddr("192.0.2.1")),
	} {
		if !errors.Is(err, syscall.ENODEV) && !errors.Is(err, syscall.EPERM) && !errors.Is(err, syscall.ENETUNREACH) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if Address(none, netip.MustParsePrefix("2001:db8::1/64")) == nil || Gateway(none, netip.MustParseAddr("2001:db8::1")) == nil {
		t.Error("an address of IPv6 is taken for one of IPv4")
	}
}
