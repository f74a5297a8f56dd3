package issue

import (
	"time"
)

// Options say how a badge is secured and written.
type Options struct {
	Format Format // if empty, VCJWT, or with Compact the smallest that the key signs
	// Compact leaves out what a kiosk does not need and what Open Badges does
	// not require: the issuer's name (the trust set has it), the credential's
	// (the achievement has one) and the date of the proof. Identifiers that the badge does not give are short ones, and
	// it is valid from the first instant of a day. The document still passes
	// the Open Badges schema.
	Compact bool
	Created time.Time // of the proof, in Data Integrity formats
}

// Sign issues b: a compact JWS, or one line of JSON with a proof.
//
// The error names what b lacks, or says that the key does not fit the format.
func (i Issuer) Sign(b Badge, o Options) ([]byte, error) {
	if o.Compact {
		i.Name, o.Created = "", time.Time{}
		b = b.short(i.ID)
	}
	c, err := i.credential(b)
	if err != nil {
		return nil, err
	}
	if o.Compact {
		c.Name = ""
	}
	subject := c.Subject.(achievementSubject).ID
	return i.secure(c, o, subject, b.From, b.Until)
}

// secure signs any credential.
func (i Issuer) secure(c *credential, o Options, subject string, from, until time.Time) ([]byte, error) {
	switch o.Format {
	case RDFC, JCS:
		return i.prove(c, o.Format, o.Created)
	case "":
		if o.Format = VCJWT; o.Compact && i.Key.Algorithm == EdDSA {
			return i.prove(c, RDFC, o.Created)
		} else if o.Compact {
			o.Format = VCJOSE
		}
	}
	return i.jwt(c, o.Format, subject, from, until)
}
