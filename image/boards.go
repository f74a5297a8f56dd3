package main

import (
	"fmt"
	"slices"
	"strings"
)

// A board is a computer that the image runs on, with its device trees in the
// kernel's module.
type board struct {
	name  string
	trees []string
	known []string // what those trees call the boards: "compatible", its first word
}

// boards are those whose camera and panel the kernel drives without help.
func boards() []board {
	return []board{
		{"pi-3", []string{"bcm2710-rpi-3-b.dtb", "bcm2710-rpi-3-b-plus.dtb"}, []string{"raspberrypi,3-model-b", "raspberrypi,3-model-b-plus"}},
		{"zero-2-w", []string{"bcm2710-rpi-zero-2-w.dtb", "bcm2710-rpi-zero-2.dtb"}, []string{"raspberrypi,model-zero-2-w"}},
		{"pi-4", []string{"bcm2711-rpi-4-b.dtb", "bcm2711-rpi-400.dtb", "bcm2711-rpi-cm4.dtb"},
			[]string{"raspberrypi,4-model-b", "raspberrypi,400", "raspberrypi,4-compute-module"}},
	}
}

// everyBoard makes one image for all of them.
const everyBoard = "all"

func boardNames() string {
	names := []string{everyBoard}
	for _, b := range boards() {
		names = append(names, b.name)
	}
	return strings.Join(names, ", ")
}

// treesOf are the device trees that the board so named needs.
func treesOf(name string) ([]string, error) {
	var trees []string
	for _, b := range boards() {
		if name == b.name || name == everyBoard {
			trees = append(trees, b.trees...)
		}
	}
	if trees == nil {
		return nil, fmt.Errorf("there is no board %q; it is one of %s", name, boardNames())
	}
	return trees, nil
}

// screens that the kernel drives; "kms" stands for the first.
func screens() []string { return []string{"kms-800x480", "kms-1024x600"} }

// spiPanels are on the header's SPI bus, by the names of kiosk screen --list.
func spiPanels() []string {
	return []string{"epd-1in54", "epd-2in13-v4", "epd-2in7-v2", "epd-2in9-v2", "epd-4in2-v2", "epd-4in26", "epd-5in83",
		"epd-7in5-v2", "epd-7in5-v2-old", "epd-7in3-spectra", "lcd-ili9341", "lcd-st7789", "lcd-st7796", "lcd-ili9486"}
}

func panelNames() string {
	return strings.Join(slices.Concat([]string{"kms"}, screens(), spiPanels()), ", ")
}

// panelNamed is the name that kiosk.json has for a panel.
func panelNamed(name string) (string, error) {
	if name == "kms" {
		return screens()[0], nil
	}
	if !slices.Contains(slices.Concat(screens(), spiPanels()), name) {
		return "", fmt.Errorf("there is no panel %q; it is one of %s", name, panelNames())
	}
	return name, nil
}

// compatible are the names by which the board so named knows itself when it
// runs: no system for another is taken there.
func compatible(name string) (names []string, err error) {
	for _, b := range boards() {
		if name == b.name || name == everyBoard {
			names = append(names, b.known...)
		}
	}
	if names == nil {
		_, err = treesOf(name)
	}
	return names, err
}
