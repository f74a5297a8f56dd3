package stick

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"badgekiosk/verify/reason"
)

// A volume is a file system of files cut into clusters, each linked to the
// next by a table: FAT12, FAT16, FAT32 and exFAT are alike in this.
type volume struct {
	disk     io.ReaderAt
	cluster  int64  // bytes of one
	heap     int64  // where cluster 2 is
	clusters uint32 // how many there are; the last is clusters+1
	root     node
	flat     []byte // the root folder where it is no chain: FAT12 and FAT16

	// next is the cluster after one, ok false at the end of the chain.
	next func(cluster uint32) (after uint32, ok bool, err error)
	// entries decodes a folder.
	entries func(folder []byte) []node
}

// A node is what a folder says of a file.
type node struct {
	name  string
	dir   bool
	size  int64
	valid int64 // bytes past it are zeros, whatever the disk holds
	first uint32
	whole bool // its clusters follow one another, and the table says nothing of them
}

// maxDir is the most bytes of a folder that are read: FAT's own limit.
const maxDir = 2 << 20

// offset is where a cluster is.
func (v *volume) offset(cluster uint32) (int64, error) {
	if cluster < 2 || cluster-2 >= v.clusters {
		return 0, reason.Errorf(reason.HStick, "damaged: a file goes on in cluster %d of %d", cluster, v.clusters)
	}
	return v.heap + int64(cluster-2)*v.cluster, nil
}

// list is what is in a folder.
func (v *volume) list(dir node) ([]node, error) {
	if dir.first == 0 && v.flat != nil {
		return v.entries(v.flat), nil
	}
	if dir.size == 0 { // FAT does not say how long a folder is
		dir.size, dir.valid = maxDir, maxDir
	}
	raw, err := io.ReadAll(io.LimitReader(&reader{v: v, node: dir, at: dir.first}, maxDir))
	if err != nil && !errors.Is(err, errShort) {
		return nil, err
	}
	return v.entries(raw), nil
}

// errShort says that the table ends a chain before the file's size is
// reached: right for a folder, damage in a file.
var errShort = errors.New("damaged: a file ends before its size")

// A reader reads the bytes of one file.
type reader struct {
	v    *volume
	node node
	at   uint32 // the cluster that pos is in
	pos  int64
}

// Read implements [io.Reader].
func (r *reader) Read(b []byte) (int, error) {
	left := r.node.size - r.pos
	if left <= 0 {
		return 0, io.EOF
	}
	if len(b) == 0 {
		return 0, nil
	}
	in := r.pos % r.v.cluster
	if in == 0 && r.pos > 0 {
		if err := r.step(); err != nil {
			return 0, err
		}
	}
	start, err := r.v.offset(r.at)
	if err != nil {
		return 0, err
	}
	b = b[:min(int64(len(b)), left, r.v.cluster-in)]
	n, err := r.v.disk.ReadAt(b, start+in)
	if n < len(b) {
		return n, reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", noEOF(err))
	}
	if from := r.node.valid - r.pos; from < int64(n) {
		clear(b[max(0, from):n])
	}
	r.pos += int64(n)
	return n, nil
}

// step goes on to the next cluster.
func (r *reader) step() error {
	if r.node.whole {
		r.at++
		return nil
	}
	after, ok, err := r.v.next(r.at)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %w", reason.Errorf(reason.HStick, "%d bytes of %d", r.pos, r.node.size), errShort)
	}
	r.at = after
	return nil
}

// noEOF keeps the end of a disk in the midst of a file from being taken for
// the end of that file.
func noEOF(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// block is how many bytes of the table are read at once.
const block = 4096

// A table reads a cluster table, a block at a time.
type table struct {
	disk  io.ReaderAt
	start int64
	size  int64
	held  int64 // offset of what data holds, -1 for none
	data  [block]byte
}

// bytes are n bytes at offset at of the table; n is at most 4.
func (t *table) bytes(at, n int64) (b [4]byte, err error) {
	for i := range n {
		if at+i >= t.size {
			return b, reason.Errorf(reason.HStick, "damaged: the cluster table has %d bytes, byte %d is asked for", t.size, at+i)
		}
		if hold := (at + i) / block * block; hold != t.held {
			t.held = -1
			want := min(block, t.size-hold)
			if got, err := t.disk.ReadAt(t.data[:want], t.start+hold); int64(got) < want {
				return b, reason.Errorf(reason.HStick, "the stick was pulled, or is damaged: %w", noEOF(err))
			}
			t.held = hold
		}
		b[i] = t.data[(at+i)%block]
	}
	return b, nil
}

// link32 follows a table of 32-bit entries, of which mask counts.
func (t *table) link32(mask, end uint32) func(uint32) (uint32, bool, error) {
	return func(c uint32) (uint32, bool, error) {
		b, err := t.bytes(int64(c)*4, 4)
		n := binary.LittleEndian.Uint32(b[:]) & mask
		return n, n < end, err
	}
}
