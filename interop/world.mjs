// The made-up world that all cases share: issuers with keys, a trust folder
// that lists some of them, and the table of what a kiosk should conclude.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as jose from 'jose';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';

export const V2 = 'https://www.w3.org/ns/credentials/v2';
export const V1 = 'https://www.w3.org/2018/credentials/v1';
export const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
export const DI = 'https://w3id.org/security/data-integrity/v2';

const DAY = 86_400_000;

export class World {
  constructor(out) {
    this.out = out;
    this.rows = [];
    this.issuers = [];
    this.documents = []; // {url, file, data}
    this.now = new Date();
    this.at = this.date(0);
  }

  // date is an instant some days from now, as xsd:dateTimeStamp.
  date(days) { return new Date(this.now.getTime() + days * DAY).toISOString().slice(0, 19) + 'Z'; }

  random(n = 6) { return crypto.randomBytes(n).toString('hex'); }
  uuid() { return 'urn:uuid:' + crypto.randomUUID(); }
  pick(list) { return list[crypto.randomInt(list.length)]; }

  // put writes one case: want is the verdict and the codes that must be among
  // the report's.
  put(file, data, want, why) {
    this.write(file, data);
    this.rows.push([file, want, why]);
  }

  write(file, data) {
    const at = path.join(this.out, file);
    fs.mkdirSync(path.dirname(at), {recursive: true});
    fs.writeFileSync(at, data);
  }

  // list makes the kiosk believe an issuer.
  list(id, name, keys) { this.issuers.push({name, ids: [id], ...(keys ? {keys} : {})}); }

  // cache keeps a document of the web, fetched an hour ago.
  cache(url, file, document) {
    this.documents.push({url, file});
    this.write(`trust/districts/peers/documents/${file}`, json(document));
  }

  // finish writes the trust folder and the table.
  finish() {
    this.write('trust/consortium.json', json({name: 'Interop', serial: 1, issued: this.date(-2)}));
    this.write('trust/districts/peers/district.json', json({name: 'Peers', kind: 'district'}));
    this.issuers.forEach((issuer, n) => this.write(`trust/districts/peers/issuers/${n}.json`, json(issuer)));
    const fetched = this.date(-1 / 24);
    this.write('trust/districts/peers/documents/index.tsv',
      this.documents.map(d => [d.url, d.file, fetched].join('\t') + '\n').join(''));
    this.write('cases.tsv', `# at\t${this.at}\n` + this.rows.map(r => r.join('\t') + '\n').join(''));
  }
}

export const json = o => (typeof o === 'string' ? o : JSON.stringify(o) + '\n');

const NAMES = ['Welding I', 'Food Safety', 'Señalización – 日本語', 'Forklift & Crane', 'CPR "Basics"', 'Python', 'Ετικέτες', 'عربي مبتدئ'];

// badge is an Open Badges 3.0 credential without a proof.
export function badge(w, issuer, {version = 2, subject, extra = {}, achievement = {}} = {}) {
  const credential = {
    '@context': version === 2 ? [V2, OB] : [V1, OB],
    id: w.uuid(),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: w.pick(NAMES),
    issuer: {id: issuer, type: ['Profile'], name: 'Claims to be anything'},
    credentialSubject: {
      ...(subject ? {id: subject} : {}),
      type: ['AchievementSubject'],
      ...(subject ? {} : {identifier: [{type: 'IdentityObject', hashed: false, identityHash: `made-up-${w.random(2)}@learner.example`, identityType: 'emailAddress'}]}),
      achievement: {
        id: 'https://badges.example/a/' + w.random(4),
        type: ['Achievement'],
        name: w.pick(NAMES),
        description: 'For tests only.\nSecond line.',
        criteria: {narrative: 'Did **all** of it.'},
        ...achievement,
      },
    },
  };
  credential[version === 2 ? 'validFrom' : 'issuanceDate'] = w.date(-30);
  return {...credential, ...extra};
}

// mutate is a deep copy, changed.
export function mutate(document, change) {
  const copy = structuredClone(document);
  change(copy);
  return copy;
}

// edIssuer has an Ed25519 key: did:key, or the key of the identifier given.
export async function edIssuer(id) {
  const key = await Ed25519Multikey.generate();
  return named(key, id);
}

// ecIssuer has a P-256 or P-384 key.
export async function ecIssuer(curve, id) {
  const key = await EcdsaMultikey.generate({curve});
  return named(key, id);
}

function named(key, id) {
  key.controller = id || 'did:key:' + key.publicKeyMultibase;
  key.id = key.controller + '#' + (id ? 'key-1' : key.publicKeyMultibase);
  return key;
}

// joseIssuer has a key of the WebCrypto kind; without an id it is a did:jwk.
export async function joseIssuer(alg, id) {
  const pair = await jose.generateKeyPair(alg, {extractable: true, ...(alg === 'EdDSA' ? {crv: 'Ed25519'} : {})});
  const jwk = await jose.exportJWK(pair.publicKey);
  const controller = id || 'did:jwk:' + Buffer.from(JSON.stringify(jwk)).toString('base64url');
  return {alg, jwk, private: pair.privateKey, public: pair.publicKey, controller, id: controller + (id ? '#key-1' : '#0')};
}

// didDocument is what a did:web publishes.
export function didDocument(key) {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: key.controller,
    verificationMethod: [{id: key.id, type: 'Multikey', controller: key.controller, publicKeyMultibase: key.publicKeyMultibase}],
    assertionMethod: [key.id],
  };
}
