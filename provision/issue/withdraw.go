package issue

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"badgekiosk/verify/trust"
)

// AddShare keeps a signed badge behind its share link, encrypted so that only
// the link opens it.
func (t Trust) AddShare(member, url string, badge []byte, fetched time.Time) error {
	if err := errors.Join(checkSlug(member), checkURL(url)); err != nil {
		return err
	}
	name, file, err := trust.SealDocument(url, badge, fetched)
	if err != nil {
		return err
	}
	return t.WriteFile(path.Join("districts", member, "sealed", name), file)
}

// Withdraw withdraws the badge with this id, or with this "sha256:" hash of
// its id, of an issuer that the member lists.
func (t Trust) Withdraw(member, issuer, badge string, when time.Time) error {
	lists, err := t.MemberOf(issuer)
	if err != nil {
		return err
	}
	if lists != member {
		return fmt.Errorf("%s is listed by %s: only %s can withdraw its badges", issuer, lists, lists)
	}
	if !strings.HasPrefix(badge, "sha256:") {
		badge = trust.HashID(badge)
	}
	file := path.Join("districts", member, "withdrawals.tsv")
	old, err := fs.ReadFile(t, file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if strings.Contains(string(old), issuer+"\t"+badge+"\t") {
		return nil // withdrawn already
	}
	return t.WriteFile(file, fmt.Appendf(old, "%s\t%s\t%s\n", issuer, badge, stamp(when)))
}
