package notify

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func env(t *testing.T, socket, usec, pid string) *Supervisor {
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", usec)
	t.Setenv("WATCHDOG_PID", pid)
	return FromEnv()
}

// TestHeard is what a supervisor hears.
func TestHeard(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := env(t, path, "30000000", strconv.Itoa(os.Getpid()))
	if s.Every() != 15*time.Second {
		t.Errorf("alive every %s", s.Every())
	}
	if os.Getenv("NOTIFY_SOCKET") != "" {
		t.Error("a child would be told of the supervisor")
	}
	for _, c := range []struct {
		say  func() error
		want string
	}{
		{s.TakeSystem, "X_SYSTEM=1"}, {s.TrySystem, "X_TRY=1"}, {s.Well, "X_WELL=1"}, {s.Network, "X_NETWORK=1"},
		{s.Ready, "READY=1"}, {s.Alive, "WATCHDOG=1"}, {s.Stopping, "STOPPING=1"},
		{func() error { return s.Status("scanning\nREADY=0") }, "STATUS=scanning READY=0"},
	} {
		if err := c.say(); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		n, err := l.Read(b)
		if err != nil || string(b[:n]) != c.want {
			t.Errorf("heard %q, %v, want %q", b[:n], err, c.want)
		}
	}
	l.Close()
	if err := s.Alive(); err == nil {
		t.Error("nobody listens, and that is no error")
	}
}

func TestNobody(t *testing.T) {
	s := env(t, "", "", "")
	if s != nil || s.Every() != 0 || s.Ready() != nil || s.Alive() != nil || s.Stopping() != nil || s.Status("x") != nil {
		t.Error("nobody listens, and that is an error")
	}
	if env(t, "relative/path", "", "") != nil {
		t.Error("a relative path is a supervisor")
	}
	if s := env(t, "@kiosk", "1000", "1"); s == nil || s.Every() != 0 {
		t.Error("another process's watchdog is fed")
	}
}
