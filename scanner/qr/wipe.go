package qr

// Wipe clears what the reader holds of the last frame's picture and of its
// codes. Where a code was seen stays known, for the next frame.
func (r *Reader) Wipe() {
	for _, b := range []*[]byte{&r.inverted, &r.sharp, &r.scaled[0], &r.scaled[1], &r.limits} {
		wipe(b)
	}
	for _, b := range []*[]float32{&r.bright, &r.soft, &r.guess, &r.work, &r.halves, &r.fine, &r.boxA, &r.boxB, &r.boxC, &r.middle, &r.swing, &r.gain, &r.sure} {
		wipe(b)
	}
	wipe(&r.middles)
	wipe(&r.columns)
	wipe(&r.known)
	wipe(&r.texture.tiles)
	wipe(&r.texture.three)
	wipe(&r.codewords)
	wipe(&r.symbols)
	clear(r.data[:cap(r.data)])
	clear(r.block[:])
	clear(r.saved[:])
}

// wipe clears a buffer that was used since the last time, and leaves its
// memory for the next use.
func wipe[T any](b *[]T) {
	if len(*b) > 0 {
		clear((*b)[:cap(*b)])
		*b = (*b)[:0]
	}
}
