package cose

// Signature is the message's signature as it stands in it, judged or not. It
// must not be changed.
func (m *Message) Signature() []byte { return m.signature }
