package issue

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// TestTree runs the standard library's checks of a file system.
func TestTree(t *testing.T) {
	tree := Tree{}
	names := []string{"consortium.json", "districts/riverbend/district.json", "districts/riverbend/documents/index.tsv"}
	for _, name := range names {
		if err := tree.WriteFile(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := fstest.TestFS(tree, names...); err != nil {
		t.Error(err)
	}
}

// TestFoldersRefuse: no name leads out of a folder.
func TestFoldersRefuse(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []Folder{Tree{}, Dir(filepath.Join(dir, "trust"))} {
		for _, name := range []string{"../x", "/x", ".", "", "a/../../x"} {
			if err := f.WriteFile(name, nil); err == nil {
				t.Errorf("%T: wrote %q", f, name)
			}
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}

// TestDir writes twice and leaves nothing else behind.
func TestDir(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{"one", "two"} {
		if err := Dir(dir).WriteFile("a/b.json", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := fs.ReadFile(Dir(dir), "a/b.json")
	files, _ := os.ReadDir(filepath.Join(dir, "a"))
	if err != nil || string(got) != "two" || len(files) != 1 {
		t.Errorf("%q, %v, %v", got, files, err)
	}
}
