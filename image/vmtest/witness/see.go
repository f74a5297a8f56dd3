package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"badgekiosk/image/vmtest/marks"
)

// read says the lines of all files that a pattern names.
func (w *witness) read(pattern string) error {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // a process that ended
		}
		for line := range strings.Lines(strings.ReplaceAll(string(data), "\x00", " ")) {
			w.say("| %s: %s", name, line)
		}
	}
	return nil
}

// links says where the links that a pattern names lead.
func (w *witness) links(pattern string) error {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		if to, err := os.Readlink(name); err == nil {
			w.say("| %s: %s", name, to)
		}
	}
	return nil
}

// counts waits until the kiosk has judged so many badges since it started, at
// most for so many seconds, and says how it judged.
func (w *witness) counts(badges, seconds string) error {
	want, err := strconv.ParseInt(badges, 10, 64)
	if err != nil {
		return err
	}
	most, err := strconv.Atoi(seconds)
	if err != nil {
		return err
	}
	for end := time.Now().Add(time.Duration(most) * time.Second); ; time.Sleep(20 * time.Millisecond) {
		counts, err := status()
		sum := int64(0)
		for _, n := range counts {
			sum += n
		}
		late := time.Now().After(end)
		if err != nil && late {
			return err
		}
		if sum < want && !late {
			continue
		}
		for verdict, n := range counts {
			w.say("| %s: %d", verdict, n)
		}
		if sum < want {
			return fmt.Errorf("%d badges were judged, and not %d", sum, want)
		}
		return nil
	}
}

// status asks the kiosk, at the socket by which it says how it is, how many
// badges it has judged, by verdict.
func status() (map[string]int64, error) {
	c, err := net.Dial("unix", "/var/lib/badge-kiosk/status")
	if err != nil {
		return nil, err
	}
	defer c.Close() //nolint:errcheck // only read
	var now struct{ Counts map[string]int64 }
	err = json.NewDecoder(c).Decode(&now)
	return now.Counts, err
}

// search looks for words, each [marks.Turned], in every file of every file system of a
// kind ("tmpfs"), and in the kernel's log for the kind "log".
func (w *witness) search(kinds string, words []string) error {
	for i := range words {
		words[i] = marks.Turned(words[i])
	}
	find, err := marks.New(words...)
	if err != nil {
		return err
	}
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mounts)) {
		m := strings.Fields(line)
		if len(m) < 3 || !slices.Contains(strings.Split(kinds, ","), m[2]) {
			continue
		}
		files, size, hits, err := w.searchBelow(find, m[1])
		if err != nil {
			return err
		}
		w.say("| %s on %s: %d files, %d bytes, %d hits", m[2], m[1], files, size, hits)
	}
	if slices.Contains(strings.Split(kinds, ","), "log") {
		size, hits, err := w.searchLog(find)
		w.say("| log: %d bytes, %d hits", size, hits)
		return err
	}
	return nil
}

// searchBelow searches one file system, and none that is mounted on it.
func (w *witness) searchBelow(find *marks.Finder, top string) (files int, size int64, hits int, err error) {
	var here syscall.Stat_t
	if err := syscall.Stat(top, &here); err != nil {
		return 0, 0, 0, err
	}
	err = filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it went meanwhile
		}
		var s syscall.Stat_t
		if syscall.Lstat(name, &s) != nil {
			return nil
		}
		if d.IsDir() && s.Dev != here.Dev {
			return fs.SkipDir
		}
		_, inName, _, _ := find.In(strings.NewReader(name)) // a text is always read
		if inName > 0 {
			hits++
			w.say("| found in the name of a file below %s", top)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		f, err := os.Open(name)
		if err != nil {
			return nil
		}
		defer f.Close() //nolint:errcheck // only read
		places, n, read, err := find.In(f)
		files, size, hits = files+1, size+read, hits+n
		for _, p := range places {
			// The word itself is not said, or the log would hold it.
			form, _, _ := strings.Cut(p.Form, " of ")
			w.say("| found in %s at %d, form of %d letters", name, p.At, len(form))
		}
		return err
	})
	return files, size, hits, err
}

// searchLog searches the kernel's log as it is now.
func (w *witness) searchLog(find *marks.Finder) (int64, int, error) {
	log, err := os.OpenFile("/dev/kmsg", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, 0, err
	}
	defer log.Close() //nolint:errcheck // only read
	var all bytes.Buffer
	record := make([]byte, 8<<10)
	for {
		n, err := syscall.Read(int(log.Fd()), record)
		if errors.Is(err, syscall.EPIPE) { // overtaken: the next read goes on behind it
			continue
		}
		if n <= 0 || err != nil {
			if err != nil && !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, io.EOF) {
				return 0, 0, fmt.Errorf("/dev/kmsg: %w", err)
			}
			break
		}
		all.Write(record[:n])
	}
	_, hits, size, err := find.In(&all)
	return size, hits, err
}
