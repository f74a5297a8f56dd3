// Reads one JSON text a line: first an object of contexts by URL, then
// documents. Writes one line for each document: the SHA-256 of its canonical
// N-Quads by jsonld.js in safe mode, or "refused" and why.
import {createHash} from 'node:crypto';
import {createInterface} from 'node:readline';
import jsonld from 'jsonld';

let contexts;
const documentLoader = async url => {
  const document = contexts[url];
  if(!document) {
    throw new Error(`no context ${url}`);
  }
  return {documentUrl: url, document};
};

async function judge(line) {
  try {
    const nquads = await jsonld.canonize(JSON.parse(line), {
      algorithm: 'RDFC-1.0', base: null, documentLoader, safe: true,
      canonizeOptions: {maxWorkFactor: 2}
    });
    return createHash('sha256').update(nquads).digest('hex');
  } catch(e) {
    return `refused ${e.details?.event?.code ?? e.details?.code ?? e.message}`.replaceAll('\n', ' ');
  }
}

for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  if(!contexts) {
    contexts = JSON.parse(line);
  } else {
    process.stdout.write(await judge(line) + '\n');
  }
}
