package v4l2

import (
	"encoding/binary"
	"unsafe"
)

// The kernel's structures, as offsets into bytes, since they differ between
// 32- and 64-bit boards.
//
// Source: linux/videodev2.h.
const (
	wide = unsafe.Sizeof(uintptr(0)) == 8

	captureType = 1 // V4L2_BUF_TYPE_VIDEO_CAPTURE
	memoryMmap  = 1 // V4L2_MEMORY_MMAP

	capVideoCapture = 0x00000001
	capStreaming    = 0x04000000
	capDeviceCaps   = 0x80000000

	flagError = 0x00000040 // V4L2_BUF_FLAG_ERROR

	capabilitySize = 104
	fmtdescSize    = 64
	reqbufsSize    = 20
	controlSize    = 8
)

// layout holds what differs with the size of a pointer.
type layout struct {
	formatSize, formatAt                               int // struct v4l2_format and its union
	bufferSize, secondsAt, sequenceAt, offsetAt, lenAt int // struct v4l2_buffer
	wordSize                                           int // of a long
}

func layoutOf(wide bool) layout {
	if wide {
		return layout{formatSize: 208, formatAt: 8, bufferSize: 88, secondsAt: 24, sequenceAt: 56, offsetAt: 64, lenAt: 72, wordSize: 8}
	}
	return layout{formatSize: 204, formatAt: 4, bufferSize: 68, secondsAt: 20, sequenceAt: 44, offsetAt: 52, lenAt: 56, wordSize: 4}
}

var abi = layoutOf(wide)

var native = binary.NativeEndian

// Requests are numbered by direction, size and number under the letter V.
const (
	dirWrite = 1
	dirRead  = 2
)

func request(dir, number, size int) uintptr {
	return uintptr(dir)<<30 | uintptr(size)<<16 | 'V'<<8 | uintptr(number)
}

var (
	querycap  = request(dirRead, 0, capabilitySize)
	enumFmt   = request(dirRead|dirWrite, 2, fmtdescSize)
	setFmt    = request(dirRead|dirWrite, 5, abi.formatSize)
	reqbufs   = request(dirRead|dirWrite, 8, reqbufsSize)
	querybuf  = request(dirRead|dirWrite, 9, abi.bufferSize)
	qbuf      = request(dirRead|dirWrite, 15, abi.bufferSize)
	dqbuf     = request(dirRead|dirWrite, 17, abi.bufferSize)
	streamon  = request(dirWrite, 18, 4)
	streamoff = request(dirWrite, 19, 4)
	setCtrl   = request(dirRead|dirWrite, 28, controlSize)
)

// Offsets that are the same on every board.
const (
	atIndex     = 0
	atType      = 4
	atBytesused = 8
	atFlags     = 12
	atField     = 16
)

func fourCC(s string) uint32 {
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}
