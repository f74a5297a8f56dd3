// Verifies the same document again and again with other people's libraries
// and says how much processor time one verification takes. Standard input has
// a line {"peer", "document", "key", "times"} for each question, standard
// output {"micros"} or {"error"} for each answer.
import readline from 'node:readline';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as jose from 'jose';
import {loader} from './loader.mjs';

const documentLoader = loader();

const integrity = cryptosuite => async document => {
  const suite = new DataIntegrityProof({cryptosuite});
  return async () => {
    const result = await vc.verifyCredential({credential: structuredClone(document), suite, documentLoader});
    if (!result.verified) throw result.error;
  };
};

const peers = {
  '@digitalbazaar/vc eddsa-rdfc-2022': integrity(rdfc),
  '@digitalbazaar/vc eddsa-jcs-2022': integrity(createVerifyCryptosuite()),
  'jose': async (token, jwk) => {
    const key = await jose.importJWK(jwk, 'EdDSA');
    return () => jose.compactVerify(token, key).then(r => JSON.parse(new TextDecoder().decode(r.payload)));
  },
  'verifier-core': async document => {
    const {verifyCredential} = await import('@digitalcredentials/verifier-core');
    return async () => {
      const result = await verifyCredential({credential: structuredClone(document), knownDIDRegistries: []});
      const signature = result.log?.find(step => step.id === 'valid_signature');
      if (!signature?.valid) throw new Error(JSON.stringify(result.errors ?? result.log).slice(0, 300));
    };
  },
};

// Libraries write to the console; the answers have standard output to themselves.
const answer = a => process.stdout.write(JSON.stringify(a) + '\n');
console.log = console.info = console.warn = console.error = () => {};

for await (const line of readline.createInterface({input: process.stdin})) {
  const {peer, document, key, times} = JSON.parse(line);
  try {
    const work = await peers[peer](document, key);
    for (let i = 0; i < 3; i++) await work();
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) await work();
    const {user, system} = process.cpuUsage(before);
    answer({micros: (user + system) / times});
  } catch (e) {
    answer({error: `${e.name}: ${e.message} ${e.errors?.map(x => x.message) ?? ''}`.slice(0, 200)});
  }
}
