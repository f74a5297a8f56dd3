package provision

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/provision/bundle"
)

// A coalition of five districts, each with 40 issuers, 4 status lists at 1 %
// and 6 badge pictures: some 500 KB.
const (
	fleetDistricts = 5
	fleetIssuers   = 40
	fleetLists     = 4
	fleetPictures  = 6
	issuerBytes    = 500
	listBytes      = 4421
	pictureBytes   = 12 << 10
)

// fleetEditions are three editions: the first, one with one list changed, and
// one with everything changed.
func fleetEditions(t *testing.T) (zips [][]byte, anchor []byte) {
	t.Helper()
	roles := []string{bundle.Consortium}
	for i := range fleetDistricts {
		roles = append(roles, fmt.Sprintf("district%d", i))
	}
	f := found(t, roles[1:]...).open()
	rng := rand.New(rand.NewPCG(8, 8))
	tree := fleetTree(rng, roles[1:])
	for n, changed := range [][]string{roles, {"district3"}, roles} {
		if n == 1 {
			tree["districts/district3/documents/list0"] = noise(rng, listBytes)
		} else {
			tree = fleetTree(rng, roles[1:])
		}
		tree["consortium.json"] = fmt.Appendf(nil, `{"serial":%d}`, n+1)
		zips = append(zips, f.edition(tree, changed...))
	}
	return zips, f.root()
}

func fleetTree(rng *rand.Rand, districts []string) bundle.Files {
	tree := bundle.Files{}
	for _, d := range districts {
		at := "districts/" + d
		for i := range fleetIssuers {
			tree[fmt.Sprintf("%s/issuers/%d.json", at, i)] = noise(rng, issuerBytes)
		}
		for i := range fleetLists {
			tree[fmt.Sprintf("%s/documents/list%d", at, i)] = noise(rng, listBytes)
		}
		for i := range fleetPictures {
			tree[fmt.Sprintf("%s/manifests/%d.png", at, i)] = noise(rng, pictureBytes)
		}
	}
	return tree
}

func noise(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// A web is a host without a network between: it counts.
type web struct {
	site           site
	down           atomic.Bool
	requests, sent atomic.Int64
	failed         atomic.Int64
	mu             sync.Mutex
	perMinute      map[int64]int
}

// RoundTrip implements [http.RoundTripper].
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.perMinute[time.Now().Unix()/60]++
	w.mu.Unlock()
	if w.down.Load() {
		w.failed.Add(1)
		return nil, errors.New("no route to host")
	}
	asked, err := httputil.DumpRequestOut(r.Clone(context.Background()), false)
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	w.site.ServeHTTP(rec, r)
	res := rec.Result()
	answer, err := httputil.DumpResponse(res, true)
	w.requests.Add(1)
	w.sent.Add(int64(len(asked) + len(answer)))
	return res, err
}

