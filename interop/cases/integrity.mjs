// Data Integrity proofs, by the libraries of Digital Bazaar.
import * as vc from '@digitalbazaar/vc';
import jsigs from 'jsonld-signatures';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {cryptosuite as eddsaRDFC} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {cryptosuite as ecdsaRDFC} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as eddsaJCS from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as ecdsaJCS from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import {badge, DI, didDocument, ecIssuer, edIssuer, json, mutate} from '../world.mjs';
import {loader} from '../loader.mjs';

const documentLoader = loader();
const proof = (cryptosuite, key) => new DataIntegrityProof({signer: key.signer(), cryptosuite});

const suites = {
  'eddsa-rdfc-2022': eddsaRDFC,
  'eddsa-jcs-2022': eddsaJCS.createSignCryptosuite(),
  'ecdsa-rdfc-2019': ecdsaRDFC,
  'ecdsa-jcs-2019': ecdsaJCS.createSignCryptosuite(),
};

// sign issues a credential as it would be issued in the field.
export const sign = (credential, key, suite = 'eddsa-rdfc-2022') =>
  vc.issue({credential, suite: proof(suites[suite], key), documentLoader});

// force signs what a library would rather not.
const force = (document, key, suite = 'eddsa-rdfc-2022') =>
  jsigs.sign(document, {suite: proof(suites[suite], key), purpose: new jsigs.purposes.AssertionProofPurpose(), documentLoader});

export default async function(w) {
  const ed = await edIssuer(), p256 = await ecIssuer('P-256'), p384 = await ecIssuer('P-384');
  const web = await edIssuer('did:web:riverbend.example');
  w.list(ed.controller, 'Fairview College');
  w.list(p256.controller, 'Northfield Schools');
  w.list(p384.controller, 'Southfield Schools');
  w.list(web.controller, 'Riverbend Academy');
  w.cache('https://riverbend.example/.well-known/did.json', 'did.json', didDocument(web));

  for (const suite of ['eddsa-rdfc-2022', 'eddsa-jcs-2022']) {
    const put = async (name, credential, why, key = ed) => w.put(`${suite}/${name}.json`, json(await sign(credential, key, suite)), 'verified', why);
    await put('did-key', badge(w, ed.controller, {subject: 'did:example:' + w.random()}), 'did:key issuer');
    await put('did-web', badge(w, web.controller), 'did:web issuer, key from its cached document', web);
    await put('identifier', badge(w, ed.controller), 'subject with an identifier only');
    await put('rich', rich(w, ed.controller), 'levels, skills, evidence');
  }
  w.put('eddsa-rdfc-2022/vcdm1.json', json(await sign(mutate(badge(w, ed.controller, {version: 1}), c => c['@context'].push(DI)), ed)), 'verified', 'VCDM 1.1');
  for (const [name, key] of [['p256', p256], ['p384', p384]]) {
    for (const suite of ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019']) {
      w.put(`${suite}/${name}.json`, json(await sign(badge(w, key.controller), key, suite)), 'verified', `${suite} with ${name}`);
    }
  }
  await legacy(w, ed);
  for (const suite of ['eddsa-rdfc-2022', 'eddsa-jcs-2022']) await refused(w, ed, suite);
}

// rich has what a full badge has: a scale and a step, skills, evidence.
function rich(w, issuer) {
  const rows = ['Beginning', 'Developing', 'Proficient'].map((name, n) => ({id: w.uuid(), type: ['RubricCriterionLevel'], name, level: String(n + 1)}));
  const scale = {id: w.uuid(), type: ['ResultDescription'], name: 'Mastery', resultType: 'RubricCriterionLevel', rubricCriterionLevel: rows};
  const c = badge(w, issuer, {
    subject: 'did:example:' + w.random(),
    achievement: {
      achievementType: 'Certificate',
      resultDescription: [scale],
      alignment: [{type: ['Alignment'], targetName: 'Joining steel', targetUrl: 'https://skills.example/case/1', targetFramework: 'Skills', targetType: 'CFItem'}],
    },
    extra: {validUntil: w.date(300), evidence: [{id: 'https://evidence.example/' + w.random(), type: ['Evidence'], name: 'Portfolio', narrative: 'Pictures.'}]},
  });
  c.credentialSubject.result = [{type: ['Result'], resultDescription: scale.id, achievedLevel: rows[1].id}];
  return c;
}

// legacy is the suite that wallets of 2022 still hold.
async function legacy(w, ed) {
  const suite = new Ed25519Signature2020({signer: ed.signer(), verificationMethod: ed.id});
  const credential = badge(w, ed.controller, {version: 1});
  const signed = await vc.issue({credential, suite, documentLoader: loader(new Map(), {legacy: true})});
  w.put('ed25519signature2020/vcdm1.json', json(signed), 'verified', 'Ed25519Signature2020');
}

// refused are the cases that a verifier must not let through.
async function refused(w, ed, suite) {
  const good = await sign(badge(w, ed.controller, {subject: 'did:example:' + w.random()}), ed, suite);
  const neg = (name, document, want, why) => w.put(`${suite}/neg-${name}.json`, json(document), want, why);
  const change = (name, f, why, want = 'refused') => neg(name, mutate(good, f), want, why);

  change('name', c => { c.credentialSubject.achievement.name += '!'; }, 'achievement renamed after signing', 'not-verified S-INVALID');
  change('created', c => { c.proof.created = w.date(-400); }, 'proof dated back');
  change('purpose', c => { c.proof.proofPurpose = 'authentication'; }, 'signed for another purpose');
  change('added-term', c => { c.credentialSubject.adminLevel = 'root'; }, 'a term that no context explains');
  change('added-evidence', c => { c.evidence = [{id: 'thesis', type: ['Evidence'], name: 'Doctoral thesis'}]; }, 'evidence with a relative id, which lax processors drop');
  change('no-proof', c => { delete c.proof; }, 'no proof', 'cannot-tell S-NOPROOF');
  change('short-value', c => { c.proof.proofValue = c.proof.proofValue.slice(0, -3); }, 'proof value cut short');
  const thief = await edIssuer();
  neg('issuer', mutate(good, c => { c.issuer.id = thief.controller; }), 'refused', 'issuer replaced');
  neg('foreign', await force(badge(w, ed.controller), thief, suite), 'not-verified K-FOREIGN', 'signed by a did:key of somebody else');
  neg('unlisted', await sign(badge(w, thief.controller), thief, suite), 'cannot-tell I-NOTLISTED', 'well signed by nobody that is listed');
  const away = await edIssuer('did:web:away.example');
  neg('unknown-key', await sign(badge(w, away.controller), away, suite), 'cannot-tell K-UNKNOWN', 'did:web that the kiosk knows nothing of');
  neg('expired', await force(badge(w, ed.controller, {extra: {validUntil: w.date(-2)}}), ed, suite), 'not-verified T-EXPIRED', 'validUntil has passed');
  neg('future', await force(badge(w, ed.controller, {extra: {validFrom: w.date(20)}}), ed, suite), 'not-verified T-FUTURE', 'validFrom is to come');
}
