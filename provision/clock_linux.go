package provision

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// rtcFile is the first battery clock as the kernel shows it, in seconds since
// 1970 (Documentation/ABI/testing/sysfs-class-rtc).
const rtcFile = "/sys/class/rtc/rtc0/since_epoch"

// ReadRTC reads the battery clock. The error is for a board that has none, or
// one that stopped.
func ReadRTC() (time.Time, error) { return readRTC(rtcFile) }

func readRTC(file string) (time.Time, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return time.Time{}, fmt.Errorf("no battery clock: %w", err)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("the battery clock says %q, which is no time", data)
	}
	return time.Unix(n, 0).UTC(), nil
}

// rtcDevice is the first battery clock.
const rtcDevice = "/dev/rtc0"

// WriteRTC sets the battery clock. The error is for a board without one, or a
// kiosk that may not set it.
//
// Source: rtc(4), RTC_SET_TIME.
func WriteRTC(t time.Time) error {
	f, err := os.OpenFile(rtcDevice, os.O_RDONLY, 0)
	if err != nil {
		return fmt.Errorf("no battery clock that can be set: %w", err)
	}
	t = t.UTC()
	err = unix.IoctlSetRTCTime(int(f.Fd()), &unix.RTCTime{
		Sec: int32(t.Second()), Min: int32(t.Minute()), Hour: int32(t.Hour()),
		Mday: int32(t.Day()), Mon: int32(t.Month()) - 1, Year: int32(t.Year() - 1900),
	})
	if err != nil {
		err = fmt.Errorf("setting the battery clock to %s: %w", t.Format(time.DateTime), err)
	}
	return errors.Join(err, f.Close())
}

// ReadNTP returns the system's time if the system says that the network set
// it (adjtimex(2): STA_UNSYNC is clear).
func ReadNTP() (time.Time, error) {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return time.Time{}, fmt.Errorf("adjtimex: %w", err)
	}
	if t.Status&unix.STA_UNSYNC != 0 {
		return time.Time{}, fmt.Errorf("the network has not set this clock")
	}
	return time.Now(), nil
}
