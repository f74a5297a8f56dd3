package verify

// Memory is what the verifier keeps for the next payload, nil if nothing.
func (v *Verifier) Memory() any { return v.memories.Get() }
