package seal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"badgekiosk/display/signal/clip"
	"badgekiosk/verify/trust"
)

// SpeechFolder is where a member's part has the clips of its names, by
// [clip.Name].
const SpeechFolder = "speech"

// Bounds of clips of names.
const (
	MaxClip   = 48 << 10 // bytes of one clip: eight seconds
	MaxSpeech = 2 << 20  // bytes of a member's clips
)

// A Speaker makes the clip of a text in a language, as package clip packs it.
type Speaker func(ctx context.Context, lang, text string) ([]byte, error)

// Speech makes the clips that kiosks say issuers' and badges' names with:
// each name in the language that it is in, or the first of its member's
// languages. What is there stays. unsaid are names left out, and why.
func Speech(ctx context.Context, tree Folder, say Speaker) (made int, unsaid []string, err error) {
	members, err := fs.Glob(tree, "districts/*")
	for _, folder := range members {
		size, names := 0, spokenNames(tree, path.Base(folder))
		for _, text := range slices.Sorted(maps.Keys(names)) {
			at := path.Join(folder, SpeechFolder, clip.Name(text))
			data, err := fs.ReadFile(tree, at)
			old := err == nil
			if !old {
				if data, err = say(ctx, names[text], text); err != nil {
					unsaid = append(unsaid, fmt.Sprintf("%s: %q: %v", folder, text, err))
					continue
				}
			}
			if len(data) > MaxClip || size+len(data) > MaxSpeech {
				unsaid = append(unsaid, fmt.Sprintf("%s: %q takes %d bytes, the limits are %d for one name and %d for all of a member's", folder, text, len(data), MaxClip, MaxSpeech))
				continue
			}
			size += len(data)
			if old {
				continue
			}
			if err := tree.WriteFile(at, data); err != nil {
				return made, unsaid, err
			}
			made++
		}
	}
	return made, unsaid, err
}

// spokenNames are the names of a member's issuers and badges, as a report has
// them, each with its language.
func spokenNames(tree fs.FS, member string) map[string]string {
	folder := path.Join("districts", member)
	var own struct{ Languages []string }
	read(tree, folder+"/district.json", &own)
	first := "en"
	if len(own.Languages) > 0 {
		first = own.Languages[0]
	}
	names := map[string]string{}
	add := func(lang, text string) {
		if text = trust.Clean(text); text != "" {
			lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
			names[text] = lang
		}
	}
	for _, kind := range []string{"issuers", "manifests"} {
		files, _ := fs.Glob(tree, path.Join(folder, kind, "*.json")) // the pattern is well-formed
		for _, file := range files {
			var has struct{ Name json.RawMessage }
			read(tree, file, &has)
			var text string
			if json.Unmarshal(has.Name, &text) == nil {
				add(first, text)
				continue
			}
			var words map[string]string
			if json.Unmarshal(has.Name, &words) == nil {
				for _, lang := range slices.Sorted(maps.Keys(words)) {
					add(lang, words[lang])
				}
			}
		}
	}
	return names
}

// read reads a JSON file. What is wrong with it, trust.Open says.
func read(tree fs.FS, file string, into any) {
	if data, err := fs.ReadFile(tree, file); err == nil {
		_ = json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), into)
	}
}

// spokenClips are the files of the clips of a member's names.
func spokenClips(tree fs.FS, member string) map[string]bool {
	all := map[string]bool{}
	for text := range spokenNames(tree, member) {
		all[clip.Name(text)] = true
	}
	return all
}

// unspoken tells a clip that is of no name, which no bundle holds.
func unspoken(said map[string]bool, name string) bool {
	return path.Base(path.Dir(name)) == SpeechFolder && !said[path.Base(name)]
}
