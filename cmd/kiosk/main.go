// Kiosk verifies badges held to its camera, offline, and shows what it found.
//
// [Kiosk.Run] is the whole appliance in one function. Everything else here
// chooses hardware, puts reports into words and serves the command line.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"badgekiosk/cmd/kiosk/boot"

	"github.com/spf13/cobra"
)

// Exit codes, the same for every command. They are part of the command
// line's contract: scripts depend on them.
const (
	exitAll   exit = 0 // everything asked for was done: all verified, all read
	exitSome  exit = 1 // some not: a badge that is not verified, a picture without a code
	exitUsage exit = 2 // a wrong flag, or a file that cannot be read
)

// An exit, returned by a command, ends the program with that code. The
// command has then said everything there is to say. Any other error is
// printed and ends with exitUsage.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func main() {
	boot.IfFirst() // on a card of our own, this is the life of the board
	os.Exit(int(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)))
}

// run executes one command line and returns its exit code.
func run(args []string, in io.Reader, out, errs io.Writer) exit {
	root := rootCommand()
	answer := &answer{to: out}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(answer)
	root.SetErr(errs)
	cmd, err := root.ExecuteC()
	if answer.lost != nil {
		err = answer.lost
	}
	if err == nil {
		return exitAll
	}
	if code := exitAll; errors.As(err, &code) {
		return code
	}
	fmt.Fprintf(errs, "%s: %v\n", cmd.CommandPath(), err)
	return exitUsage
}

// An answer is what a command prints. One that nobody got, on a full disk, is
// not given: the command then ends with exitUsage, whatever else it did.
type answer struct {
	to   io.Writer
	lost error // the first
}

func (a *answer) Write(p []byte) (int, error) {
	n, err := a.to.Write(p)
	if err != nil && a.lost == nil {
		a.lost = err
	}
	return n, err
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "kiosk",
		Short: "Verify badges, offline",
		Long: `Kiosk checks digital badges without a network: is the badge genuine, who
issued it, was it withdrawn, has it expired, and what could not be checked.

To see it work, run: kiosk demo`,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; to see the flags, run: %s --help", err, cmd.CommandPath())
	})
	root.SetUsageTemplate(usage)
	for _, cmd := range commands() {
		cmd.DisableFlagsInUseLine = true // each says which it has
		root.AddCommand(cmd)
	}
	return root
}

// usage is cobra's, in fewer words.
const usage = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}
{{if .HasExample}}
Examples:
{{.Example}}
{{end}}{{if .HasAvailableSubCommands}}
Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}

To read about one, run: {{.CommandPath}} COMMAND --help
{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}`

// unknownCommand names the word that is not a command, and its neighbours.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	say := fmt.Sprintf("there is no command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		say += ", did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("%s; to see the commands, run: %s --help", say, cmd.CommandPath())
}
