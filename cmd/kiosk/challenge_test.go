package main

import (
	"image"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"badgekiosk/display/press"
	"badgekiosk/provision/issue/sample"
	"badgekiosk/scanner"
	"badgekiosk/verify"
	"badgekiosk/verify/trust"
)

// phones runs test in front of a kiosk that judges the samples, in virtual
// time. badge is one of them, answer what its holder's phone shows of what
// stands on the glass.
func phones(t *testing.T, badge string, test func(f *front, badge []byte, answer func() []byte)) {
	var held sample.Badge
	set := func(k *Kiosk) {
		tree, badges, err := sample.New(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		believed, err := trust.Open(tree)
		if err != nil {
			t.Fatal(err)
		}
		held = badges[slices.IndexFunc(badges, func(b sample.Badge) bool { return b.Name == badge })]
		judge := verify.Verifier{Trust: believed}
		k.Judge, k.Name, k.Seen = judge.Verify, "front desk & co", nil
		k.Ask = func() verify.Ask { return verify.Ask{At: verify.At(time.Now())} }
	}
	standingAt(t, set, func(f *front) {
		f.glass.fields = 9
		test(f, held.Payload, func() []byte {
			f.Helper()
			return answerTo(f.T, held, f.glass.now().QR)
		})
	})
}

// answerTo reads the code on the glass as a phone does, and answers it.
func answerTo(t *testing.T, b sample.Badge, code string) []byte {
	t.Helper()
	u, err := url.Parse(code)
	if err != nil || u.Scheme != "openid4vp" || u.Query().Get("response_type") != "vp_token" {
		t.Fatalf("the glass asks %q: %v", code, err)
	}
	answer, err := b.Answer(u.Query().Get("nonce"), u.Query().Get("client_id"))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestHolderAnswers: after a good badge OK asks the phone, whose answer is
// good once.
func TestHolderAnswers(t *testing.T) {
	phones(t, "genuine", func(f *front, badge []byte, answer func() []byte) {
		f.hold(string(badge))
		f.reads("a good badge", "Badge is genuine. Who holds it: not checked", "Press OK to check who holds it.")
		f.press(press.Menu)
		f.reads("OK", "Scan this with the phone")
		f.wait(10 * time.Second)
		f.hold(string(badge)) // it is in front of the camera still
		f.reads("the badge again", "Scan this with the phone")
		first := answer()
		f.wait(30 * time.Second)
		f.hold(string(first))
		f.reads("the answer", "VERIFIED", "Badge is genuine. Shown by its holder")
		f.wait(10 * time.Second)
		f.hold(string(first))
		f.reads("the answer, held up still", "Shown by its holder")
		f.wait(time.Minute)
		f.hold(string(first))
		f.reads("the answer, once more", "CHECK", "was used before", "P-REPLAY")
		f.press(press.Menu)
		f.hold(string(answer()))
		f.reads("a new answer", "Shown by its holder")
	})
}

// TestAnswerBesideTheBadge: one frame that shows the badge, held up still, and
// the phone's answer is an answer.
func TestAnswerBesideTheBadge(t *testing.T) {
	phones(t, "genuine", func(f *front, badge []byte, answer func() []byte) {
		f.hold(string(badge))
		f.press(press.Menu)
		both := sight{payloads: []scanner.Payload{{Data: answer()}, {Data: badge}}}
		f.kiosk.see(both)
		if got := readAloud(f.kiosk.screen()); !strings.Contains(got, "Shown by its holder") {
			t.Errorf("the glass reads\n%s", got)
		}
	})
}

// TestCodeOnTheWall: a code that nobody can read and nobody moves is no reason
// to show the camera's picture, but the next person's is.
func TestCodeOnTheWall(t *testing.T) {
	var steady scanner.Steady
	start := time.Now()
	small := image.NewGray(image.Rect(0, 0, 4, 3))
	look := func(after time.Duration, h scanner.Hint) sight {
		return sightOf(scanner.Sight{At: start.Add(after), Hint: h, Small: small}, &steady)
	}
	far := scanner.Hint{Advice: scanner.HoldCloser, Sure: 1, Near: .3}
	for after := time.Duration(0); after < time.Minute; after += 100 * time.Millisecond {
		s := look(after, far)
		if held := after <= 20*time.Second; s.code != held || (s.picture != nil) != held || (s.near > 0) != held {
			t.Fatalf("after %s: %+v", after, s)
		}
	}
	look(62*time.Second, scanner.Hint{})
	if s := look(63*time.Second, far); !s.code || s.picture == nil {
		t.Errorf("the next person's code: %+v", s)
	}
}

// TestHolderFails: what is no answer to the question on the glass proves
// nothing, and a badge without an answer is judged as ever.
func TestHolderFails(t *testing.T) {
	phones(t, "genuine", func(f *front, badge []byte, answer func() []byte) {
		f.hold(string(badge))
		f.press(press.Menu)
		old := answer()
		f.press(press.Menu)
		f.reads("OK at the question", "Show your badge")
		f.wait(10 * time.Second)
		f.hold(string(badge))
		f.press(press.Menu)
		f.hold(string(old))
		f.reads("an answer to the last question", "CHECK", "The phone gave a wrong answer", "P-WRONG")
		f.press(press.Menu)
		f.reads("OK at a wrong answer", "Scan this with the phone")
		late := answer()
		f.wait(answerTime - time.Second)
		f.reads("nearly two minutes later", "Scan this with the phone")
		f.wait(2 * time.Second)
		f.reads("two minutes later", "Show your badge")
		f.hold(string(late))
		f.reads("a late answer", "CHECK", "came too late", "P-LATE")
		f.hold(string(badge))
		f.reads("the badge alone", "VERIFIED", "Who holds it: not checked")
		f.wait(lateTime)
		f.hold(string(late))
		f.reads("an answer to what is long forgotten", "VERIFIED", "Who holds it: not checked")
	})
}

// TestHolderOfAnother: who answers with another badge than was shown is told
// apart.
func TestHolderOfAnother(t *testing.T) {
	phones(t, "genuine", func(f *front, badge []byte, answer func() []byte) {
		f.hold(string(badge))
		f.press(press.Menu)
		f.kiosk.query.badge = "another" // as if that had been shown
		f.hold(string(answer()))
		f.reads("the answer", "Shown by its holder", "This is not the badge that was shown before.")
	})
}

// TestNobodyToAsk: a phone is asked of a good badge alone.
func TestNobodyToAsk(t *testing.T) {
	for _, badge := range []string{"tampered", "revoked", "unknown", "notbadge"} {
		phones(t, badge, func(f *front, badge []byte, _ func() []byte) {
			f.hold(string(badge))
			f.press(press.Menu)
			f.reads("OK", "Show your badge")
		})
	}
}

// TestQuestionsDiffer: no number is asked with twice.
func TestQuestionsDiffer(t *testing.T) {
	phones(t, "genuine", func(f *front, badge []byte, _ func() []byte) {
		seen := map[string]bool{}
		for range 5 {
			f.hold(string(badge))
			f.press(press.Menu)
			if code := f.glass.now().QR; seen[code] || !strings.Contains(code, "client_id=front+desk+%26+co") {
				t.Errorf("asks %q", code)
			} else {
				seen[code] = true
			}
			f.press(press.Next)
			f.wait(10 * time.Second)
		}
	})
}
