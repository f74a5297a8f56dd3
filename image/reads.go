package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"badgekiosk/image/cpio"
)

const (
	// rootsFile holds the certificates of Mozilla's list, one behind the other.
	rootsFile = "bundle/bundle.der"

	// authoritiesFile is where Go's crypto/x509 looks on Linux.
	authoritiesFile = "etc/ssl/certs/ca-certificates.crt"

	// fontsFolder is beside the program, where it looks.
	fontsFolder = "fonts"
)

// certificates are the authorities that may vouch for a host that bundles are
// fetched from. They decide who can see and stop the fetching, never what is
// believed.
func certificates(s sources) ([]cpio.File, error) {
	der, err := s.read(rootsInput, rootsFile)
	if err != nil {
		return nil, err
	}
	all, err := x509.ParseCertificates(der)
	if err == nil && len(all) == 0 {
		err = errors.New("there is no certificate in it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rootsFile, err)
	}
	var b bytes.Buffer
	for _, c := range all {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
			return nil, err
		}
	}
	return []cpio.File{
		{Name: "etc/ssl", Mode: cpio.Dir | 0o755},
		{Name: "etc/ssl/certs", Mode: cpio.Dir | 0o755},
		{Name: authoritiesFile, Mode: cpio.Regular | 0o644, Data: b.Bytes()},
	}, nil
}

// fontPack are the fonts in a folder, and none if it is not there. A pack
// without the words of its licence is an error.
func fontPack(folder string) ([]cpio.File, error) {
	fonts, notices, err := pack(folder)
	if err != nil || len(fonts) == 0 {
		return nil, err
	}
	if len(notices) == 0 {
		return nil, fmt.Errorf("the font pack in %s has no COPYRIGHT: make fonts again", folder)
	}
	all := []cpio.File{{Name: fontsFolder, Mode: cpio.Dir | 0o755}}
	for _, name := range fonts {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		all = append(all, cpio.File{Name: fontsFolder + "/" + name, Mode: cpio.Regular | 0o644, Data: data})
	}
	return all, nil
}

// pack are the names in a font pack's folder, in their order.
func pack(folder string) (fonts, notices []string, err error) {
	entries, err := os.ReadDir(folder)
	if folder == "" || errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	for _, e := range entries {
		switch {
		case slices.Contains([]string{".ttf", ".otf"}, filepath.Ext(e.Name())):
			fonts = append(fonts, e.Name())
		case strings.HasPrefix(e.Name(), "COPYRIGHT"):
			notices = append(notices, e.Name())
		}
	}
	return fonts, notices, err
}

// fontNotices are the words of the fonts' licences, and the fonts by name and
// hash.
func fontNotices(folder string) (words []byte, list []component, err error) {
	fonts, notices, err := pack(folder)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range notices {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, nil, err
		}
		words = fmt.Appendf(words, "\n== fonts: %s ==\n\n%s\n", name, data)
	}
	for _, name := range fonts {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, nil, err
		}
		list = append(list, component{Type: "file", Name: fontsFolder + "/" + name,
			Properties: []property{{"sha256", fmt.Sprintf("%x", sha256.Sum256(data))}}})
	}
	return words, list, nil
}
