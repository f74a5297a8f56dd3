// Package provision gives a kiosk what it believes and keeps it: the store,
// installing from a file or a stick, and (with a network) fetching.
package provision

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"badgekiosk/provision/bundle"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// Names below the store's folder.
const (
	logName    = "state.log"
	newLogName = "state.log.new"
	bundlesDir = "bundles"
	stagedMark = ".staged" // ends the name of a folder that is not whole yet
	zipName    = "bundle.zip"
	memoName   = "memo"     // of bundle.Memo: how it is opened without reading all of it
	keptName   = "kept.zip" // parts of an earlier bundle that stay in the place of broken ones
	keepNewest = 2
)

// A Store is the one small folder that a kiosk writes: the two newest bundles
// and the log. Losing power at any byte leaves the last state that was
// acknowledged.
//
// A card that is full, read-only or broken never stops the kiosk: what is
// known stays known in memory, and Fault says what the card said (H-DISK).
type Store struct {
	disk   disk
	anchor []byte

	mu      sync.Mutex
	state   State
	logSize int // bytes of state.log that are whole records; -1 before it exists
	current *bundle.Bundle
	factory []byte // current, when it is the one that came with the system
	etag    string // of the timestamp that Sync saw last
	fault   error
	held    bool      // no other process writes now
	tried   time.Time // when the last PIN was entered, or the store opened
}

// OpenStore opens, or makes, the store in the folder dir. anchor is the
// kiosk's TUF root.json.
//
// It recovers from whatever a power cut left. The error is that of a folder
// that cannot be made or read at all, or that another process has been writing
// to for [LockWait]; the store then works in memory alone. Several processes
// may have a store in the same folder: they write one after the other.
func OpenStore(dir string, anchor []byte) (*Store, error) { return openStore(osDisk(dir), anchor) }

func openStore(d disk, anchor []byte) (*Store, error) {
	s := &Store{disk: d, anchor: anchor, logSize: -1, tried: time.Now()}
	s.fault = s.recover()
	return s, s.fault
}

// recover reads what is there and throws away what is not whole.
func (s *Store) recover() error {
	if err := s.disk.mkdir(bundlesDir); err != nil {
		return err
	}
	release, locked := s.alone()
	if locked == nil {
		defer release()
	}
	data, err := s.disk.read(logName)
	switch {
	case err == nil:
		s.state, s.logSize = readLog(data)
		if s.logSize < len(data) { // a torn end would hide what is appended after it
			s.logSize = -1
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if locked != nil { // what is not whole may be about to be
		if names, err := s.disk.list(bundlesDir); err == nil {
			s.newest(names)
		}
		return locked
	}
	return s.recoverBundles()
}

// recoverBundles makes the newest bundle that verifies the current one.
func (s *Store) recoverBundles() error {
	names, err := s.disk.list(bundlesDir)
	if err != nil {
		return err
	}
	s.newest(names)
	for _, name := range names {
		if strings.HasSuffix(name, stagedMark) {
			err = errors.Join(err, s.disk.remove(bundlesDir+"/"+name))
		}
	}
	return err
}

// newest makes the newest of the named bundles that verifies the current one.
func (s *Store) newest(names []string) {
	for _, name := range sorted(names) {
		if b, err := s.load(name); err == nil {
			s.current = b
			return
		}
	}
}

// Peek returns the bundle that a kiosk whose store is in dir believes, nil if
// it has none, and changes nothing there: for other processes than the
// kiosk's own, which may be installing another one. The bundle needs no file
// afterwards: the process may be one that can open none. factory is the bundle
// that came with its system, zipped, nil for none.
func Peek(dir string, anchor, factory []byte) *bundle.Bundle {
	s := &Store{disk: inMemory{osDisk(dir)}, anchor: anchor}
	if data, err := s.disk.read(logName); err == nil {
		s.state, _ = readLog(data)
	}
	if names, err := s.disk.list(bundlesDir); err == nil {
		s.newest(names)
	}
	if factory != nil {
		_ = s.UseFactory(factory) // one that is refused is not believed
	}
	return s.current
}

// PeekState is what the log in dir adds up to, read as [Peek] does.
func PeekState(dir string) State {
	data, err := osDisk(dir).read(logName)
	if err != nil {
		return State{}
	}
	s, _ := readLog(data)
	return s
}

// folderName sorts after that of an older bundle, and after that of the same
// bundle with more parts left out.
func folderName(b *bundle.Bundle) string {
	return fmt.Sprintf("%020d-%04d", b.Version, bundle.MaxRoles-len(b.LeftOut))
}

// sorted are the names of whole bundles, newest first.
func sorted(names []string) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		version, _, _ := strings.Cut(n, "-")
		_, err := strconv.ParseUint(version, 10, 63)
		return err != nil || strings.HasSuffix(n, stagedMark)
	})
	slices.Sort(names)
	slices.Reverse(names)
	return names
}

