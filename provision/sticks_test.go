package provision

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badgekiosk/provision/stick"
	"badgekiosk/verify/reason"
)

// A board is the part of /sys and /proc that tells of disks.
type board struct {
	t   *testing.T
	dir string
}

func newBoard(t *testing.T) board {
	b := board{t, t.TempDir()}
	b.put("proc/self/mountinfo", "")
	must(t, os.MkdirAll(filepath.Join(b.dir, "sys/block"), 0o700))
	return b
}

func (b board) put(name, text string) {
	file := filepath.Join(b.dir, name)
	must(b.t, os.MkdirAll(filepath.Dir(file), 0o700))
	must(b.t, os.WriteFile(file, []byte(text+"\n"), 0o600))
}

// disk puts a disk on a bus.
func (b board) disk(bus, name, dev, size, seq string) {
	at := "devices/" + bus + "/block/" + name
	for file, text := range map[string]string{"size": size, "dev": dev, "diskseq": seq, name + "1/dev": dev + "1"} {
		b.put("sys/"+at+"/"+file, text)
	}
	link := filepath.Join(b.dir, "sys/block", name)
	_ = os.Remove(link)
	must(b.t, os.Symlink("../"+at, link))
}

func (b board) pull(name string) { must(b.t, os.Remove(filepath.Join(b.dir, "sys/block", name))) }

const usb = "platform/soc/3f980000.usb/usb1/1-1/1-1:1.0/host0/target0:0:0/0:0:0:0"

// TestFindSticks: a stick is a USB disk with a medium that this computer does
// not use itself.
func TestFindSticks(t *testing.T) {
	b := newBoard(t)
	b.disk(usb, "sda", "8:0", "15728640", "7")
	b.disk("pci0000:00/0000:00:17.0/ata1/host1", "sdb", "8:16", "15728640", "2")
	b.disk(usb, "sdc", "8:32", "0", "3")    // a reader without a card
	b.disk(usb, "sdd", "8:48", "1000", "4") // what the system runs from
	b.disk(usb, "sde", "8:64", "1000", "5") // what a desktop has mounted
	b.disk(usb, "sdf", "8:80", "1000", "6") // a part of a volume group
	b.put("sys/devices/"+usb+"/block/sdf/sdf1/holders/dm-0", "")
	b.put("proc/self/mountinfo", "22 1 8:481 / / rw,relatime - ext4 /dev/root rw\n23 1 8:641 / /media/pi/MY\\040STICK ro - vfat /dev/sde1 ro")
	var got []string
	for _, s := range findSticks(b.dir) {
		got = append(got, fmt.Sprint(s.Device, s.Mounted))
	}
	if want := "[/dev/sda[] /dev/sde[/media/pi/MY STICK]]"; fmt.Sprint(got) != want {
		t.Errorf("sticks %v, want %s", got, want)
	}
	if s := findSticks(t.TempDir()); len(s) > 0 {
		t.Errorf("without /sys: %v", s)
	}
}

// TestSticks plays a morning: a stick in and out, another in the same slot
// between two looks, one that cannot be read.
func TestSticks(t *testing.T) {
	b := newBoard(t)
	synctest.Test(t, func(t *testing.T) {
		w := &Sticks{system: b.dir, Judge: (*Store)(nil).Judge, Read: func(_ context.Context, s Stick) (stick.Contents, error) {
			time.Sleep(3 * time.Second)
			if strings.HasSuffix(s.identity, " 3") {
				return stick.Contents{}, reason.Errorf(reason.HFormat, "NTFS")
			}
			return stick.Contents{Systems: []stick.File{{Name: "badge-kiosk-system.zip"}}}, nil
		}}
		ctx, stop := context.WithCancel(t.Context())
		events := w.Watch(ctx)
		said := make(chan string, 100)
		go func() {
			for e := range events {
				say := e.Step.String() + " " + e.Name
				if e.Step == StickJudged {
					say += " " + string(reason.CodeOf(e.Outcome.Err, "")) + fmt.Sprint(len(e.Copied.Systems))
				}
				said <- say
			}
			close(said)
		}()
		time.Sleep(100 * time.Millisecond) // and so never as it looks, or it would see half of a stick
		b.disk(usb, "sda", "8:0", "100", "1")
		time.Sleep(5 * time.Second)
		b.pull("sda")
		b.disk(usb, "sda", "8:0", "100", "2") // within the half second
		time.Sleep(5 * time.Second)
		b.pull("sda")
		time.Sleep(time.Second)
		b.disk(usb, "sda", "8:0", "100", "3")
		time.Sleep(5 * time.Second)
		stop()
		synctest.Wait()
		var got []string
		for s := range said {
			got = append(got, s)
		}
		one := "in sda, copied sda, judged sda B-EMPTY1, gone sda, "
		if want := one + one + "in sda, judged sda H-FORMAT0"; strings.Join(got, ", ") != want {
			t.Errorf("said\n%s\nwant\n%s", strings.Join(got, ", "), want)
		}
	})
}

