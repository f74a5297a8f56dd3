package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"strings"
	"sync"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/display/press"
	"badgekiosk/scanner"
	"badgekiosk/scanner/browser"
	qrscan "badgekiosk/scanner/qr"
	"badgekiosk/verify"
)

// A window is one page of the demo with the kiosk behind it.
type window struct {
	*demo
	page *browser.Page

	glass *display.Governor
	kind  panelKind
	draw  *display.Renderer
	wipe  func() // ends the watch over the panel's glass: nothing of it comes after

	presses chan press.Press // of the page's buttons

	mu     sync.Mutex
	view   browser.View
	asked  time.Time     // when judging began
	told   time.Time     // when the screen was known
	judged time.Duration // how long judging took; 0: the screen came by a button
	hidden bool          // the page has a preview, or waits, until the glass rests
	asks   string        // the code on the glass that asks a phone; empty for none
}

// controls are what a page's lists are set to. What it may not be set to is
// the first of its list.
type controls struct {
	panel, lang, sample string
	audience            verify.Audience
}

func read(v url.Values) controls {
	c := controls{panel: v.Get("panel"), lang: speak(v.Get("lang")).Tag, sample: v.Get("sample")}
	c.audience, _ = verify.ParseAudience(v.Get("audience"))
	if k, err := panelNamed(c.panel); err != nil || k.unseen {
		c.panel = demoPanel
	}
	return c
}

// run is the kiosk behind one page, started anew when its panel, language or
// audience changes.
func (d *demo) run(ctx context.Context, p *browser.Page) {
	set := read(p.Query)
	w := &window{demo: d, page: p, presses: make(chan press.Press, 2*len(demoButtons))}
	w.preview(ctx, set)
	for ctx.Err() == nil {
		stop := w.start(ctx, set)
		set = w.follow(ctx, set)
		stop()
	}
	w.wipe()
}

// preview puts the sample that the page was opened for on it at once. The
// kiosk's own glass takes its seconds and flashes unseen, and ends the same.
func (w *window) preview(ctx context.Context, c controls) {
	text := w.payload(c.sample)
	kind, err := panelNamed(c.panel)
	if text == nil || err != nil {
		return
	}
	w.hidden = true
	judge := verify.Verifier{Trust: w.trust}
	screen := words(judge.Verify(text, w.ask(c.audience)), c.lang)
	w.tell(screen)
	picture, err := photograph(ctx, kind, screen)
	if err != nil {
		return // then the page waits for the kiosk's own glass
	}
	w.view.Picture, w.view.Paper, w.view.Shows = encode(picture), isPaper(kind), w.view.Verdict
	w.page.Show(w.view)
}

// start starts a kiosk. stop returns when it has ended.
func (w *window) start(ctx context.Context, c controls) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	w.choose(c.panel)
	if text := w.payload(c.sample); text != nil {
		w.page.Camera.Type(text)
	}
	judge := verify.Verifier{Trust: w.trust}
	k := &Kiosk{
		Scanner: scanner.Scanner{Camera: w.page.Camera, Reader: &qrscan.Reader{Live: true}},
		Judge:   judge.Verify,
		Glass:   w.glass,
		Ask:     func() verify.Ask { return w.ask(c.audience) },
		Lang:    c.lang, Name: "kiosk demo",
		Stays:   stays{pass: demoHold, other: demoHold},
		Tell:    w.tell,
		Presses: w.presses,
	}
	k.Menu = func(lang string) view { return k.askLanguage(offered(w.draw), lang, nil) }
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := k.Run(ctx); ctx.Err() == nil {
			w.fail(err)
		}
	}()
	return func() { cancel(); <-ended }
}

// follow returns what the page's controls are set to once they ask for
// another kiosk. A sample is shown to the one there is.
func (w *window) follow(ctx context.Context, now controls) controls {
	for {
		select {
		case <-ctx.Done():
			return now
		case change := <-w.page.Changes:
			w.change(func() { w.hidden = false })
			if button := change.Get("press"); button != "" {
				if button == "phone" {
					w.answer()
				} else if b, ok := demoButtons[button]; ok {
					w.press(b)
				}
				change.Done()
				continue
			}
			next := read(change.Values)
			sample := next.sample
			if next.sample = now.sample; next != now {
				next.sample = sample
				defer change.Done()
				return next
			}
			if text := w.payload(sample); text != nil {
				w.page.Camera.Type(text)
			}
			now.sample = sample
			change.Done()
		}
	}
}

// demoButtons are the buttons beside the glass, by what the page calls them.
var demoButtons = map[string]press.Button{"next": press.Next, "back": press.Back, "ok": press.Menu}