// load verifies one installed bundle anew: a card is not trusted more than a
// stick.
func (s *Store) load(name string) (*bundle.Bundle, error) {
	if b, err := s.reopen(name); err == nil {
		return b, nil
	}
	data, err := s.disk.read(bundlesDir + "/" + name + "/" + zipName)
	if err != nil {
		return nil, err
	}
	files, err := bundle.Unzip(data)
	if err != nil {
		return nil, err
	}
	kept, err := s.loadKept(name)
	if err != nil {
		return nil, err
	}
	return bundle.Open(files, s.anchor, bundle.Before{Parts: kept})
}

// reopen verifies the top of an installed bundle now and each member's part
// when it is asked for, by the memo that was made when all of it was verified.
func (s *Store) reopen(name string) (*bundle.Bundle, error) {
	folder := bundlesDir + "/" + name + "/"
	memo, err := s.disk.read(folder + memoName)
	if err != nil {
		return nil, err
	}
	kept, err := s.loadKept(name)
	if err != nil {
		return nil, err
	}
	zipped, err := s.disk.open(folder + zipName)
	if err != nil {
		return nil, err
	}
	return bundle.Reopen(zipped, s.anchor, bundle.Before{Parts: kept}, memo)
}

// memoOf is what a bundle that was verified whole is opened by next time.
func memoOf(b *bundle.Bundle, zipped []byte) ([]byte, error) {
	set, err := trust.OpenSealed(b.Tree())
	if err != nil {
		return nil, err
	}
	index, err := set.Index()
	if err != nil {
		return nil, err
	}
	return b.Memo(zipped, index)
}

// Current is the bundle the kiosk believes, nil if it has none.
func (s *Store) Current() *bundle.Bundle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// State is what the log adds up to. The caller may keep it.
func (s *Store) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.state
	out.Floors = maps.Clone(out.Floors)
	out.Admin = slices.Clone(out.Admin)
	out.Days = map[string]map[string]int{}
	for d, n := range s.state.Days {
		out.Days[d] = maps.Clone(n)
	}
	return out
}

// Fault is what the card last said when it would not read or write, nil while
// all is well.
func (s *Store) Fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// ErrInstalled says that a bundle is the one already in use.
var ErrInstalled = reason.Errorf(reason.BSame, "this bundle is already installed")

// Install verifies the sealed bundle in zipped and makes it the current one.
//
// A bundle that is refused (B-SIGN, B-ROLLBACK, B-BROKEN, B-ROOT) changes
// nothing. The same bundle again is [ErrInstalled]. When the card will not
// take it the bundle is in use until the power goes, and the error is that of
// the card, with code H-DISK.
func (s *Store) Install(zipped []byte) (*bundle.Bundle, error) {
	files, err := bundle.Unzip(zipped)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	release, locked := s.alone()
	if locked == nil {
		defer release()
		s.catchUpBundle()
	}
	b, err := s.open(files)
	if err != nil {
		return b, err
	}
	s.current, s.factory = b, nil
	if s.fault = locked; locked == nil {
		s.fault = errors.Join(s.keep(b, zipped), s.logFloors(b.Floors))
	}
	if s.fault != nil {
		return b, reason.Errorf(reason.HDisk, "the bundle is in use but could not be kept: %w", s.fault)
	}
	if light, err := s.reopen(folderName(b)); err == nil {
		s.current = light // what was read to verify it all may go
	}
	return b, nil
}

// UseFactory makes the bundle that came with the system the current one while
// none is installed, or only an older one is: a kiosk whose card was made anew
// still knows whom to trust. Nothing is written.
func (s *Store) UseFactory(zipped []byte) error {
	files, err := bundle.Unzip(zipped)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.open(files)
	switch {
	case errors.Is(err, ErrInstalled):
		return nil
	case err != nil:
		return err
	}
	s.current, s.factory = b, zipped
	return nil
}

// open verifies a bundle by what the kiosk has seen before. The error is
// [ErrInstalled] for the very bundle in use.
func (s *Store) open(src fs.FS) (*bundle.Bundle, error) {
	before := bundle.Before{Floors: s.state.Floors}
	if s.current != nil {
		before.Parts = s.current.Parts()
	}
	if s.factory != nil { // it is in use, and no log says so
		before.Floors = s.current.Floors
	}
	b, err := bundle.Open(src, s.anchor, before)
	if err == nil && s.current != nil && s.current.Version == b.Version && len(s.current.LeftOut) <= len(b.LeftOut) {
		return s.current, ErrInstalled
	}
	return b, err
}

// keep writes a verified bundle beside the others and drops the oldest.
func (s *Store) keep(b *bundle.Bundle, zipped []byte) error {
	name := folderName(b)
	staged, whole := bundlesDir+"/"+name+stagedMark, bundlesDir+"/"+name
	kept, err := packKept(b)
	if err != nil {
		return err
	}
	memo, err := memoOf(b, zipped)
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return s.disk.remove(staged) },
		func() error { return s.disk.mkdir(staged) },
		func() error { return s.disk.write(staged+"/"+zipName, zipped) },
		func() error { return s.disk.write(staged+"/"+keptName, kept) },
		func() error { return s.disk.write(staged+"/"+memoName, memo) },
		func() error { return s.disk.settle(staged) },
		func() error { return s.disk.remove(whole) }, // only one that no longer verifies
		func() error { return s.disk.rename(staged, whole) },
		func() error { return s.disk.settle(bundlesDir) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	names, err := s.disk.list(bundlesDir)
	if err != nil {
		return err
	}
	for i, old := range sorted(names) {
		if i >= keepNewest {
			err = errors.Join(err, s.disk.remove(bundlesDir+"/"+old))
		}
	}
	return err
}

