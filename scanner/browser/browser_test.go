package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"image"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner"
)

// visitor is a browser with the page open.
type visitor struct {
	t    *testing.T
	url  string
	page *Page
	html string
}

// visit serves a small page and opens it.
func visit(t *testing.T) *visitor {
	t.Helper()
	l, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	opened := make(chan *Page, 1)
	s := &Server{
		Files: map[string]File{
			"page.css": func() ([]byte, error) { return []byte("body{}"), nil },
			"lost.svg": func() ([]byte, error) { return nil, errors.New("lost") },
		},
		Index: template.Must(template.New("").Parse(
			`<img src="{{.Picture}}" data-verdict="{{.View.Shows}}" data-page="{{.Page.ID}}" alt="{{.Data}}">`)),
		Data: "a kiosk",
		Run: func(ctx context.Context, p *Page) {
			p.Show(View{Picture: []byte("png"), Shows: p.Query.Get("sample")})
			opened <- p
			<-ctx.Done()
		},
		Read: func(data []byte) ([]byte, error) {
			if len(data) == 0 {
				return nil, errors.New("nothing there")
			}
			return data, nil
		},
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	v := &visitor{t: t, url: "http://" + l.Addr().String()}
	_, v.html = v.get("/?sample=check")
	v.page = <-opened
	return v
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	return v.do("GET", path, "", nil)
}

// post sends body as the page itself does.
func (v *visitor) post(path, body string) (int, string) {
	v.t.Helper()
	return v.do("POST", path, body, map[string]string{"Origin": v.url})
}

func (v *visitor) do(method, path, body string, header map[string]string) (int, string) {
	v.t.Helper()
	r, err := http.NewRequest(method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	for k, value := range header {
		if k == "Host" {
			r.Host = value
		}
		r.Header.Set(k, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// TestPageSaysTheSameWithoutScript holds that the first view stands in the page.
func TestPageSaysTheSameWithoutScript(t *testing.T) {
	v := visit(t)
	want := fmt.Sprintf(`<img src="data:image/png;base64,cG5n" data-verdict="check" data-page="%s" alt="a kiosk">`, v.page.ID)
	if v.html != want {
		t.Errorf("page is %q, want %q", v.html, want)
	}
}

// TestOthersAreKeptOut holds that neither a rebound name nor another site's
// page reaches the kiosk.
func TestOthersAreKeptOut(t *testing.T) {
	v := visit(t)
	badge := "/badge?page=" + v.page.ID
	for _, c := range []struct {
		name, method, path string
		header             map[string]string
		want               int
	}{
		{"rebound name", "GET", "/", map[string]string{"Host": "evil.example"}, 403},
		{"rebound name with our port", "GET", "/page.css", map[string]string{"Host": "evil.example:" + strings.Split(v.url, ":")[2]}, 403},
		{"name that begins like ours", "GET", "/page.css", map[string]string{"Host": "127.0.0.1.evil.example"}, 403},
		{"another page posts", "POST", badge, map[string]string{"Origin": "http://evil.example"}, 403},
		{"another port posts", "POST", badge, map[string]string{"Origin": "http://127.0.0.1:1"}, 403},
		{"sandboxed page posts", "POST", badge, map[string]string{"Origin": "null"}, 403},
		{"posted by nobody", "POST", badge, nil, 403},
		{"page that was never opened", "POST", "/badge?page=x", map[string]string{"Origin": v.url}, 410},
		{"view of a page never opened", "GET", "/view?page=", nil, 410},
		{"no such file", "GET", "/../../etc/passwd", nil, 404},
		{"file that cannot be made", "GET", "/lost.svg", nil, 500},
		{"picture in another page", "GET", "/", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403},
		{"frame in another port's page", "GET", "/", map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403},
		{"link in another page", "GET", "/", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200},
		{"typed address", "GET", "/page.css", map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200},
		{"our page's picture", "GET", "/page.css", map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "style"}, 200},
		{"ours", "GET", "/page.css", nil, 200},
		{"through a tunnel", "GET", "/page.css", map[string]string{"Host": "localhost:9999"}, 200},
		{"ours posts", "POST", badge, map[string]string{"Origin": v.url}, 204},
	} {
		if got, says := v.do(c.method, c.path, "x", c.header); got != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, got, says, c.want)
		}
	}
}

func TestPageLoadsNothingFromOutside(t *testing.T) {
	v := visit(t)
	res, err := http.Get(v.url + "/page.css")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'",
		"Content-Type":            "text/css",
		"X-Content-Type-Options":  "nosniff",
		"Cache-Control":           "no-store",
		"Permissions-Policy":      "camera=(self)",
	} {
		if got := res.Header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestCamera walks pictures and a text from page to kiosk.
func TestCamera(t *testing.T) {
	v := visit(t)
	frame := func(w, h int, pix string) int {
		code, _ := v.post(fmt.Sprintf("/frame?page=%s&w=%d&h=%d", v.page.ID, w, h), pix)
		return code
	}
	var f scanner.Frame
	next := func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := v.page.Camera.Next(ctx, &f); err != nil {
			t.Fatal(err)
		}
	}
	frame(3, 2, "abcdef")
	frame(2, 3, "ghijkl")
	next()
	if f.Rect != image.Rect(0, 0, 2, 3) || f.Stride != 2 || string(f.Pix) != "ghijkl" || f.Text != nil || f.At.IsZero() {
		t.Errorf("frame is %v, stride %d, %q, %q: want the newest", f.Rect, f.Stride, f.Pix, f.Text)
	}
	if code, says := v.post("/badge?page="+v.page.ID, "pasted"); code != 204 {
		t.Errorf("pasting: %d %s", code, says)
	}
	frame(1, 1, "z")
	next()
	if string(f.Text) != "pasted" || !f.Rect.Empty() {
		t.Errorf("a picture that came later hid the text: %q, %v", f.Text, f.Rect)
	}
	next()
	if f.Text != nil || string(f.Pix) != "z" {
		t.Errorf("after the text came %q, %q, want the picture", f.Text, f.Pix)
	}
	for _, c := range []struct{ w, h, n int }{{3, 2, 5}, {3, 2, 7}, {0, 2, 0}, {-1, -1, 1}, {MaxSide + 1, 1, MaxSide + 1}} {
		if code := frame(c.w, c.h, strings.Repeat("x", c.n)); code != 400 {
			t.Errorf("%dx%d with %d bytes: %d, want 400", c.w, c.h, c.n, code)
		}
	}
	v.page.Camera.Close()
	if err := v.page.Camera.Next(t.Context(), &f); err != io.EOF {
		t.Errorf("after Close: %v, want io.EOF", err)
	}
}

// TestCameraAllocatesNothing holds that a stream of frames reuses its memory.
func TestCameraAllocatesNothing(t *testing.T) {
	c, size := newCamera(), image.Pt(640, 480)
	pix := bytes.NewReader(make([]byte, size.X*size.Y))
	var f scanner.Frame
	round := func() {
		pix.Seek(0, io.SeekStart)
		if err := c.expose(pix, size); err != nil {
			t.Fatal(err)
		}
		if err := c.Next(t.Context(), &f); err != nil {
			t.Fatal(err)
		}
	}
	round()
	round()
	if n := testing.AllocsPerRun(10, round); n > 0 {
		t.Errorf("%v allocations a frame, want none", n)
	}
}

// TestRefusals shows what the person reads who chose a wrong file.
func TestRefusals(t *testing.T) {
	v := visit(t)
	if code, says := v.post("/badge?page="+v.page.ID, ""); code != 422 || says != "nothing there\n" {
		t.Errorf("empty file: %d %q", code, says)
	}
	if code, says := v.post("/badge?page="+v.page.ID, strings.Repeat("x", MaxFile+1)); code != 413 || !strings.Contains(says, "too big") {
		t.Errorf("big file: %d %q", code, says)
	}
}

// TestView holds that a page is told of each change, the newest only.
func TestView(t *testing.T) {
	v := visit(t)
	res, err := http.Get(v.url + "/view?page=" + v.page.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for _, want := range []string{"check", "verified", "not-verified"} {
		if want != "check" {
			v.page.Show(View{Shows: want, Lines: []Line{{Text: "Welding I"}}})
		}
		var got View
		for got.Shows == "" && lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &got); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got.Shows != want {
			t.Errorf("the page was told %q, want %q", got.Shows, want)
		}
	}
}

// TestSettings holds that a page goes on only once its settings count.
func TestSettings(t *testing.T) {
	v := visit(t)
	counts := make(chan string, 1)
	go func() {
		c := <-v.page.Changes
		counts <- c.Get("lang")
		c.Done()
	}()
	code, says := v.do("POST", "/settings?page="+v.page.ID, "lang=es&panel=x",
		map[string]string{"Origin": v.url, "Content-Type": "application/x-www-form-urlencoded"})
	if code != 204 {
		t.Fatalf("settings: %d %s", code, says)
	}
	select {
	case got := <-counts:
		if got != "es" {
			t.Errorf("the kiosk was told %q, want es", got)
		}
	default:
		t.Error("the page was answered before the kiosk had read its settings")
	}
}

// TestOldPagesClose holds that windows cannot pile up kiosks.
func TestOldPagesClose(t *testing.T) {
	v := visit(t)
	ended := make(chan struct{})
	s := &Server{Run: func(ctx context.Context, p *Page) {
		<-ctx.Done()
		if p.Query.Get("n") == "0" {
			close(ended)
		}
	}}
	for i := range MaxPages + 1 {
		s.open(t.Context(), url.Values{"n": {fmt.Sprint(i)}})
	}
	<-ended
	if len(s.pages) != MaxPages {
		t.Errorf("%d pages are open, want %d", len(s.pages), MaxPages)
	}
	if v.page.abandoned(time.Hour) || !v.page.abandoned(0) {
		t.Error("a page that nobody watches is abandoned after the time given, not before")
	}
}

// TestListen holds that a taken port is no reason not to start, and that
// nobody outside this computer is served.
func TestListen(t *testing.T) {
	first, err := Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	var port int
	fmt.Sscanf(first.Addr().String(), "127.0.0.1:%d", &port)
	second, err := Listen(port)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if first.Addr().String() == second.Addr().String() || !strings.HasPrefix(second.Addr().String(), "127.0.0.1:") {
		t.Errorf("listening on %v and %v", first.Addr(), second.Addr())
	}
}
