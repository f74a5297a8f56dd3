package provision

import (
	"strings"
	"testing"
)

func TestPIN(t *testing.T) {
	hash, err := HashPIN("4711")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := CheckPIN(hash, "4711"); !ok || err != nil {
		t.Errorf("the PIN itself: %v, %v", ok, err)
	}
	if ok, _ := CheckPIN(hash, "4712"); ok {
		t.Error("another PIN was taken")
	}
	for _, bad := range []string{"", "x", strings.Replace(hash, "200000", "999999999", 1), hash[:len(hash)-5], strings.Replace(hash, "pbkdf2", "none", 1)} {
		if ok, err := CheckPIN(bad, "4711"); ok || err == nil {
			t.Errorf("%q opened", bad)
		}
	}
	for _, short := range []string{"", "123", "12a4"} {
		if _, err := HashPIN(short); err == nil {
			t.Errorf("%q was taken as a PIN", short)
		}
	}
}
