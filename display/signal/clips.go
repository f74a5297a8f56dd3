package signal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"badgekiosk/display/signal/clip"
)

// A Sound says what is played and how.
type Sound struct {
	// Clips has the clip of each sentence, LANG/NAME, by [clip.Name].
	Clips fs.FS
	// Headphones says that what is plugged in is worn on the ears. Without
	// it that is so only where the sound card says it: its jack, or a USB
	// headset by its own name.
	Headphones bool
	// Volume is how far the card is turned up, in parts of a hundred. At 0 it
	// is turned up to [loudness], if it is not louder.
	Volume int
}

// clips are sentences spoken beforehand.
type clips struct {
	Sound
	open func(volume int) (sounder, error)
}

// Clips is a voice of sound files. It plays them through ALSA: on a USB sound
// card if there is one, else on the board's own, looked for anew each time; no
// other program is needed.
func Clips(s Sound) Voice { return clips{s, openSound} }

var clipLang = regexp.MustCompile(`^[a-z]{2,3}$`)

// ErrNoClip says that a sentence was never recorded.
var ErrNoClip = errors.New("no clip of this sentence; make them with kiosk speech")

// clip is the sound of a part, nothing for a name that has none.
func (c clips) clip(lang string, p Part) (clip.Clip, error) {
	from, name := p.Names, clip.Name(p.Text)
	if from == nil {
		if !clipLang.MatchString(lang) {
			return clip.Clip{}, fmt.Errorf("%w: there is no language %q", ErrNoClip, lang)
		}
		from, name = c.Clips, lang+"/"+name
	}
	f, err := from.Open(name)
	if err != nil {
		return clip.Clip{}, fmt.Errorf("%w: %w", ErrNoClip, err)
	}
	defer f.Close()
	s, err := clip.Read(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return s, err
}

// Speak plays the parts that have a clip. The error is [ErrNoClip] where the
// first has none; then nothing was spoken.
func (c clips) Speak(ctx context.Context, l Line) error {
	parts := append(l.Aloud[:len(l.Aloud):len(l.Aloud)], l.Private...)
	first, err := c.clip(l.Lang, parts[0])
	if err != nil {
		return err
	}
	out, err := c.open(c.Volume)
	if err != nil {
		return err
	}
	defer out.Close()
	rate, channels, err := start(out, first.Rate, first.Channels)
	if err != nil {
		return err
	}
	for i, p := range parts {
		may := func() bool { return i < len(l.Aloud) || c.Headphones || out.Worn() }
		if !may() {
			break
		}
		s, err := c.clip(l.Lang, p)
		if err != nil {
			continue // the rest is still worth hearing
		}
		if whole, err := play(ctx, out, s.As(rate, channels), may); err != nil || !whole {
			return errors.Join(err, out.Drop())
		}
	}
	return out.Drain(ctx)
}

// A sounder is a sound card's output, opened.
type sounder interface {
	// Start sets rate and channels; errUnfit if the card has no such.
	Start(rate, channels int) error
	// Write plays frames of little-endian samples; it waits for room.
	io.Writer
	// Worn tells whether the card knows that headphones are plugged in.
	Worn() bool
	// Drain waits until all has been heard; Drop forgets what has not.
	Drain(ctx context.Context) error
	Drop() error
	io.Closer
}

// errUnfit says that a sound card cannot play at a rate.
var errUnfit = errors.New("the sound card has no such rate or channels")

// fits are what to try where a card does not take a clip as it is.
var fits = []struct{ rate, channels int }{{48000, 2}, {44100, 2}, {48000, 1}, {44100, 1}}

// start makes a card ready for a rate and channels, or for the first that fit.
func start(out sounder, rate, channels int) (int, int, error) {
	err := out.Start(rate, channels)
	for i := 0; errors.Is(err, errUnfit) && i < len(fits); i++ {
		rate, channels = fits[i].rate, fits[i].channels
		err = out.Start(rate, channels)
	}
	return rate, channels, err
}

// sip is how much is written at once: how late a newer line may cut in.
const sip = 20 // parts of a second

// play sounds a clip until it ends, ctx does, or it may no longer be heard.
func play(ctx context.Context, out sounder, c clip.Clip, may func() bool) (whole bool, err error) {
	buf := make([]byte, 0, 2*(c.Rate/sip+1)*c.Channels)
	for s := c.Samples; len(s) > 0; {
		if ctx.Err() != nil || !may() {
			return false, ctx.Err()
		}
		n := min(len(s), c.Rate/sip*c.Channels)
		buf = buf[:0]
		for _, v := range s[:n] {
			buf = binary.LittleEndian.AppendUint16(buf, uint16(v))
		}
		if _, err := out.Write(buf); err != nil {
			return false, err
		}
		s = s[n:]
	}
	return true, nil
}
