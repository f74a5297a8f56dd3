package trust

import (
	"bytes"
	"path"
	"strings"
	"time"

	"badgekiosk/verify/envelope"
	"badgekiosk/verify/xsd"
)

// An enveloped document is about one learner: a badge behind its share link,
// a hosted assertion. Its file, districts/ID/sealed/NAME.sealed, tells nothing
// without the URL, which is in that learner's code and nowhere else.
//
// Inside are a line with the time it was fetched (RFC 3339) and the document.
type enveloped struct {
	file   []byte
	member *Member
}

const sealedExt = ".sealed"

// MaxSealed is the most enveloped documents of one member.
const MaxSealed = 100_000

// SealDocument encrypts a document about one learner for whoever has its URL,
// and names the file to keep it in.
func SealDocument(url string, data []byte, fetched time.Time) (name string, file []byte, err error) {
	inside := append([]byte(fetched.UTC().Format(time.RFC3339)+"\n"), data...)
	name, file, err = envelope.Seal([]byte(page(url)), inside)
	return name + sealedExt, file, err
}

// memberSealed reads a member's envelopes, unopened.
func (r *reader) memberSealed(dir string, m *Member) {
	dir = path.Join(dir, "sealed")
	for n, name := range r.list(dir, sealedExt) {
		if n == MaxSealed {
			r.fault("more than %d sealed documents", MaxSealed)
			return
		}
		if data := r.read(path.Join(dir, name)); data != nil {
			name = strings.TrimSuffix(name, sealedExt)
			r.set.sealed[name] = append(r.set.sealed[name], enveloped{data, m})
		}
	}
}

// unseal opens the envelopes that url is the secret of.
func (p *part) unseal(url string) (found []*Document) {
	if len(p.sealed) == 0 {
		return nil
	}
	secret := []byte(page(url))
	name, err := envelope.Name(secret)
	if err != nil {
		return nil // too short to be one
	}
	for _, e := range p.sealed[name] {
		inside, err := envelope.Open(secret, e.file)
		if err != nil {
			continue
		}
		line, data, _ := bytes.Cut(inside, []byte("\n"))
		if fetched, err := xsd.Time(string(line)); err == nil {
			found = append(found, &Document{URL: url, Data: data, Fetched: fetched, Member: e.member})
		}
	}
	return found
}
