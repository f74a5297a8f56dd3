// Package badgekiosk holds nothing but the plan of the house: which package
// may import which, and where each outside library lives.
package badgekiosk

import (
	"encoding/json"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "badgekiosk/"

// rooms says which of our packages each package may import. A package that is
// not listed fails the test: every new room is drawn here first. A name ending
// in "/..." stands for all packages below it.
var rooms = map[string]string{
	"cmd/kiosk": "cmd/kiosk/... image/fat32 scanner/... scanner display/... display verify verify/reason verify/trust verify/wire verify/key verify/ijson " +
		"provision provision/bundle provision/stick provision/seal provision/issue provision/issue/sample",
	"cmd/kiosk/boot":    "provision cmd/kiosk/usb cmd/kiosk/link",
	"cmd/kiosk/usb":     "",
	"cmd/kiosk/link":    "",
	"cmd/kiosk/cable":   "cmd/kiosk/jail cmd/kiosk/link provision",
	"cmd/kiosk/jail":    "cmd/kiosk/packed verify verify/reason",
	"cmd/kiosk/packed":  "",
	"cmd/kiosk/journal": "verify/reason",
	"cmd/kiosk/notify":  "",
	"cmd/kiosk/status":  "cmd/kiosk/packed cmd/kiosk/journal verify/reason",

	"scanner":           "scanner/bytewords",
	"scanner/bytewords": "",
	"scanner/browser":   "scanner",
	"scanner/qr":        "scanner",
	"scanner/replay":    "scanner",
	"scanner/v4l2":      "scanner",
	"scanner/rpicam":    "scanner",
	"scanner/hid":       "scanner",

	"verify": "verify/ijson verify/rdf verify/key verify/jose verify/proof verify/cose verify/sdjwt " +
		"verify/wire verify/status verify/trust verify/multibase verify/xsd verify/reason",
	"verify/reason":       "",
	"verify/ijson":        "verify/reason",
	"verify/rdf":          "verify/ijson verify/reason",
	"verify/multibase":    "verify/reason",
	"verify/xsd":          "verify/reason",
	"verify/envelope":     "",
	"verify/key":          "verify/ijson verify/multibase verify/reason",
	"verify/jose":         "verify/ijson verify/key verify/multibase verify/xsd verify/reason",
	"verify/cose":         "verify/ijson verify/jose verify/key verify/reason",
	"verify/sdjwt":        "verify/ijson verify/jose verify/key verify/multibase verify/reason",
	"verify/bbs":          "verify/reason",
	"verify/proof":        "verify/ijson verify/key verify/rdf verify/jose verify/bbs verify/multibase verify/xsd verify/reason",
	"verify/wire":         "verify/wire/... verify/cborld verify/rdf verify/ijson verify/multibase verify/reason",
	"verify/cborld":       "verify/wire/cbor verify/rdf verify/ijson verify/multibase verify/xsd verify/reason",
	"verify/wire/baked":   "verify/wire/inflate verify/reason",
	"verify/wire/cbor":    "verify/ijson verify/reason",
	"verify/wire/inflate": "verify/reason",
	"verify/status":       "verify/ijson verify/multibase verify/xsd verify/reason",
	"verify/trust":        "verify/envelope verify/ijson verify/key verify/rdf verify/multibase verify/xsd verify/reason",

	"display":               "display/qr",
	"display/qr":            "",
	"display/glass":         "",
	"display/fourwire":      "display",
	"display/uc81xx":        "display display/fourwire",
	"display/ssd16xx":       "display display/fourwire",
	"display/spectra":       "display display/fourwire",
	"display/mipi":          "display display/fourwire",
	"display/kms":           "display",
	"display/drawer":        "display",
	"display/signal":        "display/signal/...",
	"display/signal/clip":   "",
	"display/signal/espeak": "display/signal/clip",
	"display/press":         "",

	"provision":              "provision/bundle provision/stick image/ext4 verify verify/trust verify/reason",
	"provision/stick":        "provision/bundle verify/reason",
	"provision/tree":         "",
	"provision/bundle":       "provision/tree scanner/bytewords verify/reason",
	"provision/seal":         "provision/bundle verify/... display/signal/clip",
	"provision/issue":        "provision/tree verify/...",
	"provision/issue/sample": "provision/issue verify/...",

	"image":       "image/fat32 image/cpio image/mbr image/ext4",
	"image/fat32": "",
	"image/cpio":  "",
	"image/mbr":   "",
	"image/ext4":  "",
}

// testRooms are packages that only tests import, and programs that prove
// something; the product never does.
var testRooms = map[string]string{
	"display/signal/cliptest": "display/signal/clip",
	"image/vmtest":            "image/vmtest/... image/fat32 image/cpio provision/stick provision/issue verify display/glass display/signal/clip display/signal/cliptest scanner/scansim",
	"image/vmtest/fdt":        "", "image/vmtest/webcam": "", "image/vmtest/marks": "", "image/vmtest/witness": "image/vmtest/marks",
	"display/glasstest":  "display display/...",
	"scanner/scansim":    "scanner/...",
	"verify/verifytest":  "verify/...",
	"verify/bbs/bbstest": "",
}

// generators are programs that write committed tables; nothing imports them.
var generators = map[string]string{
	"verify/rdf/gen": "verify/...",
}

// homes says which packages may import an outside library: one each, or the
// drivers that share a bus.
var homes = map[string]string{
	"github.com/spf13/cobra":                  "cmd/kiosk",
	"github.com/spf13/pflag":                  "cmd/kiosk",
	"github.com/makiuchi-d/gozxing":           "scanner/qr",
	"golang.org/x/image":                      "scanner display display/... provision/seal",
	"github.com/fogleman/gg":                  "display",
	"github.com/go-text/typesetting":          "display",
	"github.com/golang/freetype":              "display",
	"github.com/go-fonts/dejavu":              "display",
	"github.com/skip2/go-qrcode":              "display/qr",
	"periph.io/x/conn/v3":                     "display/... cmd/kiosk",
	"periph.io/x/devices/v3":                  "display/...",
	"periph.io/x/host/v3":                     "cmd/kiosk",
	"golang.org/x/sys":                        "scanner/v4l2 scanner/hid display/kms display/press display/signal cmd/kiosk/jail provision image/vmtest/witness",
	"go.bug.st/serial":                        "scanner/hid",
	"golang.org/x/text":                       "display scanner/qr verify/trust",
	"golang.org/x/crypto":                     "verify/key provision/seal",
	"filippo.io/edwards25519":                 "verify/key",
	"github.com/fxamacker/cbor/v2":            "verify/wire verify/cose verify/proof provision/issue",
	"github.com/consensys/gnark-crypto":       "verify/bbs verify/bbs/bbstest",
	"github.com/insomniacslk/dhcp":            "cmd/kiosk/cable",
	"github.com/theupdateframework/go-tuf/v2": "provision/bundle provision/seal",
	"github.com/sigstore/sigstore":            "provision/seal",
}

// outOfReach names what a package may not depend on even indirectly, and why.
var outOfReach = []struct{ from, dep, why string }{
	{"verify", "net", "judging is offline: what cannot reach a network cannot use one"},
	{"verify", "os/exec", "judging is a function of its arguments"},
	{"verify", "badgekiosk/provision", "the judge cannot make what it judges"},
	{"scanner", "net", "a camera is no network"},
	{"display", "net", "a panel is no network"},
	{"cmd/kiosk", "testing", "no test support in the product"},
}

// notDirectly names what no package under verify imports itself.
var notDirectly = []string{"os", "syscall", "path/filepath", "crypto/x509",
	"github.com/theupdateframework/go-tuf", "github.com/go-jose/go-jose", "github.com/piprate/json-gold"}

type pkg struct {
	ImportPath    string
	Imports, Deps []string
}

func list(t *testing.T) map[string]pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]pkg{}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(p.ImportPath, module)] = p
	}
}

