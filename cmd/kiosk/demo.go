package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"badgekiosk/display/qr"
	"badgekiosk/provision/issue"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/scanner/browser"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
	"badgekiosk/verify/wire"

	"github.com/spf13/cobra"
)

const (
	demoPort  = 8080            // where the demo is found, unless it is taken
	demoPanel = "epd-7in5-v2"   // the panel that it begins with
	demoHold  = 2 * time.Minute // how long a result stays: longer than on a kiosk, as people talk about it
)

// demoFiles are the page.
//
//go:embed demo
var demoFiles embed.FS

func demoCommand() *cobra.Command {
	var port int
	var quiet bool
	var own string
	cmd := &cobra.Command{
		Use:   "demo [--trust DIR] [--no-open] [--port N]",
		Short: "Try the whole kiosk on this computer",
		Long: `Demo opens a page in your browser that is a kiosk: this computer's camera
sees badges, and the page shows what an e-paper panel would. Sample badges,
pictures, files and pasted text work too.

The page is served to this computer only. No network is used, and nothing of
a badge is kept. Ctrl-C stops it.`,
		Example: "  kiosk demo\n  kiosk demo --trust trust\n  kiosk demo --no-open --port 9000",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			d, err := newDemo(time.Now(), own)
			if err != nil {
				return err
			}
			return d.serve(ctx, port, !quiet, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&own, "trust", "", "a trust folder of your own, whose issuers are listed beside the samples'")
	cmd.Flags().IntVar(&port, "port", demoPort, "where to listen on 127.0.0.1; a free port if it is taken")
	cmd.Flags().BoolVar(&quiet, "no-open", false, "do not open a browser")
	return cmd
}

// serve says on out where the page is, alone on a line, once it is there.
func (d *demo) serve(ctx context.Context, port int, open bool, out, errs io.Writer) error {
	if port < 0 || port > 65535 {
		return fmt.Errorf("there is no port %d: want 0 (any) to 65535", port)
	}
	server, err := d.server()
	if err != nil {
		return err
	}
	l, err := browser.Listen(port)
	if err != nil {
		return err
	}
	url := fmt.Sprintf("http://%s/", l.Addr())
	fmt.Fprintln(out, url)
	fmt.Fprintln(errs, "The kiosk is at that address, on this computer only. Ctrl-C stops it.")
	if open && !openBrowser(url) {
		fmt.Fprintln(errs, "Open it in a browser.")
	}
	return server.Serve(ctx, l)
}

// openBrowser asks the desktop to show url; false where there is none.
func openBrowser(url string) bool {
	var cmd *exec.Cmd
	switch {
	case runtime.GOOS == "darwin":
		cmd = exec.Command("open", url)
	case runtime.GOOS == "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return false // a terminal: xdg-open would start a browser in it
	default:
		cmd = exec.Command("xdg-open", url)
	}
	if cmd.Start() != nil {
		return false
	}
	go cmd.Wait()
	return true
}

// A demo is what the windows of one kiosk demo share.
type demo struct {
	trust   *trust.Set
	samples []sample.Badge
}

// newDemo makes the samples as of now. Their issuers are ordinary ones, known
// to this demo only, beside those of the trust folder own, if there is one.
func newDemo(now time.Time, own string) (*demo, error) {
	tree, badges, err := sample.New(now)
	if err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	if own != "" {
		if tree, err = beside(tree, os.DirFS(own)); err != nil {
			return nil, fmt.Errorf("--trust %s: %w", own, unwrapPath(err))
		}
	}
	set, err := trust.Open(tree)
	if err != nil {
		return nil, fmt.Errorf("samples' trust: %w", err)
	}
	return &demo{set, badges}, nil
}

// beside is a trust folder with the members of both, those of own under names
// that none of the samples' has.
func beside(samples, own fs.FS) (fs.FS, error) {
	both := issue.Tree{}
	add := func(from fs.FS, root string, as func(string) string) error {
		return fs.WalkDir(from, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(from, name)
			if err != nil {
				return err
			}
			return both.WriteFile(as(name), data)
		})
	}
	err := add(samples, ".", func(name string) string { return name })
	if err != nil {
		return nil, err
	}
	return both, add(own, "districts", func(name string) string {
		return "districts/own-" + strings.TrimPrefix(name, "districts/")
	})
}

// A choice is one entry of a list on the page.
type choice struct{ Name, Title string }

// choices are the lists on the page.
type choices struct {
	Panel                      string // the first panel
	Panels, Audiences, Samples []choice
	Languages                  []language
}

var audienceTitles = []choice{
	{verify.Public.String(), "Anyone"},
	{verify.Partner.String(), "A partner"},
	{verify.Employer.String(), "An employer"},
	{verify.Office.String(), "The school office"},
}

var sampleTitles = map[string]string{
	"genuine": "Genuine", "tampered": "Tampered with", "revoked": "Withdrawn", "expired": "Expired",
	"unknown": "Unknown issuer", "lookalike": "Look-alike issuer", "notbadge": "Not a badge",
}

// server is the page with its files and the codes of the samples.
func (d *demo) server() (*browser.Server, error) {
	lists := choices{Panel: demoPanel, Audiences: audienceTitles, Languages: languages()}
	for _, k := range panelKinds() {
		lists.Panels = append(lists.Panels, choice{k.name, k.label})
	}
	files := map[string]browser.File{}
	for _, b := range d.samples {
		files["samples/"+b.Name+".svg"] = sync.OnceValues(func() ([]byte, error) { return codeOf(b.Payload) })
		lists.Samples = append(lists.Samples, choice{b.Name, sampleTitles[b.Name]})
	}
	for _, name := range []string{"demo.css", "demo.js", "icon.svg"} {
		files[name] = func() ([]byte, error) { return demoFiles.ReadFile("demo/" + name) }
	}
	index, err := template.ParseFS(demoFiles, "demo/index.html")
	if err != nil {
		return nil, err
	}
	return &browser.Server{Files: files, Index: index, Data: lists, Run: d.run, Read: readBadge}, nil
}

// codeOf is a payload's QR code as a picture.
func codeOf(payload []byte) ([]byte, error) {
	code, err := qr.New(payload, qr.Low)
	if err != nil {
		return nil, err
	}
	var svg bytes.Buffer
	err = code.WriteSVG(&svg, 1, qr.Quiet)
	return svg.Bytes(), err
}

// payload is a sample's, nil for a name that no sample has.
func (d *demo) payload(name string) []byte {
	for _, b := range d.samples {
		if b.Name == name {
			return b.Payload
		}
	}
	return nil
}

// readBadge takes a badge out of a file or text that somebody chose: itself,
// or the code in a photograph.
func readBadge(data []byte) ([]byte, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("there is nothing in it")
	}
	if _, err := wire.Open(data); wire.Picture(data) && reason.CodeOf(err, "") == reason.QNotBadge {
		return readCode(data)
	}
	return data, nil
}
