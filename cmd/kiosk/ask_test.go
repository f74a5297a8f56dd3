package main

import (
	"bufio"
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"badgekiosk/provision"
)

// TestAskNow asks the host that the signed settings name: soon after the
// start, when staff look for an update, and not while no cable is in.
func TestAskNow(t *testing.T) {
	c, _ := installed(t)
	say(t, exitAll, "bundle", "settings", "co", "--sync", "https://badges.example/bundle/")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	var asked, tried atomic.Int32
	attend(t, c, func(n *counter) {
		n.wait(6 * time.Minute)
		if asked.Load() != 0 || tried.Load() == 0 {
			t.Errorf("without a cable it tried %d times and asked %d times", tried.Load(), asked.Load())
		}
		tried.Store(1 << 20)
		n.wait(3 * time.Minute)
		if asked.Load() != 1 {
			t.Errorf("with a cable it asked %d times", asked.Load())
		}
		n.ask(func() { n.app.lookForUpdate() })
		n.wait(2 * time.Minute)
		if asked.Load() != 2 {
			t.Errorf("staff wanted it, and it asked %d times", asked.Load())
		}
	}, func(n *counter) {
		n.app.fetch = func(_ context.Context, w provision.Wish) (provision.Fetched, error) {
			if w.URL != "https://badges.example/bundle/" {
				t.Errorf("asked %q", w.URL)
			}
			if tried.Add(1) < 1<<20 {
				return provision.Fetched{}, provision.ErrNoNetwork
			}
			asked.Add(1)
			return provision.Fetched{}, provision.ErrInstalled
		}
	})
}

// TestAskElsewhere takes a wish to whoever started the kiosk, where that is
// who has the network.
func TestAskElsewhere(t *testing.T) {
	at := filepath.Join(t.TempDir(), "sync")
	l, err := net.Listen("unix", at)
	must(t, err)
	defer l.Close() //nolint:errcheck // only a test's
	t.Setenv(syncSocket, at)
	fetch, err := fetchApart()
	must(t, err)
	heard := make(chan string)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		line, _ := bufio.NewReader(c).ReadString('\n')
		_ = c.Close()
		heard <- line
	}()
	if _, err := fetch(t.Context(), provision.Wish{URL: "https://badges.example/"}); err == nil {
		t.Error("no answer is one")
	}
	if line := <-heard; !strings.Contains(line, "https://badges.example/") {
		t.Errorf("heard %q", line)
	}
}
