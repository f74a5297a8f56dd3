package verify

import (
	"sync"

	"badgekiosk/verify/key"
	"badgekiosk/verify/trust"
)

// maxPrepared is how many keys are kept prepared, 130 kB each. A district has a
// few issuers; a consortium's busiest kiosk meets some dozens in a week.
const maxPrepared = 32

// preparedKeys keeps the listed keys that were used last ready to check many
// signatures. Only keys of the trust set are in it, never a learner's.
type preparedKeys struct {
	mu   sync.Mutex
	used map[*trust.Key]*preparedKey
	now  int64 // grows with every use
}

type preparedKey struct {
	last int64
	key  *key.Key // nil after the first use: most keys may be met only once
}

// What a check under a prepared key costs at most, in Ed25519 checks: half of
// one if it is good, else the standard library is asked too. Preparing costs
// two.
const (
	costPrepared  = 2
	costPreparing = 2
)

// key is a candidate's key, prepared if it is listed and was used before, and
// what a check under it costs at most.
func (p *preparedKeys) key(c candidate) (k *key.Key, cost int) {
	if c.listing == nil || c.key.Kind() != key.Ed25519 {
		return c.key, costOf(c.key)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now++
	kept, known := p.used[c.listing]
	if !known {
		p.makeRoom()
		p.used[c.listing] = &preparedKey{last: p.now}
		return c.key, costOf(c.key)
	}
	kept.last, cost = p.now, costPrepared
	if kept.key == nil {
		kept.key, cost = c.listing.Prepared(), costPrepared+costPreparing
	}
	return kept.key, cost
}

// makeRoom drops the key that was not used for the longest time.
func (p *preparedKeys) makeRoom() {
	if p.used == nil {
		p.used = map[*trust.Key]*preparedKey{}
	}
	if len(p.used) < maxPrepared {
		return
	}
	var oldest *trust.Key
	for listing, k := range p.used {
		if oldest == nil || k.last < p.used[oldest].last {
			oldest = listing
		}
	}
	delete(p.used, oldest)
}
