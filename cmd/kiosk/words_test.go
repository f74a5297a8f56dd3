package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/display"
	"badgekiosk/provision"
	"badgekiosk/verify"
	"badgekiosk/verify/reason"
)

// TestEveryCodeHasWords holds that no language lacks a sentence for a code,
// nor advice, and that the last variant of each can always be said.
func TestEveryCodeHasWords(t *testing.T) {
	for _, l := range languages() {
		for _, e := range reason.All {
			m := l.Reasons[e.Code]
			if m.Says.with(nil) == "" {
				t.Errorf("%s: %s has no sentence without facts", l.Tag, e.Code)
			}
			if m.Next.with(nil) == "" {
				t.Errorf("%s: %s does not say what to do", l.Tag, e.Code)
			}
		}
		if n := len(l.Reasons); n != len(reason.All) {
			t.Errorf("%s: words for %d codes, there are %d", l.Tag, n, len(reason.All))
		}
	}
}

// TestLanguagesAgree holds that every language has the keys that English has,
// and asks for the same facts.
func TestLanguagesAgree(t *testing.T) {
	all := languages()
	en := messagesOf(speak("en"))
	for _, l := range all {
		theirs := messagesOf(l)
		for key, text := range en {
			if got, ok := theirs[key]; !ok || (text == "") != (got == "") {
				t.Errorf("%s: %s is missing", l.Tag, key)
			} else if a, b := places(text), places(got); !slices.Equal(a, b) {
				t.Errorf("%s: %s uses %v, English uses %v", l.Tag, key, b, a)
			}
		}
		for key := range theirs {
			if _, ok := en[key]; !ok {
				t.Errorf("%s: %s is not in English", l.Tag, key)
			}
		}
	}
	for _, l := range all {
		if l.Name == "" || l.Reviewer == "" || l.Comma == "" || len(l.Months) != 12 {
			t.Errorf("%s: want a name, a reviewer and 12 months", l.Tag)
		}
	}
}

