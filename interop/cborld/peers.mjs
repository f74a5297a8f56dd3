// Reads one JSON text a line: first an object of contexts by URL, then
// {document, ours}, where ours are CBOR-LD encodings in hexadecimal by name.
// Writes one line for each: {theirs, read}, what @digitalbazaar/cborld makes
// of the document in each format, and what each library reads in each of ours.
import {createInterface} from 'node:readline';
import * as digitalbazaar from '@digitalbazaar/cborld';
import * as digitalcredentials from '@digitalcredentials/cborld';

let contexts;
const documentLoader = async url => {
  const document = contexts[url];
  if(!document) {
    throw new Error(`no context ${url}`);
  }
  return {documentUrl: url, document};
};

// The entry of the registry for examples of Verifiable Credential Barcodes.
const examples = new Map([
  ['context', new Map([['https://www.w3.org/ns/credentials/v2', 32768]])],
  ['https://w3id.org/security#cryptosuiteString', new Map([
    ['ecdsa-rdfc-2019', 1], ['ecdsa-sd-2023', 2], ['eddsa-rdfc-2022', 3], ['ecdsa-xi-2023', 4]
  ])]
]);

const formats = {
  '1.0': {format: 'cbor-ld-1.0', registryEntryId: 1},
  'examples': {format: 'cbor-ld-1.0', registryEntryId: 100, typeTableLoader: async () => examples},
  'range': {format: 'legacy-range', registryEntryId: 1},
  'singleton': {format: 'legacy-singleton'}
};

async function attempt(f) {
  try {
    return await f();
  } catch(e) {
    return `refused ${e.message}`.replaceAll('\n', ' ');
  }
}

async function answer({document, ours}) {
  const theirs = {};
  for(const [name, options] of Object.entries(formats)) {
    theirs[name] = await attempt(async () => Buffer.from(await digitalbazaar.encode(
      {jsonldDocument: document, documentLoader, ...options})).toString('hex'));
  }
  const read = {};
  for(const [name, hex] of Object.entries(ours)) {
    const cborldBytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    read[`digitalbazaar ${name}`] = await attempt(() => digitalbazaar.decode({cborldBytes, documentLoader}));
    if(name === 'singleton') {
      read[`digitalcredentials ${name}`] = await attempt(() => digitalcredentials.decode({cborldBytes, documentLoader}));
    }
  }
  return {theirs, read};
}

for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  if(!contexts) {
    contexts = JSON.parse(line);
  } else {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
  }
}
