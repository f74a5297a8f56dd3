// Package notify tells whoever supervises the kiosk, systemd or the first
// process of a card of our own, how it gets on.
//
// Source: sd_notify(3).
package notify

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// A Supervisor hears how this process gets on. A nil *Supervisor is nobody.
type Supervisor struct {
	addr  net.UnixAddr
	every time.Duration
}

// FromEnv is the supervisor that the environment names, nil if none. The
// names are taken out of the environment: a child is supervised by its
// parent.
func FromEnv() *Supervisor {
	path := os.Getenv("NOTIFY_SOCKET")
	usec, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || usec < 0 {
		usec = 0
	}
	// The time may be meant for another process.
	if pid := os.Getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		usec = 0
	}
	for _, name := range []string{"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"} {
		os.Unsetenv(name)
	}
	if path == "" || path[0] != '/' && path[0] != '@' {
		return nil
	}
	return &Supervisor{net.UnixAddr{Name: path, Net: "unixgram"}, time.Duration(usec) * time.Microsecond}
}

// Every is how often Alive is to be said at least, 0 for never: half of what
// the supervisor waits for.
func (s *Supervisor) Every() time.Duration {
	if s == nil {
		return 0
	}
	return s.every / 2
}

// Ready says that the kiosk scans.
func (s *Supervisor) Ready() error { return s.tell("READY=1") }

// Alive says that the kiosk makes progress.
func (s *Supervisor) Alive() error { return s.tell("WATCHDOG=1") }

// Stopping says that the kiosk ends because it was asked to.
func (s *Supervisor) Stopping() error { return s.tell("STOPPING=1") }

// Off asks for the board to be switched off. The first process of a card of
// our own does so; any other supervisor passes it over.
func (s *Supervisor) Off() error { return s.tell("X_OFF=1") }

// TakeSystem asks for the system on the stick to be written to the card's
// other slot, TrySystem for the board to be started with it once it is there.
// Well says that this system on trial does as well as the one before. The
// first process of a card of our own listens to them, no other supervisor.
func (s *Supervisor) TakeSystem() error { return s.tell("X_SYSTEM=1") }

// TrySystem: see [Supervisor.TakeSystem].
func (s *Supervisor) TrySystem() error { return s.tell("X_TRY=1") }

// Well: see [Supervisor.TakeSystem].
func (s *Supervisor) Well() error { return s.tell("X_WELL=1") }

// Network says that this kiosk will ask a host for bundles, so that adapters
// for Ethernet are taken. It is for the first process of a card of our own.
func (s *Supervisor) Network() error { return s.tell("X_NETWORK=1") }

// Status says in a line, for a person, what the kiosk is doing.
func (s *Supervisor) Status(line string) error {
	return s.tell("STATUS=" + strings.Map(func(c rune) rune {
		if c < ' ' {
			return ' '
		}
		return c
	}, line))
}

// patience is how long a supervisor that does not listen is waited for.
const patience = time.Second

func (s *Supervisor) tell(state string) error {
	if s == nil {
		return nil
	}
	c, err := net.DialUnix("unixgram", nil, &s.addr)
	if err != nil {
		return fmt.Errorf("the supervisor does not listen: %w", err)
	}
	defer c.Close()
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return fmt.Errorf("the supervisor does not listen: %w", err)
	}
	if _, err := c.Write([]byte(state)); err != nil {
		return fmt.Errorf("the supervisor does not listen: %w", err)
	}
	return nil
}
