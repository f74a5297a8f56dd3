package verify

import (
	"cmp"
	"slices"
	"strconv"

	"badgekiosk/verify/ijson"
)

// maxLevels is the longest scale that is read.
const maxLevels = 100

// level is the step that the subject's result reached on the scale that the
// achievement describes, the zero Level if there is none.
//
// Where every level has points, these give the order; else the order in which
// the issuer wrote them does.
//
// Source: Open Badges 3.0, B.1.23 Result (achievedLevel), B.1.24
// ResultDescription, B.1.25 RubricCriterionLevel.
func level(subject, achievement ijson.Value) Level {
	for r := range some(subject.Get("result")) {
		reached := r.Get("achievedLevel")
		if len(reached.Bytes()) == 0 {
			continue
		}
		for d := range some(achievement.Get("resultDescription")) {
			if of := r.Get("resultDescription"); of.Exists() && string(of.Bytes()) != string(d.Get("id").Bytes()) {
				continue
			}
			if l, ok := step(d.Get("rubricCriterionLevel"), reached.Bytes()); ok {
				return l
			}
		}
	}
	return Level{}
}

// A rung is one level of a scale.
type rung struct {
	ijson.Value
	points float64
}

// step finds the level with this id on a scale.
func step(scale ijson.Value, reached []byte) (Level, bool) {
	if scale.Len() > maxLevels {
		return Level{}, false
	}
	var room [16]rung
	all, scored := room[:0], true
	for v := range scale.Each() {
		points, ok := score(v.Get("points"))
		all, scored = append(all, rung{v, points}), scored && ok
	}
	if scored {
		slices.SortStableFunc(all, func(a, b rung) int { return cmp.Compare(a.points, b.points) })
	}
	for i, r := range all {
		if string(r.Get("id").Bytes()) == string(reached) {
			return Level{N: i + 1, Of: len(all), Name: firstText(prose(r.Get("name")), prose(r.Get("level")))}, true
		}
	}
	return Level{}, false
}

// score reads the points of a level, a number or a text of one.
func score(v ijson.Value) (float64, bool) {
	if !v.Exists() {
		return 0, false
	}
	text := v.Bytes()
	if v.Kind() == ijson.Number {
		text = v.Raw()
	}
	points, err := strconv.ParseFloat(string(text), 64)
	return points, err == nil
}
