// Package reason is the one list of codes that a judgement can carry.
//
// Screens, logs, tests and peers' scripts use the code; the words around it
// may change, the code never does. A code is added here, never renamed and
// never reused. Its spelling is "AXIS-NAME": S signature, K key, I issuer,
// R status, T time, P presenter, C consent, Q the scanned code itself,
// B bundle, H the kiosk's hardware.
package reason

import (
	"errors"
	"fmt"
	"slices"
)

// A Code names one thing that a judgement found. The empty Code is "nothing".
type Code string

// The codes. What each says and does to the verdict is in its [Entry].
const (
	SInvalid     Code = "S-INVALID"
	SUncovered   Code = "S-UNCOVERED"
	SPurpose     Code = "S-PURPOSE"
	SBase        Code = "S-BASE"
	SNoProof     Code = "S-NOPROOF"
	SUnsupported Code = "S-UNSUPPORTED"
	SContext     Code = "S-CONTEXT"
	SMalformed   Code = "S-MALFORMED"
	SExtra       Code = "S-EXTRA"
	SPartial     Code = "S-PARTIAL"

	KUnknown     Code = "K-UNKNOWN"
	KForeign     Code = "K-FOREIGN"
	KCompromised Code = "K-COMPROMISED"
	KOld         Code = "K-OLD"

	INotListed Code = "I-NOTLISTED"
	ILookalike Code = "I-LOOKALIKE"
	INotHere   Code = "I-NOTHERE"
	IKind      Code = "I-KIND"

	RNone        Code = "R-NONE"
	RRevoked     Code = "R-REVOKED"
	RWithdrawn   Code = "R-WITHDRAWN"
	RSuspended   Code = "R-SUSPENDED"
	RUnconfirmed Code = "R-UNCONFIRMED"
	RNoList      Code = "R-NOLIST"
	RBadList     Code = "R-BADLIST"
	RNoted       Code = "R-NOTED"
	RStale       Code = "R-STALE"
	RTooOld      Code = "R-TOOOLD"
	RListExpired Code = "R-LISTEXPIRED"
	RShort       Code = "R-SHORT"

	TExpired Code = "T-EXPIRED"
	TFuture  Code = "T-FUTURE"
	TUnsure  Code = "T-UNSURE"
	TCreated Code = "T-CREATED"
	TNoClock Code = "T-NOCLOCK"

	PNotAsked Code = "P-NOTASKED"
	PHolder   Code = "P-HOLDER"
	PWrong    Code = "P-WRONG"
	PLate     Code = "P-LATE"
	PReplay   Code = "P-REPLAY"

	CNone      Code = "C-NONE"
	CWithdrawn Code = "C-WITHDRAWN"
	CMismatch  Code = "C-MISMATCH"
	COld       Code = "C-OLD"
	CCeiling   Code = "C-CEILING"

	QNotBadge   Code = "Q-NOTBADGE"
	QLink       Code = "Q-LINK"
	QPartial    Code = "Q-PARTIAL"
	QAmbig      Code = "Q-AMBIG"
	QTooBig     Code = "Q-TOOBIG"
	QUnreadable Code = "Q-UNREADABLE"

	BNone     Code = "B-NONE"
	BRoot     Code = "B-ROOT"
	BSign     Code = "B-SIGN"
	BRollback Code = "B-ROLLBACK"
	BBroken   Code = "B-BROKEN"
	BEmpty    Code = "B-EMPTY"
	BSame     Code = "B-SAME"
	BPart     Code = "B-PART"
	BStale    Code = "B-STALE"
	BUnsealed Code = "B-UNSEALED"
	BBoard    Code = "B-BOARD"
	BSystem   Code = "B-SYSTEM"

	HCam    Code = "H-CAM"
	HPanel  Code = "H-PANEL"
	HDisk   Code = "H-DISK"
	HClock  Code = "H-CLOCK"
	HStick  Code = "H-STICK"
	HFormat Code = "H-FORMAT"
	HMem    Code = "H-MEM"
	HJudge  Code = "H-JUDGE"
	HUSB    Code = "H-USB"
	HNet    Code = "H-NET"
)

