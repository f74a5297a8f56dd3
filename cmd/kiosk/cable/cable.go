// Package cable gets a process onto a wired network for as long as one
// question takes, and shuts it in there.
//
// Whoever starts the process gives it user and network namespaces of its own
// and moves the board's wired interfaces there. It asks for an address by
// DHCP and takes the name servers that come with it; it listens to nothing,
// tells nobody a name, and speaks no IPv6. Before it opens the first
// connection it gives up its rights and every file. What it learns of the
// network goes nowhere: no address and no name is in an error's words.
//
// Source: RFC 2131.
package cable

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"badgekiosk/provision"
)

// A lease is an address for a while, and what came with it.
type lease struct {
	address netip.Prefix
	gateway netip.Addr // the zero one without
	servers []netip.Addr
	renew   time.Duration // after which it must be asked for again
}

// Limits on what a network says of itself.
const (
	maxServers   = 3
	usualLife    = time.Hour   // of a lease that does not say
	shortestLife = time.Minute // a shorter one is asked for no sooner
)

// leaseOf reads what a server granted.
func leaseOf(ack *dhcpv4.DHCPv4) (l lease, err error) {
	address, ok := netip.AddrFromSlice(ack.YourIPAddr.To4())
	if !ok || !address.IsGlobalUnicast() {
		return l, errors.New("the network gives an address that is none")
	}
	mask := ack.SubnetMask()
	ones, bits := mask.Size()
	if bits != 32 || ones == 0 || ones > 31 {
		return l, fmt.Errorf("the network gives an address in a network of %d of %d bits", ones, bits)
	}
	l.address = netip.PrefixFrom(address, ones)
	for _, r := range ack.Router() {
		if a, ok := netip.AddrFromSlice(r.To4()); ok && l.address.Contains(a) && a != address {
			l.gateway = a
			break
		}
	}
	for _, s := range ack.DNS() {
		if a, ok := netip.AddrFromSlice(s.To4()); ok && a.IsGlobalUnicast() && len(l.servers) < maxServers {
			l.servers = append(l.servers, a)
		}
	}
	life := max(ack.IPAddressLeaseTime(usualLife), shortestLife)
	l.renew = min(max(ack.IPAddressRenewalTime(life/2), shortestLife/2), life)
	return l, nil
}

// dial opens connections, and asks the lease's servers for names.
func (l lease) dial() provision.Dial {
	var turn atomic.Uint32
	names := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		if len(l.servers) == 0 {
			return nil, errors.New("the network has no name server")
		}
		server := l.servers[int(turn.Add(1)-1)%len(l.servers)]
		return (&net.Dialer{}).DialContext(ctx, network, netip.AddrPortFrom(server, 53).String())
	}}
	return (&net.Dialer{Timeout: 30 * time.Second, Resolver: names}).DialContext
}
