// Report reads `go test -json` from standard input and says, in few lines,
// what passed, what failed and what was skipped and why.
//
// With -strict a skip is a failure unless its reason begins with SKIP-SHARED,
// the one skip that continuous integration allows.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	strict := flag.Bool("strict", false, "fail when anything but SKIP-SHARED was skipped")
	flag.Parse()

	output := map[string][]string{} // what each test, or package, printed
	var passed, failed, skipped int
	var refused []string
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 64<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // go's own words, such as a build failure
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[name] = append(output[name], e.Output)
		case "build-fail":
			fmt.Print(strings.Join(output[name], ""))
		case "pass":
			if e.Test != "" {
				passed++
			} else {
				fmt.Printf("ok    %-45s %6.1f s\n", e.Package, e.Elapsed)
			}
			delete(output, name)
		case "fail":
			if e.Test != "" {
				failed++
			} else {
				failed++
				fmt.Printf("FAIL  %s\n", e.Package)
			}
			fmt.Print(strings.Join(output[name], ""))
			delete(output, name)
		case "skip":
			if e.Test == "" {
				continue // a package without tests
			}
			skipped++
			why := reasonOf(output[name])
			fmt.Printf("skip  %s: %s\n", name, why)
			if !strings.Contains(why, "SKIP-SHARED") {
				refused = append(refused, name)
			}
			delete(output, name)
		}
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "report: reading go test -json:", err)
		os.Exit(1)
	}
	if *strict && len(refused) > 0 {
		fmt.Printf("FAIL: %d skipped for another reason than SKIP-SHARED: %s\n", len(refused), strings.Join(refused, ", "))
		failed += len(refused)
		skipped -= len(refused)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

// reasonOf is what a skipped test said, without go's own lines.
func reasonOf(lines []string) string {
	var why []string
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "=== ") || strings.HasPrefix(l, "--- ") {
			continue
		}
		why = append(why, l)
	}
	return strings.Join(why, " ")
}