func places(text string) []string {
	all := place.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// messagesOf flattens a language to one text a key.
func messagesOf(l language) map[string]string {
	out := map[string]string{"date": l.Date}
	put := func(key string, v variants) { out[key] = strings.Join(v, "|") }
	for k, m := range l.Verdicts {
		put("verdicts."+k, append(variants{m.Word}, m.Says...))
	}
	for k, m := range l.Screens {
		put("screens."+k+".says", m.Says)
		put("screens."+k+".next", m.Next)
		out["screens."+k+".word"] = m.Word
	}
	for k, m := range l.Reasons {
		put("reasons."+string(k)+".says", m.Says)
		put("reasons."+string(k)+".next", m.Next)
	}
	for k, v := range l.Notes {
		put("notes."+k, v)
	}
	for k, text := range l.Labels {
		out["labels."+k] = text
	}
	for k, forms := range l.Counts {
		out["counts."+k] = forms["other"]
	}
	return out
}

// TestEnglishIsPlain holds the reading level: a pupil of grade 6 can read
// every sentence.
//
// Source: Kincaid et al. 1975, grade level; syllables are counted as groups
// of vowels, which errs to the high side.
func TestEnglishIsPlain(t *testing.T) {
	var sentences []string
	for key, text := range messagesOf(speak("en")) {
		if !strings.HasPrefix(key, "labels.") && !strings.HasPrefix(key, "counts.") && key != "date" {
			sentences = append(sentences, regexp.MustCompile(`[.:|]\s*`).Split(text, -1)...)
		}
	}
	words, syllables, n := 0, 0, 0
	for _, s := range sentences {
		fields := strings.Fields(s)
		if len(fields) == 0 {
			continue
		}
		if len(fields) > 15 {
			t.Errorf("%d words are too many: %q", len(fields), s)
		}
		n++
		words += len(fields)
		for _, w := range fields {
			syllables += max(1, len(regexp.MustCompile(`[aeiouy]+`).FindAllString(strings.TrimSuffix(strings.ToLower(w), "e"), -1)))
		}
	}
	grade := 0.39*float64(words)/float64(n) + 11.8*float64(syllables)/float64(words) - 15.59
	t.Logf("%d sentences, %.1f words each, grade %.1f", n, float64(words)/float64(n), grade)
	if grade > 6 {
		t.Errorf("reading level is grade %.1f, want at most 6", grade)
	}
}

var (
	day   = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	lists = time.Date(2026, 11, 20, 8, 10, 0, 0, time.UTC)
)

// genuine is the report on a usual badge.
func genuine() verify.Report {
	return verify.Report{
		Verdict: verify.Verified,
		Axes: verify.Axes{
			Signature: verify.Finding{State: verify.Pass},
			Issuer:    verify.Finding{State: verify.Pass, Name: "Riverbend Academy"},
			Status:    verify.Finding{State: verify.Pass, AsOf: lists},
			Time:      verify.Finding{State: verify.Pass},
			Presenter: verify.Finding{Code: reason.PNotAsked},
		},
		Badge: verify.Badge{
			Name: "Welding I", Level: verify.Level{N: 3, Of: 4, Name: "Proficient"},
			Skills: []string{"MIG welding", "Shop safety"}, Evidence: 2,
			Issued: time.Date(2026, 5, 12, 0, 0, 0, 0, time.UTC),
			Until:  time.Date(2028, 6, 1, 0, 0, 0, 0, time.UTC),
		},
		KeysAsOf: lists, At: verify.At(day),
	}
}

// readAloud is a screen as a person reads it, line by line.
func readAloud(s display.Screen) string {
	var all []string
	for _, l := range spoken(s) {
		if l.Label != "" {
			l.Text = l.Label + ": " + l.Text
		}
		all = append(all, l.Text)
	}
	return strings.Join(all, "\n")
}

// TestWords reads screens aloud.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		name, lang string
		change     func(*verify.Report)
		want       string
	}{
		{"genuine", "en", func(*verify.Report) {}, `VERIFIED
Badge is genuine. Who holds it: not checked
Welding I
Issued by: Riverbend Academy
Level: 3 of 4, Proficient
Skills: MIG welding, Shop safety
Issued: 12 May 2026
Valid until: 1 Jun 2028
Evidence: 2 items, not shown
Not withdrawn as of 20 Nov 2026.`},
		{"genuine in Spanish", "es-MX", func(r *verify.Report) { r.Badge.Evidence = 1 }, `VERIFICADA
La insignia es auténtica. Quién la presenta: no comprobado
Welding I
Emitida por: Riverbend Academy
Nivel: 3 de 4, Proficient
Habilidades: MIG welding, Shop safety
Emitida el: 12 may 2026
Válida hasta: 1 jun 2028
Evidencias: 1 elemento, no se muestra
No retirada hasta el 20 nov 2026.`},
		{"clock not set, no status list", "en", func(r *verify.Report) {
			r.Codes = []reason.Code{reason.RNone, reason.TNoClock, reason.BUnsealed}
			r.Axes.Status = verify.Finding{State: verify.Pass, Code: reason.RNone}
			r.Badge = verify.Badge{Name: "First Aid"}
		}, `VERIFIED
Badge is genuine. Who holds it: not checked
First Aid
Issued by: Riverbend Academy
This kiosk's clock is not set; checked as of 21 Nov 2026.
Its issuer keeps no list of withdrawn badges for it.`},
		{"held", "xx", func(r *verify.Report) {
			r.Axes.Presenter = verify.Finding{State: verify.Pass, Code: reason.PHolder}
			r.Codes = []reason.Code{reason.PHolder}
			r.Badge = verify.Badge{Name: "First Aid"}
		}, `VERIFIED
Badge is genuine. Shown by its holder
First Aid
Issued by: Riverbend Academy
Not withdrawn as of 20 Nov 2026.`},
		{"tampered", "en", func(r *verify.Report) {
			r.Verdict, r.Codes = verify.NotVerified, []reason.Code{reason.SInvalid}
			r.Axes = verify.Axes{Signature: verify.Finding{State: verify.Fail, Code: reason.SInvalid}}
			r.Badge = verify.Badge{}
		}, `NOT VERIFIED
The badge does not match its signature. It was changed, or it is a fake.
What to do: Do not accept it. Ask for a new copy from the issuer.
Checked with this kiosk's lists of 20 Nov 2026.
What it says is hidden, as it may be false.
S-INVALID`},
		{"revoked", "en", func(r *verify.Report) {
			r.Verdict, r.Codes = verify.NotVerified, []reason.Code{reason.RRevoked}
			r.Axes.Status.State = verify.Fail
			r.Badge = verify.Badge{Name: "Welding I"}
		}, `NOT VERIFIED
Withdrawn by Riverbend Academy, in its list of 20 Nov 2026.
Welding I
What to do: Do not accept it. The issuer can say why.
Issued by: Riverbend Academy
R-REVOKED`},
		{"expired", "en", func(r *verify.Report) {
			r.Verdict, r.Codes = verify.NotVerified, []reason.Code{reason.TExpired, reason.RNone}
			r.Axes.Status = verify.Finding{State: verify.Pass, Code: reason.RNone}
			r.Badge = verify.Badge{Name: "First Aid", Until: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
		}, `NOT VERIFIED
It expired on 1 Jun 2026.
First Aid
What to do: Ask if there is a newer badge.
Issued by: Riverbend Academy
Valid until: 1 Jun 2026
Checked on 21 Nov 2026.
T-EXPIRED`},
		{"list of two months ago, and a clock that is not set", "en", func(r *verify.Report) {
			r.Codes = []reason.Code{reason.RNoted, reason.TNoClock}
			r.Badge = verify.Badge{Name: "First Aid"}
		}, `VERIFIED
Badge is genuine. Who holds it: not checked
First Aid
Issued by: Riverbend Academy
This kiosk's clock is not set; checked as of 21 Nov 2026.
Not withdrawn as of 20 Nov 2026. That list is over a month old.`},
		{"nobody to trust", "en", func(r *verify.Report) {
			*r = verify.Report{Codes: []reason.Code{reason.KUnknown, reason.RNoList, reason.BNone}, At: verify.At(day)}
		}, `CAN'T TELL
The issuer's key is not on this kiosk.
What to do: Ask IT to update this kiosk, then scan again.
Checked as of 21 Nov 2026.
This kiosk has no list of issuers yet, so it trusts nobody.
K-UNKNOWN`},
		{"an expired badge of nobody listed", "en", func(r *verify.Report) {
			r.Verdict = verify.CannotTell
			r.Codes = []reason.Code{reason.TExpired, reason.INotListed}
			r.Axes.Issuer = verify.Finding{Code: reason.INotListed}
			r.Badge = verify.Badge{Name: "Riverbend Academy", Claims: "Riverbend", IssuerID: "did:web:other.example",
				Until: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
		}, `CAN'T TELL
The issuer is not on this kiosk's list.
What to do: Ask the issuer, or ask IT to add it to the list.
Badge says: “Riverbend Academy”
Says it is from: “Riverbend”
Its address: “did:web:other.example”
Checked with this kiosk's lists of 20 Nov 2026.
It expired on 1 Jun 2026.
I-NOTLISTED`},
		{"not a badge", "en", func(r *verify.Report) {
			*r = verify.Report{Codes: []reason.Code{reason.QNotBadge}, KeysAsOf: lists, At: verify.At(day)}
		}, `CAN'T TELL
This code is not a badge.
What to do: Show the QR code of a badge.
Q-NOTBADGE`},
		{"two in one", "en", func(r *verify.Report) {
			one := *r
			r.Badge, r.Verdict = verify.Badge{}, verify.CannotTell
			r.Axes.Issuer = verify.Finding{}
			r.Codes = []reason.Code{reason.INotListed}
			two := *r
			r.Credentials = []verify.Report{one, two}
		}, `CAN'T TELL
The issuer is not on this kiosk's list.
2 badges
What to do: Ask the issuer, or ask IT to add it to the list.
VERIFIED: Welding I
CAN'T TELL: Badge
Checked with this kiosk's lists of 20 Nov 2026.
I-NOTLISTED`},
	} {
		r := genuine()
		c.change(&r)
		if got := readAloud(words(r, c.lang)); got != c.want {
			t.Errorf("%s: screen reads\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestEveryVerdictOfEveryCode holds that whatever a report carries, the
// screen has a word, a mark, a sentence and no unfilled place.
func TestEveryVerdictOfEveryCode(t *testing.T) {
	for _, l := range languages() {
		for _, e := range reason.All {
			for v := verify.CannotTell; v <= verify.Verified; v++ {
				s := words(verify.Report{Verdict: v, Codes: []reason.Code{e.Code}}, l.Tag)
				if s.Word == "" || s.Say == "" || s.Mark == display.NoMark || strings.ContainsAny(readAloud(s), "{}") {
					t.Errorf("%s: %v %s reads\n%s", l.Tag, v, e.Code, readAloud(s))
				}
			}
		}
	}
}

// TestPlacesAreFilledOnce holds that a name with a place in it stays a name.
func TestPlacesAreFilledOnce(t *testing.T) {
	got := variants{"{issuer} of {asof}", "plain"}.with(facts{"issuer": "{asof}", "asof": "today"})
	if want := "{asof} of today"; got != want {
		t.Errorf("filled %q, want %q", got, want)
	}
}

// TestCounts says how many in each language.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 0, "0 badges"}, {"en", 1, "1 badge"}, {"en", 2, "2 badges"},
		{"es", 1, "1 insignia"}, {"es", 5, "5 insignias"},
		{"fr", 0, "0 badge"}, {"fr", 1, "1 badge"}, {"fr", 2, "2 badges"},
		{"vi", 1, "1 huy hiệu"}, {"vi", 2, "2 huy hiệu"},
	} {
		if got := speak(c.lang).count("badges", c.n); got != c.want {
			t.Errorf("%s: %d is %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

// TestDayOnScreen sets a kiosk's day by hand: its screens name that day, and
// not the one before, on which the day begins somewhere on Earth. While
// nothing is set, they name the day that has certainly come.
func TestDayOnScreen(t *testing.T) {
	c := provision.NewClock(60*24*time.Hour, day.AddDate(0, -1, 0))
	r := genuine()
	r.At = c.Moment()
	if got := words(r, "en"); (telling{speak("en"), r, nil}).known()["now"] != "21 Oct 2026" {
		t.Errorf("not set: %q", readAloud(got))
	}
	must(t, c.SetDay(day))
	r.At = c.Moment()
	if got := (telling{speak("en"), r, nil}).known()["now"]; got != "21 Nov 2026" {
		t.Errorf("set to 21 November, the screen says %q", got)
	}
}
