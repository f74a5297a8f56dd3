package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path"
	"strings"

	"badgekiosk/image/cpio"
)

// modulesFolder is where the init looks for modules, in the order of their
// names.
const modulesFolder = "modules"

// wanted are the modules that a kiosk needs; all else is in the kernel.
func wanted() []string { return []string{"uvcvideo"} }

// A module is a part of the kernel, loaded after those before it.
type module struct {
	name string
	data []byte
}

// modules are those wanted and what they depend on, in the order in which
// they can be loaded.
func modules(s sources, release string, want []string) ([]module, error) {
	folder := "lib/modules/" + release
	list, err := s.read(kernelInput, folder+"/modules.dep")
	if err != nil {
		return nil, err
	}
	paths, needs := map[string]string{}, map[string][]string{}
	for line := range strings.Lines(string(list)) {
		file, deps, _ := strings.Cut(strings.TrimSpace(line), ":")
		name := moduleName(file)
		paths[name] = file
		for _, d := range strings.Fields(deps) {
			needs[name] = append(needs[name], moduleName(d))
		}
	}
	var all []module
	visited := map[string]bool{}
	var visit func(string) error
	visit = func(name string) error {
		if visited[name] {
			return nil
		}
		visited[name] = true
		if paths[name] == "" {
			return fmt.Errorf("kernel %s has no module %s", release, name)
		}
		for _, d := range needs[name] {
			if err := visit(d); err != nil {
				return err
			}
		}
		data, err := s.read(kernelInput, folder+"/"+paths[name])
		all = append(all, module{name, data})
		return err
	}
	for _, name := range want {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func moduleName(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(path.Base(file), ".ko"), "-", "_")
}

// initramfs is the first root folder, compressed: the kiosk as /init, the
// modules, the two devices that it needs before it has mounted any, and what
// else it reads.
func initramfs(kiosk []byte, all []module, read []cpio.File) ([]byte, error) {
	var files []cpio.File
	for _, d := range []string{"boot", "dev", "etc", modulesFolder, "proc", "run", "sys", systemFolder[1:], "tmp", "var", "var/lib", stateFolder[1:]} {
		files = append(files, cpio.File{Name: d, Mode: cpio.Dir | 0o755})
	}
	files = append(files,
		cpio.File{Name: "dev/console", Mode: cpio.Device | 0o600, Major: 5, Minor: 1},
		cpio.File{Name: "dev/null", Mode: cpio.Device | 0o666, Major: 1, Minor: 3},
		cpio.File{Name: "init", Mode: cpio.Regular | 0o755, Data: kiosk})
	for i, m := range all {
		files = append(files, cpio.File{Name: fmt.Sprintf("%s/%02d-%s.ko", modulesFolder, i, m.name), Mode: cpio.Regular | 0o644, Data: m.data})
	}
	archive, err := cpio.Archive(append(files, read...))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(archive); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}
