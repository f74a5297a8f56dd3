package provision

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/provision/bundle"
)

// answering is a socket at which one who comes is answered, and then hung up on.
func answering(t *testing.T, answer func(net.Conn)) (at string) {
	at = filepath.Join(t.TempDir(), "sync")
	l, err := net.Listen("unix", at)
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		answer(conn)
		_ = conn.Close()
	}()
	return at
}

// TestFetchAt fetches with whoever has the network, by the way that he makes.
func TestFetchAt(t *testing.T) {
	zips, anchor := editions(t, 1)
	files, err := bundle.Unzip(zips[0])
	must(t, err)
	server := httptest.NewServer(&site{files: files})
	defer server.Close()
	s, err := openStore(newCard(), anchor)
	must(t, err)
	for name, c := range map[string]struct {
		connect Connect
		want    error
		fails   bool
	}{
		"a network":    {func(context.Context) (Dial, error) { return (&net.Dialer{}).DialContext, nil }, nil, false},
		"no cable":     {func(context.Context) (Dial, error) { return nil, ErrNoNetwork }, ErrNoNetwork, true},
		"nobody there": {nil, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			at := answering(t, func(conn net.Conn) {
				if c.connect != nil {
					_ = c.connect.Serve(t.Context(), conn, conn)
				}
			})
			ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
			defer stop()
			f, err := FetchAt(at)(ctx, s.Wish(server.URL+"/tuf/"))
			if (err != nil) != c.fails || c.want != nil && !errors.Is(err, c.want) {
				t.Fatalf("fetched with %v, want %v", err, c.want)
			}
			if c.want == nil && errors.Is(err, ErrNoNetwork) {
				t.Errorf("%v, although there is a network", err)
			}
			if err == nil {
				_, err = s.Take(f)
				must(t, err)
			}
		})
	}
}

// TestFetchAtAnsweredEarly has whoever has the network answer before he was
// asked: he says why not, and that counts, though the wish cannot be sent.
func TestFetchAtAnsweredEarly(t *testing.T) {
	at := answering(t, func(conn net.Conn) { _ = writeFrame(conn, fetchedHead{Failed: true, Nowhere: true}) })
	w := Wish{URL: "https://badges.example/", Have: make([]byte, 8<<20)} // more than a socket holds
	if _, err := FetchAt(at)(t.Context(), w); !errors.Is(err, ErrNoNetwork) {
		t.Errorf("fetched with %v, want %v", err, ErrNoNetwork)
	}
}

// TestUnplugged looks for a cable every two minutes, tells of none of it, and
// asks soon after one is in.
func TestUnplugged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := openStore(newCard(), nil)
		must(t, err)
		began, plugged := time.Now(), 30*time.Hour
		var asked time.Duration
		y := NewSyncer(s, func(context.Context, Wish) (Fetched, error) {
			if time.Since(began) < plugged {
				return Fetched{}, ErrNoNetwork
			}
			asked = time.Since(began)
			return Fetched{}, ErrInstalled
		}, func(w *Wish) { w.URL = "https://badges.example/" })
		ctx, stop := context.WithCancel(t.Context())
		told := 0
		go y.Run(ctx, func(SyncEvent) { told++ })
		time.Sleep(plugged + syncPlug)
		synctest.Wait()
		if told != 1 || asked < plugged {
			t.Errorf("told of %d answers, asked at %v, plugged in at %v", told, asked, plugged)
		}
		stop()
		synctest.Wait()
	})
}
