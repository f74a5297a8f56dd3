package jail

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"badgekiosk/verify"
)

// memoryGoal is from where on the judge rather collects garbage than grows,
// in bytes; see also limitData.
const memoryGoal = 96 << 20

// rest is how long after an answer the judge gives the memory back that it no
// longer uses, and with it what was left of the badge there.
const rest = 20 * time.Second

// Serve is the life of the judge's process: it loads what the kiosk believes,
// gives up everything else for good, and answers until its standard input
// ends. Nothing else in this process may run beside it.
func Serve(load func() (Court, error)) error {
	debug.SetMemoryLimit(memoryGoal)
	return serve(os.Stdin, os.Stdout, load, confine)
}

func serve(in io.Reader, out io.Writer, load func() (Court, error), confine func() []Layer) error {
	court, err := load()
	debug.FreeOSMemory() // what loading took, a judge does not need
	h := hello{Layers: confine()}
	if err != nil {
		h.Fault = err.Error()
	}
	if err := sendValue(out, &h); err != nil {
		return fmt.Errorf("judge: %w", err)
	}
	if court == nil {
		return err
	}
	forget := time.AfterFunc(rest, debug.FreeOSMemory) // what nothing refers to any more
	defer forget.Stop()
	for {
		err := answer(in, out, court)
		forget.Reset(rest)
		if errors.Is(err, io.EOF) {
			return nil // the kiosk wants no more
		}
		if err != nil {
			return fmt.Errorf("judge: %w", err)
		}
	}
}

// answer reads a question and a payload, judges, and leaves no copy of the
// payload.
func answer(in io.Reader, out io.Writer, court Court) error {
	var ask verify.Ask
	if err := receiveValue(in, maxAsk, &ask); err != nil {
		return err
	}
	payload, err := receive(in, MaxPayload)
	defer clear(payload)
	if err != nil {
		return errors.Join(io.ErrUnexpectedEOF, err)
	}
	report := court(payload, ask)
	return sendValue(out, &report)
}
