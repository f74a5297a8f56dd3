//go:build !linux

package main

import (
	"errors"

	"badgekiosk/display"
	"badgekiosk/scanner"
)

var errLinux = errors.New("cameras and panels are driven on Linux alone; to try the kiosk here, run: kiosk demo")

func openPanel(panelConfig) (display.Panel, error) { return nil, errLinux }

func openCamera(cameraConfig) (scanner.Camera, error) { return nil, errLinux }

// realBoard is one that nothing is wired to.
func realBoard() board { return board{openPanel: openPanel, openCamera: openCamera} }
