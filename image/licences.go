package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
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

// licences are the words of all inputs' licences, and of the program's own
// modules the names: their words are in each module.
func licences(program *buildinfo.BuildInfo, inputs []input, s sources) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "The image holds the badge kiosk and what is listed here.\n\n")
	if url, err := s.read(kernelInput, "_build/upstream-url.txt"); err == nil {
		fmt.Fprintf(&b, "Source of the Linux kernel:\n%s\nwith the patches and settings in _build of %s.\n", bytes.TrimSpace(url), kernelInput)
	}
	for _, in := range inputs {
		for _, file := range in.notices {
			words, err := s.read(in.module[strings.LastIndexByte(in.module, '/')+1:], file)
			if err != nil {
				return nil, fmt.Errorf("licence of %s: %w", in.module, err)
			}
			fmt.Fprintf(&b, "\n== %s %s (%s): %s ==\n\n%s\n", in.module, in.version, in.licence, file, words)
		}
	}
	fmt.Fprintf(&b, "\n== Go modules in the program; each has its licence with its source ==\n\n%s standard library (BSD-3-Clause)\n", program.GoVersion)
	for _, m := range program.Deps {
		fmt.Fprintf(&b, "%s %s\n", m.Path, m.Version)
	}
	return b.Bytes(), nil
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
	Version    string     `json:"version"`
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
