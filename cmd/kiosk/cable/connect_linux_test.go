package cable

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv4/server4"

	"badgekiosk/cmd/kiosk/link"
	"badgekiosk/provision"
)

// This test's program is also the processes at the two ends of a cable.
const roleVariable = "CABLE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(m.Run())
	case "kiosk":
		kiosk()
	default:
		if err := school(role); err != nil {
			fmt.Println("FAULT", err)
		}
	}
}

// as starts this program in another role, in namespaces of its own.
func as(role string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	const somebody = 1001
	one := []syscall.SysProcIDMap{{ContainerID: somebody, HostID: os.Getuid(), Size: 1}}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET, UidMappings: one, GidMappings: one,
		Credential: &syscall.Credential{Uid: somebody, Gid: somebody, NoSetGroups: true}, AmbientCaps: []uintptr{10, 12, 13}}
	if role != "kiosk" {
		one[0].ContainerID = 0
		cmd.SysProcAttr.Credential, cmd.SysProcAttr.AmbientCaps = nil, nil
	}
	return cmd
}

const host = "example.com" // which the certificate of package httptest names

// kiosk is the process with the network: it says what it got, and what else
// it could do.
func kiosk() {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	dial, err := Connect(ctx, stop)
	if err != nil {
		fmt.Println("none:", errors.Is(err, provision.ErrNoNetwork), err)
		return
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial}}
	res, err := client.Get("https://" + host + "/")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := io.ReadAll(res.Body)
	fmt.Println("got:", string(body), err)
	addresses, err := net.InterfaceAddrs()
	fmt.Println("addresses:", addresses, err)
	_, err = os.ReadFile("/proc/self/status")
	fmt.Println("file:", err != nil)
	fmt.Println("program:", exec.Command("/proc/self/exe").Run() != nil)
	fmt.Println("raw socket:", refused(syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP)))
	fmt.Println("another address:", link.Address(2, netip.MustParsePrefix("192.0.2.9/24")) != nil)
}

func refused(fd int, err error) bool { return err != nil }

// school is the other end: it lays the cable, gives out addresses, knows one
// name and serves one page there. Then it tells what the kiosk said.
func school(role string) error {
	if err := layCable("kiosk", "desk"); err != nil {
		return fmt.Errorf("no cable: %w", err)
	}
	desk, err := net.InterfaceByName("desk")
	if err != nil {
		return err
	}
	kiosk, err := net.InterfaceByName("kiosk")
	if err != nil {
		return err
	}
	here := netip.MustParsePrefix("192.0.2.1/24")
	if err := errors.Join(link.Up(desk.Index), link.Address(desk.Index, here)); err != nil {
		return err
	}
	door, err := net.Listen("tcp", "192.0.2.1:443")
	if err != nil {
		return err
	}
	page := &httptest.Server{Listener: door, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a bundle for ", strings.Split(r.RemoteAddr, ":")[0])
	})}}
	page.StartTLS()
	roots := os.Getenv("SSL_CERT_FILE")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: page.Certificate().Raw}), 0o600); err != nil {
		return err
	}
	if err := answerNames(); err != nil {
		return err
	}
	if role == "school" {
		give, err := server4.NewServer("desk", &net.UDPAddr{Port: dhcpv4.ServerPort}, grantTo)
		if err != nil {
			return err
		}
		go give.Serve() //nolint:errcheck // it ends with us
	}
	cmd := as("kiosk")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	if err := cmd.Start(); err != nil {
		return err
	}
	if role != "unplugged" {
		if err := link.Move(kiosk.Index, cmd.Process.Pid); err != nil {
			return fmt.Errorf("move: %w", err)
		}
	}
	return cmd.Wait()
}

func grantTo(conn net.PacketConn, peer net.Addr, m *dhcpv4.DHCPv4) {
	kind := dhcpv4.MessageTypeOffer
	if m.MessageType() == dhcpv4.MessageTypeRequest {
		kind = dhcpv4.MessageTypeAck
	}
	here := net.IPv4(192, 0, 2, 1)
	reply, err := dhcpv4.NewReplyFromRequest(m, dhcpv4.WithMessageType(kind), dhcpv4.WithYourIP(net.IPv4(192, 0, 2, 50)), dhcpv4.WithServerIP(here),
		dhcpv4.WithOption(dhcpv4.OptServerIdentifier(here)), dhcpv4.WithNetmask(net.CIDRMask(24, 32)), dhcpv4.WithRouter(here), dhcpv4.WithDNS(here), dhcpv4.WithLeaseTime(600))
	if m.Options.Has(dhcpv4.OptionHostName) || m.Options.Has(dhcpv4.OptionClassIdentifier) {
		fmt.Println("FAULT it tells who it is:", m.Summary())
	}
	if err == nil {
		_, err = conn.WriteTo(reply.ToBytes(), peer)
	}
	if err != nil {
		fmt.Println("FAULT", err)
	}
}

