// Reads codes with npm zxing-wasm, for scanbench. The protocol is
// native.cpp's.
import { readFileSync, writeSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const require = createRequire(import.meta.url);
const file = require.resolve("zxing-wasm/reader/zxing_reader.wasm");
await prepareZXingModule({ overrides: { wasmBinary: readFileSync(file) }, fireImmediately: true });

let buffer = Buffer.alloc(0);
function fill(n) {
	const chunk = Buffer.alloc(1 << 20);
	while (buffer.length < n) {
		let got;
		try {
			got = readSync(0, chunk, 0, chunk.length);
		} catch (e) {
			if (e.code === "EAGAIN") continue;
			throw e;
		}
		if (got === 0) return false;
		buffer = Buffer.concat([buffer, chunk.subarray(0, got)]);
	}
	return true;
}
function line() {
	for (let n = 1; ; n++) {
		if (!fill(n)) return null;
		const end = buffer.indexOf(10);
		if (end >= 0) {
			const text = buffer.subarray(0, end).toString();
			buffer = buffer.subarray(end + 1);
			return text;
		}
		n = buffer.length;
	}
}
for (let request; (request = line()) !== null; ) {
	const [width, height] = request.split(" ").map(Number);
	if (!fill(width * height)) break;
	// the package takes ImageData only: grey becomes RGBA before the clock runs
	const data = new Uint8ClampedArray(4 * width * height).fill(255);
	for (let i = 0; i < width * height; i++) data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = buffer[i];
	buffer = buffer.subarray(width * height);
	const start = process.cpuUsage();
	const found = await readBarcodes({ data, width, height, colorSpace: "srgb" }, { formats: ["QRCode"], maxNumberOfSymbols: 1, textMode: "Plain" });
	const used = process.cpuUsage(start);
	const text = found.length > 0 && found[0].isValid ? Buffer.from(found[0].text).toString("hex") : "";
	writeSync(1, `${used.user + used.system} ${text || "-"}\n`);
}
