package provision

import (
	"testing"

	"badgekiosk/verify/reason"
)

// TestFactory: a card made anew still has the bundle it came with, and that
// never stands in the way of a newer one.
func TestFactory(t *testing.T) {
	zips, anchor := editions(t, 3)
	dir := t.TempDir()
	s, err := OpenStore(dir, anchor)
	must(t, err)
	must(t, s.UseFactory(zips[1]))
	if edition(s) != 2 {
		t.Fatalf("edition %d", edition(s))
	}
	if names, err := osDisk(dir).list(bundlesDir); err != nil || len(names) != 0 {
		t.Errorf("it wrote %v, %v", names, err)
	}
	if _, err := s.Install(zips[0]); reason.CodeOf(err, "") != reason.BRollback || edition(s) != 2 {
		t.Errorf("an older one on a stick, while the factory's is in use: %v, edition %d", err, edition(s))
	}
	_, err = s.Install(zips[2])
	must(t, err)
	if s, err = OpenStore(dir, anchor); err != nil {
		t.Fatal(err)
	}
	if err := s.UseFactory(zips[1]); reason.CodeOf(err, "") != reason.BRollback || edition(s) != 3 {
		t.Errorf("the factory's after a newer one: %v, edition %d", err, edition(s))
	}
	if err := s.UseFactory(zips[1][:99]); err == nil {
		t.Error("half a bundle was taken")
	}
	others, _ := editions(t, 1)
	if err := s.UseFactory(others[0]); err == nil || edition(s) != 3 {
		t.Errorf("another coalition's: %v", err)
	}
}
