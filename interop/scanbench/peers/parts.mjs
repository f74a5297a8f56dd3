// Makes scanner/testdata/parts.txt with the npm packages that wallets use:
// lines of format, message in hex, and the parts, between tabs.
import { UR, UREncoder } from "@ngraveio/bc-ur";
import { splitQRs } from "bbqr";

const badge = Buffer.from(JSON.stringify({ type: ["VerifiableCredential", "OpenBadgeCredential"], issuer: "did:web:riverbend.example",
	name: "Welding I", criteria: "Weld three joints that hold. ".repeat(12) }));
function line(format, message, parts) {
	console.log([format, message.toString("hex"), ...parts].join("\t"));
}
for (const size of [40, 90, 400]) {
	const encoder = new UREncoder(UR.fromBuffer(badge), size, 0);
	const n = encoder.fragmentsLength;
	const parts = [];
	for (let i = 0; i < 3 * n; i++) parts.push(encoder.nextPart().toUpperCase());
	line("ur", badge, parts);
}
for (const encoding of ["H", "2", "Z"]) {
	const { parts } = splitQRs(badge, "J", { encoding, maxVersion: 5 });
	line("bbqr", badge, parts);
}
