// Answers requests with the module as the pages run it, and compares: same.mjs ENGINE.JS APP.WASM.GZ FOLDER, where the folder
// holds N.request and N.response.
import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { runInThisContext } from "node:vm";

const [script, packed, folder] = process.argv.slice(2);
globalThis.self = globalThis;
runInThisContext(readFileSync(script, "utf8"));
const module = await WebAssembly.compile(gunzipSync(readFileSync(packed)));
const imports = WebAssembly.Module.imports(module);
if (imports.length > 0) throw new Error(`the module asks for ${JSON.stringify(imports.slice(0, 5))}`);
const exports = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "function").map(({ name }) => name).sort();
if (exports.join() !== "alloc,release,request,warm") throw new Error(`the module offers ${exports.join()}`);

const engine = await globalThis.evenhandEngine(readFileSync(packed), 22000);
const split = (bytes) => {
  const end = bytes.indexOf(10);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), bytes.subarray(end + 1)];
};
const names = readdirSync(folder).filter((name) => name.endsWith(".request"));
const times = [];
for (const name of names) {
  const [head, body] = split(readFileSync(`${folder}/${name}`));
  const expected = readFileSync(`${folder}/${name.replace(".request", ".response")}`);
  const begun = performance.now();
  const answer = await engine.answer({ ...head, body });
  times.push(performance.now() - begun);
  const [line, rest] = split(expected);
  const same = answer.status === line.status
    && JSON.stringify(answer.headers) === JSON.stringify(line.headers)
    && Buffer.compare(Buffer.from(answer.body), rest) === 0;
  if (!same) throw new Error(`${name} (${head.target}) differs`);
}
times.sort((one, other) => one - other);
const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(0);
console.log(`${names.length} answers are the same; ms: median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}`);
