package main

import (
	"time"

	"badgekiosk/display"
	"badgekiosk/verify"
)

// checks is a line for each axis of the report.
func (t telling) checks() []display.Field {
	now := t.now()
	a := t.Axes
	var out []display.Field
	for _, c := range []struct {
		label string
		verify.Finding
		asOf time.Time
	}{
		{"signature", a.Signature, time.Time{}},
		{"key", a.Issuer, t.KeysAsOf},
		{"status", a.Status, a.Status.AsOf},
		{"time", a.Time, now},
		{"presenter", a.Presenter, time.Time{}},
	} {
		text := t.Labels[c.State.String()]
		if date := t.date(c.asOf); date != "" && c.State != verify.Unknown {
			text += " · " + date
		}
		out = t.field(out, c.label, text)
	}
	return out
}
