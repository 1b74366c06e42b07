// Hands out the screen of /capture without network, and nothing else: no page of a person, no part of a page, nothing that
// was not listed here when this build was made. What waits to be sent lies in a database that this file never clears.
"use strict";
importScripts({% for each in scripts %}{{ each|tojson }}{{ ", " if not loop.last }}{% endfor %});
const BUILD = "~build~";
const FACTS = {{ facts|tojson }};
const CACHE = `signalen-${BUILD}`;
const CHOICE = "signalen-choice"; // outlives builds: the language of the screen
const LANGUAGE = `${FACTS.home}/language`;
const FIRST = Object.keys(FACTS.shells)[0];
const { seal, store, queue } = self.Signalen;

self.addEventListener("install", (event) => {
  // Scripts carry their hash in their address, so a page of the last build goes on with its own: no need to wait for it.
  event.waitUntil(keep().catch(giveUp).then(() => self.skipWaiting()));
});

async function giveUp(error) {
  await caches.delete(CACHE);
  throw error;
}

// All of this build or nothing: the worker of the last one goes on until it succeeds.
async function keep() {
  const cache = await caches.open(CACHE);
  const ask = (address) => fetch(new Request(address, { cache: "reload", credentials: "omit", redirect: "error" }));
  await Promise.all([
    ...FACTS.pages.map(async (address) => {
      const answer = await ask(address);
      if (!answer.ok || answer.headers.get(FACTS.header) !== BUILD) throw new Error(`not of this build: ${address}`);
      await cache.put(address, answer);
    }),
    ...FACTS.files.map(async (address) => {
      const answer = await ask(address);
      if (!answer.ok) throw new Error(`not there: ${address}`);
      await cache.put(address, answer);
    }),
  ]);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(drop().then(() => self.clients.claim()));
});

async function drop() {
  const old = (await caches.keys()).filter((name) => name.startsWith("signalen-") && name !== CACHE && name !== CHOICE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("message", (event) => {
  if (Object.hasOwn(FACTS.shells, event.data?.language ?? "")) {
    event.waitUntil(choose(event.data.language).then(() => event.ports[0]?.postMessage("done")));
  }
});

async function choose(code) {
  await (await caches.open(CHOICE)).put(LANGUAGE, new Response(code));
}

async function language() {
  const chosen = await (await caches.open(CHOICE)).match(LANGUAGE);
  const code = chosen ? await chosen.text() : FIRST;
  return Object.hasOwn(FACTS.shells, code) ? code : FIRST;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.headers.has("HX-Request")) return;
  if (request.mode === "navigate") {
    if (request.method === "POST" && url.pathname === FACTS.share) event.respondWith(shared(request));
    else if (request.method !== "GET") return;
    // `online`: the page of the server, for a browser that can keep nothing.
    else if (url.pathname === FACTS.home && !url.searchParams.has("online")) event.respondWith(page(FACTS.shells, request));
    else event.respondWith(fetch(request).catch(() => page(FACTS.offline, request)));
  } else if (request.method === "GET" && FACTS.files.includes(url.pathname + url.search)) {
    event.respondWith(file(url.pathname + url.search, request));
  }
});

async function page(pages, request) {
  return file(pages[await language()], request);
}

// The browser may have thrown the cache away: then the network has it, if there is one.
async function file(address, request) {
  const found = await (await caches.open(CACHE)).match(address, { ignoreVary: true });
  return found || fetch(request);
}

// Text from another app: locked for who is here, and taken up by the screen. It stands in no address.
async function shared(request) {
  const here = (await store.all("people").catch(() => [])).find((person) => person.here && person.lock);
  if (!here) return fetch(request).catch(() => page(FACTS.offline, new Request(FACTS.home)));
  const form = await request.formData();
  const given = ["title", "text", "url"].map((name) => form.get(name));
  const text = given.filter((each) => typeof each === "string" && each.trim()).join("\n");
  const box = await seal.lock(here.lock, { text }, store.context(here.who, "shared"));
  await store.put("facts", { who: here.who, box }, "shared");
  return Response.redirect(FACTS.home, 303);
}

// Where the browser knows it: sent when the network is back, also with the page closed. What still waits asks to be woken again.
self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(sent());
});

async function sent() {
  const { due } = await queue.flush({ now: true });
  if (due !== null) throw new Error("something still waits");
}
