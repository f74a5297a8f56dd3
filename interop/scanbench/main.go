// Scanbench holds the kiosk's reader of QR codes against others, over the
// same pictures in one interleaved run: how many codes each reads, how many
// wrongly, and in how much CPU time.
//
// interop/scanbench/run installs and builds the others and calls it.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sort"
	"strings"
)

func main() {
	photos := flag.String("photos", "../shared/vectors/qr", "folder with qrcode-1 to qrcode-6 and no-code")
	manifest := flag.String("manifest", "", "further pictures: lines of set, PGM file, count, text in hex, between tabs")
	native := flag.String("native", "", "program that reads with zbar and zxing-cpp (peers/native.cpp)")
	wasm := flag.String("wasm", "", "script that reads with npm zxing-wasm (peers/wasm.mjs)")
	sim := flag.Int("sim", 1, "seeds of the simulator for each version, size and kind of picture; 0 is none")
	only := flag.String("readers", "kiosk,gozxing", "readers in this process")
	profile := flag.String("profile", "", "write a CPU profile of the readers in this process")
	texts := flag.Bool("texts", false, "only print what the kiosk reads in each picture")
	every := flag.Int("every", 1, "take only every n-th picture")
	verbose := flag.Bool("v", false, "name what was not read, or wrongly")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "scanbench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	pictures, err := collect(*photos, *manifest, *sim)
	if err == nil {
		pictures = some(pictures, *every)
		if *texts {
			err = printTexts(os.Stdout, pictures)
		} else {
			err = run(pictures, *native, *wasm, strings.Split(*only, ","), *verbose)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "scanbench:", err)
		os.Exit(1)
	}
}

// some takes every n-th picture.
func some(all []picture, n int) []picture {
	var out []picture
	for i := 0; i < len(all); i += max(1, n) {
		out = append(out, all[i])
	}
	return out
}

// printTexts prints what the kiosk reads in each picture, a line each.
func printTexts(w io.Writer, pictures []picture) error {
	k := &kiosk{}
	for _, p := range pictures {
		gray, _, err := p.load()
		if err != nil {
			return err
		}
		text, _, err := k.read(gray)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%q\n", p.name, text)
	}
	return nil
}

func run(pictures []picture, native, wasm string, only []string, verbose bool) error {
	readers, err := open(only, native, wasm)
	if err != nil {
		return err
	}
	runtime.LockOSThread() // CPU time is counted by thread
	debug.SetGCPercent(-1) // what loading pictures leaves behind is not the readers' doing
	t := newTable(readers)
	for _, p := range pictures {
		gray, want, err := p.load()
		if err != nil {
			return err
		}
		runtime.GC()
		for _, r := range readers {
			text, micros, err := r.read(gray)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", r.name(), p.name, err)
			}
			got := judge(text, want)
			t.add(p.set, r.name(), got, micros)
			if verbose && (got == wrong || got == missed && want != nil) {
				fmt.Printf("%s\t%s\t%s\t%.60q\n", r.name(), p.name, got, text)
			}
		}
	}
	t.print(os.Stdout)
	return nil
}

// A verdict on one reading.
type verdict string

const (
	right  verdict = "right"
	wrong  verdict = "wrong"
	missed verdict = "missed"
)

// judge compares what was read with what the picture says; want is nil where
// there is no code, or texts any of which is right.
func judge(got string, want []string) verdict {
	if got == "" {
		return missed
	}
	for _, w := range want {
		if normal(got) == normal(w) {
			return right
		}
	}
	return wrong
}

// normal drops what text files add and what character set guesses differ in.
func normal(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

type tally struct {
	right, wrong, all int
	micros            []float64
}

// A table counts by set of pictures and reader.
type table struct {
	readers []reader
	sets    []string
	cells   map[string]*tally // set, tab, reader
}

func newTable(readers []reader) *table {
	return &table{readers: readers, cells: map[string]*tally{}}
}

func (t *table) add(set, reader string, v verdict, micros float64) {
	for _, s := range []string{set, strings.SplitN(set, " ", 2)[0] + " all"} {
		c := t.cells[s+"\t"+reader]
		if c == nil {
			c = &tally{}
			t.cells[s+"\t"+reader] = c
			if len(t.sets) == 0 || !contains(t.sets, s) {
				t.sets = append(t.sets, s)
			}
		}
		c.all++
		c.micros = append(c.micros, micros)
		switch v {
		case right:
			c.right++
		case wrong:
			c.wrong++
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (t *table) print(w *os.File) {
	sort.Strings(t.sets)
	fmt.Fprintln(w, "| pictures | reader | read | wrong | median ms | p95 ms | worst ms |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|")
	for _, s := range t.sets {
		for _, r := range t.readers {
			c := t.cells[s+"\t"+r.name()]
			sort.Float64s(c.micros)
			at := func(q float64) float64 { return c.micros[int(q*float64(len(c.micros)-1)+.5)] / 1000 }
			fmt.Fprintf(w, "| %s | %s | %d/%d (%.1f %%) | %d | %.2f | %.2f | %.2f |\n", s, r.name(), c.right, c.all,
				100*float64(c.right)/float64(c.all), c.wrong, at(.5), at(.95), at(1))
		}
	}
}
