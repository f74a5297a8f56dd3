package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// linkNamespace is IFLA_NET_NS_PID, which package syscall lacks.
const linkNamespace = 19

// Move moves an interface into the network namespace of a process. It comes
// back, down and without its address, when the last process there has ended.
//
// Source: rtnetlink(7); network_namespaces(7).
func Move(index, pid int) error {
	return ask(syscall.RTM_NEWLINK, 0, info(index, 0), attribute(linkNamespace, word(uint32(pid))))
}

// Up switches an interface on.
func Up(index int) error { return ask(syscall.RTM_NEWLINK, 0, info(index, syscall.IFF_UP)) }

// Address gives an interface an IPv4 address, in a network as wide as p says.
func Address(index int, p netip.Prefix) error {
	if !p.Addr().Is4() {
		return fmt.Errorf("%d is the width of no IPv4 network", p.Bits())
	}
	body := binary.NativeEndian.AppendUint32([]byte{syscall.AF_INET, byte(p.Bits()), 0, syscall.RT_SCOPE_UNIVERSE}, uint32(index))
	return ask(syscall.RTM_NEWADDR, syscall.NLM_F_CREATE|syscall.NLM_F_REPLACE, body,
		attribute(syscall.IFA_LOCAL, p.Addr().AsSlice()), attribute(syscall.IFA_ADDRESS, p.Addr().AsSlice()))
}

// Gateway sends through via whatever goes to no nearer network.
func Gateway(index int, via netip.Addr) error {
	if !via.Is4() {
		return errors.New("a gateway that is no IPv4 address")
	}
	body := []byte{syscall.AF_INET, 0, 0, 0, syscall.RT_TABLE_MAIN, syscall.RTPROT_DHCP, syscall.RT_SCOPE_UNIVERSE, syscall.RTN_UNICAST, 0, 0, 0, 0}
	return ask(syscall.RTM_NEWROUTE, syscall.NLM_F_CREATE|syscall.NLM_F_REPLACE, body,
		attribute(syscall.RTA_GATEWAY, via.AsSlice()), attribute(syscall.RTA_OIF, word(uint32(index))))
}

func word(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }

// info is a struct ifinfomsg that sets flags and clears none.
func info(index int, flags uint32) []byte {
	b := binary.NativeEndian.AppendUint32(make([]byte, 4, 16), uint32(index))
	return append(append(b, word(flags)...), word(flags)...)
}

// attribute is a struct rtattr with its data, padded.
func attribute(kind uint16, data []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(data)))
	b = append(binary.NativeEndian.AppendUint16(b, kind), data...)
	return append(b, make([]byte, -len(b)&3)...)
}

// ask asks for one thing and hears whether it was done. Source: netlink(7).
func ask(kind, flags uint16, parts ...[]byte) error {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer syscall.Close(s) //nolint:errcheck // nothing is left in it
	message := make([]byte, syscall.NLMSG_HDRLEN)
	for _, p := range parts {
		message = append(message, p...)
	}
	binary.NativeEndian.PutUint32(message, uint32(len(message)))
	binary.NativeEndian.PutUint16(message[4:], kind)
	binary.NativeEndian.PutUint16(message[6:], flags|syscall.NLM_F_REQUEST|syscall.NLM_F_ACK)
	kernel := &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}
	if err := syscall.Sendto(s, message, 0, kernel); err != nil {
		return err
	}
	b := make([]byte, syscall.Getpagesize())
	for {
		n, _, err := syscall.Recvfrom(s, b, 0)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		return answer(b[:n])
	}
}

// answer is what the kernel says to a request.
func answer(b []byte) error {
	all, err := syscall.ParseNetlinkMessage(b)
	if err != nil {
		return err
	}
	if len(all) != 1 || all[0].Header.Type != syscall.NLMSG_ERROR || len(all[0].Data) < 4 {
		return fmt.Errorf("%d bytes that are no answer of the kernel's", len(b))
	}
	if errno := -int32(binary.NativeEndian.Uint32(all[0].Data)); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}
