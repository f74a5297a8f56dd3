package trust

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"badgekiosk/verify/ijson"
)

// Settings are how a kiosk is to behave, as signed: by the consortium for all
// kiosks, and by a member for a group of its own ("front-office"). Each only
// narrows what the one before allows.
//
//	consortium.json:              "settings": {"audience": "employer", …}
//	districts/ID/district.json:   "kiosks": {"front-office": {"audience": "office", …}}
type Settings struct {
	// Audience is the ceiling: nobody at this kiosk sees more than this
	// audience may. Without any it is "public".
	Audience string
	PINHash  string   // of the operator's PIN; empty: nobody has one
	Language []string // BCP 47, the first is the one that starts
	Notice   Words    // a line that the resting screen shows
	Sites    []string // names to pick from at first start
	Sync     string   // https URL of the same bundle on a web host; empty: none
}

// audiences, from the one that sees least, as package verify names them.
var audiences = []string{"public", "partner", "employer", "office"}

// MaxGroups is the most groups of kiosks of one member.
const MaxGroups = 1_000

// grouped are one group's settings, and what it narrows of the policy.
type grouped struct {
	Settings
	horizons
	accepts []string // nil: all that the consortium's allow
	types   []string // likewise
}

type horizons struct{ fresh, noted, check, keys time.Duration }

// For is the set as a kiosk of a group believes it, "MEMBER/GROUP" as
// "riverbend/front-office", with that group's settings. An empty group has
// the consortium's. The error is for a group that nobody signed; the settings
// are then the consortium's with the audience "public".
func (s *Set) For(group string) (*Set, Settings, error) {
	if s == nil {
		return nil, Settings{Audience: audiences[0]}, nil
	}
	out := s.general.Settings
	if out.Audience == "" {
		out.Audience = audiences[0]
	}
	narrow := *s
	narrow.Policy = s.general.narrowed(s.Policy)
	if group == "" {
		return &narrow, out, nil
	}
	g, ok := s.group(group)
	if !ok {
		out.Audience = audiences[0]
		return &narrow, out, fmt.Errorf("group %q is in nobody's part of the bundle; there are %s", group, s.groupNames(group))
	}
	narrow.Policy = g.narrowed(narrow.Policy)
	out.Audience = lower(out.Audience, g.Audience)
	if g.PINHash != "" {
		out.PINHash = g.PINHash
	}
	if g.Language != nil {
		out.Language = g.Language
	}
	if g.Notice != nil {
		out.Notice = g.Notice
	}
	if g.Sites != nil {
		out.Sites = g.Sites
	}
	if g.Sync != "" {
		out.Sync = g.Sync
	}
	return &narrow, out, nil
}

// group are the settings of a group, in its member's part.
func (s *Set) group(name string) (g grouped, ok bool) {
	member, _, _ := strings.Cut(name, "/")
	for _, m := range s.Members {
		if m.ID == member && s.of(m) != nil {
			g, ok = s.of(m).groups[name]
		}
	}
	return g, ok
}

// groupNames are the groups there are; in a set whose parts are not read, of
// the member that was meant.
func (s *Set) groupNames(meant string) string {
	member, _, _ := strings.Cut(meant, "/")
	var names []string
	for _, m := range s.Members {
		if s.lazy != nil && m.ID != member || s.of(m) == nil {
			continue
		}
		for name := range s.of(m).groups {
			names = append(names, name)
		}
		if s.lazy == nil {
			break // one part holds all
		}
	}
	if names == nil {
		return "none"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// lower is the audience that sees less; one that is not said is no bound.
func lower(a, b string) string {
	if b != "" && slices.Index(audiences, b) < slices.Index(audiences, a) {
		return b
	}
	return a
}

// narrowed is p with shorter horizons and fewer members.
func (g *grouped) narrowed(p Policy) Policy {
	for _, h := range []struct {
		now *time.Duration
		to  time.Duration
	}{{&p.Fresh, g.fresh}, {&p.Noted, g.noted}, {&p.Check, g.check}, {&p.Keys, g.keys}} {
		if h.to > 0 {
			*h.now = min(*h.now, h.to)
		}
	}
	p.Fresh, p.Noted = min(p.Fresh, p.Noted, p.Check), min(p.Noted, p.Check)
	p.Accepts, p.Types = fewer(p.Accepts, g.accepts), fewer(p.Types, g.types)
	return p
}

// fewer is what both lists have; nil is a list of everything.
func fewer(all, only []string) []string {
	switch {
	case only == nil:
		return all
	case all == nil:
		return only
	}
	both := []string{}
	for _, one := range only {
		if slices.Contains(all, one) {
			both = append(both, one)
		}
	}
	return both
}

// settings reads one group's. A value that cannot be used is a fault, and an
// audience that is none is the least one.
func (r *reader) settings(v ijson.Value) (g grouped) {
	g.Settings = Settings{Audience: v.Get("audience").Str(), PINHash: v.Get("pin").Str(), Language: texts(v.Get("languages")), Sites: texts(v.Get("sites")), Sync: v.Get("sync").Str()}
	if g.Audience != "" && !slices.Contains(audiences, g.Audience) {
		r.fault("settings.audience: %.60q is not one of %s", g.Audience, strings.Join(audiences, ", "))
		g.Audience = audiences[0]
	}
	if g.Sync != "" && !strings.HasPrefix(g.Sync, "https://") {
		r.fault("settings.sync: %.200q is not an https URL", g.Sync)
		g.Sync = ""
	}
	if n := v.Get("notice"); n.Exists() {
		g.Notice = words(n)
		for tag, text := range g.Notice {
			g.Notice[tag] = Clean(text)
		}
	}
	for i, site := range g.Sites {
		g.Sites[i] = Clean(site)
	}
	status := v.Get("status")
	for _, d := range []struct {
		to   *time.Duration
		in   ijson.Value
		name string
	}{{&g.fresh, status, "freshDays"}, {&g.noted, status, "notedDays"}, {&g.check, status, "checkDays"}, {&g.keys, v, "keyDays"}} {
		r.days(d.to, d.in, "settings."+d.name, d.name)
	}
	if accepts := v.Get("accepts"); accepts.Exists() {
		g.accepts = append([]string{}, texts(accepts)...)
	}
	if types := v.Get("types"); types.Exists() {
		g.types = append([]string{}, texts(types)...)
	}
	return g
}

// memberGroups reads what a member says of its own kiosks.
func (r *reader) memberGroups(v ijson.Value, m *Member) {
	n := 0
	for name, group := range v.Get("kiosks").Members() {
		if n++; n > MaxGroups {
			r.fault("more than %d groups of kiosks", MaxGroups)
			return
		}
		r.set.groups[path.Join(m.ID, name)] = r.settings(group)
	}
}