func (w *web) serve(t *testing.T, zipped []byte) {
	files, err := bundle.Unzip(zipped)
	must(t, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.site.files = files
}

// day lets a day pass and says what it cost each kiosk.
func (w *web) day(t *testing.T, what string, kiosks int) (bytes, requests float64) {
	w.requests.Store(0)
	w.sent.Store(0)
	w.failed.Store(0)
	w.mu.Lock()
	w.perMinute = map[int64]int{}
	w.mu.Unlock()
	time.Sleep(24 * time.Hour)
	synctest.Wait()
	peak := 0
	w.mu.Lock()
	for _, n := range w.perMinute {
		peak = max(peak, n)
	}
	w.mu.Unlock()
	bytes, requests = float64(w.sent.Load())/float64(kiosks), float64(w.requests.Load())/float64(kiosks)
	t.Logf("%-24s per kiosk: %8.0f bytes, %5.1f requests, %4.1f refused; busiest minute %d requests", what, bytes, requests, float64(w.failed.Load())/float64(kiosks), peak)
	return bytes, requests
}

// TestFleet simulates a week of a fleet: 12 kiosks, 500 with PROOF=1.
func TestFleet(t *testing.T) {
	kiosks := 12
	if os.Getenv("PROOF") != "" {
		kiosks = 500
	}
	zips, anchor := fleetEditions(t)
	t.Logf("%d kiosks, a bundle of %d bytes", kiosks, len(zips[0]))
	first := newCard()
	s, err := openStore(first, anchor)
	must(t, err)
	_, err = s.Install(zips[0])
	must(t, err)
	synctest.Test(t, func(t *testing.T) {
		w := &web{perMinute: map[int64]int{}}
		w.serve(t, zips[0])
		ctx, stop := context.WithCancel(t.Context())
		client := &http.Client{Transport: w}
		stores := make([]*Store, kiosks)
		for i := range stores {
			c := newCard()
			for _, o := range first.ops {
				c.apply(o)
			}
			stores[i], err = openStore(c, anchor)
			must(t, err)
			y := NewSyncer(stores[i], func(ctx context.Context, w Wish) (Fetched, error) { return w.Fetch(ctx, client) },
				func(w *Wish) { w.URL = "https://badges.example/tuf/" })
			go y.Run(ctx, func(SyncEvent) {})
		}
		newest := func(version int64) (n int) {
			for _, s := range stores {
				if s.Current().Version == version {
					n++
				}
			}
			return n
		}
		w.day(t, "the first day", kiosks)
		idle, n := w.day(t, "nothing changed", kiosks)
		if idle > 1000 || n > 1.5 {
			t.Errorf("a day without news costs %.0f bytes and %.1f requests", idle, n)
		}
		w.serve(t, zips[1])
		one, _ := w.day(t, "one list changed", kiosks)
		if one > float64(len(zips[0]))/5 {
			t.Errorf("one list costs %.0f bytes of a bundle of %d", one, len(zips[0]))
		}
		w.day(t, "nothing changed", kiosks)
		if got := newest(2); got != kiosks {
			t.Errorf("%d of %d kiosks have the new list after two days", got, kiosks)
		}
		w.serve(t, zips[2])
		w.day(t, "everything changed", kiosks)
		w.down.Store(true)
		w.day(t, "the host is down", kiosks)
		if tries := float64(w.failed.Load()) / float64(kiosks); tries > 60 {
			t.Errorf("a host that is down is asked %.0f times a day by each kiosk", tries)
		}
		w.down.Store(false)
		w.day(t, "it is back", kiosks)
		w.day(t, "nothing changed", kiosks)
		if got := newest(3); got != kiosks {
			t.Errorf("%d of %d kiosks have the newest bundle", got, kiosks)
		}
		stop()
		synctest.Wait()
	})
}

// counted are the bytes of all connections, with TLS and all.
type counted struct {
	net.Conn
	n *atomic.Int64
}

// Read implements [net.Conn].
func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// Write implements [net.Conn].
func (c counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.n.Add(int64(n))
	return n, err
}

// TestWire counts what one kiosk's question costs on the wire, with TLS 1.3
// and its handshake.
func TestWire(t *testing.T) {
	zips, anchor := fleetEditions(t)
	w := &web{}
	server := httptest.NewUnstartedServer(&w.site)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	s, err := openStore(newCard(), anchor)
	must(t, err)
	costs := map[string]int64{}
	for _, step := range []struct {
		what    string
		edition int
		want    error
	}{{"the first bundle", 0, nil}, {"nothing changed", 0, ErrInstalled}, {"one list changed", 1, nil}, {"everything changed", 2, nil}} {
		w.serve(t, zips[step.edition])
		var n atomic.Int64
		tr := server.Client().Transport.(*http.Transport).Clone()
		tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			return counted{c, &n}, err
		}
		_, err := s.Sync(t.Context(), &http.Client{Transport: tr}, server.URL+"/tuf/")
		if !errors.Is(err, step.want) {
			t.Errorf("%s: %v", step.what, err)
		}
		tr.CloseIdleConnections()
		costs[step.what] = n.Load()
		t.Logf("%-20s %8d bytes on the wire", step.what, n.Load())
	}
	if costs["nothing changed"] > 8000 || costs["one list changed"] > costs["everything changed"]/5 {
		t.Error("a question without news should cost a handshake, one list a small part of all")
	}
}

// TestTimelessTLS: a kiosk whose clock is not set reaches a host whose
// certificate began after the date it knows; never one that nobody vouches
// for, or whose name is another's.
func TestTimelessTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	ask := func(w Wish, url string, known bool) error {
		pool := roots
		if !known {
			pool = nil
		}
		client, err := w.Client(pool, nil)
		must(t, err)
		client.Transport.(*http.Transport).TLSClientConfig.ServerName = "example.com" // the certificate's
		if url != "" {
			client.Transport.(*http.Transport).TLSClientConfig.ServerName = url
		}
		res, err := client.Get(server.URL)
		if err == nil {
			err = res.Body.Close()
		}
		return err
	}
	longAgo := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := ask(Wish{At: longAgo}, "", true); err == nil {
		t.Error("a set clock does not look at the certificate's dates")
	}
	must(t, ask(Wish{}, "", true))
	if err := ask(Wish{}, "", false); err == nil {
		t.Error("an unset clock takes a certificate that nobody vouches for")
	}
	if err := ask(Wish{}, "other.example", true); err == nil {
		t.Error("an unset clock takes another host's certificate")
	}
	if err := timeless(tls.ConnectionState{}, roots); err == nil {
		t.Error("no certificate is as good as one")
	}
}

