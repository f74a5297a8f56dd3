// Package jail judges badges in a process of its own, that can do nothing
// else.
//
// What a stranger holds to the camera is read by parsers of a dozen formats.
// Should one of them be tricked, there must be nothing in reach: the process
// holds no file, socket or bus, cannot open any, start a program or look at
// another process, has bounded memory, and no name of its own. It reads
// payloads from one pipe and writes reports to another. The kiosk gives it so
// long for a judgement, checks what it answers, and starts it anew when it
// dies.
//
// Sources: Linux, Documentation/userspace-api/{seccomp_filter,landlock,
// no_new_privs}.rst; getrlimit(2), prctl(2), close_range(2).
package jail

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"badgekiosk/cmd/kiosk/packed"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// Limits on what goes through the pipes, in bytes.
const (
	MaxPayload = 17 << 20 // more than verify judges, which says Q-TOOBIG itself
	maxAsk     = 64 << 10
	maxAnswer  = 1 << 20
)

// A Court judges one payload.
type Court func(payload []byte, ask verify.Ask) verify.Report

// A Layer is one of the walls around the judge.
type Layer struct {
	Name  string
	Fault string // why it does not stand; empty if it does
}

// hello is what a judge says when its walls stand and it knows whom to
// believe.
type hello struct {
	Layers []Layer
	Fault  string // why it cannot judge at all
}

var (
	errTooLong = errors.New("longer than agreed")
	errAnswer  = errors.New("the judge's answer is not one")
)

// send writes one message: its length in four bytes, then itself.
func send(w io.Writer, message []byte) error {
	var n [4]byte
	binary.LittleEndian.PutUint32(n[:], uint32(len(message)))
	if _, err := w.Write(n[:]); err != nil {
		return err
	}
	_, err := w.Write(message)
	return err
}

// receive reads one message of up to most bytes into memory of its own, which
// the caller clears.
func receive(r io.Reader, most int) ([]byte, error) {
	var n [4]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(n[:])
	if int64(size) > int64(most) {
		return nil, fmt.Errorf("a message of %d bytes: %w", size, errTooLong)
	}
	message := make([]byte, size)
	_, err := io.ReadFull(r, message)
	return message, err
}

// sendValue packs and sends v, and leaves no copy of it.
func sendValue(w io.Writer, v any) error {
	data, err := packed.Append(nil, v)
	defer clear(data)
	if err != nil {
		return err
	}
	return send(w, data)
}

func receiveValue(r io.Reader, most int, v any) error {
	data, err := receive(r, most)
	defer clear(data)
	if err != nil {
		return err
	}
	return packed.Read(data, v)
}

// maxInner is how deep reports lie in reports: a record in a presentation has
// badges with endorsements.
const maxInner = 8

// sound tells whether r is a report that a judge can have made. One that was
// tricked may answer anything: nothing it says may bring down the kiosk, or
// leave its field on the screen.
func sound(r *verify.Report, depth int) error {
	if depth > maxInner || r.Verdict < verify.CannotTell || r.Verdict > verify.Verified {
		return errAnswer
	}
	for _, c := range r.Codes {
		if _, known := reason.Of(c); !known {
			return errAnswer
		}
	}
	a := &r.Axes
	for _, f := range []*verify.Finding{&a.Signature, &a.Issuer, &a.Status, &a.Time, &a.Presenter} {
		if _, known := reason.Of(f.Code); !known && f.Code != "" || f.State < verify.Unknown || f.State > verify.Pass {
			return errAnswer
		}
	}
	if r.Recipient < verify.Unknown || r.Recipient > verify.Pass || !texts(r) {
		return errAnswer
	}
	for i := range r.Credentials {
		if err := sound(&r.Credentials[i], depth+1); err != nil {
			return err
		}
	}
	return nil
}

// refused is what the kiosk hears when there is no judgement.
func refused(format string, args ...any) error {
	return reason.Errorf(reason.HJudge, format, args...)
}

// Patience is how long a judgement may take, with the wait for a judge that
// is being started. The slowest board needs a tenth of it for the worst badge.
const Patience = 8 * time.Second
