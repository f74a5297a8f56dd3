package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"badgekiosk/image/vmtest/marks"
	"badgekiosk/provision/issue"
	"badgekiosk/verify"
)

// How many marked badges are shown to the camera, and how many come from a
// hand scanner, which takes less time for each. BADGES=1000 in the environment
// is another number of the latter: a thousand take the emulated board an hour.
const (
	shownToCamera = 20
	scannedByHand = 50
	// inBundle is how many marked hosted assertions, and how many marked
	// consents, are in the bundle.
	inBundle = 50
)

// A markedWorld is a coalition whose learners all have one word in their names
// and addresses, which is in nothing else.
type markedWorld struct {
	*coalition
	word   string
	badges []string // files, as issued
	codes  []string // texts, as codes hold them
}

// marked founds a coalition whose kiosks may show names, and issues n badges.
func (t *trial) marked(ctx context.Context, n int) (*markedWorld, error) {
	dir, err := os.MkdirTemp(t.dir, "marked-")
	if err != nil {
		return nil, err
	}
	m := &markedWorld{word: newWord()}
	if m.coalition, err = begin(ctx, t.coalition.program, dir); err == nil {
		err = m.all(ctx, []string{"bundle", "settings", "co", "--audience", "office"})
	}
	if err == nil {
		err = m.issue(n)
	}
	return m, errors.Join(err, m.seal(ctx))
}

// newWord is a word that is nowhere else in the world.
func newWord() string {
	b := make([]byte, 14)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = 'a' + b[i]%26
	}
	return "Q" + string(b)
}

// issue issues the badges, and puts records of other learners into the trust
// folder.
func (m *markedWorld) issue(n int) error {
	key, err := issue.ReadKey(m.file("riverbend.jwk"))
	if err != nil {
		return err
	}
	issuer, tree := issue.NewIssuer(key, ""), issue.Trust{Folder: issue.Dir(m.file("co/trust"))}
	sign := func(i int) ([]byte, error) {
		return issuer.Sign(issue.Badge{From: time.Now(), Achievement: issue.Achievement{Name: "Welding I"},
			Learner: issue.Learner{ID: fmt.Sprintf("did:example:%s%d", m.word, i), Name: fmt.Sprintf("%s Tamblyn %d", m.word, i)}}, issue.Options{Compact: true})
	}
	for i := range n {
		badge, err := sign(i)
		if err != nil {
			return err
		}
		code, err := issue.ForCode(badge)
		if err != nil {
			return err
		}
		m.badges, m.codes = append(m.badges, fmt.Sprintf("%d.json", i)), append(m.codes, string(code))
		if err := os.WriteFile(m.file(m.badges[i]), badge, 0o600); err != nil {
			return err
		}
	}
	for i := range inBundle {
		badge, err := sign(n + i)
		if err != nil {
			return err
		}
		if err := m.keep(tree, issuer, badge, i); err != nil {
			return err
		}
	}
	return nil
}

// keep puts one hosted assertion of a marked learner into the trust folder, and
// one consent for a marked badge.
func (m *markedWorld) keep(tree issue.Trust, issuer issue.Issuer, badge []byte, i int) error {
	signature, err := verify.Signature(badge)
	if err != nil {
		return err
	}
	consent, err := issuer.SignConsent(issue.Consent{Badge: signature, Audience: []string{"employer"}, Show: []string{"name"}, From: time.Now(), Until: time.Now().AddDate(0, 6, 0)})
	if err != nil {
		return err
	}
	at := fmt.Sprintf("https://riverbend.example/assertions/%s-%d", m.word, i)
	hosted, err := json.Marshal(map[string]any{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": at,
		"recipient":    map[string]any{"type": "email", "identity": strings.ToLower(m.word) + "@learner.example", "hashed": false},
		"badge":        "https://riverbend.example/class",
		"verification": map[string]any{"type": "hosted"}})
	return errors.Join(err, tree.AddConsent("riverbend", signature, consent), tree.AddShare("riverbend", at, hosted, time.Now()))
}

