package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"badgekiosk/display/signal/clip"
	"badgekiosk/display/signal/espeak"

	"github.com/spf13/cobra"
)

// speechSums is the list of a speech folder's clips and their hashes.
const speechSums = "SHA256SUMS"

func speechCommand() *cobra.Command {
	var program string
	cmd := &cobra.Command{
		Use:   "speech DIR",
		Short: "Make the clips that a kiosk speaks with, by espeak-ng",
		Long: `Speech has espeak-ng speak every sentence that a kiosk can say, in each of its
languages, into DIR: DIR/en/….wav. Name DIR as "voice" under "signals" in
kiosk.json. A clip's name follows from its sentence: after an update of the
kiosk make them anew. Clips of sentences that are no longer said are removed.

make image does the same with the espeak-ng that it fetches.`,
		Example: "  kiosk speech /var/lib/badge-kiosk-voice",
		Args:    oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			p := espeak.Program(program)
			if p == "" {
				p = espeak.Find()
			}
			if p == "" {
				return errors.New("there is no espeak-ng here: install it (apt install espeak-ng), or name it with --espeak")
			}
			return makeSpeech(cmd.Context(), cmd.OutOrStdout(), p, args[0], allSayable())
		},
	}
	cmd.Flags().StringVar(&program, "espeak", "", "the program to speak with (default: espeak-ng, where it is installed)")
	return cmd
}

// makeSpeech fills a folder with the clips of sentences, by their languages.
func makeSpeech(ctx context.Context, out io.Writer, p espeak.Program, dir string, sentences map[string][]string) error {
	wanted := map[string]saying{}
	for lang, all := range sentences {
		for _, text := range all {
			wanted[filepath.Join(lang, clip.Name(text))] = saying{lang, text}
		}
	}
	for lang := range sentences {
		if err := unsay(dir, lang, wanted); err != nil {
			return err
		}
	}
	sums, err := sayAll(ctx, p, dir, wanted)
	if err != nil {
		return err
	}
	size := 0
	var list []byte
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		list = fmt.Appendf(list, "%x  %s\n", sums[name].hash, filepath.ToSlash(name))
		size += sums[name].size
	}
	if err := os.WriteFile(filepath.Join(dir, speechSums), list, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d clips in %d languages, %d bytes\n", dir, len(sums), len(sentences), size)
	return nil
}

// A saying is a sentence in its language.
type saying struct{ lang, text string }

// A made is a clip that was written.
type made struct {
	hash [sha256.Size]byte
	size int
}

// unsay removes a language's clips that are not wanted any more, and nothing
// else.
func unsay(dir, lang string, wanted map[string]saying) error {
	old, err := filepath.Glob(filepath.Join(dir, lang, "*.wav"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, ok := wanted[filepath.Join(lang, filepath.Base(name))]; ok {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(dir, lang), 0o755)
}

// sayAll writes all that is wanted, as many at once as there are processors.
func sayAll(ctx context.Context, p espeak.Program, dir string, wanted map[string]saying) (map[string]made, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	names := make(chan string)
	var mu sync.Mutex
	sums := map[string]made{}
	var work sync.WaitGroup
	for range runtime.NumCPU() {
		work.Go(func() {
			for name := range names {
				data, err := p.Clip(ctx, wanted[name].lang, wanted[name].text)
				if err == nil {
					err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
				}
				if err != nil {
					stop(err) // the first stands
					continue
				}
				mu.Lock()
				sums[name] = made{sha256.Sum256(data), len(data)}
				mu.Unlock()
			}
		})
	}
	for name := range wanted {
		if ctx.Err() != nil {
			break
		}
		names <- name
	}
	close(names)
	work.Wait()
	return sums, context.Cause(ctx)
}