// TestLayout holds rooms, homes and outOfReach.
func TestLayout(t *testing.T) {
	all := list(t)
	for name, p := range all {
		if name == strings.TrimSuffix(module, "/") {
			continue // this file
		}
		may, product := rooms[name]
		if !product {
			var ok bool
			if may, ok = testRooms[name]; !ok {
				if may, ok = generators[name]; !ok && path.Base(name) != "interop" && !strings.HasPrefix(name, "interop/") {
					t.Errorf("package %s has no room in layout_test.go: draw it there first", name)
					continue
				}
			}
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, module); ok {
				if product && !matches(may, ours) {
					t.Errorf("%s may not import %s", name, ours)
				}
				continue
			}
			if strings.HasPrefix(name, "verify") && slices.ContainsFunc(notDirectly, func(bad string) bool {
				return imp == bad || strings.HasPrefix(imp, bad+"/") && strings.Contains(bad, ".")
			}) && product {
				t.Errorf("%s may not import %s", name, imp)
			}
			if product && strings.Contains(strings.Split(imp, "/")[0], ".") && !atHome(name, imp) {
				t.Errorf("%s may not import %s: its home is elsewhere (see homes)", name, imp)
			}
		}
	}
	for name := range rooms {
		if _, ok := all[name]; !ok {
			t.Errorf("room %s stands in layout_test.go but not in the house", name)
		}
	}
	for _, o := range outOfReach {
		for name, p := range all {
			inside := name == o.from || strings.HasPrefix(name, o.from+"/")
			if _, product := rooms[name]; !inside || !product || o.from == "scanner" && name == "scanner/browser" {
				continue
			}
			for _, d := range p.Deps {
				if d == o.dep || strings.HasPrefix(d, o.dep+"/") && strings.HasPrefix(o.dep, module) {
					t.Errorf("%s depends on %s: %s", name, d, o.why)
				}
			}
		}
	}
	for name, p := range all {
		if _, product := rooms[name]; product && slices.Contains(p.Imports, "net/http") &&
			name != "provision" && name != "scanner/browser" && name != "cmd/kiosk" {
			t.Errorf("%s imports net/http; only provision (client) and scanner/browser (demo) may", name)
		}
	}
}

func atHome(name, imp string) bool {
	for lib, home := range homes {
		if imp == lib || strings.HasPrefix(imp, lib+"/") {
			return matches(home, name)
		}
	}
	return false
}

// matches tells whether name is one of list, whose words may end in "/...".
func matches(list, name string) bool {
	for _, w := range strings.Fields(list) {
		if w == name {
			return true
		}
		if below, ok := strings.CutSuffix(w, "/..."); ok && strings.HasPrefix(name, below+"/") {
			return true
		}
	}
	return false
}
