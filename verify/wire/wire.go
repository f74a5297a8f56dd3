// Package wire takes the transports off a scanned payload or a file until the
// credential stands there exactly as its issuer encoded it.
//
// What a payload is follows from its bytes alone, never from a file's name or
// from what it is said to be. Nothing is fetched: a link stays a link. Nothing
// is judged either: a [Document] may be forged, expired or no badge at all.
package wire

import (
	"bytes"

	"badgekiosk/verify/rdf"
	"badgekiosk/verify/reason"
)

// The limits of what is opened. Beyond one, the error is Q-TOOBIG.
const (
	// MaxFile is the largest payload, in bytes, that is not a picture.
	MaxFile = 1 << 20
	// MaxPicture is the largest picture, in bytes, that is searched for a
	// baked badge. Its pixels are never decoded here.
	MaxPicture = 16 << 20
	// MaxInflated is the most, in bytes, that one code may hold once it is
	// decompressed: twice the largest transcript of twenty badges seen. What is
	// longer than one code, joined or a file, may hold MaxFile.
	MaxInflated = 256 << 10
	// MaxLayers is how many transports may lie inside one another.
	MaxLayers = 6
	// MaxURL is the longest link, in bytes, that is kept for looking up.
	MaxURL = 2048
)

// oneCode is the most, in bytes, that a QR code of version 40 holds.
const oneCode = 2953

// inflatedLimit is how much n compressed bytes may hold.
func inflatedLimit(n int) int {
	if n > oneCode {
		return MaxFile
	}
	return MaxInflated
}

// Form is how a document is secured on the outside. The zero Form is None.
type Form int

// The forms.
const (
	None  Form = iota
	JSON       // one JSON object: a credential, a presentation, an Open Badges 2.0 assertion
	JWT        // JWS compact serialization, three parts
	SDJWT      // an issuer-signed JWT, disclosures and perhaps a key binding, joined by "~"
	COSE       // the bytes of one COSE_Sign1, tagged or not
)

var formWords = [...]string{"none", "json", "jwt", "sd-jwt", "cose"}

// String is the form's word for logs and tests.
func (f Form) String() string { return formWords[f] }

// A Document is what was inside all transports.
type Document struct {
	Form Form
	Data []byte // may share memory with the payload

	// Via names the transports that were taken off, outermost first, such as
	// "png-itxt", "pixelpass", "vp1-b".
	Via []string

	// Older is Data as it reads under an earlier edition of the contexts that
	// it names, nil if that is nothing else. CBOR-LD does not say which edition
	// its encoder had, and under the wrong one a badge reads as nonsense. Data
	// is to be judged first. Unless a proof of it verifies, Older is, under the
	// earlier edition too, and its report is the one that counts if a proof of
	// it verifies.
	Older []byte

	// Notes are codes that the opening itself found: S-EXTRA where what is
	// needed to judge the document stood around it.
	Notes []reason.Code

	// URL is the link itself when the error is Q-LINK: an https badge that a
	// bundle may hold a copy of. Empty for links that are no web addresses.
	URL string
}

// Open takes every transport off payload.
//
// It always ends, in time linear in payload's length, within 16 MB, and never
// panics. The error, if any, is a [*reason.Error]: Q-NOTBADGE for anything
// that is no credential (also for a picture without a baked badge, see
// [Picture]), Q-LINK for a link, with Document.URL set, Q-TOOBIG over a limit,
// Q-UNREADABLE damaged, Q-PARTIAL cut short or one of many codes, Q-AMBIG two
// different badges where one may be, S-MALFORMED a credential's own syntax
// broken, S-UNSUPPORTED a form that is known but not judged here.
func Open(payload []byte) (Document, error) {
	return OpenWith(payload, rdf.Builtin())
}

// OpenWith is [Open] with further contexts, which CBOR-LD may have been
// compressed with.
func OpenWith(payload []byte, contexts *rdf.Contexts) (Document, error) {
	return opener{contexts: contexts}.bytes(payload)
}

// opener carries what is known of the layers outside the one being opened.
type opener struct {
	contexts *rdf.Contexts
	via      []string
}

// within opens what was inside the transport called name.
func (o opener) within(name string, open func(opener) (Document, error)) (Document, error) {
	if len(o.via) == MaxLayers {
		return Document{}, reason.Errorf(reason.QTooBig, "more than %d transports inside one another", MaxLayers)
	}
	return open(opener{o.contexts, append(o.via[:len(o.via):len(o.via)], name)})
}

// is returns the finished document.
func (o opener) is(f Form, data []byte) (Document, error) {
	return Document{Form: f, Data: data, Via: o.via}, nil
}

// bytes opens what may be binary.
func (o opener) bytes(data []byte) (Document, error) {
	if Picture(data) {
		return o.picture(data)
	}
	if len(data) > MaxFile {
		return Document{}, reason.Errorf(reason.QTooBig, "%d bytes, the limit is %d", len(data), MaxFile)
	}
	if doc, ok, err := o.binary(data); ok {
		return doc, err
	}
	return o.text(bytes.TrimPrefix(data, []byte("\ufeff")))
}

// trim cuts the white space that files and people leave around a text.
func trim(data []byte) []byte { return bytes.Trim(data, " \t\r\n") }
