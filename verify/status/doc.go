// Package status reads status lists: where a credential stands in one, and
// what the list says there. Whether the list itself may be believed, and how
// old it is, the caller judges.
//
// Sources: W3C Bitstring Status List v1.0 and its draft StatusList2021;
// W3C Verifiable Credential Barcodes (terse entries); 1EdTech Open Badges 3.0
// (1EdTechRevocationList); draft-ietf-oauth-status-list (Token Status List).
package status
