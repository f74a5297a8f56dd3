package rdf

// What a payload may cost is set by its own size, since a small one can hold
// a large document, compressed, or a hard one many times over. For each block
// of 16 kB that it has begun, all its documents together may take so much;
// each of the four takes at most 5 ms of 20, where 1 ms is that of 17.5
// Ed25519 checks. A usual badge has 100 quads and takes no steps.
const (
	blockSize  = 16 << 10
	blockQuads = 4096
	blockLines = 1 << 20 // bytes
	blockSteps = maxWork
	blockTerms = maxDefined
)

// A budget is what is left of that.
type budget struct{ quads, lines, steps, terms int64 }

// unbounded is that of a Canonicalizer for which nothing was begun: each
// document has its own bounds alone.
var unbounded = budget{1 << 40, 1 << 40, 1 << 40, 1 << 40}

// Begin tells that the documents which follow, until the next Begin, are all
// of one payload of size bytes. Together they are Q-TOOBIG over what such a
// payload may cost.
func (z *Canonicalizer) Begin(size int) {
	blocks := 1 + int64(size)/blockSize
	z.left = budget{blocks * blockQuads, blocks * blockLines, blocks * blockSteps, blocks * blockTerms}
}

// charge takes a document's quads and lines off what is left.
func (z *Canonicalizer) charge(lines int64) error {
	z.left.quads -= int64(len(z.walk.quads))
	z.left.lines -= lines
	if z.left.lines < 0 {
		return tooBig("lines of %d bytes more are too many for a payload of its size", lines)
	}
	return nil
}
