package main

import (
	"bufio"
	"bytes"
	"context"
	"html"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/qr"
	"badgekiosk/verify"
)

// makeDemo makes the samples of a demo.
func makeDemo(t *testing.T) *demo {
	t.Helper()
	d, err := newDemo(time.Now(), "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// start serves a demo and returns its address as it was printed.
func start(t *testing.T, d *demo) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, printed := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- d.serve(ctx, 0, false, printed, io.Discard) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("demo: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/\n$`).MatchString(line) {
		t.Fatalf("the first line is %q, want the address alone", line)
	}
	return strings.TrimSpace(line)
}

// A glimpse is what a page without JavaScript shows.
type glimpse struct{ page, verdict, alt, html string }

func glance(t *testing.T, address string, query url.Values) glimpse {
	t.Helper()
	res, err := http.Get(address + "?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	g := glimpse{html: string(body)}
	for field, pattern := range map[*string]string{
		&g.page:    `<body data-page="([^"]*)"`,
		&g.verdict: `<img id="panel"[^>]* data-verdict="([^"]*)"`,
		&g.alt:     `<img id="panel"[^>]* alt="([^"]*)"`,
	} {
		m := regexp.MustCompile(pattern).FindStringSubmatch(g.html)
		if m == nil {
			t.Fatalf("no %s in\n%s", pattern, g.html)
		}
		*field = html.UnescapeString(m[1])
	}
	return g
}

// TestDemoShowsSamples opens each sample's address, all at once.
func TestDemoShowsSamples(t *testing.T) {
	t.Parallel()
	address := start(t, makeDemo(t))
	var all sync.WaitGroup
	for name, want := range wantOf {
		all.Go(func() {
			g := glance(t, address, url.Values{"sample": {name}})
			if g.verdict != want {
				t.Errorf("%s: %q, want %q; the screen says\n%s", name, g.verdict, want, g.alt)
			}
			if n := strings.Count(g.html, "data-verdict="); n != 1 {
				t.Errorf("%s: %d elements carry a verdict, want the picture alone", name, n)
			}
			if !strings.Contains(g.html, `class="paper"`) || !strings.Contains(g.html, `src="data:image/png;base64,iVBOR`) {
				t.Errorf("%s: no picture of e-paper on the page", name)
			}
		})
	}
	all.Wait()
}

// TestPreviewIsTheGlass holds that the picture a sample's address shows at
// once is the one that the kiosk's own glass comes to rest at, which is what
// was drawn (TestKioskShowsEverySample).
func TestPreviewIsTheGlass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, k := range panelKinds() {
			panel, _, err := k.emulated(glass.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := display.Render(attract("en"), panel.Format())
			got, err := photograph(t.Context(), k, attract("en"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.(*image.Paletted).Pix, want.Pix) {
				t.Errorf("%s: the preview is not what the glass shows", k.name)
			}
		}
	})
}

// TestDemoSettings holds that lists of the page count, and nonsense is the
// first of its list.
func TestDemoSettings(t *testing.T) {
	t.Parallel()
	address := start(t, makeDemo(t))
	for _, c := range []struct{ query, says string }{
		{"sample=genuine&panel=epd-2in13-v4&lang=es", "VERIFICADA\n"},
		{"sample=genuine&panel=epd-2in13-v4&lang=es-MX&audience=king", "VERIFICADA\n"},
		{"sample=genuine&panel=epd-2in13-v4&lang=nonsense", "VERIFIED\n"},
	} {
		t.Run(c.query, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			if g := glance(t, address, q); !strings.HasPrefix(g.alt, c.says) {
				t.Errorf("the screen says\n%s\nwant %s", g.alt, c.says)
			}
		})
	}
	if g := glance(t, address, url.Values{"sample": {"nonsense"}, "panel": {"nonsense"}}); g.verdict != "" {
		t.Errorf("a sample that does not exist shows %q", g.verdict)
	}
}

