package issue

import (
	"errors"
	"path"
)

// A Manifest is what a member says of an achievement beyond the badge itself,
// so that a small badge shows a full card.
type Manifest struct {
	Achievement Achievement
	Level       *Level // the step that the achievement stands for
	Language    string // of all its texts; English if empty
}

// Describe writes a manifest into a member's part.
func (t Trust) Describe(member string, m Manifest) error {
	a := m.Achievement
	if err := checkSlug(member); err != nil {
		return err
	}
	if a.ID == "" || a.Name == "" {
		return errors.New("a manifest needs the achievement's ID and name")
	}
	if m.Level != nil {
		if err := m.Level.check(); err != nil {
			return err
		}
	}
	if m.Language == "" {
		m.Language = "en"
	}
	words := func(s string) map[string]string { return map[string]string{m.Language: s} }
	file := path.Join("districts", member, "manifests", fileName(a.ID)+".json")
	return t.edit(file, func(o map[string]any) error {
		o["achievement"], o["name"] = a.ID, words(a.Name)
		for name, text := range map[string]string{"description": a.Description, "criteria": a.Criteria} {
			if text != "" {
				o[name] = words(text)
			}
		}
		if a.Type != "" {
			o["class"] = a.Type
		}
		if l := m.Level; l != nil {
			o["level"] = map[string]any{"n": l.N, "of": len(l.Names), "name": words(l.Names[l.N-1])}
		}
		skills := []any{}
		for _, s := range a.Skills {
			skills = append(skills, map[string]any{"name": words(s.Name), "caseUri": s.URL})
		}
		o["skills"] = skills
		return nil
	})
}
