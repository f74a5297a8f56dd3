// Judges what the kiosk issued with the libraries that the field uses:
//
//	node check.mjs DIR
//
// DIR holds what interop/run made with kiosk issue and kiosk card: for each
// issuer a folder with key.jwk, did.json, badges, cards and a status list.
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';
import * as jose from 'jose';
import {prepareZXingModule, readBarcodes} from 'zxing-wasm/reader';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {loader} from './loader.mjs';

const require = createRequire(import.meta.url);
const pixelpass = require('@mosip/pixelpass');
console.error = () => {}; // pixelpass tells there that a token is no JSON

prepareZXingModule({overrides: {wasmBinary: fs.readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm')).buffer}});

let checks = 0, failures = 0;
function expect(ok, what, detail = '') {
  checks++;
  if (ok) return;
  failures++;
  console.log(`FAILED ${what} ${detail}`);
}

const reasons = error => (error?.errors || [error]).map(e => e?.message).join('; ');
const sorted = x => Array.isArray(x) ? x.map(sorted) : x && typeof x === 'object'
  ? Object.fromEntries(Object.keys(x).sort().map(k => [k, sorted(x[k])])) : x;
const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

for (const name of fs.readdirSync(process.argv[2])) await issuer(path.join(process.argv[2], name));
console.log(`${checks} checks, ${failures} failed`);
process.exit(failures ? 1 : 0);

async function issuer(dir) {
  const files = fs.readdirSync(dir);
  const text = file => fs.readFileSync(path.join(dir, file), 'utf8').trim();
  const {d, ...publicKey} = JSON.parse(text('key.jwk'));
  const documents = new Map();
  const did = JSON.parse(text('did.json'));
  if (!did.id.startsWith('did:key:')) documents.set(did.id, did);
  if (files.includes('status.json')) {
    const list = JSON.parse(text('status.json'));
    documents.set(list.id, list);
    await proof(dir + '/status.json', list, documents, true);
  }
  for (const file of files.filter(f => f.startsWith('badge-'))) {
    const where = path.join(dir, file);
    if (file.endsWith('.jwt')) await token(where, text(file), publicKey);
    if (file.endsWith('.json')) await proof(where, JSON.parse(text(file)), documents, !file.includes('withdrawn'));
    if (file.endsWith('.png')) await card(where, text(file.replace(/\.png$/, '')));
  }
}

// proof verifies a Data Integrity proof, and that the library would notice a
// change; good tells whether the status list leaves the badge alone.
async function proof(where, credential, documents, good) {
  const cryptosuite = credential.proof.cryptosuite === 'eddsa-rdfc-2022' ? rdfc : createVerifyCryptosuite();
  const verify = credential => vc.verifyCredential({
    credential, suite: new DataIntegrityProof({cryptosuite}), documentLoader: loader(documents),
    checkStatus: options => checkStatus({...options, documentLoader: loader(documents), suite: new DataIntegrityProof({cryptosuite: rdfc})}),
  });
  const result = await verify(structuredClone(credential));
  expect(result.verified, where, reasons(result.error));
  if (credential.credentialStatus) {
    // The library calls a withdrawn badge verified; the bit is in its results.
    const marked = result.statusResult.results.some(r => r.status);
    expect(marked === !good, where, `status bit ${marked}`);
  }
  const changed = structuredClone(credential);
  changed.validFrom = '2001-01-01T00:00:00Z';
  expect(!(await verify(changed)).verified, where, 'a changed badge verifies');
}

// token verifies a JWT and that its claims repeat the credential.
async function token(where, text, publicKey) {
  try {
    const {payload, protectedHeader} = await jose.compactVerify(text, await jose.importJWK(publicKey, publicKey.kty === 'OKP' ? 'EdDSA' : 'ES256'));
    const c = JSON.parse(new TextDecoder().decode(payload));
    const seconds = date => Date.parse(date) / 1000;
    const repeats = c.iss === c.issuer.id && c.jti === c.id && c.nbf === seconds(c.validFrom) && c.sub === c.credentialSubject.id &&
      (!c.validUntil || c.exp === seconds(c.validUntil));
    expect(protectedHeader.typ === 'JWT' ? repeats : protectedHeader.typ === 'vc+jwt' && !c.iss, where, JSON.stringify(c));
    expect(protectedHeader.kid === publicKey.kid, where, protectedHeader.kid);
    vc._checkCredential({credential: c, mode: 'verify'});
    expect(true, where);
  } catch (e) {
    expect(false, where, e.message);
  }
}

// card reads the code on a card and unpacks it.
async function card(where, badge) {
  const [code] = await readBarcodes(fs.readFileSync(where), {formats: ['QRCode']});
  if (!code?.isValid) return expect(false, where, 'no code was read');
  const plain = code.text.startsWith('{') || code.text.startsWith('ey');
  const back = plain ? code.text : pixelpass.decode(code.text);
  const text = typeof back === 'string' ? back : JSON.stringify(back);
  expect(badge.startsWith('{') ? same(JSON.parse(text), JSON.parse(badge)) : text === badge, where, 'the code holds another badge');
}
