// Package browser makes a web page on this computer a kiosk's camera and
// glass. It is the only server in the product, listens on 127.0.0.1 alone,
// and is used by kiosk demo only.
//
// What a page sends is handed on and forgotten: no payload is logged, stored
// or sent anywhere.
package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"image"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Limits of what a page may ask.
const (
	MaxFile  = 32 << 20 // bytes of a picture, file or pasted text
	MaxSide  = 4096     // pixels of a camera picture's side
	MaxPages = 16       // pages open at once; one more closes the oldest

	maxSettings = 4 << 10          // bytes of what a page's controls are set to
	firstView   = 20 * time.Second // how long a page is held back for its first view
	abandonment = time.Minute      // how long a page lives with nobody watching
	readBody    = 30 * time.Second // for the slowest request body
	readHeader  = 5 * time.Second
)

// A Server serves one page to any number of windows of this computer's
// browsers. Each window has a [Page], and so a kiosk, of its own.
type Server struct {
	// Files are the page's other files, by path without the leading slash.
	Files map[string]File
	// Index is the page itself. It is executed with an [Opened].
	Index *template.Template
	// Data is handed to Index.
	Data any
	// Run is the kiosk behind a page. It shows a first view soon, and returns
	// when ctx ends. It reads the page's Changes all the while.
	Run func(ctx context.Context, p *Page)
	// Read turns a file that was chosen or a text that was pasted into a
	// badge's payload. Its error is shown to the person who chose it.
	Read func(data []byte) ([]byte, error)

	mu    sync.Mutex
	pages []*Page // the oldest first
}

// A File makes its contents when asked for them.
type File func() ([]byte, error)

// Opened is what a page is made from.
type Opened struct {
	Page    *Page
	View    View
	Picture template.URL // the view's picture
	Data    any          // the server's
}

// Listen listens on 127.0.0.1 at port, and where that is 0 or taken at a
// free one.
func Listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if port != 0 && errors.Is(err, syscall.EADDRINUSE) {
		return Listen(0)
	}
	return l, err
}

// Serve serves l until ctx ends. Then it returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           guard(s.routes(ctx)),
		ReadHeaderTimeout: readHeader,
		ReadTimeout:       readBody,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(l); ctx.Err() == nil {
		return err
	}
	return nil
}

// routes are what a page may ask for. Pages live as long as ctx.
func (s *Server) routes(ctx context.Context) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { s.index(ctx, w, r) })
	mux.HandleFunc("GET /{file...}", s.file)
	mux.HandleFunc("GET /view", s.ofPage(s.watch))
	mux.HandleFunc("POST /frame", s.ofPage(frame))
	mux.HandleFunc("POST /badge", s.ofPage(s.badge))
	mux.HandleFunc("POST /settings", s.ofPage(settings))
	return mux
}

// index opens a page and serves it with its first view in place, so that it
// says the same with and without JavaScript.
func (s *Server) index(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	p := s.open(ctx, r.URL.Query())
	select {
	case <-p.first:
	case <-r.Context().Done():
		return
	case <-time.After(firstView):
	}
	view, _ := p.look()
	var out bytes.Buffer
	if err := s.Index.Execute(&out, Opened{p, view, pictureURL(view.Picture), s.Data}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(out.Bytes())
}

// open starts the kiosk behind a new page, and ends those nobody watches.
func (s *Server) open(ctx context.Context, query url.Values) *Page {
	ctx, end := context.WithCancel(ctx)
	p := newPage(query, end)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = append(s.pages, p)
	for i := 0; i < len(s.pages)-1; {
		if old := s.pages[i]; len(s.pages) > MaxPages || old.abandoned(abandonment) {
			old.end()
			s.pages = append(s.pages[:i], s.pages[i+1:]...)
			continue
		}
		i++
	}
	go func() {
		defer p.Camera.Close()
		s.Run(ctx, p)
	}()
	return p
}

func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	file, ok := s.Files[name]
	if !ok {
		http.Error(w, fmt.Sprintf("there is no %q here", name), http.StatusNotFound)
		return
	}
	data, err := file()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Write(data)
}

// ofPage finds the page that a request is for.
func (s *Server) ofPage(do func(http.ResponseWriter, *http.Request, *Page)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("page")
		s.mu.Lock()
		var page *Page
		for _, p := range s.pages {
			if p.ID == id {
				page = p
			}
		}
		s.mu.Unlock()
		if page == nil {
			http.Error(w, "this page was closed: reload it", http.StatusGone)
			return
		}
		do(w, r, page)
	}
}

// watch streams views as server-sent events, the present one first.
//
// Source: WHATWG HTML, 9.2 Server-sent events.
func (s *Server) watch(w http.ResponseWriter, r *http.Request, p *Page) {
	defer p.watch()()
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		view, changed := p.look()
		data, err := json.Marshal(view)
		if err != nil {
			return
		}
		fmt.Fprintf(w, "data: %s\n\n", data)
		if control.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// frame takes a grey picture from the page's camera, one byte a pixel.
func frame(w http.ResponseWriter, r *http.Request, p *Page) {
	var size image.Point
	for name, side := range map[string]*int{"w": &size.X, "h": &size.Y} {
		n, err := strconv.Atoi(r.URL.Query().Get(name))
		if err != nil || n < 1 || n > MaxSide {
			http.Error(w, fmt.Sprintf("%s=%q is no side of a picture: want 1 to %d", name, r.URL.Query().Get(name), MaxSide), http.StatusBadRequest)
			return
		}
		*side = n
	}
	if r.ContentLength != int64(size.X)*int64(size.Y) {
		http.Error(w, fmt.Sprintf("%d bytes are no grey picture of %dx%d", r.ContentLength, size.X, size.Y), http.StatusBadRequest)
		return
	}
	if err := p.Camera.expose(r.Body, size); err != nil {
		http.Error(w, "the picture was cut off", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// badge takes a chosen file or a pasted text.
func (s *Server) badge(w http.ResponseWriter, r *http.Request, p *Page) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxFile))
	if err != nil {
		http.Error(w, fmt.Sprintf("too big: the demo takes up to %d MB", MaxFile>>20), http.StatusRequestEntityTooLarge)
		return
	}
	payload, err := s.Read(data)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	p.Camera.Type(payload)
	w.WriteHeader(http.StatusNoContent)
}

// settings hands on what the controls say, and answers once it counts.
func settings(w http.ResponseWriter, r *http.Request, p *Page) {
	r.Body = http.MaxBytesReader(w, r.Body, maxSettings)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "these are no settings", http.StatusBadRequest)
		return
	}
	done := make(chan struct{})
	select {
	case p.changes <- Change{r.PostForm, sync.OnceFunc(func() { close(done) })}:
	case <-r.Context().Done():
		return
	}
	select {
	case <-done:
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	}
}