// TestOldGlassIsGone holds that a panel that was changed for another has put
// its last picture on the page before the other comes.
func TestOldGlassIsGone(t *testing.T) {
	w := &window{demo: makeDemo(t), hidden: true}
	w.choose(demoPanel)
	ctx, stop := context.WithCancel(t.Context())
	w.mu.Lock() // the page takes no picture now
	var put sync.WaitGroup
	put.Go(func() { _ = w.glass.Put(ctx, attract("en")) }) // it is called off
	stacks := make([]byte, 1<<20)
	for end := time.Now().Add(10 * time.Second); !bytes.Contains(stacks[:runtime.Stack(stacks, true)], []byte("(*window).see(")); {
		if time.Now().After(end) {
			t.Fatal("the glass shows nothing")
		}
		time.Sleep(time.Millisecond)
	}
	gone := make(chan struct{})
	go func() { w.wipe(); close(gone) }()
	select {
	case <-gone:
		t.Error("a picture of the old panel is still to come")
	case <-time.After(100 * time.Millisecond):
	}
	w.mu.Unlock()
	<-gone
	stop()
	put.Wait()
}

// TestReadBadge shows what may be chosen: a payload, or a picture with a code.
func TestReadBadge(t *testing.T) {
	code, err := qr.New([]byte("a badge"), qr.Medium)
	if err != nil {
		t.Fatal(err)
	}
	var picture, blank bytes.Buffer
	if err := png.Encode(&blank, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	if err := code.WritePNG(&picture, 4, qr.Quiet); err != nil {
		t.Fatal(err)
	}
	half := picture.String()[:picture.Len()/2]
	for _, c := range []struct{ name, in, want, err string }{
		{"text", "eyJ", "eyJ", ""},
		{"picture", picture.String(), "a badge", ""},
		{"half a picture is for the judge to name", half, half, ""},
		{"picture without a code", blank.String(), "", "no QR code"},
		{"nothing", " \n", "", "nothing in it"},
	} {
		got, err := readBadge([]byte(c.in))
		if string(got) != c.want || (c.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %q, %v, want %q, %q", c.name, got, err, c.want, c.err)
		}
	}
}

func TestDemoPort(t *testing.T) {
	err := makeDemo(t).serve(t.Context(), 70000, false, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "70000") {
		t.Errorf("port 70000: %v, want an error that names it", err)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		412 * time.Microsecond: "412 µs", 4120 * time.Microsecond: "4.1 ms",
		412 * time.Millisecond: "412 ms", 4120 * time.Millisecond: "4.1 s",
	} {
		if got := short(d); got != want {
			t.Errorf("%v reads %s, want %s", d, got, want)
		}
	}
}

// TestSamplesHaveTitles holds that no sample is nameless on the page.
func TestSamplesHaveTitles(t *testing.T) {
	d := makeDemo(t)
	for _, b := range d.samples {
		if sampleTitles[b.Name] == "" || wantOf[b.Name] == "" {
			t.Errorf("sample %s has no title or no verdict in the tests", b.Name)
		}
	}
}

// TestDemoOwnIssuer: a badge of one's own is verified beside the samples,
// whose members keep their parts though one has the same name.
func TestDemoOwnIssuer(t *testing.T) {
	t.Chdir(t.TempDir())
	say(t, exitAll, "issue", "key", "my.jwk")
	say(t, exitAll, "issue", "trust", "trust", "--key", "my.jwk", "--name", "My School", "--member", "riverbend")
	say(t, exitAll, "issue", "badge", "--key", "my.jwk", "--name", "Welding I", "--out", "badge.jwt")
	badge, err := os.ReadFile("badge.jwt")
	must(t, err)
	d, err := newDemo(time.Now(), "trust")
	must(t, err)
	v := verify.Verifier{Trust: d.trust}
	ask := verify.Ask{At: verify.At(time.Now())}
	if r := v.Verify(badge, ask); r.Verdict != verify.Verified || r.Axes.Issuer.Name != "My School" {
		t.Errorf("one's own badge: %s by %q", r.String(), r.Axes.Issuer.Name)
	}
	for _, b := range d.samples {
		if r := v.Verify(b.Payload, ask); r.Verdict.String() != wantOf[b.Name] {
			t.Errorf("sample %s: %s, want %s", b.Name, r.String(), wantOf[b.Name])
		}
	}
	if _, err := newDemo(time.Now(), "nowhere"); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
