package issue

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// A Trust is an unsealed trust folder: what a kiosk would believe. Files in
// it keep the members that this package does not know.
type Trust struct{ Folder }

// A Member is a district, school, college, nonprofit, employer or community
// center with its own part of the folder.
type Member struct {
	ID        string   `json:"-"` // name of its folder
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Languages []string `json:"languages,omitempty"`
	Minors    bool     `json:"minorsByDefault,omitempty"`
}

// Begin writes consortium.json with a new date and the next serial number.
// A name is needed the first time only.
func (t Trust) Begin(name string, issued time.Time) error {
	return t.edit("consortium.json", func(o map[string]any) error {
		serial, _ := o["serial"].(float64)
		o["serial"], o["issued"] = serial+1, stamp(issued)
		if name != "" {
			o["name"] = name
		}
		return nil
	})
}

// Join writes a member's district.json.
func (t Trust) Join(m Member) error {
	if err := checkSlug(m.ID); err != nil {
		return err
	}
	return t.edit(path.Join("districts", m.ID, "district.json"), func(o map[string]any) error {
		return overlay(o, m)
	})
}

// HasMember tells whether the folder has a part of this member.
func (t Trust) HasMember(id string) bool {
	_, err := fs.Stat(t, path.Join("districts", id, "district.json"))
	return err == nil
}

// AddDocument keeps a document of the web, as fetched at an instant, in a
// member's part: what a kiosk finds when a badge names its URL.
func (t Trust) AddDocument(member, url, file string, data []byte, fetched time.Time) error {
	if err := errors.Join(checkSlug(member), checkURL(url)); err != nil {
		return err
	}
	folder := path.Join("districts", member, "documents")
	if err := t.WriteFile(path.Join(folder, file), data); err != nil {
		return err
	}
	index := path.Join(folder, "index.tsv")
	old, err := fs.ReadFile(t, index)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var out bytes.Buffer
	for line := range strings.Lines(string(old)) {
		if first, _, _ := strings.Cut(line, "\t"); first != url {
			out.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	fmt.Fprintf(&out, "%s\t%s\t%s\n", url, file, stamp(fetched))
	return t.WriteFile(index, out.Bytes())
}

// checkURL refuses what would break the index or could never be looked up.
func checkURL(url string) error {
	if !strings.HasPrefix(url, "https://") || strings.ContainsAny(url, " \t\r\n") {
		return fmt.Errorf("%q is not an https URL", url)
	}
	return nil
}

// edit reads a JSON object, if it is there, lets change alter it and writes
// it back.
func (t Trust) edit(file string, change func(map[string]any) error) error {
	o := map[string]any{}
	old, err := fs.ReadFile(t, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(old, &o); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := change(o); err != nil {
		return err
	}
	out, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return t.WriteFile(file, append(out, '\n'))
}

// overlay sets v's members in o.
func overlay(o map[string]any, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &o)
}

// maxSlug is the longest name that is made for a file or folder, in bytes.
const maxSlug = 64

// fileName makes a file's name of an identifier: its words, for people, and
// eight digits of its hash, so that no two identifiers meet in one file.
func fileName(id string) string {
	words := strings.Join(strings.FieldsFunc(strings.ToLower(id), func(r rune) bool { return !plain(r) }), "-")
	sum := sha256.Sum256([]byte(id))
	return fmt.Sprintf("%s-%x", words[:min(len(words), maxSlug-9)], sum[:4])
}

func plain(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }

// checkSlug refuses a member's id that is not fit to be a folder.
func checkSlug(id string) error {
	odd := strings.ContainsFunc(id, func(r rune) bool { return !plain(r) && r != '-' })
	if id == "" || len(id) > maxSlug || odd {
		return fmt.Errorf("member id %q may hold only small letters, digits and hyphens, at most %d", id, maxSlug)
	}
	return nil
}

// MemberOf finds the member that lists an issuer by its identifier.
func (t Trust) MemberOf(issuer string) (member string, err error) {
	files, err := fs.Glob(t, "districts/*/issuers/*.json")
	if err != nil {
		return "", err
	}
	for _, file := range files {
		var listed struct{ IDs []string }
		data, err := fs.ReadFile(t, file)
		if err == nil {
			err = json.Unmarshal(data, &listed)
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		if slices.Contains(listed.IDs, issuer) {
			return strings.Split(file, "/")[1], nil
		}
	}
	return "", fmt.Errorf("no member lists the issuer %s yet", issuer)
}

// IsNew tells that the folder has no consortium.json yet.
func (t Trust) IsNew() (bool, error) {
	_, err := fs.Stat(t, "consortium.json")
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}
