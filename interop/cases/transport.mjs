// Transports: PixelPass, QR pictures, baked PNG and SVG.
import {createRequire} from 'node:module';
import encodeChunks from 'png-chunks-encode';
import extractChunks from 'png-chunks-extract';
import {PNG} from 'pngjs';
import QRCode from 'qrcode';
import {badge, edIssuer, joseIssuer, json} from '../world.mjs';
import {sign} from './integrity.mjs';
import {sign as signJWT} from './jose.mjs';

const pixelpass = createRequire(import.meta.url)('@mosip/pixelpass');
const NS = 'https://purl.imsglobal.org/ob/v3p0';

export default async function(w) {
  const ed = await edIssuer(), es = await joseIssuer('ES256');
  w.list(ed.controller, 'Open Door Makerspace');
  w.list(es.controller, 'Tidewater Boat Works');
  const badgeJSON = JSON.stringify(await sign(badge(w, ed.controller), ed));
  const token = await signJWT(badge(w, es.controller), es, {typ: 'vc+jwt'});
  const forged = badgeJSON.replace('For tests only', 'For kings only');

  const packed = {
    'json': badgeJSON,
    'jwt': token,
    'jwt-in-json': JSON.stringify(token),
  };
  for (const [name, text] of Object.entries(packed)) {
    w.put(`pixelpass/${name}.txt`, pixelpass.generateQRData(text), 'verified', `PixelPass of ${name}`);
  }
  w.put('pixelpass/neg-forged.txt', pixelpass.generateQRData(forged), 'not-verified S-INVALID', 'changed before it was packed');
  w.put('pixelpass/neg-cut.txt', pixelpass.generateQRData(badgeJSON).slice(0, -40), 'cannot-tell', 'cut short');

  for (const [name, text] of [['pixelpass', pixelpass.generateQRData(badgeJSON)], ['jwt', token]]) {
    w.put(`qr/${name}.png`, await QRCode.toBuffer(text, {errorCorrectionLevel: 'L', scale: 4, margin: 4}), 'verified', `a picture of the code of ${name}`);
  }
  w.put('qr/neg-link.png', await QRCode.toBuffer('https://badges.example/b/1', {scale: 4}), 'cannot-tell Q-LINK', 'a link is not opened');

  const png = PNG.sync.write(new PNG({width: 8, height: 8}));
  const chunk = (keyword, text) => ({name: 'iTXt', data: Buffer.concat([Buffer.from(keyword), Buffer.from([0, 0, 0, 0, 0]), Buffer.from(text)])});
  const bake = (...chunks) => {
    const all = extractChunks(png);
    all.splice(1, 0, ...chunks);
    return Buffer.from(encodeChunks(all));
  };
  w.put('baked/json.png', bake(chunk('openbadgecredential', badgeJSON)), 'verified', 'iTXt with JSON');
  w.put('baked/jwt.png', bake(chunk('openbadgecredential', token)), 'verified', 'iTXt with a JWT');
  w.put('baked/neg-forged.png', bake(chunk('openbadgecredential', forged)), 'not-verified S-INVALID', 'changed before it was baked');
  const svg = inner => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:b="${NS}" viewBox="0 0 1 1">${inner}<rect width="1" height="1"/></svg>\n`;
  w.put('baked/json.svg', svg(`<b:credential><![CDATA[${badgeJSON}]]></b:credential>`), 'verified', 'SVG with JSON in CDATA');
  w.put('baked/jwt.svg', svg(`<b:credential verify="${token}"/>`), 'verified', 'SVG with a JWT in verify');
  w.put('plain/json.txt', ' ' + json(badgeJSON), 'verified', 'plain JSON text');
}
