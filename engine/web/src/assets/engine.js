// The engine as a module that answers requests: for the service worker, and for a page without one.
// `evenhandEngine(bytes)` unpacks it; `answer(request)` takes `{method, target, headers, body}` and gives `{status, headers, body}`.
"use strict";
self.evenhandEngine = async (packed, day = Math.floor(Date.now() / 86400000)) => {
  // A module that has grown further than this starts anew with the next request.
  const MOST = 64 * 1024 * 1024;
  const unpacked = new Response(packed).body.pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  let instance = null;

  async function run({ method, target, headers = [], body = new Uint8Array() }) {
    if (!instance) {
      const fresh = await WebAssembly.instantiate(module, {});
      if (!fresh.exports.warm(day)) throw new Error("the rules cannot be loaded");
      instance = fresh;
    }
    const { alloc, release, request, memory } = instance.exports;
    const head = new TextEncoder().encode(JSON.stringify({ method, target, headers }) + "\n");
    const length = head.length + body.length;
    const at = alloc(length) >>> 0;
    const room = new Uint8Array(memory.buffer, at, length);
    room.set(head);
    room.set(body, head.length);
    const place = BigInt.asUintN(64, request(at, length));
    release(at, length);
    const [address, size] = [Number(place >> 32n), Number(place & 0xffffffffn)];
    const bytes = new Uint8Array(memory.buffer, address, size).slice();
    release(address, size);
    if (memory.buffer.byteLength > MOST) instance = null;
    const end = bytes.indexOf(10);
    const line = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    return { status: line.status, headers: line.headers, body: bytes.subarray(end + 1) };
  }

  return {
    async answer(request) {
      try {
        return await run(request);
      } catch {
        // What failed may have left anything behind: a new instance gives back what was typed.
        instance = null;
        return run({ ...request, headers: [...(request.headers ?? []), ["evenhand-failed", "1"]] });
      }
    },
  };
};
