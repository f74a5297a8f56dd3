// VC-JWT (Open Badges 3.0, section 8.2) and vc+jwt, signed with jose.
import crypto from 'node:crypto';
import * as jose from 'jose';
import {badge, joseIssuer, mutate} from '../world.mjs';

const encode = o => Buffer.from(typeof o === 'string' ? o : JSON.stringify(o)).toString('base64url');
const seconds = date => Math.floor(Date.parse(date) / 1000);

// claims repeats a credential in registered claims.
const claims = c => ({
  ...c,
  iss: c.issuer.id,
  jti: c.id,
  nbf: seconds(c.validFrom),
  ...(c.credentialSubject.id ? {sub: c.credentialSubject.id} : {}),
  ...(c.validUntil ? {exp: seconds(c.validUntil)} : {}),
});

export const sign = (payload, key, header = {}) =>
  new jose.CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({alg: key.alg, typ: 'JWT', kid: key.id, ...header}).sign(key.private);

export default async function(w) {
  const keys = {};
  for (const alg of ['RS256', 'ES256', 'ES384', 'PS256', 'EdDSA']) {
    const key = keys[alg] = await joseIssuer(alg, `https://${alg.toLowerCase()}.example/issuer`);
    w.list(key.controller, `${alg} Academy`, [{id: key.id, publicKeyJwk: key.jwk}]);
    w.put(`vc-jwt/${alg}.jwt`, await sign(claims(badge(w, key.controller)), key), 'verified', `VC-JWT ${alg}, key by https kid`);
    w.put(`vc-jose/${alg}.jwt`, await sign(badge(w, key.controller), key, {typ: 'vc+jwt', cty: 'vc'}), 'verified', `vc+jwt ${alg}`);
  }
  for (const alg of ['ES256', 'EdDSA']) {
    const key = await joseIssuer(alg);
    w.list(key.controller, `${alg} Union`);
    w.put(`vc-jwt/did-jwk-${alg}.jwt`, await sign(claims(badge(w, key.controller)), key), 'verified', 'did:jwk issuer');
  }
  const rs = keys.RS256, es = keys.ES256, ed = keys.EdDSA;
  const old = badge(w, rs.controller, {version: 1});
  w.put('vc-jwt/vcdm1.jwt', await sign({vc: old, iss: rs.controller, jti: old.id, nbf: seconds(old.issuanceDate)}, rs), 'verified', 'VCDM 1.1 in a vc claim');
  await refused(w, rs, es, ed);
}

// refused are the cases that a verifier must not let through.
async function refused(w, rs, es, ed) {
  const c = badge(w, rs.controller);
  const full = claims(c);
  const token = await sign(full, rs);
  const [head, , signature] = token.split('.');
  const neg = async (name, data, want, why) => w.put(`vc-jwt/neg-${name}.jwt`, await data, want, why);

  await neg('tampered', [head, encode(mutate(full, f => { f.credentialSubject.achievement.name = 'Doctor'; })), signature].join('.'), 'not-verified S-INVALID', 'payload changed after signing');
  await neg('signature', token.slice(0, -8) + 'AAAAAAAA', 'not-verified S-INVALID', 'signature changed');
  await neg('iss', sign({...full, iss: es.controller}, rs), 'refused', 'iss is not the issuer');
  await neg('jti', sign({...full, jti: w.uuid()}, rs), 'refused', 'jti is not the id');
  await neg('nbf', sign({...full, nbf: full.nbf + 86400}, rs), 'refused', 'nbf is not validFrom');
  await neg('expired', sign(claims({...c, validUntil: w.date(-3)}), rs), 'not-verified T-EXPIRED', 'exp and validUntil have passed');
  await neg('future', sign(claims({...c, validFrom: w.date(30)}), rs), 'not-verified T-FUTURE', 'nbf and validFrom are to come');
  await neg('none', `${encode({alg: 'none', typ: 'JWT'})}.${encode(full)}.`, 'refused', 'alg none');
  const pem = await jose.exportSPKI(rs.public);
  const confused = `${encode({alg: 'HS256', typ: 'JWT', kid: rs.id})}.${encode(full)}`;
  await neg('hs256', `${confused}.${crypto.createHmac('sha256', pem).update(confused).digest('base64url')}`, 'refused', 'the public key as an HMAC secret');
  await neg('foreign', sign(claims(badge(w, rs.controller)), es), 'not-verified K-FOREIGN', "another listed issuer's key");
  await neg('unknown-kid', sign(full, {...rs, id: rs.controller + '#key-2'}), 'cannot-tell K-UNKNOWN', 'a key id that the kiosk does not hold');
  const stranger = await joseIssuer('ES256');
  await neg('unlisted', sign(claims(badge(w, stranger.controller)), stranger), 'cannot-tell I-NOTLISTED', 'well signed by nobody that is listed');
  await neg('own-jwk', sign(full, stranger, {kid: undefined, jwk: stranger.jwk}), 'refused', 'key in the header, issuer of another');
  w.put('vc-jose/neg-vc-claim.jwt', await sign({...badge(w, ed.controller), vc: {}}, ed, {typ: 'vc+jwt'}), 'refused', 'vc+jwt must not hold a vc claim');
  w.put('vc-jose/neg-typ.jwt', await sign(badge(w, ed.controller), ed, {typ: 'at+jwt'}), 'refused', 'a token of another kind');
}
