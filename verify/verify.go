// Package verify judges a scanned badge, offline: bytes and a moment in,
// a [Report] out.
//
// It reads no clock, opens no file and cannot reach the network: none of its
// packages imports net, os or os/exec, even indirectly (layout_test.go).
package verify
