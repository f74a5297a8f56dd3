package status

import (
	"slices"
	"strings"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/reason"
)

// A List is one status list, unpacked. It does not change.
type List struct {
	// Purposes are what the list is kept for.
	Purposes []string
	// TTL is how long the issuer says a fetched copy serves, 0 if not said.
	TTL time.Duration
	// Short tells that the list is below the standard's minimum length.
	Short bool

	// About is the address that a Status List Token says it stands at, which
	// must be the one that its entries name; empty for other kinds.
	About string

	kinds     []string // types of entries that it answers
	bits      Bits
	tokenSize int             // bits of each place of a Status List Token, 0 for other kinds
	revoked   map[string]bool // by credential id; nil for a bit string
	unmarked  bool            // nothing in it says that it is a list: only what it names counts
}

// Read unpacks the list in a status list credential, or in one of 1EdTech's
// revocation lists, whose signature and dates the caller judges. A list of
// bits may have most of them, at most [MaxBits].
//
// The error is R-BADLIST when the document is no list of a known kind, or
// breaks the rules of its kind.
//
// Source: W3C Bitstring Status List v1.0, section 2.2; 1EdTech Open Badges
// 3.0, 1EdTechRevocationList; Open Badges 2.0, RevocationList; Open Badges
// 1.0, Badge Revocation List.
func Read(doc ijson.Value, most int) (*List, error) {
	subject := doc.Get("credentialSubject")
	switch {
	case has(doc.Get("type"), "BitstringStatusListCredential") && has(subject.Get("type"), "BitstringStatusList"):
		return readBits(subject, most, Bitstring, Terse)
	case has(doc.Get("type"), "StatusList2021Credential") && has(subject.Get("type"), "StatusList2021"):
		return readBits(subject, most, List2021)
	case doc.Get("revokedCredential").Exists() || has(doc.Get("type"), Revocation):
		return readRevoked(doc.Get("revokedCredential"), Revocation)
	case doc.Get(Token).Exists():
		return readToken(doc, most)
	case doc.Get("revokedAssertions").Exists() || has(doc.Get("type"), Revocation2):
		return readRevoked(doc.Get("revokedAssertions"), Revocation2)
	case IsReasons(doc):
		return readReasons(doc)
	}
	return nil, reason.Errorf(reason.RBadList, "no status list of a kind that is known")
}

func readBits(subject ijson.Value, most int, kinds ...string) (*List, error) {
	l := &List{kinds: kinds}
	for p := range subject.Get("statusPurpose").Each() {
		l.Purposes = append(l.Purposes, purpose(p.Str()))
	}
	if ms, ok := whole(subject.Get("ttl")); ok && ms < uint64(maxTTL/time.Millisecond) {
		l.TTL = time.Duration(ms) * time.Millisecond
	}
	var err error
	l.bits, err = unpack(subject.Get("encodedList").Str(), min(most, MaxBits))
	l.Short = len(l.bits)*8 < MinBits
	return l, err
}

// maxTTL is the longest ttl that is believed; a longer one is as good as none.
const maxTTL = 100 * 366 * 24 * time.Hour

// MaxRevoked is the most credentials that one revocation list may name.
const MaxRevoked = 200_000

func readRevoked(named ijson.Value, kind string) (*List, error) {
	if named.Len() > MaxRevoked {
		return nil, reason.Errorf(reason.RBadList, "revocation list names %d credentials, limit %d", named.Len(), MaxRevoked)
	}
	l := &List{kinds: []string{kind}, Purposes: []string{Revoke}, revoked: map[string]bool{}}
	for v := range named.Each() {
		id := v.Str() // older lists hold bare identifiers
		if v.Kind() == ijson.Object {
			if id = v.Get("id").Str(); id == "" {
				id = v.Get("uid").Str()
			}
		}
		if id == "" {
			return nil, reason.Errorf(reason.RBadList, "revocation list holds an entry without id")
		}
		if v.Get("revoked").Kind() != ijson.False {
			l.revoked[sameID(id)] = true
		}
	}
	return l, nil
}

// IsReasons tells that doc may be a revocation list of Open Badges 1.0: an
// object with nothing but texts, the reasons by the uid of each revoked badge.
func IsReasons(doc ijson.Value) bool {
	for m := doc.First(); m.Exists(); m = m.Next() {
		if m.Kind() != ijson.String {
			return false
		}
	}
	return doc.Kind() == ijson.Object && doc.Len() > 0
}

// readReasons reads one. An error that a server sent as JSON may look like it:
// so a badge that it names is revoked, and of one that it does not name, it
// says nothing.
func readReasons(doc ijson.Value) (*List, error) {
	if doc.Len() > MaxRevoked {
		return nil, reason.Errorf(reason.RBadList, "revocation list names %d badges, limit %d", doc.Len(), MaxRevoked)
	}
	l := &List{kinds: []string{Revocation2}, Purposes: []string{Revoke}, revoked: map[string]bool{}, unmarked: true}
	for uid := range doc.Members() {
		l.revoked[sameID(uid)] = true
	}
	return l, nil
}

// Size is how many bits the list takes in memory.
func (l *List) Size() int {
	size := 8 * len(l.bits)
	for id := range l.revoked {
		size += 8 * (len(id) + 32)
	}
	return size
}

// sameID is the form in which identifiers are compared. Source: 1EdTech Open
// Badges 3.0, section 9, Verification: unescaped and trimmed.
func sameID(id string) string { return strings.TrimSpace(unescape(id)) }

// unescape undoes percent-encoding where it is one, and leaves the rest.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hex(s[i+1]), hex(s[i+2]); hi < 16 && lo < 16 {
				b.WriteByte(hi<<4 | lo)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func hex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// Set tells whether the list marks the entry, for the entry's purpose.
//
// The error is R-BADLIST when the list cannot answer: another kind of list,
// another purpose, a place past its end. An error never means "not marked".
//
// Source: W3C Bitstring Status List v1.0, section 3.2, Validate Algorithm.
func (l *List) Set(e Entry) (bool, error) {
	if !slices.Contains(l.kinds, e.Type) {
		return false, reason.Errorf(reason.RBadList, "a %s names this list, which is for %v", e.Type, l.kinds)
	}
	if !slices.Contains(l.Purposes, e.Purpose) {
		return false, reason.Errorf(reason.RBadList, "list is for %q, its entry for %q", l.Purposes, e.Purpose)
	}
	if l.revoked != nil {
		named := l.revoked[sameID(e.ID)] || e.UID != "" && l.revoked[sameID(e.UID)]
		if !named && l.unmarked {
			return false, reason.Errorf(reason.RBadList, "nothing in the list says that it is one, and %q is not in it", e.ID)
		}
		return named, nil
	}
	if l.tokenSize > 0 {
		return l.token(e)
	}
	value, ok := l.bits.At(e.Index, e.Size)
	if !ok {
		return false, reason.Errorf(reason.RBadList, "index %d is past the end of a list of %d", e.Index, l.bits.Len(max(e.Size, 1)))
	}
	return value != 0, nil
}

func has(v ijson.Value, want string) bool {
	for t := range v.Each() {
		if t.Str() == want {
			return true
		}
	}
	return false
}
