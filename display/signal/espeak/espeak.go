// Package espeak has words spoken by the program espeak-ng: aloud, or into a
// clip. It is the only place that starts it.
package espeak

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"
	"unicode"

	"badgekiosk/display/signal/clip"
)

// A Program is an espeak-ng.
type Program string

// Find is an installed espeak-ng, "" where there is none.
func Find() Program {
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		return ""
	}
	return Program(path)
}

// MaxText is the longest text, in bytes, that is spoken.
const MaxText = 500

// voices are espeak-ng's names where they are not the language's own tag:
// those of the Americas, and what it calls Mandarin.
var voices = map[string]string{"en": "en-us", "es": "es-419", "fr": "fr-fr", "zh": "cmn"}

// paces are words a minute where espeak-ng's own pace is not that of the
// other languages.
var paces = map[string]string{"zh": "230"}

// readings are texts that espeak-ng 1.51 reads differently each time, from
// memory that it has not set, and how to write them so that it does not:
// 14, 17 and 19 in Arabic.
var readings = map[string]map[string]string{"ar": {"14": "أَرْبَعَةَ عَشَر", "17": "سَبْعَةَ عَشَر", "19": "تِسْعَةَ عَشَر"}}

var tag = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)

// lastWords is how long a program that has ended may be read from: a busy
// computer takes a second and more to get round to it.
const lastWords = 10 * time.Second

// command is espeak-ng about to read a text. The text comes by standard
// input: on the command line every user of the system could read it.
func (p Program) command(ctx context.Context, lang, text string, more ...string) (*exec.Cmd, error) {
	lang = strings.ToLower(lang)
	if !tag.MatchString(lang) {
		return nil, fmt.Errorf("there is no language %q to speak in", lang)
	}
	if r, ok := readings[lang][text]; ok {
		text = r
	}
	args := []string{"-v", lang}
	if v, ok := voices[lang]; ok {
		args[1] = v
	}
	if s, ok := paces[lang]; ok {
		args = append(args, "-s", s)
	}
	if len(text) > MaxText {
		text = strings.ToValidUTF8(text[:MaxText], "")
	}
	cmd := exec.CommandContext(ctx, string(p), append(append(args, "--stdin"), more...)...)
	cmd.Stdin = strings.NewReader(readable(text))
	cmd.WaitDelay = lastWords
	return cmd, nil
}

// readable is a text that is not spelt out letter by letter: words in
// capitals would be.
func readable(text string) string {
	if strings.ToUpper(text) != text || strings.ToLower(text) == text {
		return text
	}
	r := []rune(strings.ToLower(text))
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// Speak reads a text aloud, and returns when it has been heard or ctx ends.
// lang is a BCP 47 tag.
func (p Program) Speak(ctx context.Context, lang, text string) error {
	cmd, err := p.command(ctx, lang, text)
	if err != nil {
		return err
	}
	if err := cmd.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("espeak-ng in %s: %w", lang, err)
	}
	return ctx.Err()
}

// Rate is that of the clips made here, in hertz: half of espeak-ng's own,
// which leaves what a telephone of good quality does.
const Rate = 11025

// patience is how long making one clip may take.
const patience = 30 * time.Second

// Clip is the file of a text spoken in lang, as package clip packs it. The
// same program makes the same file.
func (p Program) Clip(ctx context.Context, lang, text string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	cmd, err := p.command(ctx, lang, text, "--stdout")
	if err != nil {
		return nil, err
	}
	var said, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complaint
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("espeak-ng in %s: %w: %s", lang, err, bytes.TrimSpace(complaint.Bytes()))
	}
	c, err := clip.Read(&said)
	if err != nil {
		return nil, fmt.Errorf("what espeak-ng made of %q in %s: %w", text, lang, err)
	}
	c = c.As(Rate, 1).Trimmed()
	if len(c.Samples) == 0 {
		return nil, fmt.Errorf("espeak-ng says nothing for %q in %s; is its data installed (espeak-ng-data)?", text, lang)
	}
	return c.Pack(), nil
}
