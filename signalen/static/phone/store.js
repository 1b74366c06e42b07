// What lies on the phone: people, records, photos, facts. Nothing here has a readable word of a signal in it; what lies where,
// and until when, stands in docs/phone-format.md.
(function (scope) {
  "use strict";
  const NAME = "signalen";
  const VERSION = 1; // a later version only adds: what an older page kept must stay sendable
  const STORES = ["people", "records", "photos", "facts"];
  const channel = "BroadcastChannel" in scope ? new BroadcastChannel(NAME) : null;
  const local = new EventTarget();
  let opening = null;

  function open() {
    opening ??= opened().catch((error) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function opened() {
    const how = {
      upgrade(db, from) {
        if (from < 1) {
          db.createObjectStore("people", { keyPath: "who" });
          db.createObjectStore("records", { keyPath: "key" });
          db.createObjectStore("photos", { keyPath: "hash" }).createIndex("key", "key");
          db.createObjectStore("facts");
        }
      },
      // A newer page wants to add something: this one lets go, says so, and opens again when it needs to.
      blocking(_now, _next, event) {
        event.target.close();
        opening = null;
        local.dispatchEvent(new Event("outdated"));
      },
      terminated() {
        opening = null;
      },
    };
    try {
      return await scope.idb.openDB(NAME, VERSION, how);
    } catch (error) {
      if (error.name !== "VersionError") throw error;
      // A later version was here before and only added: this one still finds its own.
      return scope.idb.openDB(NAME, undefined, { blocking: how.blocking, terminated: how.terminated });
    }
  }

  // Tells this page, the others and the worker that something changed.
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

  // On the disk when it resolves, as far as the browser can say so.
  async function write(stores, work) {
    const tx = (await open()).transaction(stores, "readwrite", { durability: "strict" });
    const outcome = await Promise.all([work(tx), tx.done]);
    return outcome[0];
  }

  function put(store, value, key) {
    return write([store], (tx) => tx.objectStore(store).put(value, key));
  }

  function remove(store, key) {
    return write([store], (tx) => tx.objectStore(store).delete(key));
  }

  // Changes one row inside one transaction: `next` gets the row as it is now and returns it, or null to leave it.
  function change(store, key, next) {
    return write([store], async (tx) => {
      const row = await tx.objectStore(store).get(key);
      const changed = row === undefined ? null : next(row);
      if (changed) await tx.objectStore(store).put(changed);
      return changed;
    });
  }

  // Somebody is here: their row as it is now, with a lock. The one that lies there stays, for it is that of the other windows
  // too; when there is none it is this one.
  function arrive(who, lock) {
    return write(["people"], async (tx) => {
      const row = (await tx.objectStore("people").get(who)) || { who, token: null };
      const now = { ...row, here: true, lock: row.lock || lock, about: row.lock ? row.about : null };
      await tx.objectStore("people").put(now);
      return now;
    });
  }

  // Puts a record, and adds or drops a photo of it, when `may` says so of what is there now (undefined: nothing is). When
  // its person left while it was being sealed it is kept sealed only: what the gone lock locked, nobody could open.
  function place(row, may, { add = null, drop = null } = {}) {
    return write(["people", "records", "photos"], async (tx) => {
      if (!may(await tx.objectStore("records").get(row.key))) return false;
      const here = (await tx.objectStore("people").get(row.who))?.here;
      await tx.objectStore("records").put(here ? row : { ...row, copy: null });
      if (add) await tx.objectStore("photos").put(here ? add : { ...add, view: null });
      if (drop) await tx.objectStore("photos").delete(drop);
      return true;
    });
  }

  async function photosOf(key) {
    return (await open()).getAllFromIndex("photos", "key", key);
  }

  async function dropRecord(tx, key) {
    const photos = tx.objectStore("photos");
    for (const hash of await photos.index("key").getAllKeys(key)) await photos.delete(hash);
    await tx.objectStore("records").delete(key);
  }

  // Removes a record and its photos together, when `may` says so of the row as it is now.
  function forget(key, may = () => true) {
    return write(["records", "photos"], async (tx) => {
      const row = await tx.objectStore("records").get(key);
      if (!row || !may(row)) return false;
      await dropRecord(tx, key);
      return true;
    });
  }

  // Puts a record and its photos in the place of an old one, all or nothing, when `may` says so of the old one; beside it when
  // the old one `stays`.
  function replace(old, { row, photos, stays }, may) {
    return write(["people", "records", "photos"], async (tx) => {
      const now = await tx.objectStore("records").get(old);
      if (!now || !may(now)) return false;
      const here = (await tx.objectStore("people").get(row.who))?.here;
      if (!stays) await dropRecord(tx, old);
      for (const photo of photos) await tx.objectStore("photos").put(here ? photo : { ...photo, view: null });
      await tx.objectStore("records").put(here ? row : { ...row, copy: null });
      return true;
    });
  }

  async function each(store, next) {
    for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
      const row = next(cursor.value);
      if (row) await cursor.update(row);
    }
  }

  // Closes what this phone could open of everybody but `but`: the locks go, and what they locked. What is sealed stays,
  // and the token with it: what waits is still sent, for the person who wrote it.
  async function close({ but = null } = {}) {
    const other = (row) => row.who !== but;
    if ((await all("people")).some((row) => row.here && other(row))) drop("last"); // the place and group of last time
    await write(["people", "records", "photos", "facts"], async (tx) => {
      await each(tx.objectStore("people"), (row) =>
        other(row) && { who: row.who, token: row.token, quiet: row.quiet, lock: null, about: null, here: false },
      );
      await each(tx.objectStore("records"), (row) => other(row) && row.copy && { ...row, copy: null });
      await each(tx.objectStore("photos"), (row) => other(row) && row.view && { ...row, view: null });
      const shared = await tx.objectStore("facts").get("shared");
      if (shared && other(shared)) await tx.objectStore("facts").delete("shared");
    });
  }

  // What must be known even when a page is closed at once: `leaving`, somebody signs out; `asked`, somebody may have signed in.
  function mark(name) {
    try {
      scope.localStorage.setItem(`signalen.${name}`, "yes");
    } catch {
      // A browser that keeps nothing has nothing to close.
    }
  }

  function drop(name) {
    try {
      scope.localStorage.removeItem(`signalen.${name}`);
    } catch {
      // Nothing was kept.
    }
  }

  function marked(name) {
    try {
      return scope.localStorage.getItem(`signalen.${name}`) !== null;
    } catch {
      return false;
    }
  }

  // What a lock was made for: a copy of one record cannot be taken for that of another.
  const context = (who, what) => `signalen/1/${what}\n${who}`;

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.store = {
    STORES, open, all, get, put, remove, change, arrive, place, photosOf, forget, replace, close, mark, drop, marked, context, changed,
    events: local,
  };
})(self);
