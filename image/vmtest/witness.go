package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"badgekiosk/image/cpio"
)

// A witness is a program that runs as root beside the card's own, on a board
// that is told so by the equipment of [trial.witnessed]. All else there is as
// it is on the card.
type witness struct {
	board  *machine
	number int // of questions asked
	line   int // of the board's log, that was read last
}

// witnessProgram is where the witness lies in the initramfs.
const witnessProgram = "witness"

// answerTime is how long a witness may take to look at something.
const answerTime = 2 * time.Minute

// witnessed is the equipment of boards with a witness, and with more files.
func (t *trial) witnessed(more ...cpio.File) (e equipment, err error) {
	program, err := t.compile("witness", "build", "-trimpath", "-ldflags", "-s -w", "./image/vmtest/witness")
	if err != nil {
		return e, err
	}
	e.files, err = packed(append([]cpio.File{{Name: witnessProgram, Mode: cpio.Regular | 0o755, Data: program}}, more...))
	e.told = []difference{{is: "rdinit=/" + witnessProgram, why: "a witness is started first, leaves itself behind and becomes /init"}}
	return e, err
}

// packed is an archive that the kernel unpacks over the initramfs. It is
// packed: one that is not must begin at a multiple of four bytes.
// Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
func packed(files []cpio.File) ([]byte, error) {
	archive, err := cpio.Archive(files)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err == nil {
		_, err = z.Write(archive)
	}
	if err == nil {
		err = z.Close()
	}
	return b.Bytes(), err
}

// compile has Go make a program for the board, and reads it.
func (t *trial) compile(name string, args ...string) ([]byte, error) {
	to := filepath.Join(t.dir, "arm64-"+name)
	cmd := exec.Command("go", append([]string{args[0], "-o", to}, args[1:]...)...)
	cmd.Dir, cmd.Env = t.repository, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%v: %w: %s", cmd.Args, err, out)
	}
	return os.ReadFile(to)
}

// witness waits until the board's witness is there.
func (t *trial) witness() (*witness, error) {
	_, next, err := t.board.wait(`witness 0: is here`, 0, bootTime)
	return &witness{board: t.board, line: next}, err
}

// ask asks it one thing, and returns what it says, line by line.
func (w *witness) ask(limit time.Duration, words ...string) (said []string, err error) {
	w.number++
	question := strconv.Itoa(w.number)
	for _, word := range words {
		question += " " + strings.ReplaceAll(strconv.Quote(word), " ", `\x20`)
	}
	if len(question) > maxQuestion {
		return nil, fmt.Errorf("a question of %d bytes to the witness", len(question))
	}
	if _, err := fmt.Fprintln(w.board.console, question); err != nil {
		return nil, err
	}
	answer := fmt.Sprintf(`witness %d: (.*)`, w.number)
	for end := time.Now().Add(limit); ; {
		g, next, err := w.board.wait(answer, w.line, time.Until(end))
		if err != nil {
			return said, err
		}
		w.line = next
		switch line, more := strings.CutPrefix(g[1], "| "); {
		case more:
			said = append(said, line)
		case g[1] == "done":
			return said, nil
		default:
			return said, fmt.Errorf("the witness %s %s: %s\n%s", words[0], words[1], g[1], strings.Join(said, "\n"))
		}
	}
}

// maxQuestion is the longest line that a terminal takes. Source: termios(3),
// "Canonical and noncanonical mode".
const maxQuestion = 4000

// read reads the files that a pattern names: their lines, by name.
func (w *witness) read(pattern string) (map[string][]string, error) { return w.byName("read", pattern) }

// links reads where the links that a pattern names lead.
func (w *witness) links(pattern string) (map[string][]string, error) {
	return w.byName("links", pattern)
}

func (w *witness) byName(what, pattern string) (map[string][]string, error) {
	said, err := w.ask(answerTime, what, pattern)
	all := map[string][]string{}
	for _, line := range said {
		name, text, found := strings.Cut(line, ": ")
		if !found {
			name, text = strings.TrimSuffix(line, ":"), ""
		}
		all[name] = append(all[name], text)
	}
	return all, err
}

// processes finds the kiosk and its judge: their folders in /proc.
func (w *witness) processes() (kiosk, judge string, err error) {
	all, err := w.read("/proc/[0-9]*/cmdline")
	for name, line := range all {
		switch args := strings.Join(line, " "); {
		case strings.HasPrefix(args, "kiosk run "):
			kiosk = filepath.Dir(name)
		case strings.Contains(args, " judge "):
			judge = filepath.Dir(name)
		}
	}
	if err == nil && (kiosk == "" || judge == "") {
		err = fmt.Errorf("no kiosk or no judge is among the board's processes: %v", all)
	}
	return kiosk, judge, err
}

// passed holds that a program of tests, whose words these are, passed each of
// those tests and left none out.
func passed(said []string, tests ...string) (err error) {
	text := strings.Join(said, "\n")
	for _, name := range tests {
		if !regexp.MustCompile(`--- PASS: ` + name + ` \(`).MatchString(text) {
			err = errors.Join(err, fmt.Errorf("%s did not pass on the board", name))
		}
	}
	if strings.Contains(text, "--- SKIP") || strings.Contains(text, "--- FAIL") {
		err = errors.Join(err, errors.New("a test failed or was left out on the board"))
	}
	if err != nil {
		err = fmt.Errorf("%w:\n%s", err, text)
	}
	return err
}
