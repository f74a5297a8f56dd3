package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"badgekiosk/image/vmtest/webcam"
	"badgekiosk/scanner/scansim"
)

// A trial is one run: a card, what is plugged into the board, and the board
// while it is on.
type trial struct {
	repository string // where everything is built
	dir        string
	built      string // the folder of what was built at first
	card       string // the image that the board runs from; a step may run from another
	coalition  *coalition
	camera     *webcam.Camera
	socket     string // of the camera
	glass      *glassOn
	with       equipment // of the step that is on
	writes     string    // where the next board's writes to the card are noted, or nothing
	blind      bool      // the next boards have neither hub nor camera: a stick is all that is plugged in
	board      *machine  // nil while it is off
	latest     *machine  // that was on, if only once
	log        io.Writer
	install    install
	put        cardLog  // of a system on its way into its slot
	tried      cardLog  // of the start on trial after it
	notes      []string // figures for the last lines
}

// frame is the size of the camera's pictures: the least that kiosks' cameras
// have, as each pixel goes through an emulated bus.
var frame = image.Pt(640, 480)

// cardSize is that of the card in the emulated reader, which takes powers of
// two alone.
const cardSize = 512 << 20

// prepare builds the programs, makes up a coalition and builds its image.
func (t *trial) prepare(ctx context.Context) error {
	build := filepath.Join(t.dir, "build")
	program := filepath.Join(build, "kiosk")
	err := t.runs(ctx, nil, "go", "build", "-trimpath", "-o", program, "./cmd/kiosk")
	if err == nil {
		t.coalition, err = begin(ctx, program, filepath.Join(t.dir, "coalition"))
	}
	if err == nil {
		err = t.coalition.found(ctx)
	}
	if err != nil {
		return err
	}
	image := filepath.Join(t.dir, "badge-kiosk.img")
	err = t.runs(ctx, board, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(build, "kiosk-linux-arm64"), "./cmd/kiosk")
	if err == nil {
		err = t.runs(ctx, nil, "go", "run", "./image", "-board", "pi-3", "-number", "1", "-panel", panelName, "-from", build, "-to", image,
			"-root", t.coalition.file(rootFile), "-bundle", t.coalition.file(bundleFile))
	}
	if err != nil {
		return err
	}
	t.card = image
	return t.equip(image)
}

// board has Go build for the emulated board.
var board = []string{"GOOS=linux", "GOARCH=arm64"}

// runs runs a program in the repository.
func (t *trial) runs(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = t.repository, slices.Concat(os.Environ(), env, []string{"CGO_ENABLED=0"})
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w: %s", name, args, err, out)
	}
	return nil
}

// equip gathers what is plugged into a board.
func (t *trial) equip(image string) error {
	if err := t.size(image); err != nil {
		return err
	}
	return t.plugIn()
}

// plugIn gets a panel and a camera.
func (t *trial) plugIn() (err error) {
	if t.glass, err = newGlass(panelName); err != nil {
		return err
	}
	return t.plugCamera()
}

// size notes how large the image is, and makes it as large as a card.
func (t *trial) size(image string) error {
	info, err := os.Stat(image)
	if err != nil {
		return err
	}
	t.note("image: %d bytes", info.Size())
	if info.Size() > cardSize {
		return fmt.Errorf("%s has %d bytes, the emulated card %d", image, info.Size(), cardSize)
	}
	return os.Truncate(image, cardSize)
}

func (t *trial) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// plugCamera has a camera wait for boards.
func (t *trial) plugCamera() error {
	t.camera = webcam.New(frame)
	t.socket = filepath.Join(t.dir, "camera")
	l, err := net.Listen("unix", t.socket)
	if err != nil {
		return err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if err := t.camera.Serve(c); err != nil {
				fmt.Fprintln(t.log, "camera:", err)
			}
		}
	}()
	return nil
}

