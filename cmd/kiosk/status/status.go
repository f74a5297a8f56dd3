// Package status says how one kiosk is: over a Unix socket to a program on
// the same board, and as a code on its screen, which a photograph brings to
// the district's office.
//
// Nothing of a learner is in it.
package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"badgekiosk/cmd/kiosk/journal"
	"badgekiosk/verify/reason"
)

// Limits on a status.
const (
	MaxSite  = 60 // bytes
	MaxBuild = 40
	MaxWords = 6  // of a root
	MaxCodes = 10 // codes of the kiosk, newest first
)

// A Status is how one kiosk is.
type Status struct {
	Site    string    `json:"site"`              // where it stands, as its administrator calls it
	Build   string    `json:"build"`             // of the program
	Root    []string  `json:"root,omitempty"`    // the words of the root it believes
	Serial  int64     `json:"serial"`            // of its bundle, 0 if none
	Issued  time.Time `json:"issued,omitzero"`   // that bundle
	Oldest  time.Time `json:"oldest,omitzero"`   // the oldest status list
	At      time.Time `json:"at"`                // now, as the kiosk knows it
	Clock   string    `json:"clock"`             // how it knows: "battery clock", "not set"
	Uptime  int64     `json:"uptimeSeconds"`     // since it was started
	Codes   []Code    `json:"codes"`             // H- and B-, newest first
	Counts  Counts    `json:"counts"`            // since it was started
	Missing []string  `json:"missing,omitempty"` // walls around the judge that this kernel lacks
}

// A Code is one thing that was wrong.
type Code struct {
	Code  reason.Code `json:"code"`
	At    time.Time   `json:"at"` // when last
	Times int         `json:"times"`
}

// Counts are how many badges were judged, by verdict.
type Counts struct {
	Verified    int64 `json:"verified"`
	Check       int64 `json:"check"`
	NotVerified int64 `json:"notVerified"`
	CannotTell  int64 `json:"cannotTell"`
	Demo        int64 `json:"demo"`
}

// CodesOf are the newest codes of a journal.
func CodesOf(j *journal.Journal) (out []Code) {
	for _, l := range j.Codes(MaxCodes) {
		out = append(out, Code{l.Code, l.Last, l.Times})
	}
	return out
}

const (
	// patience is how long who asks waits to be let in, and a kiosk until its
	// answer is taken.
	patience = 2 * time.Second
	// answerTime is how long an answer may take: a kiosk gives it between two
	// pictures, and the slowest panels take some 20 seconds for one.
	answerTime = 30 * time.Second
)

// maxJSON is the longest status, in bytes, as it goes through the socket.
const maxJSON = 64 << 10

// A Server answers whoever asks for the status.
type Server struct {
	listener net.Listener
	path     string
	get      func() Status
	done     sync.WaitGroup
}

// Listen answers on a Unix socket at path, that only the kiosk's own user can
// open, with what get says, until the server is closed. A socket that a kiosk
// before has left there is replaced.
func Listen(path string, get func() Status) (*Server, error) {
	// Nobody can connect before the mode is set: the name comes last.
	early := path + ".new"
	if err := os.Remove(early); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("status: %w", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: early, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("status: %w", err)
	}
	l.SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(early, 0o600), os.Rename(early, path)); err != nil {
		return nil, errors.Join(fmt.Errorf("status: %w", err), l.Close())
	}
	s := &Server{listener: l, path: path, get: get}
	s.done.Go(s.serve)
	return s, nil
}

// serve answers one after the other: nobody needs two at a time.
func (s *Server) serve() {
	for {
		c, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(patience) // no descriptors are left; somebody will close one
			continue
		}
		now := s.get()
		_ = c.SetDeadline(time.Now().Add(patience))
		_ = json.NewEncoder(c).Encode(now) // who hangs up wanted no answer
		c.Close()
	}
}

// Close stops answering.
func (s *Server) Close() error {
	err := s.listener.Close()
	s.done.Wait()
	return errors.Join(err, os.Remove(s.path))
}

// Read asks the kiosk whose socket is at path.
func Read(path string) (s Status, err error) {
	c, err := net.DialTimeout("unix", path, patience)
	if err != nil {
		return s, fmt.Errorf("no kiosk answers at %s; is kiosk run started, and are you its user? %w", path, err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return s, err
	}
	data, err := io.ReadAll(io.LimitReader(c, maxJSON))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return s, fmt.Errorf("the kiosk at %s does not answer well: %w", path, err)
	}
	return s, nil
}
