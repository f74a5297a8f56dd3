package browser

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A View is what a page shows of its kiosk.
type View struct {
	Picture []byte `json:"picture"`           // the glass as it looks now, a PNG
	Shows   string `json:"shows,omitempty"`   // the contract's word for the verdict in Picture; empty while it changes
	Verdict string `json:"verdict,omitempty"` // the contract's word for the last verdict
	Paper   bool   `json:"paper,omitempty"`   // the glass is e-paper
	Lang    string `json:"lang,omitempty"`    // of Lines, BCP 47
	Lines   []Line `json:"lines,omitempty"`   // the screen's words, for readers of screens
	Took    string `json:"took,omitempty"`    // how long the kiosk needed
}

// Alt is the lines as one text, for the picture's description.
func (v View) Alt() string {
	var all []string
	for _, l := range v.Lines {
		if l.Label != "" {
			l.Text = l.Label + ": " + l.Text
		}
		all = append(all, l.Text)
	}
	return strings.Join(all, "\n")
}

// A Line is one line of a screen: a label, which may be empty, and a text.
type Line struct {
	Label string `json:"label,omitempty"`
	Text  string `json:"text"`
}

// A Change is what a page's controls are set to now.
type Change struct {
	url.Values
	// Done tells the page that what it sends next meets the new settings.
	Done func()
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
	// Changes gives what the page's controls are set to, each time one of
	// them is touched.
	Changes <-chan Change

	changes chan Change
	end     context.CancelFunc

	mu      sync.Mutex
	view    View
	changed chan struct{} // closed when view changes
	first   chan struct{} // closed when there is a view
	streams int           // how many connections watch it
	left    time.Time     // when the last of them ended
}

func newPage(query url.Values, end context.CancelFunc) *Page {
	changes := make(chan Change)
	return &Page{
		ID: rand.Text(), Query: query, Camera: newCamera(), Changes: changes,
		changes: changes, end: end,
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
