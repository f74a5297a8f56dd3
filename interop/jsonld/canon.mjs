// Reads one JSON text a line: first an object of contexts by URL, then
// documents. Writes one line for each document: the SHA-256 of its canonical
// N-Quads by jsonld.js in safe mode, or "refused" and why.
import {createHash} from 'node:crypto';
import {createInterface} from 'node:readline';
import './remember.mjs';
import jsonld from 'jsonld';

let contexts;
const documentLoader = async url => {
  const document = contexts[url];
  if(!document) {
    throw new Error(`no context ${url}`);
  }
  return {documentUrl: url, document, tag: 'static'};
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

// Answers go out many at a time: a write for each costs as much as a tenth of
// the work.
const BATCH = 64;
let answers = [];
const flush = () => {
  process.stdout.write(answers.join(''));
  answers = [];
};
for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  if(!contexts) {
    contexts = JSON.parse(line);
  } else if(answers.push(await judge(line) + '\n') >= BATCH) {
    flush();
  }
}
flush();
