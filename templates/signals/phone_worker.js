// Hands out the screen of /capture without network, and nothing else: no page of a person, no part of a page, nothing that
// was not listed here when this build was made. What waits to be sent lies in a database that this file never clears.
"use strict";
importScripts({% for each in scripts %}{{ each|tojson }}{{ ", " if not loop.last }}{% endfor %});
const BUILD = "~build~";
const FACTS = {{ facts|tojson }};
const CACHE = `signalen-${BUILD}`;
const CHOICE = "signalen-choice"; // outlives builds: the language of the screen
const LANGUAGE = "/capture/language";
const FIRST = Object.keys(FACTS.shells)[0];
const { seal, store, queue } = self.Signalen;

self.addEventListener("install", (event) => {
  // Scripts carry their hash in their address, so a page of the last build goes on with its own: no need to wait for it.
  event.waitUntil(kept().then(() => self.skipWaiting()));
});

async function kept() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FACTS.files.map((url) => new Request(url, { cache: "reload", credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(dropped().then(() => self.clients.claim()));
});

async function dropped() {
  const old = (await caches.keys()).filter((name) => name.startsWith("signalen-") && name !== CACHE && name !== CHOICE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("message", (event) => {
  if (event.data?.language in FACTS.shells) {
    const done = choose(event.data.language).then(() => event.ports[0]?.postMessage("done"));
    event.waitUntil(done);
  }
});

async function choose(language) {
  await (await caches.open(CHOICE)).put(LANGUAGE, new Response(language));
}

async function language() {
  const chosen = await (await caches.open(CHOICE)).match(LANGUAGE);
  const code = chosen ? await chosen.text() : FIRST;
  return code in FACTS.shells ? code : FIRST;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.headers.has("HX-Request")) return;
  if (request.method === "POST" && url.pathname === FACTS.share) event.respondWith(shared(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (url.pathname === FACTS.home) event.respondWith(page(FACTS.shells, request));
    else event.respondWith(fetch(request).catch(() => page(FACTS.offline, request)));
  } else if (FACTS.files.includes(url.pathname + url.search)) {
    event.respondWith(file(url.pathname + url.search, request));
  }
});

async function page(pages, request) {
  return file(pages[await language()], request);
}

async function file(address, request) {
  const found = await (await caches.open(CACHE)).match(address, { ignoreVary: true });
  return found || fetch(request);
}

// Text from another app: locked for who is here, and taken up by the screen. It stands in no address.
async function shared(request) {
  const here = (await store.all("people")).find((person) => person.here && person.lock);
  if (!here) return fetch(request);
  const form = await request.formData();
  const text = ["title", "text", "url"].map((name) => form.get(name)).filter(Boolean).join("\n");
  await store.put("facts", { who: here.who, box: await seal.lock(here.lock, { text }, `signalen/1/shared\n${here.who}`) }, "shared");
  return Response.redirect(FACTS.home, 303);
}

// Where the browser knows it: sent when the network is back, also with the page closed.
self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(queue.flush());
});
