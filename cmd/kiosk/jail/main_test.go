//go:build linux && (amd64 || arm64 || arm)

package jail

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/verify"
	"badgekiosk/verify/reason"
	"badgekiosk/verify/verifytest"
)

// asJudge is the first argument of this test program when it is a judge.
const asJudge = "judge-of-the-test"

// TestMain makes the test program a judge of its own, of the kind that the
// second argument names.
func TestMain(m *testing.M) {
	if len(os.Args) < 3 || os.Args[1] != asJudge {
		os.Exit(m.Run())
	}
	if err := kinds[os.Args[2]](); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// command starts one of kinds. Its patience is enough for an emulated board.
func command(kind ...string) Command {
	return Command{Args: append([]string{asJudge}, kind...), Patience: 2 * time.Minute}
}

// kinds are the judges that this program can be.
var kinds = map[string]func() error{
	// as the product's
	"walls": func() error { return Serve(func() (Court, error) { return tempted, nil }) },
	"badge": func() error {
		return Serve(func() (Court, error) {
			v := verify.Verifier{Trust: verifytest.Named(mute{}, os.Args[3]).Trust}
			return v.Verify, nil
		})
	},
	// as on a kernel that lacks some or all walls
	"bare": func() error { return serve(os.Stdin, os.Stdout, court(tempted), func() []Layer { return nil }) },
	"walls of": func() error {
		return serve(os.Stdin, os.Stdout, court(tempted), func() []Layer { return confineTo(os.Args[3:]) })
	},
	// that cannot start, or die
	"no bundle": func() error { return Serve(func() (Court, error) { return nil, errors.New("no bundle here") }) },
	"dies":      func() error { return errors.New("died") },
	"hangs":     func() error { time.Sleep(time.Hour); return nil },
	// that was tricked
	"babbles": func() error {
		return serve(os.Stdin, os.Stdout, court(func(p []byte, _ verify.Ask) verify.Report {
			if err := sendValue(os.Stdout, &struct{ A, B string }{"what", string(p)}); err != nil {
				os.Exit(3)
			}
			return verify.Report{}
		}), confine)
	},
	"lies": func() error {
		return serve(os.Stdin, os.Stdout, court(func(p []byte, _ verify.Ask) verify.Report { return lie(string(p)) }), confine)
	},
}

func court(c Court) func() (Court, error) { return func() (Court, error) { return c, nil } }

// mute lets fixtures be read where no test runs.
type mute struct{ testing.TB }

func (mute) Helper()           {}
func (mute) Fatal(args ...any) { panic(args) }

// lie is a report that no judge can make.
func lie(about string) (r verify.Report) {
	switch about {
	case "verdict":
		r.Verdict = 77
	case "state":
		r.Axes.Status.State = -1
	case "code":
		r.Codes = []reason.Code{"S-MADEUP"}
	case "finding":
		r.Axes.Time.Code = "T-MADEUP"
	case "long":
		r.Badge.Name = strings.Repeat("x", verify.MaxText+1)
	case "bidi":
		r.Badge.Holder.Name = "\u202eAda"
	case "control":
		r.Axes.Issuer.Name = "a\x1b[2Jb"
	case "bytes":
		r.Badge.Skills = []string{"\xff"}
	case "deep":
		for range maxInner + 2 {
			r = verify.Report{Credentials: []verify.Report{r}}
		}
	}
	return r
}

// TestLies: nothing that a tricked judge answers reaches the screen, and the
// next one judges again.
func TestLies(t *testing.T) {
	j := Start(command("lies"))
	defer j.Close()
	for _, about := range []string{"verdict", "state", "code", "finding", "long", "bidi", "control", "bytes", "deep"} {
		if r, err := j.Judge([]byte(about), verify.Ask{}); reason.CodeOf(err, "") != reason.HJudge || r.Verdict != verify.CannotTell {
			t.Errorf("a lie about %s: %v, %v", about, r.Verdict, err)
		}
		if _, err := j.Judge([]byte("truth"), verify.Ask{}); err != nil {
			t.Errorf("after a lie about %s: %v", about, err)
		}
	}
	b := Start(command("babbles"))
	defer b.Close()
	if _, err := b.Judge([]byte("hello"), verify.Ask{}); reason.CodeOf(err, "") != reason.HJudge {
		t.Errorf("babble: %v", err)
	}
}

// TestSameReport: a report is the same through the pipe as without it, on a
// genuine badge and on what a stranger may hold up.
func TestSameReport(t *testing.T) {
	for _, name := range []string{"verified-jwt", "verified-record", "revoked"} {
		b := verifytest.Named(t, name)
		j := Start(command("badge", name))
		defer j.Close()
		v := verify.Verifier{Trust: b.Trust}
		asks := []verify.Ask{b.Ask, {At: verify.Moment{}, Audience: verify.Office, Lang: "es", Challenge: &verify.Challenge{Nonce: "n", Audience: "a"}}}
		for _, ask := range asks {
			for _, payload := range [][]byte{b.Payload, nil, []byte("no badge"), b.Payload[:len(b.Payload)/2]} {
				got, err := j.Judge(payload, ask)
				if want := v.Verify(payload, ask); err != nil || !same(got, want) {
					t.Errorf("%s: through the pipe %s, %v, without %s", name, got.String(), err, want.String())
				}
			}
		}
	}
}

// same compares what is exported of two reports, times as instants with zone.
func same(a, b verify.Report) bool { return alike(reflect.ValueOf(a), reflect.ValueOf(b)) }

func alike(a, b reflect.Value) bool {
	if a.Type() == reflect.TypeFor[time.Time]() {
		x, y := a.Interface().(time.Time), b.Interface().(time.Time)
		return x.Equal(y) && x.Format(time.RFC3339Nano) == y.Format(time.RFC3339Nano)
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() && !alike(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !alike(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// TestEveryReport: whatever verify says of any of our badges goes through,
// with every field, and is taken for sound.
func TestEveryReport(t *testing.T) {
	verifytest.Each(t, func(t *testing.T, b verifytest.Badge) {
		v := verify.Verifier{Trust: b.Trust}
		b.Ask.Audience = verify.Office
		want := v.Verify(b.Payload, b.Ask)
		if err := sound(&want, 0); err != nil {
			t.Errorf("%s is taken for a lie", want.String())
		}
		var pipe strings.Builder
		if err := sendValue(&pipe, &want); err != nil {
			t.Fatal(err)
		}
		var got verify.Report
		if err := receiveValue(strings.NewReader(pipe.String()), maxAnswer, &got); err != nil || !same(got, want) {
			t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
		}
	})
	// a field of a kind that is not sent would be lost in silence
	var ask verify.Ask
	if err := sendValue(new(strings.Builder), &ask); err != nil {
		t.Error(err)
	}
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// TestStopsAndStarts: who cannot judge says why, and one that died while it
// judged leaves the next badge a judge.
func TestStopsAndStarts(t *testing.T) {
	for kind, want := range map[string]string{"no bundle": "no bundle here", "dies": "exit status 1"} {
		j := Start(command(kind))
		err := j.Wait(soon(t))
		if err == nil || !strings.Contains(err.Error(), want) || j.Err() == nil {
			t.Errorf("%s: %v", kind, err)
		}
		j.Close()
		if _, err := j.Judge(nil, verify.Ask{}); reason.CodeOf(err, "") != reason.HJudge {
			t.Errorf("%s, closed: %v", kind, err)
		}
	}
	j := Start(Command{Path: "/nowhere/kiosk"})
	if err := j.Wait(soon(t)); err == nil || !strings.Contains(err.Error(), "/nowhere/kiosk") {
		t.Errorf("no program: %v", err)
	}
	j.Close()

	j = Start(command("hangs"))
	start := time.Now()
	j.Close()
	if took := time.Since(start); took > startTime/2 {
		t.Errorf("a judge that does not come up kept the kiosk from closing for %s", took)
	}
	if _, err := j.Judge(make([]byte, MaxPayload+1), verify.Ask{}); reason.CodeOf(err, "") != reason.HJudge {
		t.Errorf("too long a payload: %v", err)
	}
}

// TestRenew: there is a judge at every moment while another is started.
func TestRenew(t *testing.T) {
	j := Start(command("walls"))
	defer j.Close()
	seen, soon := map[string]bool{}, soon(t) // a busy computer starts a process slowly
	for i := 0; len(seen) < 3 && soon.Err() == nil; i++ {
		if i%50 == 25 {
			j.Renew()
		}
		r, err := j.Judge([]byte("who"), verify.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		seen[r.Badge.Name] = true
	}
	if len(seen) < 3 {
		t.Errorf("judged by %d processes", len(seen))
	}
}

// TestMessages: a message is whole or an error, and one that promises more
// than is agreed takes no memory.
func TestMessages(t *testing.T) {
	var b strings.Builder
	if err := send(&b, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	for i := range whole {
		if _, err := receive(strings.NewReader(whole[:i]), 5); err == nil {
			t.Errorf("cut at %d", i)
		}
	}
	if got, err := receive(strings.NewReader(whole), 5); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := receive(strings.NewReader(whole), 4); !errors.Is(err, errTooLong) {
		t.Errorf("longer than agreed: %v", err)
	}
}

// FuzzAnswer: no answer makes the kiosk fall over, and what is taken for
// sound can be worded.
func FuzzAnswer(f *testing.F) {
	for _, name := range []string{"verified-jwt", "verified-record", "expired"} {
		b := verifytest.Named(f, name)
		v := verify.Verifier{Trust: b.Trust}
		r := v.Verify(b.Payload, b.Ask)
		var pipe strings.Builder
		if err := sendValue(&pipe, &r); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(pipe.String()))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r verify.Report
		if receiveValue(strings.NewReader(string(data)), maxAnswer, &r) != nil || sound(&r, 0) != nil {
			return
		}
		if s := r.String() + r.Axes.Status.State.String() + r.Recipient.String(); s == "" || len(r.Codes) > 0 && !slices.Contains(r.Codes, r.Codes[0]) {
			t.Error(s)
		}
	})
}

// BenchmarkJudge is what the jail costs: the same badge in this process and
// through the pipe, in turn, the median of each.
func BenchmarkJudge(b *testing.B) {
	badge := verifytest.Named(b, "verified-jwt")
	v := verify.Verifier{Trust: badge.Trust}
	j := Start(command("badge", "verified-jwt"))
	defer j.Close()
	if err := j.Wait(soon(b)); err != nil {
		b.Fatal(err)
	}
	var here, jail []time.Duration
	for b.Loop() {
		start := time.Now()
		v.Verify(badge.Payload, badge.Ask)
		here = append(here, time.Since(start))
		start = time.Now()
		if _, err := j.Judge(badge.Payload, badge.Ask); err != nil {
			b.Fatal(err)
		}
		jail = append(jail, time.Since(start))
	}
	slices.Sort(here)
	slices.Sort(jail)
	b.ReportMetric(float64(here[len(here)/2].Microseconds()), "here-µs")
	b.ReportMetric(float64(jail[len(jail)/2].Microseconds()), "jail-µs")
}
