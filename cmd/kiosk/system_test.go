package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"badgekiosk/image/fat32"
)

// slotFile writes the image of a slot with system number, for the board of
// the tests, to the folder dir, and the same packed beside it.
func slotFile(t testing.TB, dir string, number int64) string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(dir, 0o755))
	name := filepath.Join(dir, fmt.Sprintf("%d.img", number))
	f, err := os.Create(name)
	must(err)
	about := fmt.Appendf(nil, `{"number":%d,"boards":["raspberrypi,3-model-b","raspberrypi,400"],"build":"kiosk test"}`, number)
	must(fat32.Volume{Label: "SYSTEM", Size: fat32.MinSize}.Write(f, []fat32.File{
		{Name: aboutName, Data: about}, {Name: "vmlinuz", Data: bytes.Repeat([]byte("kernel"), 50_000)}}))
	must(f.Close())
	data, err := os.ReadFile(name)
	must(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(data)
	must(err)
	must(z.Close())
	must(os.WriteFile(name+".gz", b.Bytes(), 0o644))
	return name
}
