package provision

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"badgekiosk/scanner"
	"badgekiosk/verify/reason"
)

// joined is what a camera makes of codes shown in some order.
func joined(t *testing.T, codes []string) []byte {
	t.Helper()
	var j scanner.Joiner
	for i := range codes {
		at := start.Add(time.Duration(i) * 100 * time.Millisecond)
		if p, ok := j.Add(&scanner.Symbol{Text: codes[len(codes)-1-i]}, at); ok {
			return p.Data
		}
	}
	t.Fatalf("%d codes made no message", len(codes))
	return nil
}

// TestUrgent takes a kiosk from one edition to the next by codes alone.
func TestUrgent(t *testing.T) {
	zips, anchor := editions(t, 3)
	s, err := OpenStore(t.TempDir(), anchor)
	must(t, err)
	update, err := Urgent(zips[0], zips[1])
	must(t, err)
	codes, err := Codes(update)
	must(t, err)
	if len(codes) > 8 {
		t.Errorf("%d codes for a changed file", len(codes))
	}
	payload := joined(t, codes)
	if !IsUrgent(payload) || !bytes.Equal(payload, update) {
		t.Fatal("the codes do not make the update")
	}
	if _, err := s.InstallUrgent(payload); reason.CodeOf(err, "") != reason.BNone {
		t.Errorf("without a bundle: %v", err)
	}
	_, err = s.Install(zips[0])
	must(t, err)
	if _, err := s.InstallUrgent(payload); err != nil || edition(s) != 2 {
		t.Fatalf("edition %d, %v", edition(s), err)
	}
	if _, err := s.InstallUrgent(payload); !errors.Is(err, ErrInstalled) {
		t.Errorf("the same again: %v", err)
	}
	_, err = s.Install(zips[2])
	must(t, err)
	if _, err := s.InstallUrgent(payload); reason.CodeOf(err, "") != reason.BRollback || edition(s) != 3 {
		t.Errorf("an older one: %v, edition %d", err, edition(s))
	}
}

// TestUrgentMangled: no changed, cut or foreign update does anything.
func TestUrgentMangled(t *testing.T) {
	zips, anchor := editions(t, 2)
	others, _ := editions(t, 2)
	s, err := OpenStore(t.TempDir(), anchor)
	must(t, err)
	_, err = s.Install(zips[0])
	must(t, err)
	update, err := Urgent(zips[0], zips[1])
	must(t, err)
	foreign, err := Urgent(others[0], others[1])
	must(t, err)
	tries := [][]byte{foreign, nil, []byte(urgentMark), append(update[:len(update):len(update)], 0)}
	for at := 0; at < len(update); at += 41 {
		flipped := bytes.Clone(update)
		flipped[at] ^= 4
		tries = append(tries, update[:at], flipped)
	}
	for i, bad := range tries {
		if b, err := s.InstallUrgent(bad); err == nil && len(b.LeftOut) == 0 {
			t.Errorf("try %d was installed", i)
		}
		if n := edition(s); n != 1 {
			t.Fatalf("try %d: edition %d", i, n)
		}
	}
}

func FuzzUrgent(f *testing.F) {
	f.Add([]byte(urgentMark + "\x00\x01a\x00\x00\x00\x01b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if files, err := readUrgent(data); err == nil && len(files) > len(data) {
			t.Error("more files than bytes")
		}
	})
}
