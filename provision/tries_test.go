package provision

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"testing/synctest"
	"time"
)

// quickHash is a PIN's hash of one round, so that tests need not wait.
func quickHash(t *testing.T, pin string) string {
	salt := []byte("0123456789abcdef")
	sum, err := pbkdf2.Key(sha256.New, pin, salt, 1, sha256.Size)
	must(t, err)
	b64 := base64.RawStdEncoding
	return pinKind + "$1$" + b64.EncodeToString(salt) + "$" + b64.EncodeToString(sum)
}

// TestTryPIN: two wrong PINs are free, then each costs twice the wait; pulling
// the plug buys no try, and the right PIN ends it.
func TestTryPIN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hash, c := quickHash(t, "4711"), newCard()
		s, err := openStore(c, nil)
		must(t, err)
		try := func(pin string, wantOK bool, wantWait time.Duration) {
			t.Helper()
			ok, wait, err := s.TryPIN(hash, pin)
			if ok != wantOK || wait != wantWait || err != nil {
				t.Errorf("%s: %v, wait %v, %v; want %v, %v", pin, ok, wait, err, wantOK, wantWait)
			}
		}
		try("0000", false, 0)
		try("0001", false, 0)
		try("0002", false, 10*time.Second)
		try("4711", false, 10*time.Second) // not even looked at
		time.Sleep(4 * time.Second)
		if s, err = openStore(c, nil); err != nil { // the plug
			t.Fatal(err)
		}
		try("4711", false, 10*time.Second)
		time.Sleep(10 * time.Second)
		try("0003", false, 20*time.Second)
		for n := range 20 {
			time.Sleep(longestWait)
			try("0004", false, min(longestWait, 40*time.Second<<n))
		}
		if w := s.PINWait(); w != longestWait {
			t.Errorf("after 24 wrong ones the wait is %v", w)
		}
		time.Sleep(longestWait)
		try("4711", true, 0)
		try("0005", false, 0)
		if _, _, err := s.TryPIN("no hash", "4711"); err == nil {
			t.Error("a damaged hash says nothing")
		}
		if w := s.PINWait(); w != 0 {
			t.Errorf("a damaged hash counts as a wrong PIN: wait %v", w)
		}
	})
}

// TestTryPINPower: at any cut of the power, as many tries are counted as were
// answered.
func TestTryPINPower(t *testing.T) {
	c := newCard()
	s, err := openStore(c, nil)
	must(t, err)
	var after []int
	for range freeTries {
		_, _, err := s.TryPIN(quickHash(t, "4711"), "0000")
		must(t, err)
		after = append(after, len(c.ops))
	}
	for i, n := range after {
		cut := newCard()
		for _, o := range c.ops[:n] {
			cut.apply(o)
		}
		s, err := openStore(cut, nil)
		must(t, err)
		if got := s.State().Tries; got != i+1 {
			t.Errorf("%d tries answered, %d counted", i+1, got)
		}
	}
}
