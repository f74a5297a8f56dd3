// Package link asks Linux to switch a network interface on, to give it an
// address and a way out, and to move it into the namespace of another process.
// It asks nothing else.
package link
