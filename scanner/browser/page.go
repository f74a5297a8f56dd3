package browser

import (
	"context"
	"crypto/rand"
	"net/url"
	"sync"
	"time"
)

// A View is what a page shows of its kiosk.
type View struct {
	Picture []byte `json:"picture"`           // the glass as it looks now, a PNG
	Verdict string `json:"verdict,omitempty"` // the contract's word for what is shown, empty for none
	Busy    bool   `json:"busy,omitempty"`    // the glass is changing
	Lang    string `json:"lang,omitempty"`    // of Lines, BCP 47
	Lines   []Line `json:"lines,omitempty"`   // the screen's words, for readers of screens
	Took    string `json:"took,omitempty"`    // how long the kiosk needed
}

// A Line is one line of a screen: a label, which may be empty, and a text.
type Line struct {
	Label string `json:"label,omitempty"`
	Text  string `json:"text"`
}

// A Page is one page that somebody has open, with a camera and a view of its
// own.
type Page struct {
	// ID is a secret between server and page; every request for the page
	// carries it.
	ID string
	// Query is that of the address the page was opened with.
	Query url.Values
	// Camera gives what the page sends.
	Camera *Camera
	// Settings gives what the page's controls are set to, the newest only,
	// each time they change.
	Settings <-chan url.Values

	settings chan url.Values
	end      context.CancelFunc

	mu      sync.Mutex
	view    View
	changed chan struct{} // closed when view changes
	first   chan struct{} // closed when there is a view
	streams int           // how many connections watch it
	left    time.Time     // when the last of them ended
}

func newPage(query url.Values, end context.CancelFunc) *Page {
	settings := make(chan url.Values, 1)
	return &Page{
		ID: rand.Text(), Query: query, Camera: newCamera(), Settings: settings,
		settings: settings, end: end,
		changed: make(chan struct{}), first: make(chan struct{}), left: time.Now(),
	}
}

// Show puts v on the page. Of several in quick succession a slow page sees
// the last.
func (p *Page) Show(v View) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.view = v
	close(p.changed)
	p.changed = make(chan struct{})
	select {
	case <-p.first:
	default:
		close(p.first)
	}
}

// look returns the view and a channel that is closed when it is no longer so.
func (p *Page) look() (View, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.view, p.changed
}

// watch counts a connection that shows the page, until leave is called.
func (p *Page) watch() (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streams++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.streams--
		p.left = time.Now()
	}
}

// abandoned tells whether nobody has watched the page for d.
func (p *Page) abandoned(d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.streams == 0 && time.Since(p.left) > d
}

// set replaces settings that nobody read yet.
func (p *Page) set(v url.Values) {
	select {
	case <-p.settings:
	default:
	}
	select {
	case p.settings <- v:
	default:
	}
}
