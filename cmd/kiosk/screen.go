package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"badgekiosk/display"
	"badgekiosk/display/glass"
	"badgekiosk/verify/reason"

	"github.com/spf13/cobra"
)

// The screens that need a badge: its verdict, and the page behind that.
const (
	resultScreen  = "result"
	detailsScreen = "details"
)

// screenNames are the screens that need no badge, and how they are made: the
// one between two badges, the wiped glass, the language menu, and one for
// each thing that can be wrong with the kiosk or an update, by its code.
func screenNames() map[string]func(lang string) display.Screen {
	all := map[string]func(string) display.Screen{
		"attract":   attract,
		"blank":     func(string) display.Screen { return display.Screen{} },
		"languages": func(lang string) display.Screen { return languageMenu(lang, languages()) },
	}
	for code := range speak("en").Reasons {
		if e, _ := reason.Of(code); e.Effect == reason.Refused {
			all[string(code)] = func(lang string) display.Screen { return trouble(code, lang) }
		}
	}
	maps.Copy(all, namedScreens())
	return all
}

// trouble is the screen of a fault of the kiosk, or of an update: what it is,
// what to do, and the code for the call to IT.
func trouble(code reason.Code, lang string) display.Screen {
	l := speak(lang)
	m := l.Reasons[code]
	return display.Screen{Word: m.Says.with(nil), Say: m.Next.with(nil), Code: string(code), Lang: l.Tag}
}

// unreviewed is the reviewer of words that no person has read through.
const unreviewed = "machine, unreviewed"

// languageMenu names every language offered as its speakers write it, with
// who has read its words, and a star where nobody has.
func languageMenu(lang string, offered []language) display.Screen {
	own := speak(lang)
	s := own.screen("language", nil)
	for i, l := range offered {
		if l.Reviewer == unreviewed {
			s.Choices = append(s.Choices, l.Name+" *")
			s.Notes = []string{own.Notes["unreviewed"].with(nil)}
		} else {
			s.Choices = append(s.Choices, l.Name+" · "+l.Reviewer)
		}
		if l.Tag == lang {
			s.Chosen = i
		}
	}
	return s
}

func screenCommand() *cobra.Command {
	var s screening
	var list bool
	names := append([]string{resultScreen, detailsScreen}, slices.Sorted(maps.Keys(screenNames()))...)
	cmd := &cobra.Command{
		Use:   "screen --panel NAME --out PNG [--screen NAME] [FILE]",
		Short: "Draw what a panel would show",
		Long: `Screen judges the badge in FILE as kiosk verify does, and writes the picture
that a panel would show. The picture goes through the panel's driver and an
emulation of the panel, so that it is what a person would see.

With --screen details the page behind the verdict is drawn; with --page N any
of the pages that a badge has. Other screens need no FILE:
` + strings.Join(names[2:], ", ") + `.`,
		Example: "  kiosk screen --list\n  kiosk screen --panel epd-2in13-v4 --out out.png --trust trust/ badge.jwt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listPanels(cmd.OutOrStdout())
			}
			s.in, s.out, s.errs = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			return s.run(cmd.Context(), args)
		},
	}
	s.beliefs.flags(cmd)
	s.question.flags(cmd)
	cmd.Flags().BoolVar(&list, "list", false, "name the panels: name, size and number of colours")
	cmd.Flags().StringVar(&s.panel, "panel", "", "the panel to draw for, as --list names it")
	cmd.Flags().StringVar(&s.to, "out", "", "the PNG file to write; - is standard output")
	cmd.Flags().StringVar(&s.lang, "lang", "en", "the language of the screen")
	cmd.Flags().StringVar(&s.fonts, "fonts", "", "the `FOLDER` of fonts that make fonts writes (default: fonts beside this program)")
	cmd.Flags().StringVar(&s.name, "screen", resultScreen, "which screen: "+strings.Join(names, ", "))
	cmd.Flags().IntVar(&s.page, "page", 0, "which of a badge's pages, from 1 (default: the verdict's)")
	return cmd
}

