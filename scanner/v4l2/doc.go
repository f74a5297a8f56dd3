// Package v4l2 is a camera behind the Linux kernel's video interface: USB
// cameras, mostly. On other systems it is empty.
//
// It speaks the interface itself, without cgo. It takes the luma where the
// camera gives it (GREY, NV12, YUYV), believes the kernel's stride and not its
// own arithmetic, skips frames that the kernel marks as broken, and always
// hands out the newest.
//
// Source: Linux Media Infrastructure userspace API, Part I, Video for Linux.
package v4l2
