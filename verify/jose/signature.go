package jose

// Signature is the token's signature as it stands in it, judged or not. It
// must not be changed.
func (t *Token) Signature() []byte { return t.signature }
