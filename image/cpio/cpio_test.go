package cpio

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

var files = []File{
	{Name: "dev", Mode: Dir | 0o755}, {Name: "dev/console", Mode: Device | 0o600, Major: 5, Minor: 1},
	{Name: "init", Mode: Regular | 0o755, Data: []byte("a program")}, {Name: "empty", Mode: Regular | 0o644},
}

// TestReadsBack unpacks what was packed by the format's own words.
func TestReadsBack(t *testing.T) {
	data, err := Archive(files)
	if err != nil {
		t.Fatal(err)
	}
	got, err := unpack(data)
	if err != nil || !reflect.DeepEqual(got, files) {
		t.Errorf("unpacked %+v (%v), want %+v", got, err, files)
	}
	again, _ := Archive(files)
	if !bytes.Equal(data, again) {
		t.Error("two archives of the same files differ")
	}
}

// TestTool has cpio list the archive, where it is installed.
func TestTool(t *testing.T) {
	tool, err := exec.LookPath("cpio")
	if err != nil {
		t.Log("cpio is not installed: only our own reader was asked")
		return
	}
	data, _ := Archive(files)
	cmd := exec.Command(tool, "-tv")
	cmd.Stdin, cmd.Env = bytes.NewReader(data), append(os.Environ(), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "dev/console") {
		t.Errorf("cpio -tv: %v\n%s", err, out)
	}
}

func TestRefused(t *testing.T) {
	for name, f := range map[string][]File{
		"absolute":       {{Name: "/init", Mode: Regular}},
		"up":             {{Name: "a/../../b", Mode: Regular}},
		"no name":        {{Mode: Regular}},
		"the trailer":    {{Name: trailer, Mode: Regular}},
		"no folder":      {{Name: "a/b", Mode: Regular}},
		"in a file":      {{Name: "a", Mode: Regular}, {Name: "a/b", Mode: Regular}},
		"twice":          {{Name: "a", Mode: Regular}, {Name: "a", Mode: Regular}},
		"no type":        {{Name: "a", Mode: 0o644}},
		"folder's bytes": {{Name: "a", Mode: Dir | 0o755, Data: []byte("x")}},
	} {
		if _, err := Archive(f); err == nil {
			t.Errorf("%s: archived", name)
		}
	}
}

func unpack(b []byte) (all []File, err error) {
	whole := len(b)
	for {
		if len(b) < 110 || string(b[:6]) != "070701" {
			return nil, errors.New("no header")
		}
		var v [13]uint32
		for i := range v {
			n, err := strconv.ParseUint(string(b[6+8*i:14+8*i]), 16, 32)
			if err != nil {
				return nil, err
			}
			v[i] = uint32(n)
		}
		take := func(n uint32) []byte {
			out := b[:n]
			b = b[n:]
			b = b[(4-(whole-len(b))%4)%4:]
			return out
		}
		name := string(take(110 + v[11])[110 : 110+v[11]-1])
		data := take(v[6])
		if name == "TRAILER!!!" {
			if len(b) != 0 {
				return nil, fmt.Errorf("%d bytes behind the trailer", len(b))
			}
			return all, nil
		}
		f := File{Name: name, Mode: v[1], Major: v[9], Minor: v[10]}
		if len(data) > 0 {
			f.Data = data
		}
		all = append(all, f)
	}
}
