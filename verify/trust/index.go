package trust

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"sort"
)

// An index says which members know what, so that a set can be opened without
// reading what nobody asks for. It is made of a set that was read as a whole
// ([Set.Index]), by who keeps that set's files, and is believed no further
// than its maker: a part is always read from the member's own signed files,
// and of it counts only what the index names that member for.
//
//	"BKX1", length of head uint32, head (JSON), for each table: number of
//	entries uint32, entries sorted; numbers are big endian
//
// An entry is the first 8 bytes of the SHA-256 of table and key, and the
// member's place in head uint16.
type index struct {
	head   indexHead
	tables [tables][]byte
}

const (
	indexMark  = "BKX1"
	entrySize  = 10
	hashSize   = 8
	nobodyHere = 0xffff // an owner that is no member (any more)
	// MaxIndex is the most bytes of an index.
	MaxIndex = 64 << 20
)

// indexHead is what is known of a set before any part is read.
type indexHead struct {
	Members   []indexMember `json:"members"`
	Units     [][]int       `json:"units,omitempty"`     // members that must be heard together
	Ambiguous []string      `json:"ambiguous,omitempty"` // skeletons of names that stand for several
	Faults    []string      `json:"faults,omitempty"`
}

type indexMember struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Minors    bool     `json:"minors,omitempty"`
	Contact   string   `json:"contact,omitempty"`
	Codes     string   `json:"codes,omitempty"`
}

// Index writes the index of a set that was read as a whole.
func (s *Set) Index() ([]byte, error) {
	if s.part == nil || len(s.Members) >= nobodyHere {
		return nil, errors.New("only a set that was read as a whole has an index")
	}
	head, err := json.Marshal(s.indexHead())
	if err != nil {
		return nil, err
	}
	out := binary.BigEndian.AppendUint32([]byte(indexMark), uint32(len(head)))
	out = append(out, head...)
	for _, entries := range s.indexEntries() {
		slices.SortFunc(entries, func(a, b [entrySize]byte) int { return bytes.Compare(a[:], b[:]) })
		entries = slices.Compact(entries)
		out = binary.BigEndian.AppendUint32(out, uint32(len(entries)))
		for _, e := range entries {
			out = append(out, e[:]...)
		}
	}
	return out, nil
}

func (s *Set) indexHead() (h indexHead) {
	at := map[string]int{}
	for i, m := range s.Members {
		at[m.ID] = i
		h.Members = append(h.Members, indexMember{m.ID, m.Name, m.Kind, m.Languages, m.MinorsByDefault, m.Contact, m.Codes})
	}
	unit := make([]int, len(s.Members)) // the first member of each one's unit
	for i := range unit {
		unit[i] = i
	}
	for _, tie := range s.ties {
		for _, id := range tie {
			from, to := unit[at[id]], unit[at[tie[0]]]
			for i, u := range unit {
				if u == max(from, to) {
					unit[i] = min(from, to)
				}
			}
		}
	}
	together := map[int][]int{}
	for i, u := range unit {
		together[u] = append(together[u], i)
	}
	for i := range unit {
		if len(together[i]) > 1 {
			h.Units = append(h.Units, together[i])
		}
	}
	for name := range s.ambiguous {
		h.Ambiguous = append(h.Ambiguous, name)
	}
	slices.Sort(h.Ambiguous)
	for _, f := range s.Faults {
		h.Faults = append(h.Faults, f.Error())
	}
	return h
}

func (s *Set) indexEntries() (all [tables][][entrySize]byte) {
	add := func(t table, key string, member int) {
		h := hashOf(t, key)
		all[t] = append(all[t], [entrySize]byte(binary.BigEndian.AppendUint16(h[:], uint16(member))))
	}
	at := map[string]int{}
	for i, m := range s.Members {
		at[m.ID] = i
	}
	for id, listings := range s.issuers {
		for _, i := range listings {
			add(byIssuer, id, i.Member.at)
		}
	}
	for id, keys := range s.keyIDs {
		for _, k := range keys {
			add(byKeyID, id, k.Issuer.Member.at)
		}
	}
	for m, keys := range s.holders {
		for _, k := range keys {
			add(byKey, m.String(), k.Issuer.Member.at)
		}
	}
	for url, docs := range s.documents {
		for _, d := range docs {
			add(byDocument, url, d.Member.at)
		}
	}
	for name, sealed := range s.sealed {
		for _, e := range sealed {
			add(byEnvelope, name, e.member.at)
		}
	}
	for name, i := range s.names {
		add(byName, name, i.Member.at)
	}
	for id, member := range s.owned {
		owner, here := at[member]
		if !here {
			owner = nobodyHere
		}
		add(byOwner, id, owner)
	}
	return all
}

func hashOf(t table, key string) [hashSize]byte {
	sum := sha256.Sum256(append([]byte{byte(t)}, key...))
	return [hashSize]byte(sum[:hashSize])
}

var errIndex = errors.New("the index is damaged")

// readIndex takes an index apart. It keeps data, which must not change.
func readIndex(data []byte) (*index, error) {
	rest, ok := bytes.CutPrefix(data, []byte(indexMark))
	head, rest, ok2 := counted(rest, 1)
	x := &index{}
	if !ok || !ok2 || len(data) > MaxIndex || json.Unmarshal(head, &x.head) != nil {
		return nil, errIndex
	}
	for t := range x.tables {
		if x.tables[t], rest, ok = counted(rest, entrySize); !ok {
			return nil, errIndex
		}
	}
	if len(rest) > 0 || len(x.head.Members) >= nobodyHere {
		return nil, errIndex
	}
	for _, unit := range x.head.Units {
		for _, m := range unit {
			if m < 0 || m >= len(x.head.Members) {
				return nil, errIndex
			}
		}
	}
	return x, nil
}

// counted cuts a number of things and the things, of size bytes each, off b.
func counted(b []byte, size int) (things, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := uint64(binary.BigEndian.Uint32(b)) * uint64(size)
	if b = b[4:]; n > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// find returns the members that know key, in their order.
func (x *index) find(t table, key string) (members []int) {
	h, all := hashOf(t, key), x.tables[t]
	n := len(all) / entrySize
	entry := func(i int) []byte { return all[i*entrySize : (i+1)*entrySize] }
	for i := sort.Search(n, func(i int) bool { return bytes.Compare(entry(i)[:hashSize], h[:]) >= 0 }); i < n && bytes.Equal(entry(i)[:hashSize], h[:]); i++ {
		members = append(members, int(binary.BigEndian.Uint16(entry(i)[hashSize:])))
	}
	return members
}
