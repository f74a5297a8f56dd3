package main

import "github.com/spf13/cobra"

// commands lists what kiosk can do. A command's constructor lives in the file
// of its name, and is added here when it lands. It writes to
// cmd.OutOrStdout(), returns exitSome or exitUsage when it has said what was
// wrong itself, and any other error to have it printed.
func commands() []*cobra.Command {
	return []*cobra.Command{
		cardCommand(),
		demoCommand(),
		doctorCommand(),
		installCommand(),
		issueCommand(),
		judgeCommand(),
		bundleCommand(),
		prepareCommand(),
		runCommand(),
		scanCommand(),
		screenCommand(),
		speechCommand(),
		statusCommand(),
		stickReadCommand(),
		systemPutCommand(),
		syncCommand(),
		syncFetchCommand(),
		verifyCommand(),
		versionCommand(),
	}
}