// shown shows marked badges to the camera, to a kiosk that may show names, and
// then searches it.
func shown(ctx context.Context, t *trial) error {
	m, err := t.marked(ctx, shownToCamera)
	if err != nil {
		return err
	}
	if t.card, err = t.own(ctx, m.coalition, choices{panel: panelName, camera: "usb", audience: "office"}); err != nil {
		return err
	}
	if err := errors.Join(t.hold(""), t.on(ctx, false)); err != nil {
		return err
	}
	w, err := t.witness()
	if err == nil {
		err = t.scanning()
	}
	if err != nil {
		return err
	}
	began := time.Now()
	for i, code := range m.codes {
		if err := t.hold(code); err != nil {
			return err
		}
		if err := w.verified(i + 1); err != nil {
			return fmt.Errorf("badge %d before the camera: %w", i, err)
		}
		if i == 0 || i == len(m.codes)-1 { // the name is on the glass, as the kiosk draws it
			want, err := m.see(ctx, choices{panel: panelName, audience: "office"}, bundleFile, m.badges[i])
			if err == nil {
				err = t.shows(m.badges[i], want, lookTime)
			}
			if err != nil {
				return err
			}
		}
	}
	t.note("%d marked badges before the camera: %.1f s each, all VERIFIED, the first and the last with the name on the glass, pixel for pixel", len(m.codes), time.Since(began).Seconds()/float64(len(m.codes)))
	if err := t.keepsNothing(w, m); err != nil {
		return err
	}
	return t.finds(w, m)
}

// scanned has marked badges come from a hand scanner on a serial line, and then
// searches the kiosk.
func scanned(ctx context.Context, t *trial) error {
	badges := scannedByHand
	if n, err := strconv.Atoi(os.Getenv("BADGES")); err == nil && n > 0 {
		badges = n
	}
	m, err := t.marked(ctx, badges)
	if err != nil {
		return err
	}
	if t.card, err = t.own(ctx, m.coalition, choices{panel: "lcd-ili9341", camera: "hand", audience: "office"}); err != nil {
		return err
	}
	paper := t.glass
	t.glass = nil // this kiosk has another panel, which nobody looks at
	defer func() { t.glass = paper }()
	if err := t.on(ctx, false); err != nil {
		return err
	}
	w, line, err := t.atDesk()
	if err != nil {
		return err
	}
	defer line.Close() //nolint:errcheck // the board is off by then
	began := time.Now()
	for i, code := range m.codes {
		if err := w.scan(line, code, i+1); err != nil {
			return fmt.Errorf("badge %d from the hand scanner: %w", i, err)
		}
	}
	if err := w.verified(len(m.codes)); err != nil {
		return err
	}
	t.note("%d marked badges from a hand scanner: %.2f s each, all VERIFIED", len(m.codes), time.Since(began).Seconds()/float64(len(m.codes)))
	if err := t.keepsNothing(w, m); err != nil {
		return err
	}
	ram, err := t.inRAM(m)
	if err != nil {
		return err
	}
	t.note("in the board's memory, which ends with its power, the word was %s", ram)
	return t.finds(w, m)
}

// withScanner is the equipment of boards with a witness and a hand scanner.
func withScanner(t *trial) (equipment, error) {
	e, err := t.witnessed()
	e.emulator = t.plugScanner("port=1.4")
	return e, err
}

func withWitness(t *trial) (equipment, error) { return t.witnessed() }

// inMemory are the kinds of file systems that live in the board's memory, and
// the kernel's log.
const inMemory = "rootfs,ramfs,tmpfs,devtmpfs,log"

// keepsNothing holds that nothing of the learners is anywhere on a board that
// is at rest.
func (t *trial) keepsNothing(w *witness, m *markedWorld) error {
	if err := t.hold(""); err != nil {
		return err
	}
	time.Sleep(restTime)
	inside, err := t.search(w, m)
	if err != nil {
		return err
	}
	t.note("searched for the learners' word, as it is, in base64, hexadecimal and UTF-16:")
	for _, place := range inside.places {
		t.note("  %s", place)
	}
	if inside.hits > 0 {
		return fmt.Errorf("something of a learner was kept: %s", strings.Join(inside.found, "; "))
	}
	return nil
}

// finds hides the word on the board, and holds that the same search finds it.
func (t *trial) finds(w *witness, m *markedWorld) error {
	if err := w.plant(m.word); err != nil {
		return err
	}
	control, err := t.search(w, m)
	if err != nil {
		return err
	}
	t.note("the word was then hidden on purpose in 4 places: %d found", control.hits)
	if want := 4; len(control.where) < want {
		return fmt.Errorf("the search is blind: of %d places with the word it found %v", want, control.where)
	}
	return nil
}

// restTime is how long a kiosk without anybody before it may take to wipe a
// result and rest, with time to spare: see cmd/kiosk, stays.
const restTime = 40 * time.Second

