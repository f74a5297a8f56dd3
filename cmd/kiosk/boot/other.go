//go:build !linux

package boot

// IfFirst does nothing here: only Linux starts a kiosk as its first process.
func IfFirst() {}
