package trust

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/xsd"
)

// A Document is a copy of a web document that a member fetched.
type Document struct {
	URL     string
	Data    []byte // must not be changed
	Fetched time.Time
	Member  *Member
}

// MaxDocuments is the most documents of one member.
const MaxDocuments = 100_000

// memberDocuments reads documents/index.tsv and the files it names.
func (r *reader) memberDocuments(dir string, m *Member) {
	index := path.Join(dir, "documents", "index.tsv")
	n, read := 0, map[string]bool{}
	defer func() {
		for at := range read { // once: a list of a hundred thousand lines may name one URL
			slices.SortStableFunc(r.set.documents[at], func(a, b *Document) int { return b.Fetched.Compare(a.Fetched) })
		}
	}()
	for line := range strings.Lines(string(trimBOM(r.read(index)))) {
		r.file = index
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if n++; n > MaxDocuments {
			r.fault("more than %d documents", MaxDocuments)
			return
		}
		read[r.document(line, path.Join(dir, "documents"), m)] = true
	}
	r.file = index
}

// document reads one line and its file, and returns the page that it is of.
func (r *reader) document(line, dir string, m *Member) (at string) {
	fields := strings.Split(line, "\t")
	if len(fields) < 3 {
		r.fault("line %.80q has %d fields, want url, file, fetched with tabs between", line, len(fields))
		return ""
	}
	fetched, err := xsd.Time(strings.TrimSpace(fields[2]))
	if err != nil {
		r.fault("document %.200q: fetched: %w", fields[0], err)
		return ""
	}
	file := path.Join(dir, strings.TrimSpace(fields[1]))
	if !fs.ValidPath(file) || !strings.HasPrefix(file, dir+"/") {
		r.fault("document %.200q: file %.200q is outside the folder", fields[0], fields[1])
		return ""
	}
	before := r.faults
	data := r.read(file)
	if data == nil {
		if r.faults == before {
			r.fault("no such file, which documents/index.tsv names")
		}
		return ""
	}
	d := &Document{URL: strings.TrimSpace(fields[0]), Data: slices.Clone(data), Fetched: fetched, Member: m}
	at = page(d.URL)
	r.set.documents[at] = append(r.set.documents[at], d)
	return at
}

// cached lists the keys in the copies that the same member holds of the
// issuer's own documents: the DID document of a did:web, and what stands at
// an https identifier.
func (r *reader) cached(i *Issuer) {
	file := r.file
	for _, id := range i.IDs {
		url, ok := webDocument(id)
		if !ok {
			url = id
		}
		for _, d := range r.set.part.document(url) {
			if d.Member != i.Member {
				continue
			}
			var json ijson.Doc // r.json still holds the issuer's own file
			r.file = d.URL
			if v, err := json.Parse(trimBOM(d.Data)); err != nil {
				r.fault("%w", err)
			} else if v.Get("verificationMethod").Exists() || v.Get("assertionMethod").Exists() {
				r.controller(v, i)
			} else {
				r.profile(v, i)
			}
			break // the newest
		}
	}
	r.file = file
}

// resolve makes a relative reference to a part of a document absolute.
func resolve(base, ref string) string {
	if strings.HasPrefix(ref, "#") {
		return base + ref
	}
	return ref
}

// earlier is the earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
