package issue

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strconv"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/status"
)

// A Purpose is what a set bit means.
type Purpose string

// The purposes that a kiosk acts on.
const (
	Revocation Purpose = "revocation" // withdrawn for good
	Suspension Purpose = "suspension" // until cleared again
)

// ParsePurpose reads a purpose's name.
func ParsePurpose(s string) (Purpose, error) {
	if p := Purpose(s); p == Revocation || p == Suspension {
		return p, nil
	}
	return "", fmt.Errorf("purpose %q is neither %s nor %s", s, Revocation, Suspension)
}

// statusEntry points from a credential to its bit.
//
// Source: W3C Bitstring Status List v1.0, section 2.1. Some schemas of Open
// Badges ask for the id, which that standard leaves open.
type statusEntry struct {
	ID      string  `json:"id"`
	Type    string  `json:"type"`
	Purpose Purpose `json:"statusPurpose"`
	Index   string  `json:"statusListIndex"`
	List    string  `json:"statusListCredential"`
}

func (s Status) entry() (*statusEntry, error) {
	if s.Index < 0 || s.Index >= status.MinBits {
		return nil, fmt.Errorf("status index %d is not in a list of %d entries", s.Index, status.MinBits)
	}
	n := strconv.Itoa(s.Index)
	return &statusEntry{s.List + "#" + n, "BitstringStatusListEntry", s.Purpose, n, s.List}, nil
}

// A List is a status list of [status.MinBits] entries, all clear at first.
type List struct {
	URL     string // where verifiers look for it
	Purpose Purpose
	bits    status.Bits
}

// NewList is an empty list. Its length is the least that the standard allows,
// so that an entry does not tell which badge of a few it is.
func NewList(url string, p Purpose) *List {
	return &List{URL: url, Purpose: p, bits: make([]byte, status.MinBits/8)}
}

// Set sets or clears the bit of one badge. The error is for an index that is
// not in the list.
func (l *List) Set(index int, on bool) error {
	if index < 0 || index >= len(l.bits)*8 {
		return fmt.Errorf("status index %d is not in a list of %d entries", index, len(l.bits)*8)
	}
	mask := byte(0x80) >> (index % 8)
	l.bits[index/8] &^= mask
	if on {
		l.bits[index/8] |= mask
	}
	return nil
}

// listSubject is a status list's subject.
//
// Source: W3C Bitstring Status List v1.0, section 2.2.
type listSubject struct {
	ID      string  `json:"id"`
	Type    string  `json:"type"`
	Purpose Purpose `json:"statusPurpose"`
	Encoded string  `json:"encodedList"`
}

// SignList signs the list as it stands at the instant from: a
// BitstringStatusListCredential, secured as o says.
func (i Issuer) SignList(l *List, from time.Time, o Options) ([]byte, error) {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(l.bits); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	subject := listSubject{l.URL + "#list", "BitstringStatusList", l.Purpose, "u" + b64.EncodeToString(packed.Bytes())}
	return i.secure(&credential{
		Context: []string{contextVC},
		ID:      l.URL,
		Type:    []string{"VerifiableCredential", "BitstringStatusListCredential"},
		Issuer:  i.ID,
		From:    stamp(from),
		Subject: subject,
	}, o, subject.ID, from, time.Time{})
}

// OpenList reads a list that this issuer signed before, to set more bits.
// The error is for a list that is not intact or not this key's: signing it
// again would vouch for what somebody else changed.
func (i Issuer) OpenList(signed []byte) (*List, error) {
	doc, err := i.open(bytes.TrimSpace(signed))
	if err != nil {
		return nil, err
	}
	v, err := ijson.Parse(doc)
	if err != nil {
		return nil, err
	}
	subject := v.Get("credentialSubject")
	purpose, err := ParsePurpose(subject.Get("statusPurpose").Str())
	if err != nil {
		return nil, err
	}
	bits, err := status.Unpack(subject.Get("encodedList").Str())
	return &List{v.Get("id").Str(), purpose, bits}, err
}
