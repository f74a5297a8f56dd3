package tree

import (
	"testing"
	"testing/fstest"
)

// TestFS runs the standard library's checks of a file system over a tree and
// over its index.
func TestFS(t *testing.T) {
	files := Files{"a": []byte("1"), "b/c": []byte("22"), "b/d/e": nil}
	if err := fstest.TestFS(files, "a", "b/c", "b/d/e"); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(files.Index(), "a", "b/c", "b/d/e"); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(Files{}); err != nil {
		t.Error(err)
	}
}
