package verify

import (
	"cmp"
	"slices"
	"strconv"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/proof"
)

// maxLevels is the longest scale that is read.
const maxLevels = 100

// level is the step that the subject's result reached on the scale that the
// achievement describes, the zero Level if there is none.
//
// Where every level has points, these give the order, else the order in which
// the issuer wrote them does. A signature over RDF leaves that one to whoever
// holds the badge: then numbers as names of levels stand for it, and without
// them nobody can say which step it is. Nor can anybody where the holder
// chooses what to show of the scale. The level keeps its name.
//
// Source: Open Badges 3.0, B.1.23 Result (achievedLevel), B.1.24
// ResultDescription, B.1.25 RubricCriterionLevel.
func level(subject, achievement ijson.Value, scope proof.Scope) Level {
	for r := range some(subject.Get("result")) {
		reached := r.Get("achievedLevel")
		if len(reached.Bytes()) == 0 {
			continue
		}
		for d := range some(achievement.Get("resultDescription")) {
			if of := r.Get("resultDescription"); of.Exists() && string(of.Bytes()) != string(d.Get("id").Bytes()) {
				continue
			}
			if l, ok := step(d.Get("rubricCriterionLevel"), reached.Bytes(), scope); ok {
				return l
			}
		}
	}
	return Level{}
}

// A rung is one level of a scale, with the number that it was sorted by.
type rung struct {
	ijson.Value
	number float64
}

// step finds the level with this id on a scale.
func step(scale ijson.Value, reached []byte, scope proof.Scope) (Level, bool) {
	if scale.Len() > maxLevels {
		return Level{}, false
	}
	var room [16]rung
	all := room[:0]
	for v := range scale.Each() {
		all = append(all, rung{Value: v})
	}
	known := sorted(all, scope)
	for i, r := range all {
		if string(r.Get("id").Bytes()) != string(reached) {
			continue
		}
		l := Level{Name: firstText(prose(r.Get("name")), prose(r.Get("level")))}
		if known {
			l.N, l.Of = i+1, len(all)
		}
		return l, true
	}
	return Level{}, false
}

// sorted puts a scale in its order, and tells whether the signature holds it
// there.
func sorted(all []rung, scope proof.Scope) bool {
	switch scope {
	case proof.Ordered:
		sortBy(all, "points")
		return true
	case proof.Unordered:
		return sortBy(all, "points") || sortBy(all, "level")
	}
	return false
}

// sortBy sorts a scale by a member that is a number, if each level has it, and
// tells whether that leaves no choice.
func sortBy(all []rung, member string) bool {
	for i := range all {
		n, ok := score(all[i].Get(member))
		if !ok {
			return false
		}
		all[i].number = n
	}
	slices.SortStableFunc(all, func(a, b rung) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(all); i++ {
		if all[i-1].number == all[i].number {
			return false
		}
	}
	return true
}

// score reads a number, or a text of one.
func score(v ijson.Value) (float64, bool) {
	text := v.Bytes()
	if v.Kind() == ijson.Number {
		text = v.Raw()
	}
	if len(text) == 0 || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return 0, false // also what ParseFloat takes for infinite, or no number
	}
	n, err := strconv.ParseFloat(string(text), 64)
	return n, err == nil
}
