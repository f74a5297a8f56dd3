package bundle

import (
	"bytes"
	"crypto/sha256"
	"sync"
	"testing"

	"badgekiosk/verify/reason"
	"badgekiosk/verify/trust"
)

// installed is a bundle as a store keeps it: its zip and the memo beside it.
func installed(t testing.TB, src Files, anchor []byte, before Before) (whole *Bundle, zipped, memo []byte) {
	t.Helper()
	zipped, err := Zip(src)
	if err != nil {
		t.Fatal(err)
	}
	if whole, err = Open(src, anchor, before); err != nil {
		t.Fatal(err)
	}
	set, err := trust.OpenSealed(whole.Tree())
	if err != nil {
		t.Fatal(err)
	}
	index, err := set.Index()
	if err != nil {
		t.Fatal(err)
	}
	if memo, err = whole.Memo(zipped, index); err != nil {
		t.Fatal(err)
	}
	return whole, zipped, memo
}

// believed is the set of a reopened bundle, as a kiosk opens it.
func believed(t testing.TB, b *Bundle) *trust.Set {
	t.Helper()
	set, err := trust.OpenIndexed(b.ConsortiumTree(), b.Index(), b.PartTree)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestReopen: a bundle opened again has the parts it had, each verified when
// it is asked for.
func TestReopen(t *testing.T) {
	src, anchor := coalition(t, 3)
	whole, zipped, memo := installed(t, src, anchor, Before{})
	b, err := Reopen(bytes.NewReader(zipped), anchor, Before{}, memo)
	if err != nil {
		t.Fatal(err)
	}
	if b.Version != whole.Version || !b.Expires.Equal(whole.Expires) || !bytes.Equal(b.Root, whole.Root) || len(b.LeftOut) != 0 {
		t.Errorf("reopened as %+v", b)
	}
	set := believed(t, b)
	for _, id := range []string{"did:web:s7.d000.example", "did:web:s99.d002.example"} {
		if all := set.Listed(id); len(all) != 1 || len(all[0].Keys) != 1 {
			t.Errorf("%s is not listed", id)
		}
	}
	if len(set.Document("https://lists.d000.example/0")) != 1 || set.Lost() {
		t.Error("a list is missing")
	}
	parts := b.Parts()
	for role, p := range whole.Parts() {
		if got := parts[role]; got == nil || len(got.Files) != len(p.Files) || len(got.Meta) != len(p.Meta) {
			t.Errorf("the part of %s is not what it was", role)
		}
	}
	var all sync.WaitGroup
	for _, role := range []string{"d000", "d001", "d002", "d000"} {
		all.Go(func() {
			if _, err := b.Part(role); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, err := b.Part("nobody"); reason.CodeOf(err, "") != reason.BPart {
		t.Errorf("a part of nobody: %v", err)
	}
}

// TestReopenDamaged: a card that changes bytes of a member's file loses that
// member, when it is asked for; of the rest, nothing; of what is at the top,
// everything.
func TestReopenDamaged(t *testing.T) {
	src, anchor := coalition(t, 2)
	_, zipped, memo := installed(t, src, anchor, Before{})
	lost, refused := 0, 0
	for at := 40; at < len(zipped)*9/10; at += len(zipped) / 40 {
		damaged := bytes.Clone(zipped)
		damaged[at] ^= 0x55
		b, err := Reopen(bytes.NewReader(damaged), anchor, Before{}, memo)
		if err != nil {
			refused++
			continue
		}
		whole := 0
		for _, role := range []string{"d000", "d001", "marlow", "riverbend"} {
			if _, err := b.Part(role); err == nil {
				whole++
			} else if reason.CodeOf(err, "") != reason.BPart {
				t.Errorf("byte %d: %v", at, err)
			}
		}
		set := believed(t, b)
		if n := len(set.Listed("did:web:s7.d000.example")) + len(set.Listed("did:web:s7.d001.example")); whole < 4 && n == 2 && set.Lost() {
			t.Errorf("byte %d: a part is lost and counts", at)
		}
		if whole < 3 {
			t.Errorf("byte %d: %d of 4 parts are left", at, whole)
		}
		if whole == 3 {
			lost++
		}
	}
	if lost < 10 {
		t.Errorf("%d damages lost a part and %d the top; too few to believe this test", lost, refused)
	}
}

// TestReopenKeeps: a part that was left out stays left out, and the last good
// one in its place.
func TestReopenKeeps(t *testing.T) {
	r := newRepo(t)
	first, err := Open(r.write(), r.roots[0], Before{})
	if err != nil {
		t.Fatal(err)
	}
	r.next()
	src := r.write()
	for name := range src {
		if bytes.HasPrefix([]byte(name), []byte("targets/districts/marlow/")) {
			src[name] = []byte("damaged")
		}
	}
	before := Before{Parts: first.Parts()}
	_, zipped, memo := installed(t, src, r.roots[0], before)
	b, err := Reopen(bytes.NewReader(zipped), r.roots[0], before, memo)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.LeftOut) != 1 || b.LeftOut[0].Member != "marlow" || !b.LeftOut[0].Kept {
		t.Errorf("left out: %+v", b.LeftOut)
	}
	if p, err := b.Part("marlow"); err != nil || string(p.Files["districts/marlow/issuers/a.json"]) != `{"name":"Marlow"}` {
		t.Errorf("the last good part: %v, %v", p, err)
	}
	if b, err = Reopen(bytes.NewReader(zipped), r.roots[0], Before{}, memo); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Part("marlow"); reason.CodeOf(err, "") != reason.BPart {
		t.Errorf("without a last good part: %v", err)
	}
}

// TestMemoMangled: a memo that is cut or changed is refused, and so is that of
// another edition.
func TestMemoMangled(t *testing.T) {
	r := newRepo(t)
	src := r.write()
	_, zipped, memo := installed(t, src, r.roots[0], Before{})
	for n := range memo {
		changed := bytes.Clone(memo)
		changed[n] ^= 1
		for _, bad := range [][]byte{memo[:n], changed} {
			if _, err := Reopen(bytes.NewReader(zipped), r.roots[0], Before{}, bad); err == nil {
				t.Fatalf("byte %d of the memo: believed", n)
			}
		}
	}
	r.next()
	if _, _, other := installed(t, r.write(), r.roots[0], Before{}); other != nil {
		if _, err := Reopen(bytes.NewReader(zipped), r.roots[0], Before{}, other); err == nil {
			t.Error("the memo of another edition is believed")
		}
	}
}

func FuzzMemo(f *testing.F) {
	r := newRepo(f)
	_, zipped, memo := installed(f, r.write(), r.roots[0], Before{})
	f.Add(memo[:len(memo)-32])
	f.Fuzz(func(t *testing.T, data []byte) {
		// With the sum made right, so that what is inside is reached.
		if b, err := Reopen(bytes.NewReader(zipped), r.roots[0], Before{}, summed(data)); err == nil {
			b.Parts()
			if set, err := trust.OpenIndexed(b.ConsortiumTree(), b.Index(), b.PartTree); err == nil {
				set.Listed("did:web:riverbend.example")
			}
		}
	})
}

func summed(data []byte) []byte {
	sum := sha256.Sum256(data)
	return append(bytes.Clone(data), sum[:]...)
}
