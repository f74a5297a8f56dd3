// Package xsd reads the one date format that credentials use:
// dateTimeStamp of XML Schema, a strict profile of RFC 3339.
package xsd

import (
	"time"

	"badgekiosk/verify/reason"
)

// maxFraction is the most digits of a second's fraction that are read.
const maxFraction = 30

// Time returns the instant that s names: "2026-11-21T08:30:00Z", with a
// fraction of a second or an offset ("+01:00") if need be. "24:00:00" is the
// next midnight, as XML Schema says. Digits of the fraction beyond
// nanoseconds are dropped. The error is S-MALFORMED for anything else: a
// missing zone, a date alone, a 30th of February, a leap second, years
// outside 0001 to 9999.
//
// Source: W3C XML Schema Definition Language 1.1 Part 2, section 3.4.28.
func Time(s string) (time.Time, error) {
	t, ok := parse(s)
	if !ok {
		return time.Time{}, reason.Errorf(reason.SMalformed, "%.40q is not a date and time with its zone, as 2026-11-21T08:30:00Z is", s)
	}
	return t, nil
}

func parse(s string) (t time.Time, ok bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return t, false
	}
	year, month, day := number(s[0:4]), number(s[5:7]), number(s[8:10])
	hour, minute, second := number(s[11:13]), number(s[14:16]), number(s[17:19])
	nanos, s, ok := fraction(s[19:])
	if !ok || year < 1 || month < 1 || month > 12 || day < 1 || hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return t, false
	}
	if hour > 23 && (hour != 24 || minute != 0 || second != 0 || nanos != 0) {
		return t, false
	}
	offset, ok := zone(s)
	if !ok {
		return t, false
	}
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if date.Day() != day {
		return t, false
	}
	since := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	return date.Add(since + time.Duration(nanos) - offset), true
}

// number is the value of a string of digits, or -1.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// fraction reads ".digits" if there is one and returns what follows.
func fraction(s string) (nanos int, rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return 0, s, true
	}
	i, unit := 1, int(time.Second)
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		unit /= 10
		nanos += unit * int(s[i]-'0')
	}
	return nanos, s[i:], i > 1 && i <= maxFraction
}

// zone reads "Z" or an offset of at most 14 hours.
func zone(s string) (offset time.Duration, ok bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != len("+00:00") || (s[0] != '+' && s[0] != '-') || s[3] != ':' {
		return 0, false
	}
	hours, minutes := number(s[1:3]), number(s[4:6])
	offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if hours < 0 || minutes < 0 || minutes > 59 || offset > 14*time.Hour {
		return 0, false
	}
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}
