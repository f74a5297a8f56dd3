package sdjwt

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"badgekiosk/verify/key"
	"badgekiosk/verify/multibase"
)

var b64 = multibase.EncodeBase64URL

// private is a made-up private key by its owner's name.
func private(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func public(t testing.TB, name string) *key.Key {
	t.Helper()
	k, err := key.FromPublic(private(name).Public())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sign makes a token by the key of that name.
func sign(name, header, payload string) string {
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	return input + "." + b64(ed25519.Sign(private(name), []byte(input)))
}

// hide is the text of a disclosure and its digest.
func hide(parts ...any) (text, digest string) {
	raw, err := json.Marshal(parts)
	if err != nil {
		panic(err)
	}
	text = b64(raw)
	sum := sha256.Sum256([]byte(text))
	return text, b64(sum[:])
}

// A frame says which members of an object or elements of an array are hidden
// ("_sd"), how many digests of nothing to add ("_sd_decoy"), and the same of
// what stands in them.
type frame map[string]any

// concealer hides what frames name, and keeps the disclosures of what may be
// shown.
type concealer struct {
	salts int
	shown []string
}

func (c *concealer) digest(show bool, parts ...any) string {
	c.salts++
	text, digest := hide(append([]any{"salt-" + strconv.Itoa(c.salts)}, parts...)...)
	if show {
		c.shown = append(c.shown, text)
	}
	return digest
}

func (c *concealer) decoys(what frame) (digests []string) {
	n, _ := what["_sd_decoy"].(float64)
	for range int(n) {
		digests = append(digests, c.digest(false, "decoy"))
	}
	return digests
}

// conceal returns v as an issuer signs it. show says what the holder shows.
func (c *concealer) conceal(v any, what frame, show any) any {
	hidden := map[string]bool{}
	list, _ := what["_sd"].([]any)
	for _, name := range list {
		hidden[fmt.Sprint(name)] = true
	}
	inside := func(name string, v any) (any, bool) {
		deeper, _ := what[name].(map[string]any)
		wanted := any(nil)
		if m, ok := show.(map[string]any); ok {
			wanted = m[name]
		}
		return c.conceal(v, deeper, wanted), wanted != nil && wanted != false
	}
	switch v := v.(type) {
	case map[string]any:
		out, digests := map[string]any{}, c.decoys(what)
		for name, m := range v {
			value, wanted := inside(name, m)
			if hidden[name] {
				digests = append(digests, c.digest(wanted, name, value))
			} else {
				out[name] = value
			}
		}
		if len(digests) > 0 {
			slices.Sort(digests)
			out["_sd"] = digests
		}
		return out
	case []any:
		out := []any{}
		for i, item := range v {
			value, wanted := inside(strconv.Itoa(i), item)
			if hidden[strconv.Itoa(i)] {
				value = map[string]any{"...": c.digest(wanted, value)}
			}
			out = append(out, value)
		}
		for _, d := range c.decoys(what) {
			out = append(out, map[string]any{"...": d})
		}
		return out
	}
	return v
}

// join puts a token and its disclosures together.
func join(jwt string, disclosures ...string) string {
	return strings.Join(append([]string{jwt}, append(disclosures, "")...), "~")
}

// bind has the holder of that name sign what stands before it.
func bind(name, presented, header string) string {
	sum := sha256.Sum256([]byte(presented))
	return presented + sign(name, header, `{"iat":1768435200,"aud":"https://kiosk.example","nonce":"n-1","sd_hash":"`+b64(sum[:])+`"}`)
}