// press is a finger on one of the page's buttons. A kiosk that is busy with
// more of them than there are buttons does not notice.
func (w *window) press(b press.Button) {
	for _, down := range []bool{true, false} {
		select {
		case w.presses <- press.Press{Button: b, Down: down, At: time.Now()}:
		default:
		}
	}
}

// answer holds up the phone of the genuine badge's holder: with the answer to
// what the glass asks it, or else with the badge.
func (w *window) answer() {
	w.mu.Lock()
	asks := w.asks
	w.mu.Unlock()
	for _, b := range w.samples {
		if b.Answer == nil {
			continue
		}
		u, err := url.Parse(asks)
		if err != nil || asks == "" {
			w.page.Camera.Type(b.Payload)
		} else if text, err := b.Answer(u.Query().Get("nonce"), u.Query().Get("client_id")); err == nil {
			w.page.Camera.Type(text)
		}
		return
	}
}

// choose puts the panel of that name in front of the kiosk. The same panel
// keeps what it shows.
func (w *window) choose(name string) {
	if w.glass != nil && name == w.kind.name {
		return
	}
	if w.wipe != nil {
		w.wipe()
	}
	kind, err := panelNamed(name)
	if err != nil {
		w.fail(err)
		return
	}
	panel, face, err := kind.emulated(glass.Options{})
	if err != nil {
		w.fail(err)
		return
	}
	draw, err := newRenderer("")
	if err != nil {
		w.fail(err)
		return
	}
	w.glass, w.kind, w.draw = display.Govern(panel, draw), kind, draw
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	w.wipe = func() { cancel(); <-ended }
	w.see(glass.Frame{Picture: face.Picture()})
	go func() {
		defer close(ended)
		face.Watch(ctx, w.see)
	}()
}

// isPaper tells whether a panel is e-paper, which reflects light and is grey.
func isPaper(k panelKind) bool { return strings.HasPrefix(k.name, "epd-") }

// ask is what the kiosk asks about each badge. This computer's clock is
// trusted: it is somebody's own.
func (w *window) ask(a verify.Audience) verify.Ask {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = time.Now()
	return verify.Ask{At: verify.At(w.asked), Audience: a}
}

// tell puts a screen's words on the page, ahead of the glass.
func (w *window) tell(s display.Screen) {
	w.change(func() {
		if w.judged = 0; w.asked.After(w.told) {
			w.judged = time.Since(w.asked)
		}
		w.told, w.asks = time.Now(), ""
		if strings.HasPrefix(s.QR, askScheme) {
			w.asks = s.QR
		}
		v := browser.View{Picture: w.view.Picture, Paper: w.view.Paper, Verdict: verdictOf(s), Lang: s.Lang}
		for _, l := range spoken(s) {
			v.Lines = append(v.Lines, browser.Line(l))
		}
		if w.judged > 0 {
			v.Took = fmt.Sprintf("Judged in %s", short(w.judged))
		}
		w.view = v
	})
}

// see puts on the page what the glass looks like.
func (w *window) see(f glass.Frame) {
	picture := encode(f.Picture)
	w.change(func() {
		w.view.Picture, w.view.Paper, w.view.Shows = picture, isPaper(w.kind), ""
		if !f.Last || w.told.IsZero() {
			return
		}
		w.view.Shows = w.view.Verdict
		w.hidden = w.hidden && w.view.Verdict == ""
		if w.judged > 0 {
			w.view.Took = fmt.Sprintf("Judged in %s, on the glass %s later", short(w.judged), short(time.Since(w.told)))
		}
	})
}

// encode is a picture as a PNG, made quickly rather than small.
func encode(m image.Image) []byte {
	var file bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&file, m); err != nil {
		panic(err) // a buffer takes everything, and glass has a size
	}
	return file.Bytes()
}

// fail says that the kiosk has stopped.
func (w *window) fail(err error) {
	m := speak("en").Reasons["H-PANEL"]
	w.change(func() {
		w.hidden = false
		w.view.Verdict, w.view.Shows, w.view.Lang = "", "", "en"
		w.view.Lines = []browser.Line{{Text: m.Says.with(nil)}, {Text: err.Error()}}
	})
}

// change changes the view and shows it.
func (w *window) change(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
	if !w.hidden {
		w.page.Show(w.view)
	}
}

// verdictOf is the contract's word for the verdict on a screen.
func verdictOf(s display.Screen) string {
	for v, m := range marks {
		if m == s.Mark {
			return v.String()
		}
	}
	return ""
}

// short is a duration with two or three digits.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1e3)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
