package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A peer is another program that reads codes; peers/native.cpp tells the protocol.
type peer struct {
	label string
	in    io.Writer
	out   *bufio.Reader
}

func startPeer(label string, command ...string) (*peer, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &peer{label, in, bufio.NewReader(out)}, cmd.Start()
}

func (p *peer) name() string { return p.label }

func (p *peer) read(m *image.Gray) (string, float64, error) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	request := fmt.Appendf(nil, "%d %d\n", w, h)
	for y := range h {
		request = append(request, m.Pix[y*m.Stride:y*m.Stride+w]...)
	}
	if _, err := p.in.Write(request); err != nil {
		return "", 0, err
	}
	answer, err := p.out.ReadString('\n')
	if err != nil {
		return "", 0, err
	}
	var micros float64
	var text string
	if _, err := fmt.Sscan(answer, &micros, &text); err != nil {
		return "", 0, fmt.Errorf("answer %.60q: %w", answer, err)
	}
	if text == "-" {
		return "", micros, nil
	}
	b, err := hex.DecodeString(strings.TrimSpace(text))
	return string(b), micros, err
}
