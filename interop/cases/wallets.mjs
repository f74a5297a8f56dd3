// Badges as the Digital Credentials Consortium's tools and wallets have them:
// Ed25519Signature2020 in both data models, StatusList2021, lists shorter than
// the standard allows, and the DID documents of early issuers.
import zlib from 'node:zlib';
import * as vc from '@digitalbazaar/vc';
import * as list2021 from '@digitalbazaar/vc-status-list';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {badge, didDocument, edIssuer, json, mutate, V2} from '../world.mjs';
import {loader} from '../loader.mjs';
import {sign} from './integrity.mjs';

const ED2020 = 'https://w3id.org/security/suites/ed25519-2020/v1';
const documentLoader = loader(new Map(), {legacy: true});

const DI = 'https://w3id.org/security/data-integrity/v2';

const sign2020 = (credential, key) =>
  vc.issue({credential, suite: new Ed25519Signature2020({signer: key.signer(), verificationMethod: key.id}), documentLoader});

export default async function(w) {
  const ed = await edIssuer();
  w.list(ed.controller, 'Wallet College');
  const v2 = c => mutate(c, d => d['@context'].push(ED2020));
  w.put('wallets/ed2020-v1.json', json(await sign2020(badge(w, ed.controller, {version: 1}), ed)), 'verified', 'Ed25519Signature2020, VCDM 1.1');
  const good = await sign2020(v2(badge(w, ed.controller)), ed);
  w.put('wallets/ed2020-v2.json', json(good), 'verified', 'Ed25519Signature2020, VCDM 2.0');
  w.put('wallets/neg-ed2020.json', json(mutate(good, c => { c.credentialSubject.achievement.name += '!'; })), 'not-verified S-INVALID', 'changed after signing');
  for (const [name, c] of [['v1', badge(w, ed.controller, {version: 1})], ['v2', badge(w, ed.controller)]]) {
    const twice = await sign2020(await sign(mutate(c, d => d['@context'].push(DI, ED2020)), ed), ed);
    w.put(`wallets/both-${name}.json`, json(twice), 'verified', `signed by eddsa-rdfc-2022 and Ed25519Signature2020, ${name}`);
    w.put(`wallets/neg-both-${name}.json`, json(mutate(twice, d => { d.credentialSubject.achievement.name += '!'; })), 'not-verified S-INVALID', 'both, changed after signing');
  }
  w.put('wallets/neg-expired.json', json(await forceExpired(w, ed)), 'not-verified T-EXPIRED', 'expirationDate has passed');
  await statusList2021(w, ed);
  await shortList(w, ed, v2);
  await documents(w);
}

// forceExpired is signed on the day before it expired, and read today.
async function forceExpired(w, ed) {
  const credential = badge(w, ed.controller, {version: 1, extra: {expirationDate: w.date(-5)}});
  return vc.issue({credential, suite: new Ed25519Signature2020({signer: ed.signer(), verificationMethod: ed.id}), documentLoader, now: w.date(-6)});
}

async function statusList2021(w, ed) {
  const url = 'https://status.example/2021';
  const list = await list2021.createList({length: 131_072});
  list.setStatus(12, true);
  const credential = await list2021.createCredential({id: url, list, statusPurpose: 'revocation'});
  w.cache(url, 'status-2021.json', await sign2020({...credential, issuer: ed.controller, issuanceDate: w.date(-1)}, ed));
  for (const [name, index, want] of [['clear', 11, 'verified'], ['revoked', 12, 'not-verified R-REVOKED']]) {
    const c = badge(w, ed.controller, {version: 1, extra: {credentialStatus: {
      id: `${url}#${index}`, type: 'StatusList2021Entry', statusPurpose: 'revocation', statusListIndex: index, statusListCredential: url}}});
    c['@context'].push('https://w3id.org/vc/status-list/2021/v1');
    w.put(`wallets/list2021-${name}.json`, json(await sign2020(c, ed)), want, `StatusList2021, ${name}, index as a number`);
  }
}

// shortList has 100,000 entries, as the consortium's have, and an id that is
// not the URL it stands at.
async function shortList(w, ed, v2) {
  const bits = Buffer.alloc(12_500);
  bits[1] = 0x40; // entry 9
  const url = 'https://status.example/short';
  w.cache(url, 'status-short.json', await sign({
    '@context': [V2], id: url + '/list', type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: ed.controller, validFrom: w.date(-1),
    credentialSubject: {id: url + '#list', type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: 'u' + zlib.gzipSync(bits).toString('base64url')},
  }, ed));
  for (const [name, index, want] of [['clear', 8, 'verified R-SHORT'], ['revoked', 9, 'not-verified R-REVOKED'], ['beyond', 100_000, 'check R-BADLIST']]) {
    const c = v2(badge(w, ed.controller, {extra: {credentialStatus: {
      id: `${url}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: String(index), statusListCredential: url}}}));
    w.put(`wallets/short-${name}.json`, json(await sign2020(c, ed)), want, `a list of 100,000 entries, ${name}`);
  }
}

// documents are DID documents of the shapes that are out there.
async function documents(w) {
  const shapes = {
    'embedded': ['did:web:embedded.example', 'https://embedded.example/.well-known/did.json', d => { d.assertionMethod = d.verificationMethod; delete d.verificationMethod; }],
    'port': ['did:web:port.example%3A3000:issuer', 'https://port.example:3000/issuer/did.json', () => {}],
    'upper-case': ['did:web:Upper.Example:Schools:North', 'https://upper.example/Schools/North/did.json', () => {}],
    'two-keys': ['did:web:two.example', 'https://two.example/.well-known/did.json', (d, other) => { d.verificationMethod.unshift(other); }],
  };
  for (const [name, [id, url, change]] of Object.entries(shapes)) {
    const key = await edIssuer(id), other = await edIssuer(id);
    const document = didDocument(key);
    change(document, {id: id + '#key-0', type: 'Multikey', controller: id, publicKeyMultibase: other.publicKeyMultibase});
    w.list(id, `${name} School`);
    w.cache(url, `did-${name}.json`, document);
    w.put(`wallets/did-${name}.json`, json(await sign(badge(w, id), key)), 'verified', `did:web, ${name}`);
    w.put(`wallets/neg-did-${name}.json`, json(await sign(badge(w, id), other)), name === 'two-keys' ? 'not-verified S-INVALID' : 'refused', `did:web, ${name}, by a key that is not in its document`);
  }
}
