package verify

import (
	"cmp"
	"slices"
	"strconv"

	"badgekiosk/verify/ijson"
)

// A rung is one level of a rubric.
type rung struct {
	id, name string
	points   float64
	scored   bool
}

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
		reached := r.Get("achievedLevel").Str()
		if reached == "" {
			continue
		}
		for d := range some(achievement.Get("resultDescription")) {
			if of := r.Get("resultDescription").Str(); of != "" && of != d.Get("id").Str() {
				continue
			}
			if l, ok := step(rungs(d), reached); ok {
				return l
			}
		}
	}
	return Level{}
}

func rungs(description ijson.Value) (all []rung) {
	for v := range description.Get("rubricCriterionLevel").Each() {
		if len(all) == maxLevels {
			return nil
		}
		r := rung{id: v.Get("id").Str(), name: firstText(prose(v.Get("name")), prose(v.Get("level")))}
		points := v.Get("points").Str()
		if v.Get("points").Kind() == ijson.Number {
			points = string(v.Get("points").Raw())
		}
		var err error
		r.points, err = strconv.ParseFloat(points, 64)
		r.scored = err == nil
		all = append(all, r)
	}
	return all
}

// maxLevels is the longest scale that is read.
const maxLevels = 100

func step(all []rung, reached string) (Level, bool) {
	if !slices.ContainsFunc(all, func(r rung) bool { return !r.scored }) {
		slices.SortStableFunc(all, func(a, b rung) int { return cmp.Compare(a.points, b.points) })
	}
	for i, r := range all {
		if r.id == reached {
			return Level{N: i + 1, Of: len(all), Name: r.name}, true
		}
	}
	return Level{}, false
}
