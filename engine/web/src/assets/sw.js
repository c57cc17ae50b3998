// Answers the pages of this folder from the engine, so that they work without a network and send nothing anywhere.
"use strict";
const VERSION = "@VERSION@";
const FILES = ["app.wasm.gz", "engine.js", "app.js", "style.css"];
const PREFIX = "evenhand:" + self.registration.scope + ":";
const CACHE = PREFIX + VERSION;
importScripts("engine.js");

let engine = null;
function open() {
  engine ||= (async () => {
    const cache = await caches.open(CACHE);
    const kept = (await cache.match("app.wasm.gz")) || (await fetch("app.wasm.gz"));
    return self.evenhandEngine(await kept.arrayBuffer());
  })();
  engine.catch(() => { engine = null; });
  return engine;
}

// Only a worker whose engine answers may take over.
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
    const answer = await (await open()).answer({ method: "GET", target: "index.html" });
    if (answer.status !== 200) throw new Error("the engine does not answer");
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
  if (event.data === "wake") open();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const scope = self.registration.scope;
  const address = request.url.split(/[?#]/)[0];
  if (!address.startsWith(scope)) return;
  const target = address.slice(scope.length);
  if (target === "sw.js") return;
  if (request.method === "GET" && FILES.includes(target)) {
    event.respondWith(caches.open(CACHE).then((cache) => cache.match(target)).then((kept) => kept || fetch(request)));
    return;
  }
  if (!["GET", "HEAD", "POST"].includes(request.method)) return;
  event.respondWith((async () => {
    const headers = [["accept-language", self.navigator.languages.join(",")]];
    const kind = request.headers.get("content-type");
    if (kind) headers.push(["content-type", kind]);
    // A post is taken from pages of this folder alone.
    const ours = request.referrer.startsWith(scope) || request.referrer === "about:client";
    if (request.method === "POST" && !ours) headers.push(["sec-fetch-site", "cross-site"]);
    const body = request.method === "POST" ? new Uint8Array(await request.arrayBuffer()) : new Uint8Array();
    const answer = await (await open()).answer({ method: request.method, target, headers, body });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  })());
});
