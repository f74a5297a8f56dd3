package seal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"badgekiosk/verify/rdf"
)

// AddContext keeps data in tree as the JSON-LD context published at url, as
// file in the folder contexts. It is refused if it redefines what is defined.
func AddContext(tree Folder, url, file string, data []byte) error {
	if !strings.HasPrefix(url, "https://") || strings.ContainsAny(url+file, "\t\r\n ") {
		return fmt.Errorf("%q is not an https URL", url)
	}
	if _, err := rdf.Builtin().With(url, data); err != nil {
		return err
	}
	const index = "contexts/index.tsv"
	old, err := fs.ReadFile(tree, index)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var out bytes.Buffer
	for line := range strings.Lines(string(old)) {
		if was, _, _ := strings.Cut(line, "\t"); was != url {
			out.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	fmt.Fprintf(&out, "%s\t%s\t%x\n", url, file, sha256.Sum256(data))
	if err := tree.WriteFile("contexts/"+file, data); err != nil {
		return err
	}
	return tree.WriteFile(index, out.Bytes())
}