// child is what this test's program does when it is started as a reader of
// sticks or as the process with the network.
func child(kind string) {
	switch kind {
	case "stick":
		c := stick.Contents{Bundles: []stick.File{{Name: os.Args[len(os.Args)-1], Data: []byte("zip")}}}
		_ = stick.Send(os.Stdout, c, nil)
	case "format":
		_ = stick.Send(os.Stdout, stick.Contents{}, reason.Errorf(reason.HFormat, "NTFS"))
	case "cut":
		_, _ = io.WriteString(os.Stdout, `{"Files":[{"Name":"a.zip","Size":100}]}`+"\nhalf")
	case "panic":
		panic("the reader met a stick that it does not understand")
	case "hang":
		time.Sleep(time.Hour)
	case "flood":
		for {
			if _, err := os.Stdout.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	case "file":
		_, _ = io.WriteString(os.Stdout, strings.Join(os.Args[3:], " "))
	case "fetch":
		if err := Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// TestReadBy: whatever a reader does, there is an answer in time.
func TestReadBy(t *testing.T) {
	s := Stick{Name: "sdz", Device: "/dev/sdz", Mounted: []string{"/media/pi/STICK"}}
	for kind, want := range map[string]reason.Code{"stick": "", "format": reason.HFormat, "cut": reason.HStick, "panic": reason.HStick, "hang": reason.HStick, "flood": reason.HStick} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if kind == "hang" {
			ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
		}
		c, err := ReadBy(os.Args[0], childFlag, kind)(ctx, s)
		cancel()
		if got := reason.CodeOf(err, ""); got != want || want != "" && err == nil {
			t.Errorf("%s: %v, want %q", kind, err, want)
		}
		if kind == "stick" && (len(c.Bundles) != 1 || c.Bundles[0].Name != "/media/pi/STICK") {
			t.Errorf("%s: %+v", kind, c)
		}
		if kind == "panic" && !strings.Contains(err.Error(), "does not understand") {
			t.Errorf("its last words are lost: %v", err)
		}
	}
	if _, err := ReadBy("/no/such/program")(t.Context(), s); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("without a reader: %v", err)
	}
}

func TestStickSystem(t *testing.T) {
	s := Stick{Name: "sdz", Device: "/dev/sdz"}
	f, err := StickSystem(t.Context(), s, "badge-kiosk-system.zip", os.Args[0], childFlag, "file")
	must(t, err)
	data, err := io.ReadAll(f)
	must(t, err)
	if n, err := f.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("behind its end there are %d bytes, %v", n, err)
	}
	must(t, f.Close())
	if want := "--system badge-kiosk-system.zip /dev/sdz"; string(data) != want {
		t.Errorf("its reader was asked for %q, want %q", data, want)
	}
	f, err = StickSystem(t.Context(), s, "x", os.Args[0], childFlag, "panic")
	must(t, err)
	if _, err := io.ReadAll(f); reason.CodeOf(err, "") != reason.HStick {
		t.Errorf("a reader that fails looks like the end of the file: %v", err)
	}
	must(t, f.Close())
}

// TestNoRoot: a kiosk without a root takes nothing, and says so.
func TestNoRoot(t *testing.T) {
	zips, _ := editions(t, 1)
	out := (*Store)(nil).Judge(stick.Contents{Bundles: []stick.File{{Name: "badge-kiosk-bundle.zip", Data: zips[0]}}})
	if reason.CodeOf(out.Err, "") != reason.BRoot {
		t.Errorf("got %v", out.Err)
	}
}

// TestNearest: of several that were refused, the person hears of the one that
// came nearest.
func TestNearest(t *testing.T) {
	zips, anchor := editions(t, 2)
	others, _ := editions(t, 1)
	s, err := OpenStore(t.TempDir(), anchor)
	must(t, err)
	_, err = s.Install(zips[1])
	must(t, err)
	file := func(data []byte) stick.File { return stick.File{Name: "badge-kiosk-bundle.zip", Data: data} }
	torn, foreign, old, same := file(zips[0][:50]), file(others[0]), file(zips[0]), file(zips[1])
	gone := stick.File{Name: "badge-kiosk-bundle.zip", Err: reason.Errorf(reason.HStick, "pulled")}
	for _, c := range []struct {
		files []stick.File
		want  reason.Code
	}{
		{[]stick.File{gone}, reason.HStick},
		{[]stick.File{gone, torn}, reason.BBroken},
		{[]stick.File{gone, torn, foreign}, reason.BSign},
		{[]stick.File{gone, torn, foreign, old}, reason.BRollback},
		{[]stick.File{gone, torn, foreign, old, same}, reason.BSame},
	} {
		if got := s.Judge(stick.Contents{Bundles: c.files}); reason.CodeOf(got.Err, "") != c.want {
			t.Errorf("%d files: %v, want %s", len(c.files), got.Err, c.want)
		}
	}
	if !errors.Is(s.Judge(stick.Contents{Bundles: []stick.File{same}}).Err, ErrInstalled) {
		t.Error("the one in use is not ErrInstalled")
	}
}
