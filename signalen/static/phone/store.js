// What lies on the phone: people, records, photos, facts. Nothing here has a readable word of a signal in it.
(function (scope) {
  "use strict";
  const NAME = "signalen";
  const VERSION = 1; // a later version only adds: what an older page kept must stay sendable
  const STORES = ["people", "records", "photos", "facts"];
  const channel = "BroadcastChannel" in scope ? new BroadcastChannel(NAME) : null;
  const local = new EventTarget();
  let opening = null;

  function open() {
    opening ??= scope.idb.openDB(NAME, VERSION, {
      upgrade(db, from) {
        if (from < 1) {
          db.createObjectStore("people", { keyPath: "who" });
          db.createObjectStore("records", { keyPath: "key" });
          db.createObjectStore("photos", { keyPath: "hash" }).createIndex("key", "key");
          db.createObjectStore("facts");
        }
      },
      // A newer page wants to add something: this one lets go, and opens again when it needs to.
      blocking(_now, _next, event) {
        event.target.close();
        opening = null;
        local.dispatchEvent(new Event("outdated"));
      },
      terminated() {
        opening = null;
      },
    });
    return opening;
  }

  // Tells this page and the others that something changed.
  function changed(what = "change") {
    local.dispatchEvent(new Event(what));
    channel?.postMessage(what);
  }

  if (channel) channel.onmessage = (event) => local.dispatchEvent(new Event(event.data));

  async function all(store) {
    return (await open()).getAll(store);
  }

  async function get(store, key) {
    return (await open()).get(store, key);
  }

  async function put(store, value, key) {
    await (await open()).put(store, value, key);
  }

  async function remove(store, key) {
    await (await open()).delete(store, key);
  }

  // Changes one row inside one transaction; `change` gets the row as it is now and returns it, or null to leave it.
  async function change(store, key, change) {
    const tx = (await open()).transaction(store, "readwrite");
    const row = await tx.store.get(key);
    const next = row === undefined ? null : change(row);
    if (next) await tx.store.put(next);
    await tx.done;
    return next;
  }

  async function photosOf(key) {
    return (await open()).getAllFromIndex("photos", "key", key);
  }

  // Removes a record and its photos together.
  async function forget(key) {
    const tx = (await open()).transaction(["records", "photos"], "readwrite");
    for (const hash of await tx.objectStore("photos").index("key").getAllKeys(key)) await tx.objectStore("photos").delete(hash);
    await tx.objectStore("records").delete(key);
    await tx.done;
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.store = { STORES, open, all, get, put, remove, change, photosOf, forget, changed, events: local };
})(self);
