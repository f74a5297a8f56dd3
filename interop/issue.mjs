// Issues badges, good and bad, with the libraries that the field uses:
//
//	node issue.mjs OUT
//
// writes the cases, trust/ and cases.tsv: file, what a kiosk must conclude,
// why. "refused" is any verdict but verified and check. Keys are new each time.
import {World} from './world.mjs';
import jose from './cases/jose.mjs';
import badges2 from './cases/badges2.mjs';
import integrity from './cases/integrity.mjs';
import status from './cases/status.mjs';
import selective from './cases/selective.mjs';
import transport from './cases/transport.mjs';
import wallets from './cases/wallets.mjs';
import wrapped from './cases/wrapped.mjs';

const [out] = process.argv.slice(2);
if (!out) {
  console.error('usage: node issue.mjs OUT');
  process.exit(2);
}
console.error = () => {}; // pixelpass tells there that a token is no JSON
const world = new World(out);
for (const cases of [jose, integrity, selective, status, transport, wallets, wrapped, badges2]) await cases(world);
world.finish();
console.log(`${world.rows.length} cases in ${out}`);