// TestFetchBy fetches in a process of its own: this test's program.
func TestFetchBy(t *testing.T) {
	zips, anchor := editions(t, 2)
	host := &site{}
	server := httptest.NewServer(host)
	defer server.Close()
	serve := func(i int) {
		files, err := bundle.Unzip(zips[i])
		must(t, err)
		host.files = files
	}
	fetch := FetchBy(os.Args[0], childFlag, "fetch")
	s, err := openStore(newCard(), anchor)
	must(t, err)
	for i, want := range []error{nil, ErrInstalled, nil} {
		serve(i / 2)
		f, err := fetch(t.Context(), s.Wish(server.URL+"/tuf/"))
		if !errors.Is(err, want) {
			t.Fatalf("fetch %d: %v, want %v", i, err, want)
		}
		if err == nil {
			_, err = s.Take(f)
			must(t, err)
		}
	}
	if edition(s) != 2 {
		t.Errorf("edition %d, want 2", edition(s))
	}
	for what, f := range map[string]func(context.Context, Wish) (Fetched, error){
		"a panic": FetchBy(os.Args[0], childFlag, "panic"), "half an answer": FetchBy(os.Args[0], childFlag, "cut"), "no program": FetchBy("/no/such"),
	} {
		if _, err := f(t.Context(), s.Wish(server.URL+"/tuf/")); err == nil {
			t.Errorf("%s is an answer", what)
		}
	}
	if _, err := fetch(t.Context(), Wish{URL: "http://badges.example/"}); err == nil {
		t.Error("fetched without TLS")
	}
}

// TestNetworkIsNoPart: a network that fails in the middle leaves everything as
// it was; it is never taken for a member's part that is broken.
func TestNetworkIsNoPart(t *testing.T) {
	zips, anchor := editions(t, 2)
	synctest.Test(t, func(t *testing.T) {
		w := &web{perMinute: map[int64]int{}}
		w.serve(t, zips[0])
		s, err := openStore(newCard(), anchor)
		must(t, err)
		for after := 0; ; after++ {
			asked := 0
			client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if asked++; asked > after {
					return nil, errors.New("the cable is out")
				}
				return w.RoundTrip(r)
			})}
			b, err := s.Sync(t.Context(), client, "https://badges.example/tuf/")
			if err == nil {
				if len(b.LeftOut) > 0 || after < 5 {
					t.Errorf("installed after %d answers, left out: %v", after, b.LeftOut)
				}
				return
			}
			if s.Current() != nil {
				t.Fatalf("the cable out after %d answers, and something is installed", after)
			}
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSchedule: a kiosk asks within five minutes, then daily, sooner when
// somebody wants it, and not without an address.
func TestSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := openStore(newCard(), nil)
		must(t, err)
		began := time.Now()
		var nowhere atomic.Bool
		var at []time.Duration
		y := NewSyncer(s, func(context.Context, Wish) (Fetched, error) {
			at = append(at, time.Since(began))
			return Fetched{}, ErrInstalled
		}, func(w *Wish) {
			if !nowhere.Load() {
				w.URL = "https://badges.example/"
			}
		})
		ctx, stop := context.WithCancel(t.Context())
		go y.Run(ctx, func(SyncEvent) {})
		time.Sleep(72 * time.Hour)
		synctest.Wait()
		if len(at) < 3 || len(at) > 4 || at[0] > syncFirst {
			t.Errorf("asked at %v", at)
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i] - at[i-1]; gap < 21*time.Hour || gap > 27*time.Hour {
				t.Errorf("asked again after %v", gap)
			}
		}
		n := len(at)
		y.Now()
		y.Now()
		time.Sleep(syncSoon)
		synctest.Wait()
		if len(at) != n+1 {
			t.Errorf("somebody wanted it, and it was asked %d times", len(at)-n)
		}
		nowhere.Store(true)
		time.Sleep(72 * time.Hour)
		synctest.Wait()
		if len(at) > n+2 {
			t.Error("asked without an address")
		}
		stop()
		synctest.Wait()
	})
}
