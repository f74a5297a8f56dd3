package verify

import "badgekiosk/verify/ijson"

// readIntegrity reads a credential secured by embedded proofs.
func readIntegrity(v ijson.Value) *credential {
	return &credential{value: v, format: "none", issuer: idOf(v.Get("issuer")), id: v.Get("id").Str()}
}

// integrityHolder reads the proofs of a presentation.
func integrityHolder(v ijson.Value) *credential {
	return &credential{value: v, issuer: idOf(v.Get("holder"))}
}
