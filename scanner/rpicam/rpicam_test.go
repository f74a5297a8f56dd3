package rpicam

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"badgekiosk/scanner"
)

// TestMain plays the program when the test runs itself as a child: pictures
// of one tone, in the way that FAKE says.
func TestMain(m *testing.M) {
	how := os.Getenv("FAKE_RPICAM")
	if how == "" {
		os.Exit(m.Run())
	}
	var width, height int
	for i, a := range os.Args {
		switch a {
		case "--width":
			fmt.Sscan(os.Args[i+1], &width)
		case "--height":
			fmt.Sscan(os.Args[i+1], &height)
		}
	}
	picture := make([]byte, width*height*3/2)
	for n := byte(1); ; n++ {
		for i := range picture {
			picture[i] = n
			if i >= width*height {
				picture[i] = 128 // chroma, which nobody wants
			}
		}
		if _, err := os.Stdout.Write(picture); err != nil {
			os.Exit(1)
		}
		if how == "dies" && n == 3 {
			os.Stdout.Write(picture[:100])
			os.Exit(3)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func self(t *testing.T, how string) *Camera {
	t.Setenv("FAKE_RPICAM", how)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(program, 256, 16)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestPictures(t *testing.T) {
	c := self(t, "runs")
	var f scanner.Frame
	last := byte(0)
	for range 5 {
		if err := c.Next(t.Context(), &f); err != nil {
			t.Fatal(err)
		}
		if len(f.Pix) != 256*16 || f.Pix[0] <= last || f.Pix[len(f.Pix)-1] != f.Pix[0] {
			t.Fatalf("%d bytes of %d after %d: not one newer picture's luma", len(f.Pix), f.Pix[0], last)
		}
		last = f.Pix[0]
	}
	c.mu.Lock()
	for c.frame == nil || c.frame[0] < last+3 { // nobody looks for a while
		c.fresh.Wait()
	}
	c.mu.Unlock()
	if err := c.Next(t.Context(), &f); err != nil {
		t.Fatal(err)
	}
	if f.Pix[0] < last+3 {
		t.Errorf("picture %d after %d: an old one, want the newest", f.Pix[0], last)
	}
}

// TestDies: a program that dies is told once and started again.
func TestDies(t *testing.T) {
	c := self(t, "dies")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var f scanner.Frame
	deaths, after := 0, 0
	for deaths < 2 || after == 0 {
		err := c.Next(ctx, &f)
		switch {
		case ctx.Err() != nil:
			t.Fatal("the program was not started again")
		case err != nil && !strings.Contains(err.Error(), "ended"):
			t.Fatalf("it died and the error says %v", err)
		case err != nil:
			deaths++
			after = 0
		default:
			after++
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, size := range [][2]int{{1000, 720}, {0, 720}, {1280, 719}, {1 << 20, 2}} {
		if _, err := open("rpicam-vid", size[0], size[1]); err == nil {
			t.Errorf("%dx%d was accepted", size[0], size[1])
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(1280, 720); !errors.Is(err, ErrNone) {
		t.Errorf("without the program: %v", err)
	}
}

func TestCancelled(t *testing.T) {
	c := self(t, "runs")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var f scanner.Frame
	for {
		err := c.Next(ctx, &f)
		if errors.Is(err, context.Canceled) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestWipe: nothing is left of the pictures that nobody took, and newer ones
// come all the same.
func TestWipe(t *testing.T) {
	c := self(t, "runs")
	var f scanner.Frame
	for range 3 {
		if err := c.Next(t.Context(), &f); err != nil {
			t.Fatal(err)
		}
	}
	c.mu.Lock()
	for c.frame == nil {
		c.fresh.Wait()
	}
	waiting, spare := c.frame, c.spare
	c.mu.Unlock()
	last := f.Pix[0]
	c.cancel() // so that no newer picture is put there
	<-c.done
	c.Wipe()
	for i, b := range [][]byte{waiting, spare} {
		for k, v := range b {
			if v != 0 {
				t.Fatalf("picture %d holds %d at %d after %d was seen", i, v, k, last)
			}
		}
	}
	if c.frame != nil {
		t.Error("a wiped picture waits to be taken")
	}
}
