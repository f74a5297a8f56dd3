package cose

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"badgekiosk/verify/ijson"
)

// IsStatusList tells whether the message is typed as a Status List Token.
//
// Source: draft-ietf-oauth-status-list-17, section 5.2.
func (m *Message) IsStatusList() bool {
	return strings.TrimPrefix(strings.ToLower(m.Typ), "application/") == "statuslist+cwt"
}

// statusList are the claims of a Status List Token by their numbers in a CWT
// and their names in a JWT. The reader of the latter judges what they hold.
//
// Source: draft-ietf-oauth-status-list-17, sections 4.3 and 5.2; RFC 8392,
// section 4.
type statusList struct {
	Issuer    string   `cbor:"1,keyasint" json:"iss,omitempty"`
	Subject   string   `cbor:"2,keyasint" json:"sub,omitempty"`
	Expires   *float64 `cbor:"4,keyasint" json:"exp,omitempty"`
	NotBefore *float64 `cbor:"5,keyasint" json:"nbf,omitempty"`
	Issued    *float64 `cbor:"6,keyasint" json:"iat,omitempty"`
	TTL       *uint64  `cbor:"65534,keyasint" json:"ttl,omitempty"`
	List      *struct {
		Bits   uint64    `cbor:"bits" json:"bits"`
		Packed base64url `cbor:"lst" json:"lst"`
	} `cbor:"65533,keyasint" json:"status_list,omitempty"`
}

// base64url are bytes that JSON has as text.
type base64url []byte

// MarshalText is base64url without padding.
func (b base64url) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

// StatusList are the claims of a Status List Token as a JWT has them. It says
// nothing about the signature.
//
// The error is S-MALFORMED for a payload that is no map, for a claim of
// another type than its own, and for one that stands twice.
func (m *Message) StatusList() (ijson.Value, error) {
	var claims statusList
	if err := decoding.Unmarshal(m.Payload, &claims); err != nil {
		return ijson.Value{}, malformed("claims: %w", err)
	}
	text, err := json.Marshal(claims)
	if err != nil { // a date that is no number
		return ijson.Value{}, malformed("claims: %w", err)
	}
	return ijson.Parse(text)
}
