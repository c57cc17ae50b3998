// What makes the pages of a plan answer while somebody types. Everything works without it.
// It never replaces an input: what was typed and where the focus is stay as they are.
"use strict";
(() => {
  const PAUSE = 250;
  const root = document.documentElement;
  const said = (name) => document.body.dataset[name] || "";

  // ---- Drafts: texts of plans in this browser, each under a key of its own.
  const KEY = "evenhand.draft.";
  const drafts = {
    all() {
      const found = [];
      for (let index = 0; index < localStorage.length; index += 1) {
        const key = localStorage.key(index);
        if (!key.startsWith(KEY)) continue;
        try { found.push([key, JSON.parse(localStorage.getItem(key))]); } catch { /* not ours */ }
      }
      return found.sort((one, other) => (other[1].saved || 0) - (one[1].saved || 0));
    },
    put(key, draft) { localStorage.setItem(key, JSON.stringify({ ...draft, saved: Date.now() })); },
    remove(key) { localStorage.removeItem(key); },
  };
  const carried = ["v", "source", "name", "format", "undo", "left", "at"];
  const fieldsOf = (form) => Object.fromEntries(carried.map((name) => [name, form.elements.namedItem(name)?.value ?? ""]));

  let key = null;
  let owner = true;
  function draftKey() {
    key ||= sessionStorage.getItem("evenhand.draft") || KEY + Date.now() + Math.random().toString(36).slice(2);
    sessionStorage.setItem("evenhand.draft", key);
    return key;
  }
  function keep(fields) {
    try {
      if (owner) drafts.put(draftKey(), fields);
    } catch {
      notice("full", said("full"));
    }
  }
  // One tab writes a draft; another that has it open is told. The page before this one may hold it for a moment more.
  let claimed = null;
  function claim() {
    const name = draftKey();
    if (!navigator.locks || claimed === name) return;
    claimed = name;
    const late = new AbortController();
    const timeout = setTimeout(() => late.abort(), 2000);
    navigator.locks.request(name, { signal: late.signal }, () => {
      clearTimeout(timeout);
      return new Promise(() => {});
    }).catch(() => {
      owner = false;
      notice("other", said("other"));
    });
  }

  // ---- Notices: calm, one of each kind.
  function notice(id, text, button, action) {
    let box = document.getElementById("notice-" + id);
    if (!text) { box?.remove(); return; }
    if (box) return;
    box = document.createElement("div");
    box.id = "notice-" + id;
    box.className = "notice";
    box.setAttribute("role", "status");
    const line = document.createElement("p");
    line.textContent = text;
    box.append(line);
    if (button) {
      const press = document.createElement("button");
      press.type = "button";
      press.textContent = button;
      press.addEventListener("click", action);
      box.append(press);
    }
    (document.querySelector("main") || document.body).prepend(box);
  }

  // ---- Asking while somebody types.
  let timer = 0;
  let asked = 0;
  function ask(form) {
    const number = (asked += 1);
    const fields = new URLSearchParams(new FormData(form));
    // A trial stays one until it is taken over.
    const trial = document.querySelector(".trial") !== null;
    fields.set("do", trial ? "try" : "see");
    host.post(form.action, fields).then((answer) => {
      if (number !== asked || !answer) return;
      notice("gone", "");
      show(form, new DOMParser().parseFromString(answer, "text/html"));
    }, () => notice("gone", said("gone")));
  }
  // Takes from an answer what may change beside the inputs: the panel, the line that is read out, notes at fields.
  function show(form, page) {
    const other = page.getElementById("plan");
    if (!other) return;
    for (const id of ["result", "parts"]) {
      const [from, to] = [page.getElementById(id), document.getElementById(id)];
      if (from && to && !to.contains(document.activeElement)) to.replaceWith(document.importNode(from, true));
    }
    const [from, to] = [page.getElementById("status"), document.getElementById("status")];
    if (from && to && from.textContent !== to.textContent) to.textContent = from.textContent;
    for (const note of document.querySelectorAll("[data-note]")) {
      const fresh = page.getElementById(note.id);
      if (fresh && note.innerHTML !== fresh.innerHTML) note.replaceChildren(...[...fresh.cloneNode(true).childNodes]);
      const input = document.getElementById(note.id.slice(1));
      if (input?.matches("input, select, textarea")) {
        if (fresh?.textContent) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
      }
    }
    if (!document.querySelector(".trial")) keep({ ...fieldsOf(other), at: form.elements.namedItem("at").value });
  }

  // ---- Who answers: a program behind the address, or the engine in this page.
  const KIND = "application/x-www-form-urlencoded";
  let engine = null;
  const host = {
    async send(address, fields) {
      if (engine) return here("POST", address, new TextEncoder().encode(fields.toString()));
      const response = await fetch(address, { method: "POST", body: fields.toString(), headers: { "content-type": KIND } });
      const name = /filename="([^"]*)"/.exec(response.headers.get("content-disposition") || "");
      return { name: name?.[1], kind: response.headers.get("content-type"), body: await response.arrayBuffer() };
    },
    async post(address, fields) {
      return new TextDecoder().decode((await this.send(address, fields)).body);
    },
  };
  async function here(method, address, body) {
    const target = address.split(/[?#]/)[0].split("/").pop();
    const headers = [["accept-language", navigator.languages.join(",")]];
    if (method === "POST") headers.push(["content-type", KIND]);
    const answer = await engine.answer({ method, target, headers, body });
    const said = Object.fromEntries(answer.headers);
    const name = /filename="([^"]*)"/.exec(said["content-disposition"] || "");
    return { name: name?.[1], kind: said["content-type"], body: answer.body };
  }
  function save({ name, kind, body }) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([body], { type: kind }));
    link.download = name || "plan";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  // Shows another page in this one: for a page whose engine is in itself.
  function swap(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    root.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(document.importNode(page.body, true));
    start();
    if (!document.querySelector("[autofocus]")) {
      window.scrollTo(0, 0);
      document.getElementById("content")?.focus({ preventScroll: true });
    }
  }
  async function fieldsFrom(form, button) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form, button)) {
      if (typeof value === "string") { fields.append(name, value); continue; }
      if (!value.name) continue;
      fields.append("file-name", value.name);
      fields.append("file-text", await value.text());
    }
    return fields;
  }
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const action = submitter?.value || "see";
    const download = action === "save" || action.startsWith("download:");
    clearTimeout(timer);
    asked += 1;
    if (!engine && !download) return;
    event.preventDefault();
    const address = submitter?.getAttribute("formaction") || form.getAttribute("action");
    try {
      const fields = await fieldsFrom(form, submitter);
      const answer = await host.send(engine ? address : new URL(address, location.href).href, fields);
      notice("gone", "");
      if (download && answer.name) save(answer);
      else swap(new TextDecoder().decode(answer.body));
    } catch {
      notice("gone", said("gone"));
    }
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!engine || !link || link.hasAttribute("download")) return;
    const to = link.getAttribute("href");
    if (!/^[a-z.]+\.html/.test(to)) return;
    event.preventDefault();
    const page = new TextDecoder().decode((await here("GET", to, new Uint8Array())).body);
    if (link.target === "_blank") aside(page, to.split("#")[1]); else swap(page);
  });
  // A part of another page above this one, so that nothing that is typed here goes away.
  function aside(text, id) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const part = page.getElementById(id)?.closest("section") || page.querySelector("main");
    const dialog = document.createElement("dialog");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", said("close"));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.lang = page.documentElement.lang;
    dialog.append(close, document.importNode(part, true));
    document.body.append(dialog);
    dialog.showModal();
  }

  // ---- A page that was read from a file waits until a worker or the engine in it answers.
  const LIMIT = 20000;
  function ready() {
    for (const waits of document.querySelectorAll(".waits")) waits.disabled = false;
    const wait = document.getElementById("wait");
    if (wait) wait.textContent = "";
    root.dataset.host = "ready";
  }
  async function worker() {
    if (!("serviceWorker" in navigator) || !location.protocol.startsWith("http")) throw new Error("no worker");
    const controlled = new Promise((resolve) => {
      if (navigator.serviceWorker.controller) resolve();
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    });
    const registered = navigator.serviceWorker.register("sw.js");
    const late = new Promise((_, fail) => { setTimeout(() => fail(new Error("too late")), LIMIT); });
    await Promise.race([registered.then(() => controlled), late]);
  }
  async function packed() {
    const inside = document.getElementById("engine");
    if (!inside) return (await fetch("app.wasm.gz")).arrayBuffer();
    return Uint8Array.from(atob(inside.textContent.trim()), (letter) => letter.charCodeAt(0));
  }
  async function wait() {
    const wait = document.getElementById("wait");
    if (!wait) return;
    wait.textContent = wait.dataset.start;
    try {
      await worker();
    } catch {
      try {
        engine = await self.evenhandEngine(await packed());
        await here("GET", "index.html", new Uint8Array());
      } catch {
        wait.textContent = wait.dataset.failed;
        root.dataset.host = "failed";
        return;
      }
    }
    ready();
  }
  // A new version waits until the person takes it.
  async function updates() {
    const registration = await navigator.serviceWorker?.getRegistration();
    if (!registration) return;
    const offer = (waiting) => notice("fresh", said("fresh"), said("renew"), () => {
      const plan = document.getElementById("plan");
      if (plan) keep(fieldsOf(plan));
      navigator.serviceWorker.addEventListener("controllerchange", () => location.assign("./"), { once: true });
      waiting.postMessage("take-over");
    });
    if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh?.addEventListener("statechange", () => {
        if (fresh.state === "installed" && navigator.serviceWorker.controller) offer(fresh);
      });
    });
    // A browser stops a worker that does nothing; it is woken before it is asked.
    window.addEventListener("focus", () => navigator.serviceWorker.controller?.postMessage("wake"));
  }

  // ---- A page.
  function start() {
    const plan = document.getElementById("plan");
    if (plan) {
      try { claim(); } catch { /* nothing is kept here */ }
      keep(fieldsOf(plan));
      plan.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => ask(plan), PAUSE);
      });
      document.querySelector("[autofocus]")?.focus();
    }
    const list = document.getElementById("drafts");
    if (list) showDrafts(list);
    for (const form of document.querySelectorAll("form:not(#plan)")) {
      form.addEventListener("submit", () => {
        // A new plan is a new draft.
        sessionStorage.removeItem("evenhand.draft");
        key = null;
      });
    }
  }
  function showDrafts(section) {
    let found = [];
    try { found = drafts.all(); } catch { return; }
    const list = section.querySelector("ul");
    list.replaceChildren();
    section.hidden = found.length === 0;
    for (const [name, draft] of found) {
      const item = document.createElement("li");
      const form = document.createElement("form");
      form.method = "post";
      form.setAttribute("action", section.dataset.plan);
      for (const field of carried) {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = field;
        input.value = draft[field] ?? "";
        form.append(input);
      }
      const open = document.createElement("button");
      open.name = "do";
      open.value = "see";
      const when = new Date(draft.saved).toLocaleString(root.lang);
      open.textContent = `${section.dataset.continue}: ${draft.name}, ${when}`;
      form.addEventListener("submit", () => sessionStorage.setItem("evenhand.draft", name));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "small";
      remove.textContent = section.dataset.remove;
      remove.setAttribute("aria-label", `${section.dataset.remove}: ${draft.name}, ${when}`);
      remove.addEventListener("click", () => { drafts.remove(name); showDrafts(section); });
      const buttons = document.createElement("div");
      buttons.className = "buttons";
      buttons.append(open, remove);
      form.append(buttons);
      item.append(form);
      list.append(item);
    }
  }
  start();
  wait();
  updates().catch(() => {});
})();
