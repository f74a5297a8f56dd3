//go:build !linux

package kms

import "errors"

// Open needs Linux.
func Open(string) (*Dev, error) {
	return nil, errors.New("kms: only Linux has screens of this kind")
}
