package main

import (
	"bufio"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/display/qr"
)

// TestCameraToGlass holds badges up to a browser's camera: a genuine one, a
// tampered one, and the genuine one again.
func TestCameraToGlass(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIP: -short, so no browser was started")
	}
	d := makeDemo(t)
	video := filepath.Join(t.TempDir(), "badges.y4m")
	if err := film(video, d.payload("genuine"), d.payload("tampered")); err != nil {
		t.Fatal(err)
	}
	c := browse(t, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture="+video)
	c.open(start(t, d) + "?panel=epd-2in13-v4")
	c.eval(`window.shown = []; new MutationObserver(() => {
		const v = panel.dataset.verdict;
		if (v && v !== shown.at(-1)) shown.push(v);
	}).observe(panel, {attributes: true, attributeFilter: ["data-verdict"]}); camera.click()`)
	c.until(`["verified", "not-verified", "verified"].every((v, i) => shown.slice(shown.indexOf("verified"))[i] === v)`, 40*time.Second)
	if trouble := c.text(`trouble.textContent`); trouble != "" {
		t.Errorf("the page complains: %s", trouble)
	}
	if first := c.text(`shown.slice(0, 3).join(" ")`); strings.Contains(first, "check") || strings.Contains(first, "cannot") {
		t.Errorf("the glass showed %s", first)
	}
}

// TestPageByHand clicks a sample, changes the language, pastes and drops, as
// a person does.
func TestPageByHand(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIP: -short, so no browser was started")
	}
	d := makeDemo(t)
	c := browse(t)
	address := start(t, d)
	c.open(address + "?panel=epd-2in13-v4")
	shows := func(verdict, word string) {
		t.Helper()
		c.until(fmt.Sprintf(`panel.dataset.verdict === %q && said.firstChild.textContent === %q`, verdict, word), 20*time.Second)
	}
	c.eval(`document.querySelector("[data-sample=genuine]").click()`)
	shows("verified", "VERIFIED")
	if alt := c.text(`panel.alt`); !strings.HasPrefix(alt, "VERIFIED\nBadge is genuine. Who holds it: not checked\n") {
		t.Errorf("a reader of screens is told\n%s", alt)
	}
	if at := c.text(`location.search`); !strings.Contains(at, "sample=genuine") {
		t.Errorf("the address is %s, want one that shows this again", at)
	}
	c.eval(`document.querySelector("[name=lang]").value = "es"; document.forms.settings.dispatchEvent(new Event("change"))`)
	shows("verified", "VERIFICADA")
	turnPages(c)
	c.eval(fmt.Sprintf(`text.value = %q; judge.click()`, d.payload("expired")))
	shows("not-verified", "NOT VERIFIED") // in the language that the person chose
	c.eval(`document.querySelector("[name=lang]").value = "fr"; document.forms.settings.dispatchEvent(new Event("change"))`)
	shows("not-verified", "NON VÉRIFIÉ")
	c.eval(`document.querySelector("[name=lang]").value = "en"; document.forms.settings.dispatchEvent(new Event("change"))`)
	shows("not-verified", "NOT VERIFIED")
	c.eval(`{
		const drop = new DataTransfer();
		drop.items.add(new File(["a shopping list"], "list.txt"));
		document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: drop, bubbles: true, cancelable: true}));
	}`)
	shows("cannot-tell", "CAN'T TELL")
	c.eval(`document.querySelector("[data-enlarge=genuine]").click()`)
	c.until(`large.open && document.getElementById("large-code").naturalWidth > 0`, 5*time.Second)
	c.eval(`text.value = " "; judge.click()`)
	if trouble := c.text(`trouble.textContent`); trouble != "Paste a badge's text first." {
		t.Errorf("an empty text is answered with %q", trouble)
	}
}

// turnPages presses the kiosk's buttons under a Spanish VERIFIED, by click and
// by key, to the badge's next page and back, lets its holder answer, and
// chooses English.
func turnPages(c *chromium) {
	c.t.Helper()
	says := func(what string) { c.t.Helper(); c.until(what, 20*time.Second) }
	click := func(button string) {
		c.t.Helper()
		c.eval(fmt.Sprintf(`document.querySelector("[data-press=%s]").click()`, button))
	}
	key := func(name string) {
		c.t.Helper()
		c.eval(fmt.Sprintf(`document.activeElement.blur(); document.body.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true, cancelable: true}))`, name))
	}
	c.eval(`window.first = panel.alt; window.drawn = panel.src`)
	click("next")
	says(`panel.alt !== first && panel.src !== drawn && panel.dataset.verdict === "verified"`)
	if took := c.text(`took.textContent`); took != "" {
		c.t.Errorf("a page that was turned says %q", took)
	}
	key("ArrowLeft")
	says(`panel.alt === first && panel.dataset.verdict === "verified"`)
	click("ok") // asks the phone
	says(`said.textContent.includes("Escanee") && answer.dataset.tone === ""`)
	click("phone")
	says(`answer.dataset.tone === "verified" && panel.alt.includes("La presenta su titular")`)
	click("ok") // the result goes
	says(`answer.dataset.tone === ""`)
	key("Enter") // the languages
	says(`said.textContent.includes("▸ Español")`)
	click("back")
	says(`said.textContent.includes("▸ English")`)
	click("ok")
	says(`said.lang === "en" && !said.textContent.includes("▸")`)
}

// How the film is made.
const (
	filmRate  = 2 // frames a second: each is as long as a hand is still
	filmShown = 6 // frames that a badge is held up for
	filmGap   = 1 // frames in between
)

var filmSize = image.Pt(1280, 720)

// film writes a video in which each badge's code is held up to the camera for
// a while, tilted a little, in a hand that moves. Chromium repeats it.
//
// Source: YUV4MPEG2, as mjpegtools' yuv4mpeg(5) describes it; 4:2:0.
func film(file string, payloads ...[]byte) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintf(w, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", filmSize.X, filmSize.Y, filmRate)
	grey := slices.Repeat([]byte{128}, filmSize.X*filmSize.Y/2)
	dice := rand.New(rand.NewPCG(1, 2))
	for _, payload := range payloads {
		code, err := qr.New(payload, qr.Low)
		if err != nil {
			return err
		}
		for i := range filmShown + filmGap {
			held := code
			if i >= filmShown {
				held = nil
			}
			w.WriteString("FRAME\n")
			w.Write(shot(held, dice))
			w.Write(grey)
		}
	}
	return w.Flush()
}

// shot is the luma of one frame: a desk, and the code on white paper.
func shot(code *qr.Code, dice *rand.Rand) []byte {
	const module = 5 // pixels
	luma := make([]byte, filmSize.X*filmSize.Y)
	angle := (dice.Float64() - .5) * .2
	sin, cos := math.Sincos(angle)
	at := image.Pt(filmSize.X/2+dice.IntN(60)-30, filmSize.Y/2+dice.IntN(20)-10)
	for y := range filmSize.Y {
		for x := range filmSize.X {
			light := 90 + x*60/filmSize.X + dice.IntN(12) // a desk, lit from the right
			if code != nil {
				dx, dy := float64(x-at.X), float64(y-at.Y)
				u := int(math.Floor((dx*cos+dy*sin)/module)) + code.Size()/2
				v := int(math.Floor((dy*cos-dx*sin)/module)) + code.Size()/2
				switch {
				case code.Black(u, v):
					light = light/4 + 10
				case min(u, v) >= -qr.Quiet && max(u, v) < code.Size()+qr.Quiet:
					light += 70
				}
			}
			luma[y*filmSize.X+x] = byte(min(light, 255))
		}
	}
	return luma
}
