package provision

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
)

// Where the first process of a card's own system and its kiosk tell each other
// of the slots: below the root folder, in memory.
const (
	SlotsFile = "run/slots"  // of the first process: [Slots]
	PutFile   = "run/system" // of the process that writes a slot: [Put]
)

// Slots is what runs from where, for the kiosk that runs there.
type Slots struct {
	Slot  string `json:"slot"`  // "a" or "b"; else there is no update of the system here
	Trial bool   `json:"trial"` // it is tried, and not yet the one that starts
}

// Put is how far a system is on its way to the other slot.
type Put struct {
	Step   string      `json:"step,omitempty"` // [StepCheck], …; "" if none is
	Done   int64       `json:"done,omitempty"` // bytes
	Of     int64       `json:"of,omitempty"`
	Number int64       `json:"number,omitempty"` // of the system
	Code   reason.Code `json:"code,omitempty"`   // why it is not, with StepRefused
}

// The steps that end it.
const (
	StepWhole   = "whole"   // the other slot holds it
	StepRefused = "refused" // Code says why
)

// putSize is the length of the file: what is shorter ends in spaces, so that
// it is written at once and in place.
const putSize = 256

// Write writes how far it is to the beginning of to.
func (p Put) Write(to io.WriterAt) error {
	data, err := json.Marshal(p)
	if err != nil || len(data) > putSize {
		return err
	}
	for len(data) < putSize {
		data = append(data, ' ')
	}
	_, err = to.WriteAt(data, 0)
	return err
}

// ReadSlots reads what the first process of the system whose root folder is
// root says, and how far a system is. Where there is none, both are empty.
func ReadSlots(root string) (s Slots, p Put) {
	for name, to := range map[string]any{SlotsFile: &s, PutFile: &p} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err == nil && len(data) <= putSize {
			_ = json.Unmarshal(data, to) // half of it says nothing
		}
	}
	return s, p
}

// A Trial is a system that is to be tried: what becomes of it is known when
// the next kiosk starts.
type Trial struct {
	Number int64         `json:"number"` // of the system; 0 is none
	Ill    []reason.Code `json:"ill,omitempty"`
}

// Well tells whether a kiosk with those faults is as well as the one that
// wanted the trial.
func (t Trial) Well(ill []reason.Code) bool {
	return !slices.ContainsFunc(ill, func(c reason.Code) bool { return !slices.Contains(t.Ill, c) })
}

// Try records that a system is to be tried.
func (s *Store) Try(t Trial) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = s.log(Record{Trial: &t})
	return s.fault
}

// EndTrial records that what was tried is what runs, number running, or that
// it is not. Only then does the floor rise: an older system is refused from
// now on, and one that did not do well may come back mended.
func (s *Store) EndTrial(running int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var records []Record
	if s.state.Trial.Number != 0 {
		records = append(records, Record{Trial: &Trial{}})
	}
	if s.current != nil && s.current.MakesSystems() && running > 0 {
		floor, had := s.current.SystemFloor(running), s.state.Floors[bundle.SystemRole]
		if had.Version < running || had.Keys != floor.Keys {
			records = append(records, Record{Floors: bundle.Floors{bundle.SystemRole: floor}})
		}
	}
	if len(records) == 0 {
		return s.fault
	}
	s.fault = s.log(records...)
	return s.fault
}