// listPanels prints a line for each panel: name, size as a person sees it,
// number of colours.
func listPanels(out io.Writer) error {
	for _, k := range panelKinds() {
		_, f, err := k.emulated(glass.Options{})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s\t%dx%d\t%d\n", k.name, f.Size().X, f.Size().Y, k.colours); err != nil {
			return err
		}
	}
	return nil
}

// A screening is one run of kiosk screen.
type screening struct {
	judge
	panel, to, lang, name, fonts string
	page                         int
}

func (s *screening) run(ctx context.Context, files []string) error {
	switch {
	case s.panel == "":
		return errors.New("no panel named: --panel NAME; to see them, run: kiosk screen --list")
	case s.to == "":
		return errors.New("no file to write named: --out PNG")
	case !speaks(s.lang):
		return fmt.Errorf("--lang %q is not one of %s", s.lang, strings.Join(tags(), ", "))
	}
	kind, err := panelNamed(s.panel)
	if err != nil {
		return err
	}
	draw, err := newRenderer(s.fonts)
	if err != nil {
		return err
	}
	panel, _, err := kind.emulated(glass.Options{})
	if err != nil {
		return err
	}
	screen, err := s.screen(files, kind, draw.Fitting(panel.Format()))
	if err != nil {
		return err
	}
	if s.name == "languages" {
		screen = languageMenu(s.lang, offered(draw))
	}
	img, err := expose(ctx, kind, draw, screen)
	if err != nil {
		return err
	}
	return s.write(img)
}

// screen is the screen that was asked for; holds tells what fits the panel.
func (s *screening) screen(files []string, kind panelKind, holds func(display.Screen) bool) (display.Screen, error) {
	if s.name != resultScreen && s.name != detailsScreen {
		make, ok := screenNames()[s.name]
		if !ok {
			return display.Screen{}, fmt.Errorf("there is no screen %q; to see their names, run: kiosk screen --help", s.name)
		}
		return make(s.lang), nil
	}
	if len(files) == 0 {
		return display.Screen{}, errors.New("no badge named: kiosk screen --panel NAME --out PNG FILE")
	}
	if err := s.prepare(); err != nil {
		return display.Screen{}, err
	}
	data, err := readInput(files[0], s.in)
	if err != nil {
		return display.Screen{}, fmt.Errorf("%s: %w", files[0], err)
	}
	r := s.verifier.Verify(badgeIn(data), s.ask)
	return s.pageOf(pages(r, s.lang, help{Poster: kind.poster, Picture: pictureOf(s.verifier.Trust, r)}, holds))
}

// pageOf is the page that was asked for, by number or by name.
func (s *screening) pageOf(all []display.Screen) (display.Screen, error) {
	n := s.page
	switch {
	case n == 0 && s.name == resultScreen:
		n = 1
	case n == 0:
		n = min(2, len(all))
	case n < 0 || n > len(all):
		return display.Screen{}, fmt.Errorf("--page %d: this badge has pages 1 to %d on this panel", n, len(all))
	}
	return all[n-1], nil
}

// An emulated panel works this much faster than a real one, and gets this
// long.
const (
	haste      = 20
	screenTime = 30 * time.Second
)

// photograph shows a screen on an emulated panel, and returns what a person
// sees of it.
func photograph(ctx context.Context, kind panelKind, s display.Screen) (image.Image, error) {
	draw, err := newRenderer("")
	if err != nil {
		return nil, err
	}
	return expose(ctx, kind, draw, s)
}

// expose is photograph with a renderer of one's own.
func expose(ctx context.Context, kind panelKind, draw *display.Renderer, s display.Screen) (image.Image, error) {
	panel, face, err := kind.emulated(glass.Options{Speed: haste})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, screenTime)
	defer cancel()
	if err := panel.Show(ctx, draw.Render(s, panel.Format()), display.Full); err != nil {
		return nil, err
	}
	return face.Picture(), nil
}

func (s *screening) write(img image.Image) error {
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return err
	}
	if s.to == "-" {
		_, err := s.out.Write(file.Bytes())
		return err
	}
	if err := os.WriteFile(s.to, file.Bytes(), 0o644); err != nil {
		return fmt.Errorf("--out %s: %w", s.to, unwrapPath(err))
	}
	return nil
}
