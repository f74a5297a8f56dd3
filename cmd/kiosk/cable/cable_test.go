package cable

import (
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// grant is what a school's server might send.
func grant(t testing.TB, with ...dhcpv4.Modifier) *dhcpv4.DHCPv4 {
	t.Helper()
	ack, err := dhcpv4.New(append([]dhcpv4.Modifier{
		dhcpv4.WithMessageType(dhcpv4.MessageTypeAck), dhcpv4.WithYourIP(net.IPv4(192, 0, 2, 50)),
		dhcpv4.WithNetmask(net.CIDRMask(24, 32)), dhcpv4.WithRouter(net.IPv4(192, 0, 2, 1)),
		dhcpv4.WithDNS(net.IPv4(192, 0, 2, 1), net.IPv4(192, 0, 2, 2)), dhcpv4.WithLeaseTime(7200),
	}, with...)...)
	if err != nil {
		t.Fatal(err)
	}
	return ack
}

// TestLease reads what servers grant, good and bad.
func TestLease(t *testing.T) {
	router := netip.MustParseAddr("192.0.2.1")
	servers := []netip.Addr{router, netip.MustParseAddr("192.0.2.2")}
	for name, c := range map[string]struct {
		with    dhcpv4.Modifier
		gateway netip.Addr
		renew   time.Duration // 0: refused
	}{
		"usual":               {func(*dhcpv4.DHCPv4) {}, router, time.Hour},
		"no address":          {dhcpv4.WithYourIP(net.IPv4zero), router, 0},
		"an address of many":  {dhcpv4.WithYourIP(net.IPv4(224, 0, 0, 1)), router, 0},
		"everybody's":         {dhcpv4.WithYourIP(net.IPv4bcast), router, 0},
		"its own":             {dhcpv4.WithYourIP(net.IPv4(127, 0, 0, 1)), router, 0},
		"no mask":             {func(d *dhcpv4.DHCPv4) { d.DeleteOption(dhcpv4.OptionSubnetMask) }, router, 0},
		"a mask with holes":   {dhcpv4.WithNetmask(net.IPv4Mask(255, 0, 255, 0)), router, 0},
		"the whole world":     {dhcpv4.WithNetmask(net.CIDRMask(0, 32)), router, 0},
		"a gateway elsewhere": {dhcpv4.WithRouter(net.IPv4(198, 51, 100, 1)), netip.Addr{}, time.Hour},
		"itself as gateway":   {dhcpv4.WithRouter(net.IPv4(192, 0, 2, 50)), netip.Addr{}, time.Hour},
		"for a second":        {dhcpv4.WithLeaseTime(1), router, shortestLife / 2},
		"for ever":            {dhcpv4.WithLeaseTime(1<<32 - 1), router, (1<<32 - 1) * time.Second / 2},
		"without saying":      {func(d *dhcpv4.DHCPv4) { d.DeleteOption(dhcpv4.OptionIPAddressLeaseTime) }, router, usualLife / 2},
	} {
		l, err := leaseOf(grant(t, c.with))
		if err != nil || c.renew == 0 {
			if (err != nil) != (c.renew == 0) {
				t.Errorf("%s: %+v, %v", name, l, err)
			}
			continue
		}
		if l.gateway != c.gateway || l.renew != c.renew || !slices.Equal(l.servers, servers) || l.address != netip.MustParsePrefix("192.0.2.50/24") {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// FuzzLease holds that whatever a network sends, an address is one of IPv4 in
// a network of its own, and is not asked for again at once.
func FuzzLease(f *testing.F) {
	f.Add(grant(f).ToBytes())
	f.Add(grant(f, dhcpv4.WithNetmask(net.CIDRMask(31, 32)), dhcpv4.WithLeaseTime(0)).ToBytes())
	f.Add([]byte("garbage"))
	f.Fuzz(func(t *testing.T, b []byte) {
		ack, err := dhcpv4.FromBytes(b)
		if err != nil {
			return
		}
		l, err := leaseOf(ack)
		if err != nil {
			return
		}
		if !l.address.Addr().Is4() || l.address.Bits() < 1 || l.address.Bits() > 31 || l.renew < shortestLife/2 || len(l.servers) > maxServers ||
			l.gateway.IsValid() && !l.address.Contains(l.gateway) {
			t.Fatalf("%x grants %+v", b, l)
		}
	})
}
