package seal

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/trust"
)

// folder is a tree in memory.
type folder struct{ bundle.Files }

func (f folder) WriteFile(name string, data []byte) error {
	f.Files[name] = data
	return nil
}

// TestNothingOfALearner tries to get every kind of thing about a learner into
// a bundle in clear.
func TestNothingOfALearner(t *testing.T) {
	const docs = "districts/riverbend/documents/"
	for _, c := range []struct{ name, file, data, want string }{
		{"status list", docs + "s.json", `{"type":["VerifiableCredential","BitstringStatusListCredential"],"credentialSubject":{"type":"BitstringStatusList","encodedList":"uH4"}}`, ""},
		{"issuer's profile", docs + "p.json", `{"id":"https://riverbend.example/","type":"Profile","name":"Riverbend","email":"badges@riverbend.example"}`, ""},
		{"a key", docs + "k.pem", "-----BEGIN PUBLIC KEY-----", ""},
		{"a badge", docs + "b.json", `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"credentialSubject":{"achievement":{"name":"Welding"}}}`, "badge of one learner"},
		{"a badge's token", docs + "b.jwt", "eyJhbGciOiJFZERTQSJ9.eyJ2YyI6eyJjcmVkZW50aWFsU3ViamVjdCI6eyJpZCI6ImRpZDp4In19fQ.AA", "badge of one learner"},
		{"an assertion", docs + "a.json", `{"type":"Assertion","badge":"https://x.example","recipient":{"hashed":true,"identity":"sha256$ab"}}`, "one learner"},
		{"an identity's hash", "districts/riverbend/manifests/m.json", `{"achievement":"x","skills":[1],"level":{"n":1},"criteria":{"en":"x"},"extra":{"identityHash":"ab"}}`, "identityHash"},
		{"evidence", "districts/riverbend/manifests/m.json", `{"achievement":"x","skills":[1],"level":{"n":1},"criteria":{"en":"x"},"evidence":[]}`, "evidence"},
		{"a class list", "districts/riverbend/students.csv", "Robin Ashdown", "kiosks read no such file"},
		{"an envelope that is none", "districts/riverbend/sealed/00112233445566778899aabbccddeeff.sealed", `{"name":"Robin"}`, "not encrypted"},
	} {
		found, err := Check(bundle.Files{c.file: []byte(c.data)})
		if err != nil {
			t.Fatal(err)
		}
		err = Refusals(found)
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestUnwise(t *testing.T) {
	found, err := Check(bundle.Files{"districts/a/manifests/m.json": []byte(`{"achievement":"x","criteria":{"en":"GPA of 3.5 with an IEP"}}`)})
	if err != nil || Refusals(found) != nil || len(found) != 4 {
		t.Errorf("%v, %v; want warnings of marks, health, no skills, no level", found, err)
	}
}

// TestAlike: a name may be used twice, but not be imitated.
func TestAlike(t *testing.T) {
	names := func(a, b string) []Lint {
		set, err := trust.Open(bundle.Files{
			"districts/a/issuers/a.json": []byte(`{"name":"` + a + `","ids":["did:web:a.example"]}`),
			"districts/b/issuers/b.json": []byte(`{"name":"` + b + `","ids":["did:web:b.example"]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		return CheckNames(set)
	}
	if found := names("Lincoln School", "Lincoln School"); found != nil {
		t.Errorf("two schools of one name: %v", found)
	}
	if found := names("Lincoln School", "Linсoln School"); len(found) != 1 {
		t.Errorf("a Cyrillic letter went unseen: %v", found)
	}
}

func TestPictures(t *testing.T) {
	big := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for x := range 900 {
		big.Set(x, 300, color.Black)
	}
	var photo, small bytes.Buffer
	if err := jpeg.Encode(&photo, big, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	const at = "districts/a/manifests/"
	tree := folder{bundle.Files{
		at + "m.json": []byte(`{"achievement":"x","picture":"w.jpg"}`), at + "w.jpg": photo.Bytes(),
		at + "n.json": []byte(`{"achievement":"y","picture":"s.png"}`), at + "s.png": small.Bytes(),
	}}
	made, err := Pictures(tree)
	if err != nil || len(made) != 1 || made[0] != at+"w.panel.png" {
		t.Fatalf("made %v, %v", made, err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(tree.Files[made[0]]))
	if err != nil || c.Width != PictureSide || c.Height != PictureSide*2/3 {
		t.Errorf("%dx%d, %v", c.Width, c.Height, err)
	}
	files, err := owned("a", tree)
	if err != nil || files[at+"w.jpg"] != nil || files[made[0]] == nil || files[at+"s.png"] == nil {
		t.Errorf("packed the source of a scaled picture, or not the pictures: %v", err)
	}
	if made, err := Pictures(tree); err != nil || made != nil {
		t.Errorf("a second time made %v, %v", made, err)
	}
	if err := noisy(&photo, 800); err != nil {
		t.Fatal(err)
	}
	out, err := PanelPicture(photo.Bytes())
	c, derr := png.DecodeConfig(bytes.NewReader(out))
	if err != nil || derr != nil || len(out) > trust.MaxPicture || c.Width < leastSide || c.Width != c.Height {
		t.Errorf("a picture that is hard to pack: %d bytes, %dx%d, %v %v", len(out), c.Width, c.Height, err, derr)
	}
	tree.Files[at+"s.png"] = []byte(`<?xml version="1.0"?><svg/>`)
	if _, err := Pictures(tree); err == nil || !strings.Contains(err.Error(), "export it as a PNG") {
		t.Errorf("a drawing: %v", err)
	}
}

// noisy writes a picture whose pixels are by chance, which PNG cannot pack.
func noisy(out *bytes.Buffer, side int) error {
	img, chance := image.NewRGBA(image.Rect(0, 0, side, side)), rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(chance.Uint32())
	}
	out.Reset()
	return png.Encode(out, img)
}

func TestOwn(t *testing.T) {
	tree := folder{bundle.Files{
		"consortium.json":            []byte(`{"name":"x","owners":{"gone":["did:web:old.example"],"a":["did:web:kept.example"]},"policy":{"keyDays":9}}`),
		"districts/a/issuers/a.json": []byte(`{"name":"A","ids":["did:web:a.example"]}`),
	}}
	set, err := trust.Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	if err := Own(tree, set); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(tree.Files["consortium.json"])), "")
	if want := `{"name":"x","owners":{"a":["did:web:a.example","did:web:kept.example"]},"policy":{"keyDays":9}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
