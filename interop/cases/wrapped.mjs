// Badges inside other things: presentations, CBOR-LD codes, COSE, endorsed
// badges.
import * as base45 from '@digitalbazaar/base45';
import * as cborld from '@digitalbazaar/cborld';
import * as vc from '@digitalbazaar/vc';
import * as vpqr from '@digitalbazaar/vpqr';
import * as cborg from 'cborg';
import crypto from 'node:crypto';
import {badge, DI, edIssuer, joseIssuer, json, mutate, OB, V2} from '../world.mjs';
import {loader} from '../loader.mjs';
import {sign} from './integrity.mjs';
import {sign as signJWT} from './jose.mjs';

const documentLoader = loader();

export default async function(w) {
  const ed = await edIssuer(), es = await joseIssuer('ES256');
  w.list(ed.controller, 'Wrapping School');
  w.list(es.controller, 'Envelope School');
  const good = await sign(badge(w, ed.controller), ed);
  const forged = mutate(good, c => { c.credentialSubject.achievement.name = 'Forged'; });

  const present = c => vc.createPresentation({verifiableCredential: c, version: 2.0, verify: false});
  w.put('vp/plain.json', json(present(good)), 'verified', 'an unsigned presentation');
  w.put('vp/neg-forged.json', json(present(forged)), 'not-verified S-INVALID', 'a forged badge inside');
  w.put('vp/neg-one-of-two.json', json(present([good, forged])), 'not-verified S-INVALID', 'the second of two is forged');
  const token = await signJWT(badge(w, es.controller), es, {typ: 'vc+jwt'});
  w.put('vp/enveloped.json', json({'@context': [V2], type: ['VerifiablePresentation'], verifiableCredential: [
    {'@context': V2, id: 'data:application/vc+jwt,' + token, type: 'EnvelopedVerifiableCredential'}]}), 'verified', 'a token in an envelope');

  // cborld 8.1.0 cannot follow the null context of a VCDM 2.0 presentation, so
  // the compressed codes hold credentials of VCDM 1.1, as wallets' do.
  const old = await sign(mutate(badge(w, ed.controller, {version: 1}), c => c['@context'].push(DI)), ed);
  const oldForged = mutate(old, c => { c.credentialSubject.achievement.name = 'Forged'; });
  const presentOld = c => vc.createPresentation({verifiableCredential: c, version: 1.0, verify: false});
  for (const [name, options] of Object.entries({
    'cborld-1.0-base45': {format: 'cbor-ld-1.0', registryEntryId: 1},
    'cborld-1.0-base32': {format: 'cbor-ld-1.0', registryEntryId: 1, qrMultibaseEncoding: 'B'},
    'uncompressed': {format: 'cbor-ld-1.0', registryEntryId: 0},
    'range': {format: 'legacy-range', registryEntryId: 1},
    'singleton': {format: 'legacy-singleton'},
  })) {
    for (const [what, c, want] of [['', old, 'verified'], ['neg-', oldForged, 'not-verified S-INVALID']]) {
      const {payload} = await vpqr.toQrCode({vp: presentOld(c), documentLoader, ...options});
      w.put(`vpqr/${what}${name}.txt`, payload, want, `VP1- ${name}`);
    }
  }
  const bytes = await cborld.encode({jsonldDocument: good, documentLoader, format: 'cbor-ld-1.0', registryEntryId: 1});
  w.put('vc1/base45.txt', 'VC1-R' + base45.encode(bytes), 'verified', 'VC1-, base45');
  await cose(w, es);
  await endorsed(w, ed);
}

// cose is COSE_Sign1 by hand, with Node's own signatures.
async function cose(w, es) {
  const protectedHeader = cborg.encode(new Map([[1, -7], [3, 'application/vc'], [4, Buffer.from(es.id)], [16, 'application/vc+cose']]));
  const payload = Buffer.from(JSON.stringify(badge(w, es.controller)));
  const key = crypto.KeyObject.from(es.private);
  const signature = crypto.sign('sha256', cborg.encode(['Signature1', protectedHeader, new Uint8Array(0), payload]), {key, dsaEncoding: 'ieee-p1363'});
  const message = body => Buffer.concat([Buffer.from([0xd2]), cborg.encode([protectedHeader, new Map(), body, signature])]);
  w.put('vc-cose/bytes.cose', message(payload), 'verified', 'COSE_Sign1');
  w.put('vc-cose/base64.txt', message(payload).toString('base64'), 'verified', 'COSE_Sign1 in base64');
  w.put('vc-cose/neg-changed.cose', message(Buffer.from(payload.toString().replace('For tests', 'For kings'))), 'not-verified S-INVALID', 'payload changed');
}

// endorsed is a badge that holds another issuer's opinion of it.
async function endorsed(w, ed) {
  const board = await edIssuer();
  w.list(board.controller, 'State Board');
  const subject = badge(w, ed.controller);
  const endorsement = await sign({
    '@context': [V2, OB], id: w.uuid(), type: ['VerifiableCredential', 'EndorsementCredential'], name: 'Endorsement',
    issuer: {id: board.controller, type: ['Profile'], name: 'Board'}, validFrom: w.date(-20),
    credentialSubject: {id: subject.credentialSubject.achievement.id, type: ['EndorsementSubject'], endorsementComment: 'Good.'},
  }, board);
  w.put('endorsement/embedded.json', json(await sign({...subject, endorsement: [endorsement]}, ed)), 'verified', 'an endorsement with its own proof');
}
