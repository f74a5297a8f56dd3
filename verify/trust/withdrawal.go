package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"time"

	"badgekiosk/verify/xsd"
)

// MaxWithdrawals is the most withdrawals of one member.
const MaxWithdrawals = 1_000_000

// A withdrawal names a badge of one of the member's own issuers by the
// SHA-256 of its id, so that the list says nothing of who held it. Each is a
// line of districts/ID/withdrawals.tsv:
//
//	issuer's identifier, tab, sha256:HEX of the badge's id, tab, when (RFC 3339)
//
// It serves badges that have no status list of their own.
type withdrawal struct {
	issuer *Issuer
	badge  [sha256.Size]byte
}

const hashPrefix = "sha256:"

// HashID is how a withdrawal names the badge with this id.
func HashID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hashPrefix + hex.EncodeToString(sum[:])
}

// memberWithdrawals reads withdrawals.tsv, once the member's issuers are
// known: a member withdraws no badges but those of issuers it lists.
func (r *reader) memberWithdrawals(dir string, m *Member) {
	file := path.Join(dir, "withdrawals.tsv")
	n := 0
	for line := range strings.Lines(string(trimBOM(r.read(file)))) {
		r.file = file
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if n++; n > MaxWithdrawals {
			r.fault("more than %d withdrawals", MaxWithdrawals)
			return
		}
		r.withdrawal(line, m)
	}
}

func (r *reader) withdrawal(line string, m *Member) {
	fields := strings.Split(line, "\t")
	if len(fields) != 3 {
		r.fault("line %.80q has %d fields, want issuer, badge, when with tabs between", line, len(fields))
		return
	}
	sum, err := hex.DecodeString(strings.TrimPrefix(fields[1], hashPrefix))
	if err != nil || len(sum) != sha256.Size || !strings.HasPrefix(fields[1], hashPrefix) {
		r.fault("%.100q is not sha256: and 64 hexadecimal digits", fields[1])
		return
	}
	when, err := xsd.Time(fields[2])
	if err != nil {
		r.fault("when: %w", err)
		return
	}
	for _, i := range r.set.issuers[same(fields[0])] {
		if i.Member == m {
			r.set.withdrawn[withdrawal{i, [sha256.Size]byte(sum)}] = when
			return
		}
	}
	r.fault("%.200q is not an issuer of %s, which can withdraw no badge of it", fields[0], m.ID)
}

// Withdrawn tells whether i's own member withdrew the badge with this id, and
// when.
func (s *Set) Withdrawn(i *Issuer, id string) (when time.Time, ok bool) {
	if s == nil || i == nil || id == "" || len(i.home.withdrawn) == 0 {
		return time.Time{}, false
	}
	when, ok = i.home.withdrawn[withdrawal{i, sha256.Sum256([]byte(id))}]
	return when, ok
}
