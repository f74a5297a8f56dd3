// Proofs from which the holder chose what to show: ecdsa-sd-2023, bbs-2023,
// by the libraries of Digital Bazaar; SD-JWT VC by @sd-jwt.
import crypto from 'node:crypto';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as ecdsaSD from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as bbs from '@digitalbazaar/bbs-2023-cryptosuite';
import * as Bls from '@digitalbazaar/bls12-381-multikey';
import {digest, ES256, generateSalt} from '@sd-jwt/crypto-nodejs';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {badge, ecIssuer, json, mutate} from '../world.mjs';
import {loader} from '../loader.mjs';

const documentLoader = loader();
const MANDATORY = ['/issuer', '/validFrom', '/credentialSubject/achievement/name'];

export default async function(w) {
  const p256 = await ecIssuer('P-256');
  const bls = await Bls.generateBbsKeyPair({algorithm: 'BBS-BLS12-381-SHA-256'});
  bls.controller = 'did:key:' + (await bls.export({publicKey: true})).publicKeyMultibase;
  bls.id = bls.controller + '#' + bls.controller.slice('did:key:'.length);
  w.list(p256.controller, 'Selective School');
  w.list(bls.controller, 'Blinded School');
  await derive(w, 'ecdsa-sd-2023', ecdsaSD, p256);
  await derive(w, 'bbs-2023', bbs, bls);
  await tokens(w);
}

// derive issues a base proof and shows parts of it.
async function derive(w, name, suite, key) {
  const credential = badge(w, key.controller, {subject: 'did:example:' + w.random()});
  const proof = cryptosuite => new DataIntegrityProof({signer: key.signer(), cryptosuite});
  const base = await vc.issue({credential, suite: proof(suite.createSignCryptosuite({mandatoryPointers: MANDATORY})), documentLoader});
  w.put(`${name}/neg-base.json`, json(base), 'not-verified S-BASE', 'a base proof is not for verifiers');
  for (const [what, selectivePointers] of Object.entries({
    description: ['/credentialSubject/achievement/description'],
    all: ['/credentialSubject', '/name', '/id'],
  })) {
    const shown = await vc.derive({verifiableCredential: base, suite: new DataIntegrityProof({cryptosuite: suite.createDiscloseCryptosuite({selectivePointers})}), documentLoader});
    w.put(`${name}/${what}.json`, json(shown), 'verified', `derived, with ${what}`);
    if (what === 'all') {
      w.put(`${name}/neg-name.json`, json(mutate(shown, c => { c.credentialSubject.achievement.name += '!'; })), 'not-verified S-INVALID', 'shown and changed');
      w.put(`${name}/neg-added.json`, json(mutate(shown, c => { c.credentialSubject.achievement.tag = ['honours']; })), 'refused', 'something added that is not signed');
    }
  }
}

// tokens are SD-JWT VCs, with and without a key binding.
async function tokens(w) {
  const pair = () => crypto.generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const jwk = k => k.export({format: 'jwk'});
  const issuer = pair(), holder = pair();
  const id = 'did:jwk:' + Buffer.from(JSON.stringify(jwk(issuer.publicKey))).toString('base64url');
  w.list(id, 'Token Academy');
  const sd = new SDJwtVcInstance({
    signer: await ES256.getSigner(jwk(issuer.privateKey)), verifier: await ES256.getVerifier(jwk(issuer.publicKey)), signAlg: 'ES256',
    kbSigner: await ES256.getSigner(jwk(holder.privateKey)), kbVerifier: await ES256.getVerifier(jwk(holder.publicKey)), kbSignAlg: 'ES256',
    hasher: digest, hashAlg: 'sha-256', saltGenerator: generateSalt,
  });
  const full = await sd.issue(
    {iss: id, iat: Math.floor(w.now / 1000) - 3600, vct: 'https://badges.example/vct/badge', cnf: {jwk: jwk(holder.publicKey)}, badge: {name: 'Welding I', level: 2}, given_name: 'Made Up', skills: ['a', 'b']},
    {_sd: ['given_name'], badge: {_sd: ['level']}, skills: {_sd: [0, 1]}}, {header: {kid: id + '#0'}});
  const shown = await sd.present(full, {badge: {level: true}, skills: {0: true}});
  const put = (name, token, want, why) => w.put(`sd-jwt/${name}.txt`, token, want, why);
  put('full', full, 'verified', 'SD-JWT VC with all disclosures');
  put('shown', shown, 'verified', 'some disclosures');
  const [token, ...rest] = shown.split('~');
  const disclosure = a => Buffer.from(JSON.stringify(a)).toString('base64url');
  put('neg-extra', [token, disclosure(['salt', 'admin', true]), ...rest].join('~'), 'refused', 'a disclosure that was not signed');
  put('neg-changed', [token, disclosure(['salt', 'level', 9]), ...rest.slice(1)].join('~'), 'refused', 'a disclosure changed');
  put('neg-twice', [token, rest[0], ...rest].join('~'), 'refused', 'a disclosure twice');
}
