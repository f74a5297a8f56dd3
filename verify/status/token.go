package status

import (
	"encoding/base64"
	"slices"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// Token is the kind of entry that an SD-JWT VC names.
//
// Source: draft-ietf-oauth-status-list (Token Status List), section 6.
const Token = "status_list"

// The values of a place in a Token Status List that have a meaning of their
// own. Others are for applications, and say nothing here.
//
// Source: draft-ietf-oauth-status-list, section 7.1.
const (
	tokenValid     = 0
	tokenInvalid   = 1
	tokenSuspended = 2
)

// TokenEntries reads the claim "status" of an SD-JWT VC: nil if there is
// none. One place says both whether a credential was withdrawn and whether it
// is suspended. A status of another mechanism is an entry that no list fits.
//
// The error is R-BADLIST for a place that is no number.
//
// Source: draft-ietf-oauth-status-list, section 6.2.
func TokenEntries(claims ijson.Value) ([]Entry, error) {
	if !claims.Get("status").Exists() {
		return nil, nil
	}
	ref := claims.Get("status").Get(Token)
	if !ref.Exists() {
		return []Entry{{Type: "status", Purpose: Revoke}}, nil
	}
	e := Entry{Type: Token, Purpose: Revoke, List: ref.Get("uri").Str()}
	idx := ref.Get("idx")
	var ok bool
	if e.Index, ok = whole(idx); !ok || idx.Kind() != ijson.Number || e.List == "" {
		return nil, reason.Errorf(reason.RBadList, "status_list: idx %.40s is no place in a list, or it names none", idx.Raw())
	}
	suspended := e
	suspended.Purpose = Suspend
	return []Entry{e, suspended}, nil
}

// readToken reads the claims of a Status List Token. Its lists have no least
// length, and an entry begins at the least significant bit of its byte.
//
// Source: draft-ietf-oauth-status-list, sections 4.2 and 5.1.
func readToken(claims ijson.Value, most int) (*List, error) {
	l := &List{kinds: []string{Token}, Purposes: []string{Revoke, Suspend}, About: claims.Get("sub").Str()}
	v := claims.Get(Token)
	size, ok := whole(v.Get("bits"))
	if !ok || !slices.Contains([]uint64{1, 2, 4, 8}, size) {
		return nil, reason.Errorf(reason.RBadList, "status_list: bits %.20s, want 1, 2, 4 or 8", v.Get("bits").Raw())
	}
	text := v.Get("lst").Str()
	if len(text) > MaxEncoded {
		return nil, reason.Errorf(reason.RBadList, "status_list: lst has %d characters, limit %d", len(text), MaxEncoded)
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil {
		l.bits, err = unzlib(packed, most/8)
	}
	if err != nil {
		return nil, reason.Errorf(reason.RBadList, "status_list: %w", err)
	}
	if s, ok := whole(claims.Get("ttl")); ok && s < uint64(maxTTL/time.Second) {
		l.TTL = time.Duration(s) * time.Second
	}
	l.tokenSize = int(size)
	return l, nil
}

// token tells whether a place in a Status List Token has the value that the
// entry's purpose asks about.
func (l *List) token(e Entry) (bool, error) {
	if e.List != l.About {
		return false, reason.Errorf(reason.RBadList, "a list about %.100q stands at %.100q", l.About, e.List)
	}
	perByte := uint64(8 / l.tokenSize)
	if e.Index/perByte >= uint64(len(l.bits)) {
		return false, reason.Errorf(reason.RBadList, "index %d is past the end of a list of %d", e.Index, uint64(len(l.bits))*perByte)
	}
	shift := e.Index % perByte * uint64(l.tokenSize)
	switch value := l.bits[e.Index/perByte] >> shift & (1<<l.tokenSize - 1); value {
	case tokenValid:
		return false, nil
	case tokenInvalid:
		return e.Purpose == Revoke, nil
	case tokenSuspended:
		return e.Purpose == Suspend, nil
	default:
		return false, reason.Errorf(reason.RBadList, "status %d, whose meaning its issuer alone knows", value)
	}
}
