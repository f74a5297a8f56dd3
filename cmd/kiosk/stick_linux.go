package main

import (
	"os"
	"syscall"
)

// limitProcess bounds this process's memory, in bytes, and processor time, in
// seconds; it leaves no core dump and is the first to go when memory is short.
func limitProcess(memory, seconds uint64) {
	for what, most := range map[int]uint64{
		syscall.RLIMIT_DATA: memory + 64<<20, // the runtime's own comes on top
		syscall.RLIMIT_CPU:  seconds,
		syscall.RLIMIT_CORE: 0,
	} {
		_ = syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}) // a bound less, where that is refused
	}
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
}
