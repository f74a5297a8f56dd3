// Bitstring status lists, by the library of Digital Bazaar.
import {createCredential, createList} from '@digitalbazaar/vc-bitstring-status-list';
import {badge, edIssuer, json, V2} from '../world.mjs';
import {sign} from './integrity.mjs';

const LENGTH = 131_072;

export default async function(w) {
  const ed = await edIssuer();
  w.list(ed.controller, 'Harbor Technical School');
  const publish = async (purpose, marked, key = ed) => {
    const url = `https://status.example/${purpose}-${w.random(2)}`;
    const list = await createList({length: LENGTH});
    for (const index of marked) list.setStatus(index, true);
    const credential = await createCredential({id: url, list, statusPurpose: purpose, context: [V2]});
    credential.issuer = key.controller;
    credential.validFrom = w.date(-1);
    w.cache(url, `status-${w.documents.length}.json`, await sign(credential, key));
    return url;
  };
  const revocation = await publish('revocation', [7, 94_567, LENGTH - 1]);
  const suspension = await publish('suspension', [8]);
  const thief = await edIssuer();
  const stolen = await publish('revocation', [], thief);

  const entry = (statusListCredential, statusPurpose, index) =>
    ({type: 'BitstringStatusListEntry', statusPurpose, statusListIndex: String(index), statusListCredential});
  const put = async (name, credentialStatus, want, why) =>
    w.put(`status/${name}.json`, json(await sign(badge(w, ed.controller, {extra: {credentialStatus}}), ed)), want, why);

  await put('clear', entry(revocation, 'revocation', 6), 'verified', 'not withdrawn');
  for (const index of [7, 94_567, LENGTH - 1]) {
    await put(`revoked-${index}`, entry(revocation, 'revocation', index), 'not-verified R-REVOKED', `bit ${index} is set`);
  }
  await put('suspended', entry(suspension, 'suspension', 8), 'check R-SUSPENDED', 'suspended');
  await put('two-clear', [entry(revocation, 'revocation', 1), entry(suspension, 'suspension', 1)], 'verified', 'two lists, neither marks it');
  await put('two-revoked', [entry(suspension, 'suspension', 1), entry(revocation, 'revocation', 7)], 'not-verified R-REVOKED', 'the second of two lists marks it');
  await put('purpose', entry(revocation, 'suspension', 1), 'check R-BADLIST', 'the list is for another purpose');
  await put('range', entry(revocation, 'revocation', LENGTH), 'check R-BADLIST', 'an index past the end');
  await put('missing', entry('https://status.example/away', 'revocation', 1), 'check R-NOLIST', 'a list that the kiosk does not hold');
  await put('stolen', entry(stolen, 'revocation', 1), 'check R-BADLIST', 'a list that somebody else signed');
}