// plant hides a word in memory, on the card in two places, and in the log.
func (w *witness) plant(word string) error {
	var wide bytes.Buffer
	for _, c := range "name: " + word {
		wide.Write([]byte{byte(c), 0})
	}
	for name, text := range map[string]string{
		"/tmp/planted":                        wide.String(),
		"/var/lib/badge-kiosk/planted":        base64.StdEncoding.EncodeToString([]byte(`{"name":"` + word + `"}`)),
		"/var/lib/badge-kiosk/planted.pieces": word + "\n",
		"/dev/kmsg":                           word + "\n",
	} {
		if _, err := w.ask(answerTime, "write", name, marks.Turned(text)); err != nil {
			return err
		}
	}
	return nil
}

// A harvest is what a search found.
type harvest struct {
	hits   int
	where  map[string]bool
	places []string // that were searched
	found  []string
}

func (h *harvest) add(place string, size int64, hits int, at []marks.Hit) {
	h.hits += hits
	h.places = append(h.places, fmt.Sprintf("%s (%d bytes): %d", place, size, hits))
	for _, p := range at {
		h.where[place] = true
		h.found = append(h.found, fmt.Sprintf("%s at %d: %s", place, p.At, p.Form))
	}
}

// search searches the board's file systems in memory and its log from inside,
// and its card, the log that came out of it and its bundle from outside.
func (t *trial) search(w *witness, m *markedWorld) (h harvest, err error) {
	h.where = map[string]bool{}
	said, err := w.ask(5*answerTime, "search", inMemory, marks.Turned(m.word))
	if err != nil {
		return h, err
	}
	sums := regexp.MustCompile(`^(.*): (?:\d+ files, )?(\d+) bytes, (\d+) hits$`)
	kinds := 0
	for _, line := range said {
		g := sums.FindStringSubmatch(line)
		if g == nil {
			h.found = append(h.found, line)
			continue
		}
		size, _ := strconv.ParseInt(g[2], 10, 64) // digits
		hits, _ := strconv.Atoi(g[3])
		if kinds++; hits > 0 {
			h.where[g[1]] = true
		}
		h.add(g[1], size, hits, nil)
	}
	if kinds < 4 {
		return h, fmt.Errorf("the witness searched too little: %v", said)
	}
	if _, err := w.ask(answerTime, "sync"); err != nil {
		return h, err
	}
	err = t.searchOutside(m, &h)
	return h, err
}

// searchOutside searches the card as it is now, for the word and for pieces of
// the codes too; the board's log as it came out of it; and all that is packed
// in the bundle.
func (t *trial) searchOutside(m *markedWorld, h *harvest) error {
	word, err := marks.New(m.word)
	if err != nil {
		return err
	}
	pieces := make([]string, 0, len(m.codes))
	for _, c := range m.codes {
		pieces = append(pieces, c[len(c)/2:][:24])
	}
	codes, err := marks.Exact(pieces...)
	if err != nil {
		return err
	}
	for name, find := range map[string]*marks.Finder{"the card": word, "the card, for pieces of the codes": codes} {
		if err := h.file(name, t.card, find); err != nil {
			return err
		}
	}
	at, hits, size, err := word.In(strings.NewReader(strings.Join(t.board.all(), "\n")))
	h.add("the console", size, hits, at)
	if err != nil {
		return err
	}
	z, err := zip.OpenReader(m.file(bundleFile))
	if err != nil {
		return err
	}
	defer z.Close() //nolint:errcheck // only read
	var all bytes.Buffer
	for _, f := range z.File {
		all.WriteString(f.Name + "\n")
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, r)
		}
		if err != nil {
			return err
		}
	}
	at, hits, size, err = word.In(&all)
	h.add(fmt.Sprintf("the bundle, unpacked, %d files", len(z.File)), size, hits, at)
	return err
}

func (h *harvest) file(name, path string, find *marks.Finder) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	at, hits, size, err := find.In(f)
	h.add(name, size, hits, at)
	return err
}

// ramSize is how much of its memory the emulated board's processor has: the
// rest is the graphics'.
const ramSize = 0x3b400000

// inRAM says how often the word is in the board's memory.
func (t *trial) inRAM(m *markedWorld) (string, error) {
	path := filepath.Join(t.dir, "memory")
	defer os.Remove(path) //nolint:errcheck // below a folder of temporary files
	_, stopped := t.board.monitor.do("stop", nil)
	_, err := t.board.monitor.do("pmemsave", map[string]any{"val": 0, "size": ramSize, "filename": path})
	_, goesOn := t.board.monitor.do("cont", nil)
	if err := errors.Join(stopped, err, goesOn); err != nil {
		return "", err
	}
	word, err := marks.New(m.word)
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // only read
	_, hits, size, err := word.In(f)
	return fmt.Sprintf("%d times in %d bytes", hits, size), err
}
