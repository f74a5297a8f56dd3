package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"badgekiosk/scanner"
	"badgekiosk/scanner/qr"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/wire"

	"github.com/spf13/cobra"
)

func verifyCommand() *cobra.Command {
	var j judge
	cmd := &cobra.Command{
		Use:   "verify [--trust PATH] [--json] FILE…",
		Short: "Judge badges in files, offline",
		Long: `Verify says of each file whether the badge in it is genuine, who issued it,
whether it was withdrawn or has expired, and what could not be checked.

What a file is follows from its bytes: JSON, a token, the text of a QR code, a
picture with a badge baked into it, or a photograph of a code. - is standard
input. No network is used and no link is opened.

It exits with 0 if every badge is VERIFIED, 1 if some are not, and 2 if a file
cannot be opened.`,
		Example: "  kiosk verify --trust badge-kiosk-bundle.zip badge.json photo.jpg\n" +
			"  kiosk verify --trust trust/ --at 2026-11-22T00:00:00Z --json badge.jwt",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("no file named: kiosk verify FILE…")
			}
			j.in, j.out, j.errs = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			if err := j.prepare(); err != nil {
				return err
			}
			return j.run(args)
		},
	}
	j.beliefs.flags(cmd)
	j.question.flags(cmd)
	cmd.Flags().BoolVar(&j.json, "json", false, "one line of JSON for each file")
	return cmd
}

// A judge is one run of kiosk verify.
type judge struct {
	beliefs
	question
	json      bool
	in        io.Reader
	out, errs io.Writer

	verifier verify.Verifier
	ask      verify.Ask
}

// prepare reads the trust set and the question, once for all files.
func (j *judge) prepare() (err error) {
	if j.ask, err = j.question.ask(time.Now()); err != nil {
		return err
	}
	j.verifier.Trust, err = j.beliefs.open(j.errs)
	return err
}

// run judges each file; one that cannot be opened does not keep the others
// from being judged.
func (j *judge) run(files []string) error {
	worst := exitAll
	for _, file := range files {
		data, err := readInput(file, j.in)
		if err != nil {
			fmt.Fprintf(j.errs, "%s: %v\n", file, err)
			worst = exitUsage
			continue
		}
		payload := badgeIn(data)
		start := time.Now()
		report := j.verifier.Verify(payload, j.ask)
		took := time.Since(start)
		if report.Verdict != verify.Verified {
			worst = max(worst, exitSome)
		}
		if err := j.print(file, report, took); err != nil {
			return err
		}
	}
	if worst == exitAll {
		return nil
	}
	return worst
}

// badgeIn is the code in a photograph; any other file is its own badge, also
// a picture into which one is baked.
func badgeIn(data []byte) []byte {
	if !wire.Picture(data) {
		return data
	}
	if _, err := wire.Open(data); reason.CodeOf(err, "") != reason.QNotBadge {
		return data
	}
	if code, err := readCode(data); err == nil {
		return code
	}
	return data
}

// readCode is what the QR codes in a picture hold: the first that is a badge,
// also one in several parts, else what the best code says.
func readCode(picture []byte) ([]byte, error) {
	m, err := scanner.DecodePicture(picture)
	if err != nil {
		return nil, fmt.Errorf("this picture cannot be opened: %w", err)
	}
	found := new(qr.Reader).Read(&scanner.Frame{Gray: *m})
	if len(found) == 0 {
		return nil, fmt.Errorf("no QR code was found in this picture; try one that is sharp, straight and close")
	}
	var joiner scanner.Joiner
	for i := range found {
		p, whole := joiner.Add(&found[i], time.Time{})
		if _, err := wire.Open(p.Data); whole && err == nil {
			return p.Data, nil
		}
	}
	return found[0].Data(), nil
}

func (j *judge) print(file string, r verify.Report, took time.Duration) error {
	if j.json {
		return json.NewEncoder(j.out).Encode(fileLine{File: file, result: resultOf(r), Micros: took.Microseconds()})
	}
	_, err := io.WriteString(j.out, inWords(file, r))
	return err
}

// A fileLine is what verify --json prints for one file. Scripts depend on it.
type fileLine struct {
	File string `json:"file"`
	result
	Micros int64 `json:"micros"`
}

// A result is one report. Credentials are there if it stands for several.
type result struct {
	Verdict     verify.Verdict `json:"verdict"`
	Codes       []reason.Code  `json:"codes"`
	Axes        verify.Axes    `json:"axes"`
	Badge       badgeLine      `json:"badge"`
	Format      string         `json:"format"`
	Credentials []result       `json:"credentials,omitempty"`
}

type badgeLine struct {
	Name  string `json:"name,omitempty"`
	Level string `json:"level,omitempty"`
}

func resultOf(r verify.Report) result {
	out := result{Verdict: r.Verdict, Codes: r.Codes, Axes: r.Axes, Format: r.Format, Badge: badgeLine{Name: r.Badge.Name}}
	if out.Codes == nil {
		out.Codes = []reason.Code{}
	}
	if l := r.Badge.Level; l.Of > 0 {
		out.Badge.Level = fmt.Sprintf("%d of %d", l.N, l.Of)
	}
	for _, c := range r.Credentials {
		out.Credentials = append(out.Credentials, resultOf(c))
	}
	return out
}

// inWords says a report to a person at a terminal, in the words that a
// kiosk's screen has for it.
func inWords(file string, r verify.Report) string {
	s := words(r, "en")
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", file, s.Word)
	indented := func(text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %s\n", text)
		}
	}
	indented(s.Say)
	indented(s.Title)
	for _, f := range s.Fields {
		text := f.Text
		if f.Quoted {
			text = fmt.Sprintf("“%s”", text)
		}
		indented(f.Label + ": " + text)
	}
	for _, n := range s.Notes {
		indented(n)
	}
	if len(r.Codes) > 0 {
		codes := make([]string, len(r.Codes))
		for i, c := range r.Codes {
			codes[i] = string(c)
		}
		indented("Codes: " + strings.Join(codes, " "))
	}
	return b.String()
}
