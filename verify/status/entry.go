package status

import (
	"strconv"
	"strings"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// The kinds of entry that are judged, as credentials name them.
const (
	Bitstring  = "BitstringStatusListEntry" // W3C Bitstring Status List v1.0
	List2021   = "StatusList2021Entry"      // its draft of 2021
	Terse      = "TerseBitstringStatusListEntry"
	Revocation = "1EdTechRevocationList"
	// Revocation2 is that of Open Badges 2.0, which stands in the issuer's
	// profile, not in the badge.
	Revocation2 = "RevocationList"
)

// The purposes that change a verdict. Others ("message", "refresh") do not.
const (
	Revoke  = "revocation"
	Suspend = "suspension"
)

// purpose is the word for a purpose; issuers write some with a capital.
func purpose(word string) string {
	for _, known := range []string{Revoke, Suspend} {
		if strings.EqualFold(word, known) {
			return known
		}
	}
	return word
}

// MaxEntries is the most entries of one credential that are looked up.
const MaxEntries = 16

// An Entry is where one credential stands in one list.
type Entry struct {
	Type    string
	Purpose string // why the list is kept: [Revoke], [Suspend], …
	List    string // URL of the list
	Index   uint64 // place in a bit string list
	Size    int    // bits of each place, 1 to [MaxSize]
	ID      string // the credential's own id, for lists that name identifiers
	UID     string // a further name of it, in Open Badges 1.x; may be empty
}

// Withdraws tells that the entry can turn a credential away.
func (e Entry) Withdraws() bool { return e.Purpose == Revoke || e.Purpose == Suspend }

// Entries reads a credential's credentialStatus, one entry or many. Types
// that are not known are returned with nothing but their Type and id.
//
// The error is R-BADLIST for an entry without what its type requires, a
// place that is no number, or more than [MaxEntries] entries.
//
// Source: W3C Bitstring Status List v1.0, section 2.1; W3C VC Barcodes,
// section 3.4; 1EdTech Open Badges 3.0, section B.9.
func Entries(credential ijson.Value) ([]Entry, error) {
	var all []Entry
	for v := range credential.Get("credentialStatus").Each() {
		if len(all) >= MaxEntries {
			return nil, reason.Errorf(reason.RBadList, "more than %d credentialStatus entries", MaxEntries)
		}
		more, err := entry(v, credential.Get("id").Str())
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

func entry(v ijson.Value, id string) ([]Entry, error) {
	if v.Kind() != ijson.Object {
		return nil, reason.Errorf(reason.RBadList, "credentialStatus is a %s", v.Kind())
	}
	var first string
	for t := range v.Get("type").Each() {
		switch kind := t.Str(); kind {
		case Bitstring, List2021:
			e, err := bitstring(v, kind)
			return []Entry{e}, err
		case Terse:
			return terse(v)
		case Revocation:
			e := Entry{Type: kind, Purpose: Revoke, List: v.Get("id").Str(), ID: id}
			if e.List == "" || id == "" {
				return nil, reason.Errorf(reason.RBadList, "%s entry or its credential has no id", kind)
			}
			return []Entry{e}, nil
		default:
			if first == "" {
				first = kind
			}
		}
	}
	return []Entry{{Type: first, Purpose: Revoke, List: v.Get("id").Str()}}, nil
}

func bitstring(v ijson.Value, kind string) (Entry, error) {
	e := Entry{Type: kind, Purpose: purpose(v.Get("statusPurpose").Str()), List: v.Get("statusListCredential").Str(), Size: 1}
	if e.Purpose == "" || e.List == "" {
		return e, reason.Errorf(reason.RBadList, "%s without statusPurpose or statusListCredential", kind)
	}
	var ok bool
	if e.Index, ok = whole(v.Get("statusListIndex")); !ok {
		return e, reason.Errorf(reason.RBadList, "statusListIndex %.40s is no place in a list", v.Get("statusListIndex").Raw())
	}
	if size := v.Get("statusSize"); size.Exists() {
		n, ok := whole(size)
		if !ok || n < 1 || n > MaxSize {
			return e, reason.Errorf(reason.RBadList, "statusSize %.40s, want 1 to %d", size.Raw(), MaxSize)
		}
		e.Size = int(n)
	}
	return e, nil
}

// terse expands an entry that was squeezed for a printed code. The standard
// fixes the length of its lists at 2^26 entries; lists of its own examples
// have 131,072, so the entry of either length is returned, and the kiosk
// holds one of the two lists at most.
func terse(v ijson.Value) ([]Entry, error) {
	base := strings.TrimSuffix(v.Get("terseStatusListBaseUrl").Str(), "/")
	at, ok := whole(v.Get("terseStatusListIndex"))
	if base == "" || !ok || at > 1<<32-1 {
		return nil, reason.Errorf(reason.RBadList, "%s without base URL or with index %.40s", Terse, v.Get("terseStatusListIndex").Raw())
	}
	var all []Entry
	for _, purpose := range []string{Revoke, Suspend} {
		for _, length := range []uint64{MaxBits, MinBits} {
			all = append(all, Entry{
				Type: Terse, Purpose: purpose, Size: 1, Index: at % length,
				List: base + "/" + purpose + "/" + strconv.FormatUint(at/length, 10),
			})
		}
	}
	return all, nil
}

// whole reads a whole number from a JSON number or a string of digits:
// issuers write both.
func whole(v ijson.Value) (uint64, bool) {
	text := string(v.Raw())
	if s, ok := v.Text(); ok {
		text = s
	} else if v.Kind() != ijson.Number {
		return 0, false
	}
	if len(text) > 1 && text[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && text[0] != '+'
}
