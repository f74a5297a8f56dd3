// Package replay is a camera that shows picture files, for tests and for
// looking again at what a kiosk saw.
package replay

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"time"

	"badgekiosk/scanner"
)

// A Camera shows pictures one after the other. It waits for nobody: the
// frames' times, not the clock, tell how far apart they are.
type Camera struct {
	paths []string
	at    time.Time
	step  time.Duration
}

// Open makes a camera of files, and of folders with files in the order of
// their names. The first frame is taken at start, each further one step
// later. The error names a path that cannot be opened or an empty list.
func Open(start time.Time, step time.Duration, paths ...string) (*Camera, error) {
	c := &Camera{at: start, step: step}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			c.paths = append(c.paths, p)
			continue
		}
		in, err := os.ReadDir(p)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, e := range in {
			if e.Type().IsRegular() {
				names = append(names, filepath.Join(p, e.Name()))
			}
		}
		sort.Strings(names)
		c.paths = append(c.paths, names...)
	}
	if len(c.paths) == 0 {
		return nil, fmt.Errorf("no picture in %q", paths)
	}
	return c, nil
}

// Next fills f with the next picture; after the last the error is io.EOF. A
// file that is no picture is an error that names it; the next call goes on
// behind it.
func (c *Camera) Next(ctx context.Context, f *scanner.Frame) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(c.paths) == 0 {
		return io.EOF
	}
	p := c.paths[0]
	c.paths = c.paths[1:]
	data, err := os.ReadFile(p)
	if err != nil {
		return err
	}
	m, err := scanner.DecodePicture(data)
	if err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	*f = scanner.Frame{Gray: *m, At: c.at}
	c.at = c.at.Add(c.step)
	return nil
}

// Close ends the recording.
func (c *Camera) Close() error {
	c.paths = nil
	return nil
}