// Effect is what a code, alone, does to the verdict.
type Effect int

// The effects, mildest first.
const (
	Note        Effect = iota // leaves the verdict alone
	Check                     // a person must look
	CannotTell                // not judged
	NotVerified               // judged, and bad
	Refused                   // of a bundle or of the kiosk itself, never of a badge
)

// Axis is the question a code answers.
type Axis string

// The five axes of a report, and the places of codes that are on none.
const (
	Signature Axis = "signature"
	Issuer    Axis = "issuer"
	Status    Axis = "status"
	Time      Axis = "time"
	Presenter Axis = "presenter"
	Consent   Axis = "consent"
	Scan      Axis = "scan"
	Bundle    Axis = "bundle"
	Hardware  Axis = "hardware"
)

// An Entry is one line of the list.
type Entry struct {
	Code   Code
	Axis   Axis
	Effect Effect
	Says   string // for logs and docs; screens have words of their own in each language
}

// All is the list, gravest first inside each effect. Its order is the order
// in which a report names its codes.
var All = []Entry{
	{SInvalid, Signature, NotVerified, "contents do not match the signature"},
	{SUncovered, Signature, NotVerified, "the document holds something the signature does not cover"},
	{SPurpose, Signature, NotVerified, "signed for another purpose, or the proof itself has expired"},
	{SBase, Signature, NotVerified, "an issuer-to-holder base proof was presented"},
	{KForeign, Issuer, NotVerified, "signed with somebody else's key"},
	{RRevoked, Status, NotVerified, "withdrawn by its issuer"},
	{RWithdrawn, Status, NotVerified, "withdrawn through the member's bundle"},
	{TExpired, Time, NotVerified, "expired"},
	{TFuture, Time, NotVerified, "not yet valid"},

	{KCompromised, Issuer, CannotTell, "that key was reported stolen"},
	{QAmbig, Scan, CannotTell, "two badges where one may be"},
	{QTooBig, Scan, CannotTell, "over a limit"},
	{QPartial, Scan, CannotTell, "part of it is missing"},
	{QUnreadable, Scan, CannotTell, "damaged"},
	{QLink, Scan, CannotTell, "a link, not the badge itself"},
	{QNotBadge, Scan, CannotTell, "this code is not a badge"},
	{SMalformed, Signature, CannotTell, "not well-formed"},
	{SContext, Signature, CannotTell, "a JSON-LD context this kiosk does not hold"},
	{SUnsupported, Signature, CannotTell, "a suite or algorithm this kiosk does not know"},
	{SExtra, Signature, CannotTell, "needs data from outside the code"},
	{SNoProof, Signature, CannotTell, "nothing is signed"},
	{KUnknown, Signature, CannotTell, "issuer's key not on this kiosk"},
	{ILookalike, Issuer, CannotTell, "calls itself like a listed issuer but is not signed by it"},
	{INotHere, Issuer, CannotTell, "listed, but this kiosk does not accept it"},
	{IKind, Issuer, CannotTell, "of a kind that this kiosk does not accept"},
	{INotListed, Issuer, CannotTell, "issuer not on this kiosk's list"},

	{PWrong, Presenter, Check, "the answer to the challenge was wrong"},
	{PReplay, Presenter, Check, "the answer to the challenge was used before"},
	{PLate, Presenter, Check, "the answer to the challenge came late"},
	{RSuspended, Status, Check, "suspended"},
	{RUnconfirmed, Status, Check, "withdrawn by a member that the consortium does not say speaks for the issuer"},
	{RBadList, Status, Check, "status list wrong"},
	{RNoList, Status, Check, "status list not on this kiosk"},
	{RTooOld, Status, Check, "status list too old to count"},
	{RStale, Status, Check, "status list is 91-400 days old"},
	{TUnsure, Time, Check, "may have expired, or not begun: the clock is not certain"},
	{KOld, Issuer, Check, "this kiosk's keys are older than policy allows"},

	{RNoted, Status, Note, "status list is 31-90 days old"},
	{RListExpired, Status, Note, "the status list's own validity has passed"},
	{RShort, Status, Note, "the status list is shorter than the standard asks for"},
	{RNone, Status, Note, "the badge names no way to withdraw it"},
	{SPartial, Signature, Note, "one of several proofs could not be used"},
	{TNoClock, Time, Note, "this kiosk's clock is not set"},
	{TCreated, Time, Note, "made in the future by its own account"},
	{CWithdrawn, Consent, Note, "consent was withdrawn"},
	{CMismatch, Consent, Note, "consent is for another badge"},
	{COld, Consent, Note, "consent too old to rely on"},
	{CCeiling, Consent, Note, "above this kiosk's ceiling"},
	{CNone, Consent, Note, "no consent to show it"},
	{PHolder, Presenter, Note, "shown by its holder"},
	{PNotAsked, Presenter, Note, "not asked who holds it"},
	{BNone, Bundle, Note, "no bundle"},
	{BRoot, Bundle, Note, "no root to judge the bundle from"},
	{BPart, Bundle, Note, "one member's part was left out, its last good part stays"},
	{BStale, Bundle, Note, "the bundle is past its own date"},
	{BUnsealed, Bundle, Note, "trust read from a plain folder"},

	{BSign, Bundle, Refused, "bundle signature wrong"},
	{BRollback, Bundle, Refused, "bundle older than what is installed"},
	{BBroken, Bundle, Refused, "bundle damaged"},
	{BEmpty, Bundle, Refused, "no bundle on this stick"},
	{BSame, Bundle, Refused, "that bundle is installed already"},
	{BBoard, Bundle, Refused, "a system for another kind of board"},
	{BSystem, Bundle, Refused, "the new system did not start well, the one before is in use"},
	{HCam, Hardware, Refused, "the camera needs help"},
	{HPanel, Hardware, Refused, "the panel needs help"},
	{HDisk, Hardware, Refused, "the storage needs help"},
	{HClock, Hardware, Refused, "the clock needs help"},
	{HFormat, Hardware, Refused, "the USB stick is of a format that cannot be read"},
	{HStick, Hardware, Refused, "the USB stick needs help"},
	{HMem, Hardware, Refused, "the memory needs help"},
	{HJudge, Hardware, Refused, "the process that judges badges needs help"},
	{HUSB, Hardware, Refused, "a USB device was turned away"},
	{HNet, Hardware, Refused, "updates cannot be fetched"},
}

var rank = func() map[Code]int {
	m := make(map[Code]int, len(All))
	for i, e := range All {
		m[e.Code] = i
	}
	return m
}()

// Of returns the entry of c. ok is false for a code that is not in the list.
func Of(c Code) (e Entry, ok bool) {
	i, ok := rank[c]
	if !ok {
		return Entry{Code: c, Effect: CannotTell}, false
	}
	return All[i], true
}

// Sort orders codes gravest first and drops repeats, in place.
func Sort(codes []Code) []Code {
	slices.SortStableFunc(codes, func(a, b Code) int { return rank[a] - rank[b] })
	return slices.Compact(codes)
}

// An Error is a refusal below [badgekiosk/verify.Verifier]: what was wrong,
// and the code that says so on the screen.
type Error struct {
	Code Code
	Err  error
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Err.Error() }

// Unwrap returns the error without its code.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an [*Error] carrying code; the rest is as for [fmt.Errorf].
func Errorf(code Code, format string, args ...any) error {
	return &Error{code, fmt.Errorf(format, args...)}
}

// CodeOf returns the code that err carries, or otherwise.
func CodeOf(err error, otherwise Code) Code {
	if err == nil {
		return otherwise
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Code
	}
	return otherwise
}
