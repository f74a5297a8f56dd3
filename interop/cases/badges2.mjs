// Open Badges 2.0: assertions signed with jose, and hosted ones that the
// kiosk holds a copy of.
import crypto from 'node:crypto';
import * as jose from 'jose';
import {joseIssuer, json, mutate} from '../world.mjs';
import {sign} from './jose.mjs';

const CONTEXT = 'https://w3id.org/openbadges/v2';

export default async function(w) {
  const base = 'https://ob2.example/' + w.random(2);
  const [issuerID, keyID, classID, listID] = ['issuer', 'key', 'class', 'revocations'].map(n => `${base}/${n}`);
  const rs = await joseIssuer('RS256', issuerID), thief = await joseIssuer('RS256', issuerID);
  const publicKey = async (key, id) => ({'@context': CONTEXT, type: 'CryptographicKey', id, owner: issuerID, publicKeyPem: await jose.exportSPKI(key.public)});
  w.list(issuerID, 'Second School', [{id: keyID, publicKeyPem: await jose.exportSPKI(rs.public)}]);
  const revoked = w.uuid();
  w.cache(issuerID, 'ob2-issuer.json', {'@context': CONTEXT, type: 'Issuer', id: issuerID, name: 'Second School', url: 'https://ob2.example', email: 'desk@ob2.example', publicKey: keyID, revocationList: listID});
  w.cache(keyID, 'ob2-key.json', await publicKey(rs, keyID));
  w.cache(classID, 'ob2-class.json', {'@context': CONTEXT, type: 'BadgeClass', id: classID, name: 'Welding I', description: 'Joins steel.', image: base + '/i.png', criteria: {narrative: 'Six joints.'}, issuer: issuerID});
  w.cache(listID, 'ob2-revocations.json', {'@context': CONTEXT, type: 'RevocationList', id: listID, issuer: issuerID, revokedAssertions: [revoked]});

  const salt = w.random(4);
  const assertion = (extra = {}) => ({
    '@context': CONTEXT, type: 'Assertion', id: w.uuid(), badge: classID, issuedOn: w.date(-40),
    recipient: {type: 'email', hashed: true, salt, identity: 'sha256$' + crypto.createHash('sha256').update('made-up@learner.example' + salt).digest('hex')},
    verification: {type: 'signed', creator: keyID}, ...extra,
  });
  const put = async (name, a, key, want, why) => w.put(`ob2/${name}.jws`, await sign(a, key, {kid: undefined}), want, why);
  await put('signed', assertion(), rs, 'verified', 'signed, RS256');
  await put('neg-revoked', assertion({id: revoked}), rs, 'not-verified R-REVOKED', 'in the revocation list');
  await put('neg-expired', assertion({expires: w.date(-3)}), rs, 'not-verified T-EXPIRED', 'expired');
  await put('neg-stolen', assertion(), thief, 'not-verified S-INVALID', "signed with a key that is not the issuer's");
  const hosted = assertion({id: base + '/assertions/1', verification: {type: 'hosted'}});
  w.cache(hosted.id, 'ob2-hosted.json', hosted);
  w.put('ob2/hosted.json', json(hosted), 'verified', 'hosted, and the kiosk holds what stands there');
  w.put('ob2/neg-hosted-changed.json', json(mutate(hosted, a => { a.issuedOn = w.date(-1); })), 'cannot-tell Q-LINK', 'not what stands at its address');
  w.put('ob2/neg-hosted-away.json', json(mutate(hosted, a => { a.id = base + '/assertions/2'; })), 'cannot-tell Q-LINK', 'hosted where the kiosk holds nothing');
}