// packKept is a zip of the parts that stay from an earlier bundle: a folder
// for each member with its metadata and its files.
func packKept(b *bundle.Bundle) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, l := range b.LeftOut {
		part := b.Parts()[l.Member]
		if part == nil {
			continue
		}
		for folder, files := range map[string]map[string][]byte{"meta": part.Meta, "files": part.Files} {
			for name, data := range files {
				w, err := z.Create(part.Role + "/" + folder + "/" + name)
				if err != nil {
					return nil, err
				}
				if _, err := w.Write(data); err != nil {
					return nil, err
				}
			}
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// loadKept reads what packKept wrote.
func (s *Store) loadKept(name string) (map[string]*bundle.Part, error) {
	data, err := s.disk.read(bundlesDir + "/" + name + "/" + keptName)
	if err != nil {
		return nil, err
	}
	files, err := bundle.Unzip(data)
	if err != nil {
		return nil, err
	}
	parts := map[string]*bundle.Part{}
	for name, data := range files {
		member, rest, _ := strings.Cut(name, "/")
		folder, file, _ := strings.Cut(rest, "/")
		p := parts[member]
		if p == nil {
			p = &bundle.Part{Role: member, Files: map[string][]byte{}, Meta: map[string][]byte{}}
			parts[member] = p
		}
		if folder == "meta" {
			p.Meta[file] = data
		} else {
			p.Files[file] = data
		}
	}
	return parts, nil
}

// logFloors records the floors that rose.
func (s *Store) logFloors(floors bundle.Floors) error {
	var records []Record
	for role, f := range floors {
		if s.state.Floors[role] != f {
			records = append(records, Record{Floors: bundle.Floors{role: f}})
		}
	}
	return s.log(records...)
}

// Passed records that the instant t has certainly passed. Earlier instants
// than one already recorded change nothing.
func (s *Store) Passed(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !t.After(s.state.Time) {
		if s.logSize < 0 { // recorded in memory, and the card would not take it
			s.fault = s.log()
		}
		return s.fault
	}
	s.fault = s.log(Record{Time: t.UTC().Truncate(time.Second)})
	return s.fault
}

// ResetTime makes t the instant that has certainly passed, though a later one
// was recorded: a clock had lied, and a person with the PIN says so twice.
func (s *Store) ResetTime(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = s.log(Record{Time: t.UTC().Truncate(time.Second), Reset: true, Admin: "time floor set back"})
	return s.fault
}

// rtcWithin records that the battery clock was set, and how far off it is. A
// nil store forgets it.
func (s *Store) rtcWithin(doubt time.Duration) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.RTC == doubt {
		return nil
	}
	s.fault = s.log(Record{RTC: int64(doubt / time.Second)})
	return s.fault
}

// rtcDoubt is how far off the battery clock may be.
func (s *Store) rtcDoubt() time.Duration {
	if s == nil {
		return Certainty
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(Certainty, s.state.RTC)
}

// Count adds to the counters of a day ("2026-11-21"), by verdict word.
func (s *Store) Count(day string, n map[string]int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = s.log(Record{Day: day, Count: n})
	return s.fault
}

// Admin records what somebody with the PIN did.
func (s *Store) Admin(what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = s.log(Record{Admin: what})
	return s.fault
}

// log adds records to the state and to the card.
func (s *Store) log(records ...Record) error {
	release, err := s.alone()
	if err != nil {
		for _, r := range records {
			s.state.add(r)
		}
		s.logSize = -1
		return err
	}
	defer release()
	var data []byte
	for _, r := range records {
		var err error
		if data, err = appendRecord(data, r); err != nil {
			return err
		}
		s.state.add(r)
	}
	if s.logSize < 0 || s.logSize+len(data) > maxLog {
		return s.rewrite()
	}
	if err := s.disk.extend(logName, data); err != nil {
		s.logSize = -1 // part of it may be there: write the log anew next time
		return err
	}
	s.logSize += len(data)
	return nil
}

// rewrite makes a new log of the state as it is.
func (s *Store) rewrite() error {
	s.logSize = -1
	var data []byte
	for _, r := range s.state.records() {
		var err error
		if data, err = appendRecord(data, r); err != nil {
			return err
		}
	}
	if err := s.disk.write(newLogName, data); err != nil {
		return err
	}
	if err := s.disk.rename(newLogName, logName); err != nil {
		return err
	}
	if err := s.disk.settle("."); err != nil {
		return err
	}
	s.logSize = len(data)
	return nil
}
