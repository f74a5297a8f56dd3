package signal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A Line is something to speak.
type Line struct {
	Lang string // BCP 47
	Key  string // its name among clips: "verified", "R-REVOKED"
	Text string // its words, for a voice that reads
}

// A Voice speaks lines.
type Voice interface {
	// Speak returns when l has been spoken, or ctx ends.
	Speak(ctx context.Context, l Line) error
}

// longestLine is when a voice that does not come to an end is cut off.
const longestLine = 30 * time.Second

// MaxSpoken is the longest text, in bytes, that is given to a voice.
const MaxSpoken = 500

// espeak is a voice by the program espeak-ng.
type espeak struct{ path string }

// ESpeak is the voice of an installed espeak-ng, nil where there is none.
func ESpeak() Voice {
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		return nil
	}
	return espeak{path}
}

// voices are espeak-ng's names where they are not the language's own tag.
var voices = map[string]string{"zh": "cmn"}

var langTag = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)

func (e espeak) Speak(ctx context.Context, l Line) error {
	lang := strings.ToLower(l.Lang)
	if !langTag.MatchString(lang) {
		return fmt.Errorf("there is no language %q to speak in", l.Lang)
	}
	if v, ok := voices[lang]; ok {
		lang = v
	}
	text := l.Text
	if len(text) > MaxSpoken {
		text = strings.ToValidUTF8(text[:MaxSpoken], "")
	}
	// The text comes by standard input: on the command line every user of the
	// system could read it.
	cmd := exec.CommandContext(ctx, e.path, "-v", lang, "--stdin")
	cmd.Stdin = strings.NewReader(text)
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("espeak-ng in %s: %w", lang, err)
	}
	return ctx.Err()
}

// clips are lines spoken beforehand.
type clips struct {
	dir  string
	open func() (sounder, error)
}

// Clips is a voice of sound files (see [ReadWAV]) in dir: LANG/KEY.wav. It
// plays them through ALSA, on a USB sound card if there is one, else on the
// board's own; no other program is needed.
func Clips(dir string) Voice { return clips{dir, openSound} }

var clipName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)

// ErrNoClip says that a line was never recorded.
var ErrNoClip = errors.New("no clip of this line")

func (c clips) Speak(ctx context.Context, l Line) error {
	if !clipName.MatchString(l.Lang) || !clipName.MatchString(l.Key) {
		return fmt.Errorf("%w: %q in %q", ErrNoClip, l.Key, l.Lang)
	}
	path := filepath.Join(c.dir, l.Lang, l.Key+".wav")
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoClip, err)
	}
	defer f.Close()
	clip, err := ReadWAV(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	out, err := c.open()
	if err != nil {
		return err
	}
	return errors.Join(clip.play(ctx, out), out.Close())
}

// FirstVoice speaks by the first of all that can: clips, then espeak-ng.
func FirstVoice(all ...Voice) Voice {
	var there firstVoice
	for _, v := range all {
		if v != nil {
			there = append(there, v)
		}
	}
	if there == nil {
		return nil
	}
	return there
}

type firstVoice []Voice

func (all firstVoice) Speak(ctx context.Context, l Line) (err error) {
	for _, v := range all {
		if err = v.Speak(ctx, l); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// A speaker speaks the newest line.
type speaker struct {
	voice Voice
	note  func(error)
	wake  chan struct{}

	mu    sync.Mutex
	next  *Line
	cut   context.CancelFunc // ends the line being spoken
	muted bool
}

func newSpeaker(v Voice, note func(error)) *speaker {
	return &speaker{voice: v, note: note, wake: make(chan struct{}, 1), cut: func() {}}
}

func (s *speaker) say(l Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.voice == nil || s.muted {
		return
	}
	s.next = &l
	s.cut()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *speaker) mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.muted = on; on {
		s.next = nil
		s.cut()
	}
}

// take is the line to speak now, and the context it lives in.
func (s *speaker) take(ctx context.Context) (context.Context, *Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, s.cut = context.WithTimeout(ctx, longestLine)
	l := s.next
	s.next = nil
	return ctx, l
}

func (s *speaker) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		one, l := s.take(ctx)
		if l == nil {
			continue
		}
		if err := s.voice.Speak(one, *l); err != nil && one.Err() == nil {
			s.note(err)
		}
		s.mu.Lock()
		s.cut()
		s.mu.Unlock()
	}
}