// hold holds a code with that text in front of the camera; nothing, if it is
// empty.
func (t *trial) hold(text string) error {
	if text == "" {
		g := image.NewGray(image.Rectangle{Max: frame})
		for i := range g.Pix {
			g.Pix[i] = 0x60
		}
		return t.camera.Show(g)
	}
	s, err := scansim.Scene{Kind: scansim.Screen, Quality: scansim.Clean, Level: 'L', Module: 6, Frame: frame, Seed: 7}.Holding(text)
	if err != nil {
		return err
	}
	for s.Module > 3 && !s.Fits() {
		s.Module -= .1
	}
	g, _, err := s.Render()
	if err != nil {
		return err
	}
	return t.camera.Show(g)
}

// Where things are plugged into the hub, and where the hub is.
const (
	cameraPort = "1.1"
	stickPort  = "1.2"
	rootPort   = "1"
)

// on switches the board on, as tryboot or as usual. What its firmware hands
// over comes from the card.
func (t *trial) on(ctx context.Context, tryboot bool) error {
	real, err := t.handsOver(tryboot)
	if err != nil {
		return err
	}
	told, err := real.differ(t.with)
	if err != nil {
		return err
	}
	if err := verifyDifferences(real, told, t.with); err != nil {
		return err
	}
	var plugged []string
	if !t.blind {
		plugged = []string{"-device", "usb-hub,id=hub,port=1",
			"-chardev", "socket,id=camera,path=" + t.socket, "-device", "usb-redir,id=camera,chardev=camera,port=" + cameraPort}
	}
	writes := t.writes
	t.writes = ""
	return t.power(ctx, setup{start: told, glass: t.glass, emulator: slices.Concat(pi3b(t.card, writes), plugged, t.with.emulator)})
}

// handsOver is what a board's firmware finds on the card.
func (t *trial) handsOver(tryboot bool) (s start, err error) {
	card, err := os.Open(t.card)
	if err != nil {
		return s, err
	}
	defer card.Close() //nolint:errcheck // only read
	return firmware(card, tryboot)
}

// power switches a board on; most steps want [trial.on].
func (t *trial) power(ctx context.Context, s setup) (err error) {
	if t.board, err = power(ctx, t.dir, s, t.log); err == nil {
		t.latest = t.board
		go t.board.watch(stillTime)
	}
	return err
}

// off cuts the power.
func (t *trial) off() {
	if t.board != nil {
		t.board.cut()
		t.board = nil
	}
}

// poll is how often something is looked at.
const poll = 50 * time.Millisecond

// until waits until ok says so.
func (t *trial) until(what string, limit time.Duration, ok func() bool) error {
	for end := time.Now().Add(limit); !ok(); time.Sleep(poll) {
		select {
		case <-t.board.exited:
			return fmt.Errorf("the board went off; its last words:\n%s", t.board.last(12))
		default:
		}
		if time.Now().After(end) {
			return fmt.Errorf("within %v: not %s; the board's last words:\n%s", limit, what, t.board.last(12))
		}
	}
	return nil
}

// shows waits until a person sees exactly want on the glass.
func (t *trial) shows(what string, want image.Image, limit time.Duration) error {
	err := t.until("seen: "+what, limit, func() bool { return differing(t.glass.Picture(), want) == 0 })
	if err == nil {
		return nil
	}
	got := t.glass.Picture()
	return errors.Join(err, fmt.Errorf("%d pixels differ", differing(got, want)), t.keep("got.png", got), t.keep("want.png", want))
}

// keep writes a picture into the trial's folder, for a person to look at.
func (t *trial) keep(name string, p image.Image) error {
	f, err := os.Create(filepath.Join(t.dir, name))
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, p), f.Close())
}

// differing is how many pixels of two pictures are not alike.
func differing(a, b image.Image) (n int) {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			r, g, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if r != r2 || g != g2 || b1 != b2 {
				n++
			}
		}
	}
	return n
}
