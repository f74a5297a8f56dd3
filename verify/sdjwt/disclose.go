package sdjwt

import (
	"encoding/json"

	"badgekiosk/verify/ijson"
	"badgekiosk/verify/multibase"
	"badgekiosk/verify/reason"
)

// A disclosure is one claim or array element that the holder shows.
type disclosure struct {
	value ijson.Value // the array it is written as: salt, perhaps a name, value
	used  bool
}

// A discloser puts disclosures where their digests stand, writing the claims
// anew as JSON.
type discloser struct {
	byDigest map[string]*disclosure
	seen     map[string]bool // digests that were met
	top      map[string]bool
	claim    string // at the top, that is being written
	status   bool   // the holder keeps back part of a status
	depth    int
	out      []byte
}

// disclose returns claims with the disclosures put in their places, and the
// names of those that stand at the top.
//
// The error is S-MALFORMED if entries of its status are left out: they are not
// the holder's to choose, and nobody can tell what they say.
func disclose(claims ijson.Value, texts [][]byte, hash func([]byte) string) (ijson.Value, map[string]bool, error) {
	d := &discloser{byDigest: map[string]*disclosure{}, seen: map[string]bool{}, top: map[string]bool{}}
	for _, text := range texts {
		digest := hash(text)
		if d.byDigest[digest] != nil {
			return claims, nil, malformed("a disclosure occurs twice")
		}
		v, err := read(text)
		if err != nil {
			return claims, nil, err
		}
		d.byDigest[digest] = &disclosure{value: v}
	}
	if err := d.object(claims); err != nil {
		return claims, nil, err
	}
	if d.status {
		return claims, nil, malformed("an entry of its status is not shown")
	}
	for _, one := range d.byDigest {
		if !one.used {
			return claims, nil, reason.Errorf(reason.SUncovered, "sd-jwt: no digest stands for a disclosure")
		}
	}
	v, err := ijson.Parse(d.out)
	return v, d.top, err
}

// read decodes one disclosure (RFC 9901, section 4.2).
func read(text []byte) (ijson.Value, error) {
	b, err := multibase.Base64URL(nil, text)
	if err != nil {
		return ijson.Value{}, malformed("disclosure: %w", err)
	}
	v, err := ijson.Parse(b)
	if err != nil {
		return v, malformed("disclosure: %w", err)
	}
	if v.Kind() != ijson.Array || v.Len() < 2 || v.Len() > 3 || v.First().Kind() != ijson.String {
		return v, malformed("a disclosure is a list of salt, name and value")
	}
	return v, nil
}

// find returns the disclosure of a digest, nil if it is not shown. A digest
// that was met before is an error, shown or not.
func (d *discloser) find(digest ijson.Value, parts int) (*disclosure, error) {
	if digest.Kind() != ijson.String {
		return nil, malformed("a digest is %s, not a string", digest.Kind())
	}
	s := digest.Str()
	if d.seen[s] {
		return nil, malformed("digest %.20q occurs twice", s)
	}
	d.seen[s] = true
	one := d.byDigest[s]
	if one == nil {
		return nil, nil
	}
	one.used = true
	if one.value.Len() != parts {
		return nil, malformed("a disclosure of %d parts where %d belong", one.value.Len(), parts)
	}
	return one, nil
}

// value writes v.
func (d *discloser) value(v ijson.Value) error {
	if d.depth++; d.depth > ijson.MaxDepth {
		return malformed("disclosures nested deeper than %d", ijson.MaxDepth)
	}
	defer func() { d.depth-- }()
	switch v.Kind() {
	case ijson.Object:
		return d.object(v)
	case ijson.Array:
		return d.array(v)
	}
	d.out = append(d.out, v.Raw()...)
	return nil
}

// object writes an object with its disclosed members, and without digests.
func (d *discloser) object(v ijson.Value) error {
	outermost := len(d.out) == 0
	d.out = append(d.out, '{')
	for name, m := range v.Members() {
		switch {
		case name == "...":
			return malformed("a digest of an array element outside an array")
		case name == "_sd" || outermost && name == "_sd_alg":
			continue
		}
		if outermost {
			d.claim = name
		}
		if err := d.member(name, m); err != nil {
			return err
		}
	}
	sd := v.Get("_sd")
	if sd.Exists() && sd.Kind() != ijson.Array {
		return malformed("_sd is %s, not an array", sd.Kind())
	}
	for digest := sd.First(); digest.Exists(); digest = digest.Next() {
		one, err := d.find(digest, 3)
		if err != nil {
			return err
		}
		if one == nil {
			continue
		}
		if err := d.disclosed(v, one, outermost); err != nil {
			return err
		}
	}
	d.close('}')
	return nil
}

// disclosed writes the member of v that a disclosure shows. A second one of
// that name, also one shown by another disclosure, is found by whoever reads
// what is written here: JSON with a name twice is refused.
func (d *discloser) disclosed(v ijson.Value, one *disclosure, outermost bool) error {
	name := one.value.First().Next()
	if name.Kind() != ijson.String {
		return malformed("the name of a claim is %s", name.Kind())
	}
	s := name.Str()
	if s == "_sd" || s == "..." || s == "_sd_alg" {
		return malformed("a disclosure may not be called %q", s)
	}
	if v.Get(s).Exists() {
		return malformed("a disclosure of %.40q, which stands there already", s)
	}
	if outermost {
		d.top[s], d.claim = true, s
	}
	return d.member(s, name.Next())
}

func (d *discloser) member(name string, v ijson.Value) error {
	quoted, err := json.Marshal(name)
	if err != nil {
		return malformed("name %.40q: %w", name, err)
	}
	d.out = append(append(d.out, quoted...), ':')
	if err := d.value(v); err != nil {
		return err
	}
	d.out = append(d.out, ',')
	return nil
}

// array writes an array with its disclosed elements; those that are not
// shown are left out.
func (d *discloser) array(v ijson.Value) error {
	d.out = append(d.out, '[')
	for item := v.First(); item.Exists(); item = item.Next() {
		if digest := item.Get("..."); digest.Exists() {
			if item.Len() != 1 {
				return malformed("a digest of an array element beside other members")
			}
			one, err := d.find(digest, 2)
			if err != nil {
				return err
			}
			if one == nil {
				d.status = d.status || d.claim == "credentialStatus"
				continue
			}
			item := one.value.First().Next()
			if err := d.value(item); err != nil {
				return err
			}
		} else if err := d.value(item); err != nil {
			return err
		}
		d.out = append(d.out, ',')
	}
	d.close(']')
	return nil
}

// close puts the bracket in the place of the last comma, if there is one.
func (d *discloser) close(bracket byte) {
	if last := len(d.out) - 1; d.out[last] == ',' {
		d.out = d.out[:last]
	}
	d.out = append(d.out, bracket)
}
