package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// logged is a log as the emulator writes it, of writes of whole sectors.
func logged(writes ...[2]int) []byte {
	le := binary.LittleEndian
	sector := func(words ...uint64) []byte {
		b := make([]byte, logSector)
		for i, w := range words {
			le.PutUint64(b[8*i:], w)
		}
		return b
	}
	b := sector(logMagic, 1, 0, logSector)
	b = append(b, sector(0, 0, 1, 0)...) // a flush
	for _, w := range writes {
		b = append(b, sector(uint64(w[0]), 1, 0, 0)...)
		b = append(b, bytes.Repeat([]byte{byte(w[1])}, logSector)...)
	}
	return append(b, sector(7, 1, logDiscard, 0)...)
}

// TestCardLog cuts a card's power after each of its writes.
func TestCardLog(t *testing.T) {
	dir := t.TempDir()
	l := cardLog{base: filepath.Join(dir, "base"), path: filepath.Join(dir, "log")}
	card := filepath.Join(dir, "card")
	whole := logged([2]int{1, 0xa1}, [2]int{3, 0xa3}, [2]int{1, 0xb1})
	for _, file := range []struct {
		name string
		data []byte
	}{{l.base, make([]byte, 4*logSector)}, {l.path, whole}} {
		if err := os.WriteFile(file.name, file.data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := l.count(); n != 3 || err != nil {
		t.Fatalf("%d writes, %v", n, err)
	}
	for n, want := range [][4]byte{{}, {0, 0xa1}, {0, 0xa1, 0, 0xa3}, {0, 0xb1, 0, 0xa3}} {
		if err := l.cut(card, n); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(card)
		if err != nil || len(got) != 4*logSector {
			t.Fatal(len(got), err)
		}
		for i, v := range want {
			if got[i*logSector] != v || got[(i+1)*logSector-1] != v {
				t.Errorf("after %d writes sector %d is %x, want %x", n, i, got[i*logSector], v)
			}
		}
	}
	if err := os.WriteFile(l.path, append(make([]byte, logSector), whole[logSector:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := l.count(); n != 3 || err != nil {
		t.Errorf("a log whose head is not yet written: %d writes, %v", n, err)
	}
	if l.cut(card, 4) == nil {
		t.Error("a fourth write was found")
	}
	// A log whose end was lost is as long as what is left of it.
	if err := os.WriteFile(l.path, whole[:len(whole)-2*logSector-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := l.count(); n != 2 || err != nil {
		t.Errorf("a cut log: %d writes, %v", n, err)
	}
	for _, bad := range [][]byte{whole[1:], nil, append(whole[:logSector:logSector], bytes.Repeat([]byte{0xff}, logSector)...)} {
		if err := os.WriteFile(l.path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if n, err := l.count(); err == nil {
			t.Errorf("%d bytes that are no log: %d writes", len(bad), n)
		}
	}
}

func FuzzCardLog(f *testing.F) {
	f.Add(logged([2]int{1, 2}))
	f.Add(logged()[:700])
	f.Fuzz(func(t *testing.T, data []byte) {
		l := cardLog{path: filepath.Join(t.TempDir(), "log")}
		if err := os.WriteFile(l.path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = l.count()
	})
}
