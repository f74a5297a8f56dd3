package provision

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestMain lets this program be a kiosk that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("KIOSK_TO_KILL"); dir != "" {
		toil(dir)
		return
	}
	if len(os.Args) > 2 && os.Args[1] == childFlag {
		child(os.Args[2])
		return
	}
	os.Exit(m.Run())
}

// childFlag starts this program as one that the kiosk starts.
const childFlag = "-child"

// toil installs one edition after the other and says which is acknowledged.
func toil(dir string) {
	anchor, err := os.ReadFile(filepath.Join(dir, "root"))
	if err != nil {
		panic(err)
	}
	s, err := OpenStore(filepath.Join(dir, "state"), anchor)
	if err != nil {
		panic(err)
	}
	for n := edition(s) + 1; ; n++ {
		zipped, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(n)))
		if err != nil {
			return // that was the last
		}
		if _, err := s.Install(zipped); err != nil {
			panic(err)
		}
		if err := s.Passed(start.Add(time.Duration(n) * time.Hour)); err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
}

// TestKilled kills a kiosk with SIGKILL while it installs, again and again:
// what it acknowledged is there afterwards. PROOF=1 does it 1,000 times.
func TestKilled(t *testing.T) {
	rounds, size := 8, 12
	if os.Getenv("PROOF") != "" {
		rounds, size = 1000, 40
	}
	zips, anchor := editions(t, size)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "root"), anchor, 0o600))
	for i, zipped := range zips {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i+1)), zipped, 0o600))
	}
	acknowledged, inside := 0, 0
	for range rounds {
		last, whole := killed(t, dir)
		acknowledged = max(acknowledged, last)
		if !whole {
			inside++
		}
		s, err := OpenStore(filepath.Join(dir, "state"), anchor)
		must(t, err)
		if n := edition(s); n < acknowledged {
			t.Fatalf("edition %d was acknowledged, %d is there", acknowledged, n)
		}
		if passed := s.State().Time; acknowledged > 0 && passed.Before(start.Add(time.Duration(acknowledged)*time.Hour)) {
			t.Fatalf("edition %d was acknowledged, the time floor is %s", acknowledged, passed)
		}
		if edition(s) == size {
			must(t, os.RemoveAll(filepath.Join(dir, "state")))
			acknowledged = 0
		}
	}
	if inside == 0 {
		t.Errorf("none of %d kills came while it worked", rounds)
	}
}

// killed runs a kiosk, kills it at any moment, and returns the last edition
// that it acknowledged; whole if it ended by itself.
func killed(t *testing.T, dir string) (last int, whole bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "KIOSK_TO_KILL="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for n := rand.IntN(3); n >= 0 && lines.Scan(); n-- {
		_, err := fmt.Sscan(lines.Text(), &last)
		must(t, err)
	}
	time.Sleep(time.Duration(rand.IntN(8000)) * time.Microsecond)
	killErr := cmd.Process.Kill()
	for lines.Scan() {
		if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
			break // the line it was killed in
		}
	}
	return last, cmd.Wait() == nil || killErr != nil
}
