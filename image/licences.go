package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// beside writes what must go along with an image: licences.txt, every
// licence and where the sources are, and sbom.json, all parts by name,
// version and hash.
func beside(o options, inputs []input, s sources) error {
	program, err := buildinfo.ReadFile(o.binary)
	if err != nil {
		return fmt.Errorf("%s: %w", o.binary, err)
	}
	list := parts(program, inputs)
	text, err := licences(program, inputs, s)
	if err != nil {
		return err
	}
	words, fonts, err := fontNotices(o.fonts)
	if err != nil {
		return err
	}
	text, list.Components = append(text, words...), append(list.Components, fonts...)
	words, clips, err := speechNotices(o.speech)
	if err != nil {
		return err
	}
	text, list.Components = append(text, words...), append(list.Components, clips...)
	bill, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(o.to, filepath.Ext(o.to))
	if err := os.WriteFile(name+".licences.txt", text, 0o644); err != nil {
		return err
	}
	return os.WriteFile(name+".sbom.json", append(bill, '\n'), 0o644)
}

// licences are the words of all licences: ours, those of the inputs, of Go
// and of the modules in the program.
func licences(program *buildinfo.BuildInfo, inputs []input, s sources) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "The image holds the badge kiosk and what is listed here.\n\n")
	if url, err := s.read(kernelInput, "_build/upstream-url.txt"); err == nil {
		fmt.Fprintf(&b, "Source of the Linux kernel:\n%s\nwith the patches and settings in _build of %s.\n", bytes.TrimSpace(url), kernelInput)
	}
	quote := func(of, file string, words []byte) { fmt.Fprintf(&b, "\n== %s: %s ==\n\n%s\n", of, file, words) }
	for _, in := range inputs {
		for _, file := range in.notices {
			words, err := s.read(path.Base(in.module), file)
			if err != nil {
				return nil, fmt.Errorf("licence of %s: %w", in.module, err)
			}
			quote(in.module+" "+in.version+" ("+in.licence+")", file, words)
		}
	}
	places, err := homes(program)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		found, err := notices(p.folder)
		if err != nil {
			return nil, fmt.Errorf("licence of %s: %w", p.of, err)
		}
		for _, file := range found {
			words, err := os.ReadFile(filepath.Join(p.folder, file))
			if err != nil {
				return nil, err
			}
			quote(p.of, file, words)
		}
	}
	return b.Bytes(), nil
}

// A place is a folder with licences.
type place struct{ of, folder string }

// homes are where the licences of the program's parts are. A module that is
// not the one that the program was built with is an error.
func homes(program *buildinfo.BuildInfo) ([]place, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	all := []place{{"the badge kiosk", "."}, {program.GoVersion, strings.TrimSpace(string(root))}}
	if len(program.Deps) == 0 {
		return all, nil
	}
	var names []string
	for _, m := range program.Deps {
		names = append(names, m.Path+"@"+m.Version)
	}
	got, err := download(names...)
	if err != nil {
		return nil, err
	}
	byName := map[string]fetched{}
	for _, f := range got {
		byName[f.Path+"@"+f.Version] = f
	}
	for i, m := range program.Deps {
		f := byName[names[i]]
		if f.Sum != m.Sum {
			return nil, fmt.Errorf("%s has hash %s, but the program was built with %s", names[i], f.Sum, m.Sum)
		}
		all = append(all, place{m.Path + " " + m.Version, f.Dir})
	}
	return all, nil
}

// notices are the names of the files of a folder that licences are in.
func notices(folder string) (all []string, err error) {
	files, err := os.ReadDir(folder)
	for _, f := range files {
		name := strings.ToUpper(f.Name())
		for _, begins := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"} {
			if strings.HasPrefix(name, begins) && f.Type().IsRegular() {
				all = append(all, f.Name())
				break
			}
		}
	}
	if err == nil && all == nil {
		err = fmt.Errorf("there is none in %s", folder)
	}
	return all, err
}

// A bill lists parts. Source: CycloneDX 1.5, JSON.
type bill struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Components []component `json:"components"`
}

type component struct {
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	URL        string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// parts are all that is in an image.
func parts(program *buildinfo.BuildInfo, inputs []input) bill {
	b := bill{Format: "CycloneDX", Spec: "1.5", Version: 1}
	add := func(kind, name, version, hash string) {
		c := component{Type: kind, Name: name, Version: version, URL: "pkg:golang/" + name + "@" + version}
		if hash != "" {
			c.Properties = []property{{"go:sum", hash}}
		}
		b.Components = append(b.Components, c)
	}
	for _, in := range inputs {
		add("operating-system", in.module, in.version, in.hash)
	}
	add("library", "std", strings.TrimPrefix(program.GoVersion, "go"), "")
	for _, m := range program.Deps {
		add("library", m.Path, m.Version, m.Sum)
	}
	return b
}
