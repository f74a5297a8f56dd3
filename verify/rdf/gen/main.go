// Command gen writes contexts.txt, the table of compiled-in contexts, from
// the contexts as they were published.
//
//	go run ./verify/rdf/gen -from DIR
//
// DIR holds contexts.tsv (columns url, file, sha256; a header line) and the
// files it names. An earlier edition of a context lies beside DIR, or in DIR
// under the URL that it had of its own, and is listed in older below. A file
// whose hash is not the listed one is refused.
package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"badgekiosk/verify/rdf"
)

// older are editions that are still in use under a URL that has moved on.
var older = map[string]string{
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "../contexts-alt/context-3.0.3.rev-2024.json",
	// The draft of 2022, which wallets issued with.
	"https://purl.imsglobal.org/spec/ob/v3p0/context.json": "imsglobal.github.io_openbadges_specification_ob_v3p0.html.jsonld",
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	from := flag.String("from", "", "folder of the published contexts")
	out := flag.String("out", "contexts.txt", "file to write")
	check := flag.Bool("check", false, "compare the file with what would be written, write nothing")
	flag.Parse()
	text, err := generate(*from)
	if err != nil {
		log.Fatal(err)
	}
	if *check {
		old, err := os.ReadFile(*out)
		if err != nil {
			log.Fatal(err)
		}
		if string(old) != string(text) {
			log.Fatalf("%s is not what the contexts in %s give: run go generate ./verify/rdf", *out, *from)
		}
		return
	}
	if err := os.WriteFile(*out, text, 0o644); err != nil {
		log.Fatal(err)
	}
}

func generate(dir string) ([]byte, error) {
	list, err := os.ReadFile(filepath.Join(dir, "contexts.tsv"))
	if err != nil {
		return nil, fmt.Errorf("%w: name the folder of the published contexts with -from", err)
	}
	var all []rdf.Published
	for line := range strings.Lines(string(list)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if f[0] == "url" || len(f) < 3 {
			continue
		}
		p, err := read(filepath.Join(dir, f[1]), f[0])
		if err != nil {
			return nil, err
		}
		if p.SHA256 != f[2] {
			return nil, fmt.Errorf("%s has sha256 %s, the list says %s", f[1], p.SHA256, f[2])
		}
		all = append(all, p)
	}
	for url, file := range older {
		p, err := read(filepath.Join(dir, file), url)
		if err != nil {
			return nil, err
		}
		p.Older = true
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b rdf.Published) int { return cmp.Compare(a.URL, b.URL) })
	return rdf.WriteTable(all)
}

func read(file, url string) (rdf.Published, error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return rdf.Published{}, err
	}
	def, err := rdf.ParseContext(body)
	if err != nil {
		return rdf.Published{}, fmt.Errorf("%s: %w", file, err)
	}
	sum := sha256.Sum256(body)
	return rdf.Published{URL: url, SHA256: hex.EncodeToString(sum[:]), Def: def}, nil
}
