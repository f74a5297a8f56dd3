package issue

import "fmt"

// The JSON of results: the scale is the achievement's, the step reached the
// learner's.
//
// Source: Open Badges 3.0, sections B.1.18 Result, B.1.19 ResultDescription,
// B.1.20 RubricCriterionLevel.
type result struct {
	Type        []string `json:"type"`
	Description string   `json:"resultDescription"`
	Achieved    string   `json:"achievedLevel"`
}

type resultDescription struct {
	ID     string      `json:"id"`
	Type   []string    `json:"type"`
	Name   string      `json:"name"`
	Kind   string      `json:"resultType"`
	Levels []rubricRow `json:"rubricCriterionLevel"`
}

type rubricRow struct {
	ID    string   `json:"id"`
	Type  []string `json:"type"`
	Name  string   `json:"name"`
	Level string   `json:"level"`
}

func (l Level) check() error {
	if l.N < 1 || l.N > len(l.Names) {
		return fmt.Errorf("level %d is not on a scale of %d", l.N, len(l.Names))
	}
	return nil
}

// addTo states the scale and the step in s, with identifiers derived from the
// achievement's, so that all its badges share one scale.
func (l Level) addTo(s *achievementSubject) {
	scale := s.Achievement.ID + "#scale"
	d := resultDescription{ID: scale, Type: []string{"ResultDescription"}, Name: "Level", Kind: "RubricCriterionLevel"}
	for i, name := range l.Names {
		n := fmt.Sprint(i + 1)
		d.Levels = append(d.Levels, rubricRow{scale + "-" + n, []string{"RubricCriterionLevel"}, name, n})
	}
	s.Achievement.Results = []resultDescription{d}
	s.Result = []result{{[]string{"Result"}, scale, d.Levels[l.N-1].ID}}
}
