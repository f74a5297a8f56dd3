package signal

import (
	"errors"
	"fmt"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// A colour is which lamps are lit.
type colour uint8

const (
	red   colour = 1
	green colour = 2
	blue  colour = 4
	amber        = red | green
	white        = red | green | blue
)

// lamps are one lamp of three colours, two lamps, or one.
type lamps struct {
	red, green, blue Pin
	inverted         bool
}

// set lights the lamps of c. Where none of them is there, it lights all that
// are: a colour that cannot be shown still has its rhythm.
func (l *lamps) set(c colour) error {
	all := []struct {
		name string
		pin  Pin
		is   colour
	}{{"red", l.red, red}, {"green", l.green, green}, {"blue", l.blue, blue}}
	var there colour
	for _, a := range all {
		if a.pin != nil {
			there |= a.is
		}
	}
	if c != 0 && c&there == 0 {
		c = there
	}
	var errs error
	for _, a := range all {
		if a.pin == nil {
			continue
		}
		on := c&a.is != 0
		if err := a.pin.Out(gpio.Level(on != l.inverted)); err != nil {
			errs = errors.Join(errs, fmt.Errorf("the %s lamp's line cannot be set; look whether something else holds it: %w", a.name, err))
		}
	}
	return errs
}

// A pitch is a tone's frequency in hertz; 0 is silence.
type pitch uint16

// half is the time between two switches of a line that makes this tone.
func (p pitch) half() time.Duration { return time.Second / (2 * time.Duration(p)) }

// sound switches the buzzer.
func sound(buzzer Pin, p pitch) error {
	if buzzer == nil {
		return nil
	}
	if err := buzzer.Out(gpio.Level(p != 0)); err != nil {
		return fmt.Errorf("the buzzer's line cannot be set; look whether something else holds it: %w", err)
	}
	return nil
}
