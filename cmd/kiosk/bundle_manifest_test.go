package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"strings"
	"testing"

	"badgekiosk/verify"
)

// TestManifestCard describes a small badge in the bundle: the panel shows the
// achievement's picture, and nothing is sealed while another document than the
// described one stands at the achievement's id.
func TestManifestCard(t *testing.T) {
	c, _ := installed(t)
	const id = "https://elm.example/achievements/welding"
	say(t, exitAll, "issue", "badge", "--key", "elm.jwk", "--name", "Welding I", "--achievement", id, "--out", "badge.jwt")
	write := func(file, text string) { must(t, os.WriteFile(file, []byte(text), 0o600)) }
	write("welding.json", `{"achievement":"`+id+`","criteria":{"en":"weld a joint"}}`)
	write("published.json", `{"id":"`+id+`","name":"Welding I"}`)
	black := image.NewGray(image.Rect(0, 0, 400, 400))
	draw.Draw(black, black.Rect, image.NewUniform(color.Black), image.Point{}, draw.Src)
	var file bytes.Buffer
	must(t, png.Encode(&file, black))
	write("torch.png", file.String())

	show := func() string {
		say(t, exitAll, "screen", "--panel", "epd-7in5-v2", "--out", "out.png", "--trust", "co/trust", "badge.jwt")
		out, err := os.ReadFile("out.png")
		must(t, err)
		return string(out)
	}
	bare := show()
	say(t, exitAll, "bundle", "add", "manifest", "co", "elm", "welding.json", "--picture", "torch.png", "--document", "published.json")
	if show() == bare {
		t.Error("the panel does not show the badge's picture")
	}
	say(t, exitAll, "bundle", "add", "document", "co", "elm", id, "published.json")
	say(t, exitAll, "bundle", "seal", "co")
	say(t, exitAll, "bundle", "install", "co/"+bundleName, "--root", "co/root.json", "--state", "state")
	a := appliance{config: c, errs: &file}
	a.prepare()
	badge, err := os.ReadFile("badge.jwt")
	must(t, err)
	r := a.verifier.Verify(badge, verify.Ask{At: a.clock.Moment()})
	if h := a.help(r); h.Picture == nil || h.Picture.Bounds().Dx() > 320 {
		t.Errorf("the kiosk has no picture of %q", r.Badge.PictureURI)
	}
	r.Axes.Issuer.State = verify.Unknown
	if a.help(r).Picture != nil {
		t.Error("a picture for a badge whose issuer is not known")
	}
	write("published.json", `{"id":"`+id+`","name":"Welding II"}`)
	say(t, exitAll, "bundle", "add", "document", "co", "elm", id, "published.json")
	if said := say(t, exitUsage, "bundle", "seal", "co"); !strings.Contains(said, "another achievement under the same id") {
		t.Errorf("sealing: %s", said)
	}
}
