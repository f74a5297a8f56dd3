package main

import (
	"context"
	"image"
	"slices"

	"badgekiosk/scanner"
)

// A sight is what the camera saw, as far as it changes anything: payloads, or
// what keeps a code from being read, or the end.
type sight struct {
	payloads []scanner.Payload
	advice   scanner.Advice   // to whoever holds a code up
	code     bool             // there is a code, not read yet
	near     float64          // how near it is to being read, 0 to 1
	progress scanner.Progress // of a badge in parts
	picture  *image.Gray      // small, of the frame; nil where nobody shows it
	end      error
}

// same tells whether s changes nothing that o did not.
func (s sight) same(o sight) bool {
	return s.payloads == nil && s.end == nil && s.picture == nil &&
		s.advice == o.advice && s.code == o.code && s.near == o.near && s.progress == o.progress
}

// look watches the camera beside everything else, and stop ends that. A
// payload waits for the kiosk to be ready for it, and the camera with it;
// advice is lost when nobody is ready, the next frame has more.
func (k *Kiosk) look(ctx context.Context) (sights <-chan sight, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	out, ended := make(chan sight), make(chan struct{})
	go func() {
		defer close(ended)
		defer k.Scanner.Wipe()
		steady := scanner.Steady{Patience: k.Patience}
		var told sight
		for {
			x, err := k.Scanner.Look(ctx)
			s := sightOf(x, &steady)
			s.end = err
			if len(s.payloads) > 0 || s.end != nil {
				select {
				case out <- s:
					told = s
				case <-ctx.Done():
				}
			} else if !s.same(told) {
				select {
				case out <- s:
					told = s
				default:
				}
			}
			if s.end != nil || ctx.Err() != nil {
				return
			}
		}
	}()
	return out, func() { cancel(); <-ended }
}

// sightOf is what the last frame changes. A code that hangs on a wall is none:
// the glass would show the camera's picture for as long as it hangs there.
func sightOf(x scanner.Sight, steady *scanner.Steady) sight {
	s := sight{payloads: x.Payloads, progress: x.Progress, advice: steady.Add(x)}
	if steady.Weary() {
		return s
	}
	s.near, s.code = steady.Near(), x.Hint != scanner.Hint{}
	if s.code && x.Small != nil {
		s.picture = &image.Gray{Pix: slices.Clone(x.Small.Pix), Stride: x.Small.Stride, Rect: x.Small.Rect}
	}
	return s
}

// ready wakes the glass when a code comes into sight.
func (k *Kiosk) ready(ctx context.Context, s sight) error {
	if !s.code || len(s.payloads) > 0 {
		return nil
	}
	return k.Glass.Wake(ctx)
}

// advise helps whoever holds up a code that is not read yet, unless there is
// something to read on the glass.
func (k *Kiosk) advise(s sight) {
	k.Signals.Near(s.near)
	if k.Poster || !k.now.rests && !k.now.fleets || k.now.press != nil && !k.now.rests {
		return
	}
	lang := k.speech()
	v := view{fleets: true, stays: fleeting}
	switch {
	case s.progress.Have > 0:
		v.pages = screens(progress(s.progress.Have, s.progress.Total, lang))
	case s.advice != scanner.NoAdvice || s.code && s.picture != nil:
		v.pages = screens(withPreview(hint(s.advice, lang), s.picture))
	case k.now.fleets && !s.code:
		k.rest()
		return
	default:
		return
	}
	k.put(v)
}