// answerNames says of every name that it is here. Source: RFC 1035, 4.1.
func answerNames() error {
	c, err := net.ListenPacket("udp4", "192.0.2.1:53")
	if err != nil {
		return err
	}
	go func() {
		b := make([]byte, 512)
		for {
			n, peer, err := c.ReadFrom(b)
			if err != nil || n < 17 {
				return
			}
			end := 12 + bytes.IndexByte(b[12:n], 0) + 5
			reply := append(bytes.Clone(b[:2]), 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0)
			reply = append(reply, b[12:end]...)
			if binary.BigEndian.Uint16(b[end-4:]) == 1 { // an address of IPv4
				reply[7] = 1
				reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1)
			}
			_, _ = c.WriteTo(reply, peer)
		}
	}()
	return nil
}

// layCable makes two interfaces that are the two ends of a cable.
func layCable(one, other string) error {
	name := func(s string) []byte { return attr(syscall.IFLA_IFNAME, append([]byte(s), 0)) }
	const linkInfo, infoKind, infoData, peer = 18, 1, 2, 1
	body := append(make([]byte, 16), name(one)...)
	body = append(body, attr(linkInfo, append(attr(infoKind, []byte("veth")), attr(infoData, attr(peer, append(make([]byte, 16), name(other)...)))...))...)
	message := binary.NativeEndian.AppendUint32(nil, uint32(16+len(body)))
	message = binary.NativeEndian.AppendUint16(message, syscall.RTM_NEWLINK)
	message = binary.NativeEndian.AppendUint16(message, syscall.NLM_F_REQUEST|syscall.NLM_F_ACK|syscall.NLM_F_CREATE|syscall.NLM_F_EXCL)
	message = append(append(message, make([]byte, 8)...), body...)
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, syscall.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer syscall.Close(s) //nolint:errcheck // only a test's
	if err := syscall.Sendto(s, message, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	b := make([]byte, 4096)
	n, _, err := syscall.Recvfrom(s, b, 0)
	if err != nil || n < 20 {
		return fmt.Errorf("%d bytes: %w", n, err)
	}
	if errno := -int32(binary.NativeEndian.Uint32(b[16:])); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}

func attr(kind uint16, data []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(data)))
	b = append(binary.NativeEndian.AppendUint16(b, kind), data...)
	return append(b, make([]byte, -len(b)&3)...)
}

// TestConnect plugs a cable in whose other end gives an address, one where
// nobody does, and none.
func TestConnect(t *testing.T) {
	for role, want := range map[string][]string{
		"school":    {"got: a bundle for 192.0.2.50", "addresses: [192.0.2.50/24]", "file: true", "program: true", "raw socket: true", "another address: true"},
		"unplugged": {"none: true there is no network"},
		"mute":      {"none: true there is no network"}, // after four tries, in 57 s
	} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			cmd := as(role)
			cmd.Env = append(cmd.Env, "SSL_CERT_FILE="+t.TempDir()+"/roots.pem")
			out, err := cmd.CombinedOutput()
			if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || bytes.Contains(out, []byte("no cable")) {
				t.Logf("this system lets nobody lay a cable: %v %s", err, out)
				return
			}
			if bytes.Contains(out, []byte("built with cgo")) {
				want = []string{"none: false no new privileges: this program was built with cgo: build it with CGO_ENABLED=0"} // no walls, no network
			}
			for _, w := range want {
				if !bytes.Contains(out, []byte(w+"\n")) && !bytes.Contains(out, []byte(w+" <nil>\n")) {
					t.Errorf("it does not say %q", w)
				}
			}
			if bytes.Contains(out, []byte("FAULT")) || t.Failed() {
				t.Errorf("they said (%v):\n%s", err, out)
			}
		})
	}
}
