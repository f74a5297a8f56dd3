package main

import (
	"slices"

	"badgekiosk/display"
	"badgekiosk/verify/reason"
)

// partLabels are the parts of a kiosk, by the code that each fails with.
var partLabels = []struct {
	label string
	code  reason.Code
}{{"camera", reason.HCam}, {"panel", reason.HPanel}, {"clock", reason.HClock}, {"disk", reason.HDisk}, {"lists", reason.BNone}}

// selfTest is how each part does.
func (a *appliance) selfTest() (parts []part) {
	ill := map[reason.Code]bool{
		reason.HClock: !a.clock.Moment().Set,
		reason.BNone:  len(a.trust.Members) == 0,
	}
	for code := range a.ill {
		ill[code] = true
	}
	for _, p := range partLabels {
		code := p.code
		if !ill[code] {
			code = ""
		}
		parts = append(parts, part{p.label, code})
	}
	slices.SortStableFunc(parts, func(x, y part) int { return len(y.code) - len(x.code) })
	return parts
}

// lookForStick asks for the stick to be put in, or to be put in again.
func (a *appliance) lookForStick() view { return brief(noUpdate(a.kiosk.speech())) }

func (a *appliance) showStatus() view { return view{} }

// turnOff says that the board may be unplugged, and has it stopped.
func (a *appliance) turnOff() view {
	return view{pages: []display.Screen{turnedOff(a.kiosk.speech())}}
}
