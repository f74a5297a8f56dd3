package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"

	"github.com/spf13/cobra"
)

// maxPictureFile is the largest picture file that a command reads, in bytes.
const maxPictureFile = 128 << 20

func scanCommand() *cobra.Command {
	var s scan
	cmd := &cobra.Command{
		Use:   "scan [--all] [--json] IMAGE…",
		Short: "Read the QR codes in pictures, without judging them",
		Long: `Scan reads the QR code in each picture (PNG, JPEG, WebP or GIF; - is standard
input) and prints what it says. Nothing is judged and no link is opened. A
picture is taken as it is seen, turned as its Exif says.

It exits with 0 if every picture had a code, 1 if some had none, and 2 if a
picture cannot be opened.`,
		Example: "  kiosk scan badge.jpg\n  kiosk scan --all --json wall-of-posters.png",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("no picture named: kiosk scan IMAGE…")
			}
			s.in, s.out, s.errs, s.named = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr(), len(args) > 1
			return s.run(args)
		},
	}
	cmd.Flags().BoolVar(&s.all, "all", false, "every code of a picture, not only the best")
	cmd.Flags().BoolVar(&s.json, "json", false, "one line of JSON for each picture")
	return cmd
}

type scan struct {
	all, json bool
	named     bool // several pictures: say which one a line is from
	in        io.Reader
	out, errs io.Writer
	reader    qr.Reader
}

// run reads each picture in turn; one that cannot be opened does not keep
// the others from being read.
func (s *scan) run(files []string) error {
	worst := exitAll
	for _, file := range files {
		data, err := readInput(file, s.in)
		if err == nil {
			var found bool
			if found, err = s.picture(file, data); err == nil && !found {
				worst = max(worst, exitSome)
			}
		}
		if err != nil {
			fmt.Fprintf(s.errs, "%s: %v\n", file, err)
			worst = exitUsage
		}
	}
	if worst == exitAll {
		return nil
	}
	return worst
}

// readInput returns a file's bytes, standard input's for "-".
func readInput(file string, in io.Reader) ([]byte, error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, unwrapPath(err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxPictureFile+1))
	if err != nil {
		return nil, unwrapPath(err)
	}
	if len(data) > maxPictureFile {
		return nil, fmt.Errorf("larger than %d MB", maxPictureFile>>20)
	}
	return data, nil
}

// unwrapPath drops the operation and the name that the line already has.
func unwrapPath(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}

// picture reads and prints the codes of one picture, and tells whether
// there was one.
func (s *scan) picture(file string, data []byte) (bool, error) {
	m, err := scanner.DecodePicture(data)
	if err != nil {
		return false, err
	}
	start := time.Now()
	found := s.reader.Read(&scanner.Frame{Gray: *m})
	took := time.Since(start)
	if !s.all && len(found) > 1 {
		found = found[:1]
	}
	if s.json {
		return len(found) > 0, json.NewEncoder(s.out).Encode(scanLine{file, scanSymbols(found), took.Microseconds()})
	}
	if len(found) == 0 {
		fmt.Fprintf(s.errs, "%s: no QR code found\n", file)
	}
	for _, y := range found {
		if s.named {
			fmt.Fprintf(s.out, "%s: ", file)
		}
		fmt.Fprintln(s.out, plain(y))
	}
	return len(found) > 0, nil
}

// plain is a code's text, or its bytes in base64 if it is none.
func plain(y scanner.Symbol) string {
	if y.Text == "" {
		return "base64:" + base64.StdEncoding.EncodeToString(y.Bytes)
	}
	return y.Text
}

// A scanLine is what scan --json prints for one picture.
type scanLine struct {
	File    string       `json:"file"`
	Symbols []scanSymbol `json:"symbols"`
	Micros  int64        `json:"micros"`
}

type scanSymbol struct {
	Text    string    `json:"text"`
	Base64  []byte    `json:"base64"`
	Version int       `json:"version"`
	Corners [4][2]int `json:"corners"`
}

func scanSymbols(found []scanner.Symbol) []scanSymbol {
	out := []scanSymbol{}
	for _, y := range found {
		line := scanSymbol{Text: y.Text, Base64: y.Bytes, Version: y.Version}
		for i, p := range y.Corners {
			line.Corners[i] = [2]int{p.X, p.Y}
		}
		out = append(out, line)
	}
	return out
}
