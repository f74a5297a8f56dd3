package cable

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv4/nclient4"

	"badgekiosk/cmd/kiosk/jail"
	"badgekiosk/cmd/kiosk/link"
	"badgekiosk/provision"
)

const (
	// carrierTime is how long an interface may take to be there, and to hear
	// the other end of its cable.
	carrierTime = 12 * time.Second
	carrierWait = 100 * time.Millisecond

	// hardwareAddress is how long one of Ethernet is, in bytes.
	hardwareAddress = 6

	// A switch may take 30 s until it lets a new neighbour speak. Four tries,
	// each waited for twice as long, are 45 s.
	firstTry = 3 * time.Second
	tries    = 4
)

// Connect gets an address, shuts this process in, and opens connections from
// then on. lost is called when the address may no longer be used. The error
// is [provision.ErrNoNetwork] if no cable is in, or nobody gives an address.
func Connect(ctx context.Context, lost func()) (provision.Dial, error) {
	if _, err := x509.SystemCertPool(); err != nil { // while there are files
		return nil, fmt.Errorf("certificates: %w", err)
	}
	for _, which := range []string{"all", "default"} {
		// A kernel without IPv6 has no such file.
		_ = os.WriteFile("/proc/sys/net/ipv6/conf/"+which+"/disable_ipv6", []byte("1"), 0)
	}
	l, err := address(ctx, lost)
	if err != nil {
		return nil, err
	}
	for _, wall := range jail.Apart() {
		if wall.Fault != "" && wall.Name != "landlock" { // an older kernel has none
			return nil, fmt.Errorf("%s: %s", wall.Name, wall.Fault)
		}
	}
	return l.dial(), nil
}

// address is the first lease that any cable brings.
func address(ctx context.Context, lost func()) (lease, error) {
	tried := map[int]bool{}
	for end := time.Now().Add(carrierTime); time.Now().Before(end); {
		for _, in := range plugged() {
			if tried[in.Index] {
				continue
			}
			tried[in.Index] = true
			if l, err := ask(ctx, in, lost); err == nil {
				return l, nil
			}
			end = time.Now().Add(carrierTime) // for another one
		}
		select {
		case <-ctx.Done():
			return lease{}, ctx.Err()
		case <-time.After(carrierWait):
		}
	}
	return lease{}, provision.ErrNoNetwork
}

// plugged switches on what interfaces there are, and returns those that hear
// another end.
func plugged() (all []net.Interface) {
	there, _ := net.Interfaces() // none: no cable
	for _, in := range there {
		switch {
		case len(in.HardwareAddr) != hardwareAddress: // lo, or a tunnel
		case in.Flags&net.FlagUp == 0:
			_ = link.Up(in.Index) // it is tried again
		case in.Flags&net.FlagRunning != 0:
			all = append(all, in)
		}
	}
	return all
}

// ask asks for an address by one interface, and sets it.
func ask(ctx context.Context, in net.Interface, lost func()) (l lease, err error) {
	client, err := nclient4.New(in.Name, nclient4.WithTimeout(firstTry), nclient4.WithRetry(tries))
	if err != nil {
		return l, err
	}
	granted, err := client.Request(ctx, dhcpv4.WithBroadcast(true))
	if err == nil {
		l, err = leaseOf(granted.ACK)
	}
	if err == nil {
		err = link.Address(in.Index, l.address)
	}
	if err == nil && l.gateway.IsValid() {
		err = link.Gateway(in.Index, l.gateway)
	}
	if err != nil {
		_ = client.Close() // nothing is lost
		return l, err
	}
	go keep(ctx, client, granted, l, lost)
	return l, nil
}

// keep asks for the address again in time, until it is refused or becomes
// another.
func keep(ctx context.Context, client *nclient4.Client, granted *nclient4.Lease, l lease, lost func()) {
	defer lost()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(l.renew):
		}
		next, err := client.Renew(ctx, granted, dhcpv4.WithBroadcast(true))
		if err != nil {
			return
		}
		renewed, err := leaseOf(next.ACK)
		if err != nil || renewed.address != l.address {
			return
		}
		granted, l = next, renewed
	}
}
