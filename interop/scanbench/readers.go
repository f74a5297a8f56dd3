package main

import (
	"fmt"
	"image"

	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/sys/unix"
)

// A reader reads the best code of a picture and says how much CPU time it
// took, in microseconds.
type reader interface {
	name() string
	read(*image.Gray) (text string, micros float64, err error)
}

func open(only []string, native, wasm string) ([]reader, error) {
	var out []reader
	for _, name := range only {
		switch name {
		case "kiosk":
			out = append(out, &kiosk{})
		case "kiosk-live":
			out = append(out, &kiosk{qr.Reader{Live: true}})
		case "gozxing":
			out = append(out, gozxingReader{})
		case "":
		default:
			return nil, fmt.Errorf("no reader %q: kiosk, kiosk-live, gozxing", name)
		}
	}
	var peers [][]string
	if wasm != "" {
		peers = append(peers, []string{"zxing-wasm", "node", wasm})
	}
	if native != "" {
		peers = append(peers, []string{"libzxing", native, "zxing"}, []string{"libzbar", native, "zbar"})
	}
	for _, command := range peers {
		p, err := startPeer(command[0], command[1:]...)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// cpu is the CPU time that this thread has used, in microseconds.
func cpu() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return float64(t.Nano()) / 1000
}

// blank is a frame that leaves nothing to be tracked.
var blank = scanner.Frame{Gray: *image.NewGray(image.Rect(0, 0, 16, 16))}

// kiosk is our reader: of still pictures, or with the budget of a camera's
// frames.
type kiosk struct{ reader qr.Reader }

func (k *kiosk) name() string {
	if k.reader.Live {
		return "kiosk-live"
	}
	return "kiosk"
}

func (k *kiosk) read(m *image.Gray) (string, float64, error) {
	k.reader.Read(&blank) // no picture follows another
	start := cpu()
	found := k.reader.Read(&scanner.Frame{Gray: *m})
	took := cpu() - start
	if len(found) == 0 {
		return "", took, nil
	}
	return string(found[0].Data()), took, nil
}

// gozxingReader is what a Go program does first: an image in, TRY_HARDER.
type gozxingReader struct{}

func (gozxingReader) name() string { return "gozxing" }

func (gozxingReader) read(m *image.Gray) (string, float64, error) {
	start := cpu()
	bm, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		return "", cpu() - start, nil
	}
	res, err := qrcode.NewQRCodeReader().Decode(bm, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	took := cpu() - start
	if err != nil {
		return "", took, nil // its errors say that it found nothing
	}
	return res.GetText(), took, nil
}
