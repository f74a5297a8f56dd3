package provision

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	"badgekiosk/provision/bundle"
)

// The log is a file of records, each
//
//	length  uint16, big endian, of the JSON
//	JSON    a Record
//	crc     uint32, big endian, CRC-32C of length and JSON
//
// Reading ends at the first record that is not whole: a power cut leaves at
// most the last one so.
const (
	maxRecord = 4 << 10   // bytes of one record's JSON
	maxLog    = 256 << 10 // the log is written anew when it has grown past this
)

// A Record is one line of the log. Exactly one of its parts is set, but for
// the first record of a log written anew, which may hold several.
type Record struct {
	// Floors are versions seen; each role's last record counts.
	Floors bundle.Floors `json:"floors,omitempty"`
	// Time is an instant that has certainly passed.
	Time time.Time `json:"time,omitzero"`
	// Count adds to a day's counters, by verdict word. Days without a set
	// clock are counted under the day of the time floor.
	Day   string         `json:"day,omitempty"`
	Count map[string]int `json:"count,omitempty"`
	// Admin is what somebody with the PIN did.
	Admin string `json:"admin,omitempty"`
	// Reset makes Time the time floor though it is earlier.
	Reset bool `json:"reset,omitempty"`
	// Tries is how many wrong PINs were entered since the last right one.
	Tries *int `json:"tries,omitempty"`
	// RTC is how many seconds the battery clock may be off.
	RTC int64 `json:"rtc,omitempty"`
	// Trial is a system that is to be tried, or that none is any more.
	Trial *Trial `json:"trial,omitempty"`
}

// State is what the log adds up to.
type State struct {
	Floors bundle.Floors
	Time   time.Time                 // the latest instant known to have passed
	Days   map[string]map[string]int // counters, by day and verdict word
	Admin  []string                  // the last things done with the PIN, oldest first
	Tries  int                       // wrong PINs since the last right one
	RTC    time.Duration             // how far off the battery clock may be; 0 when nobody set it
	Trial  Trial                     // of a system
}

// Bounds of what the state keeps.
const (
	maxDays  = 400
	maxAdmin = 50
)

// add is the state after r.
func (s *State) add(r Record) {
	for role, f := range r.Floors {
		if s.Floors == nil {
			s.Floors = bundle.Floors{}
		}
		s.Floors[role] = f
	}
	if r.Time.After(s.Time) || r.Reset {
		s.Time = r.Time
	}
	if r.Tries != nil {
		s.Tries = *r.Tries
	}
	if r.RTC > 0 {
		s.RTC = time.Duration(r.RTC) * time.Second
	}
	if r.Trial != nil {
		s.Trial = *r.Trial
	}
	if len(r.Count) > 0 && r.Day != "" {
		s.count(r.Day, r.Count)
	}
	if r.Admin != "" {
		s.Admin = append(s.Admin, r.Admin)
		s.Admin = s.Admin[max(0, len(s.Admin)-maxAdmin):]
	}
}

func (s *State) count(day string, n map[string]int) {
	if s.Days == nil {
		s.Days = map[string]map[string]int{}
	}
	if s.Days[day] == nil {
		s.Days[day] = map[string]int{}
	}
	for word, k := range n {
		s.Days[day][word] += k
	}
	for len(s.Days) > maxDays {
		oldest := day
		for d := range s.Days {
			oldest = min(oldest, d)
		}
		delete(s.Days, oldest)
	}
}

// records are the state as the log of a fresh card would hold it.
func (s *State) records() []Record {
	out := []Record{{Time: s.Time, Tries: &s.Tries, RTC: int64(s.RTC / time.Second)}}
	if s.Trial.Number != 0 {
		out = append(out, Record{Trial: &s.Trial})
	}
	for role, f := range s.Floors {
		out = append(out, Record{Floors: bundle.Floors{role: f}})
	}
	for day, n := range s.Days {
		out = append(out, Record{Day: day, Count: n})
	}
	for _, a := range s.Admin {
		out = append(out, Record{Admin: a})
	}
	return out
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord encodes r after dst.
func appendRecord(dst []byte, r Record) ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return dst, err
	}
	if len(data) > maxRecord {
		return dst, fmt.Errorf("a log record of %d bytes is over the limit of %d", len(data), maxRecord)
	}
	start := len(dst)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(data)))
	dst = append(dst, data...)
	return binary.BigEndian.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli)), nil
}

// readLog adds up the whole records of data and returns how many of its bytes
// they take.
func readLog(data []byte) (s State, whole int) {
	for {
		rest := data[whole:]
		if len(rest) < 2 {
			return s, whole
		}
		n := int(binary.BigEndian.Uint16(rest))
		if n > maxRecord || len(rest) < 2+n+4 {
			return s, whole
		}
		if crc32.Checksum(rest[:2+n], castagnoli) != binary.BigEndian.Uint32(rest[2+n:]) {
			return s, whole
		}
		var r Record
		if json.Unmarshal(rest[2:2+n], &r) != nil {
			return s, whole
		}
		s.add(r)
		whole += 2 + n + 4
	}
}
