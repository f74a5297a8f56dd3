package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"badgekiosk/image/fat32"
)

const (
	// speechFolder is where make speech puts the clips, beside the program.
	speechFolder = "speech"
	// voiceFolder is where they are in a slot: on the card, since they are
	// larger than what a kiosk may take of the memory.
	voiceFolder = "voice"
	// speechSums is the list of the clips and their hashes.
	speechSums = "SHA256SUMS"
)

// maxSpeech is the most that the clips may have, in bytes: a slot has as much
// room to spare.
const maxSpeech = 40 << 20

// speechOf are the clips in a folder, as files of a slot, and the notices of
// what they were made with. There are none if it is not there. A clip whose
// hash is not in the folder's list is an error, and so is one that is missing.
func speechOf(folder string) (clips []fat32.File, notices []string, err error) {
	list, err := os.ReadFile(filepath.Join(folder, speechSums))
	if folder == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	size := 0
	for line := range strings.Lines(string(list)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if !fs.ValidPath(name) {
			return nil, nil, fmt.Errorf("%s of %s: %q is no clip; make speech again", speechSums, folder, line)
		}
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return nil, nil, err
		}
		if got := sha256.Sum256(data); fmt.Sprintf("%x", got) != sum {
			return nil, nil, fmt.Errorf("%s in %s is not the clip that was made: make speech again", name, folder)
		}
		if size += len(data); size > maxSpeech {
			return nil, nil, fmt.Errorf("the clips in %s have more than %d bytes", folder, maxSpeech)
		}
		clips = append(clips, fat32.File{Name: voiceFolder + "/" + name, Data: data})
	}
	notices, err = filepath.Glob(filepath.Join(folder, "COPYRIGHT*"))
	return clips, notices, err
}

// speechNotices are the words of the licences of what the clips were made
// with, and the clips as one component, by the hash of their list.
func speechNotices(folder string) (words []byte, list []component, err error) {
	clips, notices, err := speechOf(folder)
	if err != nil || len(clips) == 0 {
		return nil, nil, err
	}
	for _, name := range notices {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		words = fmt.Appendf(words, "\n== what the clips were spoken with: %s ==\n\n%s\n", filepath.Base(name), data)
	}
	sums, err := os.ReadFile(filepath.Join(folder, speechSums))
	return words, []component{{Type: "data", Name: voiceFolder,
		Properties: []property{{"sha256 of " + speechSums, fmt.Sprintf("%x", sha256.Sum256(sums))}}}}, err
}
