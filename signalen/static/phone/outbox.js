// The box of one person on this phone: what was written, where each record stands, and who is here.
(function (scope) {
  "use strict";
  const { seal, store, queue } = scope.Signalen;
  const MOST = 50; // unsent records
  const MOST_BYTES = 50 * 1024 * 1024;
  const MINUTE = 60_000;
  const PATIENCE = 8_000; // milliseconds until the server counts as not reachable
  const UNSENT = ["ready", "sending", "needs-sign-in", "refused", "conflict"];
  const outbox = new EventTarget();
  let page = {}; // the data of the page: language, form version, the server's public key
  let here = null; // the row of the person who is here
  let me = null; // what the server says of them
  let csrf = null;

  const tell = (what) => outbox.dispatchEvent(new Event(what));
  const context = (who, what) => `signalen/1/${what}\n${who}`;
  const trouble = (code) => Object.assign(new Error(code), { code });
  const bytesOf = (record) => (record.envelope ? record.envelope.ct.length : 0) + (record.copy ? record.copy.ct.byteLength : 0);

  async function start(data) {
    page = data;
    here = (await store.all("people")).find((person) => person.here) || null;
    store.events.addEventListener("change", () => tell("change"));
    store.events.addEventListener("person", () => ask());
    store.events.addEventListener("left", () => hereGone());
    store.events.addEventListener("outdated", () => tell("outdated"));
    await old();
    tell("person");
    scope.addEventListener("online", () => ask().then(() => sendNow()));
    scope.addEventListener("offline", () => setReachable(false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
    setInterval(send, MINUTE);
    await ask();
    send();
  }

  // What the server has had for a week is no longer listed here.
  async function old() {
    for (const record of await store.all("records")) {
      const photos = (record.photos || []).some((photo) => photo.state !== "sent");
      if (record.state === "received" && record.until < Date.now() && !photos) await store.forget(record.key);
    }
  }

  function setReachable(now) {
    if (outbox.reachable === now) return;
    outbox.reachable = now;
    tell("line");
  }

  async function call(address, options = {}) {
    const headers = { Accept: "application/json", ...options.headers };
    return fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...options, headers });
  }

  function post(address, body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
    return call(address, { method: "POST", headers, body: JSON.stringify(body) });
  }

  // Who is signed in? Somebody else than last time: the words of the last one are closed before anything is shown.
  async function ask() {
    let answer;
    try {
      answer = await call("/capture/me");
    } catch {
      setReachable(false);
      return;
    }
    setReachable(true);
    if (answer.ok) await welcome(await answer.json());
    else if (answer.status === 401 || answer.status === 404) {
      me = null;
      tell("person");
    }
  }

  async function welcome(said) {
    if (here && here.who !== said.who) await close(here.who);
    me = said;
    csrf = said.csrf;
    page.key = said.key;
    await store.put("facts", said.key, "key");
    const known = (await store.get("people", said.who)) || { who: said.who, token: null, lock: null };
    const lock = known.lock || (await seal.newLock());
    here = { ...known, lock, here: true, name: said.name, organisations: said.organisations };
    await store.put("people", here);
    if (!here.token) await fetchToken();
    await reopen();
    tell("person");
    tell("change");
  }

  async function fetchToken() {
    const answer = await post("/capture/device", {}).catch(() => null);
    if (!answer || answer.status !== 201) return;
    const { token } = await answer.json();
    here = { ...here, token };
    await store.put("people", here);
    for (const record of await store.all("records")) {
      if (record.who === here.who && record.state === "needs-sign-in") {
        await store.change("records", record.key, (now) => ({ ...now, state: "ready", tries: 0, next: 0 }));
      }
    }
  }

  // What was sealed at sign-out comes back to its own writer through the server.
  async function reopen() {
    const shut = (await mine()).filter((record) => record.envelope && record.envelope.v && !record.copy);
    if (!shut.length) return;
    const answer = await post("/capture/open", { envelopes: shut.map((record) => record.envelope) }).catch(() => null);
    if (!answer || !answer.ok) return;
    for (const { key, record } of (await answer.json()).opened) {
      if (!record) continue;
      const copy = await seal.lock(here.lock, record, context(here.who, key));
      await store.change("records", key, (now) => (now.envelope ? { ...now, copy } : null));
    }
  }

  // Sign-out, or somebody else: sealed records stay and are sent; nobody here can read them any more.
  async function close(who) {
    for (const record of await store.all("records")) {
      if (record.who === who) await store.change("records", record.key, (now) => ({ ...now, copy: null }));
    }
    for (const photo of await store.all("photos")) {
      if (photo.who === who) await store.change("photos", photo.hash, (now) => ({ ...now, view: null }));
    }
    await store.change("people", who, (person) => ({ who, token: person.token, lock: null, here: false }));
  }

  async function leave() {
    const gone = (await store.all("people")).filter((person) => person.here || person.lock);
    for (const person of gone) await close(person.who);
    here = null;
    me = null;
    store.changed("left");
    tell("person");
  }

  function hereGone() {
    here = null;
    me = null;
    tell("person");
    tell("change");
  }

  async function mine() {
    return here ? (await store.all("records")).filter((record) => record.who === here.who) : [];
  }

  async function list() {
    const rows = (await mine()).sort((a, b) => b.made_at.localeCompare(a.made_at));
    return rows.map((record) => ({
      key: record.key,
      state: record.state,
      made_at: record.made_at,
      receipt: record.receipt || null,
      why: record.why || null,
      readable: Boolean(record.copy && here.lock),
      photos: counted(record.photos || []),
    }));
  }

  function counted(photos) {
    const of = (state) => photos.filter((photo) => photo.state === state).length;
    return { total: photos.length, sent: of("sent"), refused: of("refused") };
  }

  async function read(key) {
    const record = await store.get("records", key);
    if (!here?.lock || record?.who !== here.who || !record.copy) return null;
    return seal.unlockObject(here.lock, record.copy, context(here.who, key)).catch(() => null);
  }

  // Seals and locks first, writes after: a transaction does not wait for cryptography.
  async function keep(record, state) {
    if (!here) throw trouble("nobody");
    const whole = { ...record, form: page.form, who: here.who };
    whole.made_at ||= new Date().toISOString();
    const before = await store.get("records", record.key);
    if (before && !["draft", "refused"].includes(before.state)) throw trouble("sent");
    const photos = before?.photos || [];
    whole.photos = photos.map((photo) => photo.hash);
    const envelope = await seal.envelope(page.key, whole);
    const copy = await seal.lock(here.lock, whole, context(here.who, record.key));
    if (state === "ready") await room(record.key);
    const row = { key: record.key, who: here.who, form: page.form, state, made_at: whole.made_at, changed_at: Date.now() };
    await store.put("records", { ...row, envelope, copy, photos, tries: 0, next: 0, why: null, receipt: null });
    store.changed();
    tell("change");
  }

  async function room(key) {
    const { count, bytes } = await waiting({ everybody: true, but: key });
    if (count >= MOST || bytes >= MOST_BYTES) throw trouble("full");
  }

  async function ready(record) {
    await keep(record, "ready");
    scope.navigator.storage?.persist?.().catch(() => {});
    scope.navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("send")).catch(() => {});
    send();
  }

  // Back to a draft, unless it is on its way: under the same key, or as a copy under a new one.
  async function edit(key, { copy = false } = {}) {
    const record = await read(key);
    if (!record) return null;
    if (copy) {
      const fresh = { ...record, key: crypto.randomUUID(), made_at: new Date().toISOString(), photos: [] };
      await keep(fresh, "draft");
      for (const photo of await photos(key)) await addPhoto(fresh.key, await photo.bytes(), photo.type);
      return fresh;
    }
    const row = await store.change("records", key, (now) =>
      ["draft", "ready", "refused", "needs-sign-in"].includes(now.state) ? { ...now, state: "draft" } : null,
    );
    tell("change");
    return row ? record : null;
  }

  async function discard(key) {
    await store.forget(key);
    store.changed();
    tell("change");
  }

  // Two records under one key: the first stays as it is, or mine goes as a second signal.
  async function settle(key, choice) {
    const record = choice === "second" ? await edit(key, { copy: true }) : null;
    if (record) await keep(record, "ready");
    if (choice === "first" || record) await discard(key);
    send();
    return record;
  }

  async function kept(key) {
    const answer = await call(`/capture/kept/${key}`).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  async function addPhoto(key, bytes, type) {
    if (!here) throw trouble("nobody");
    await room(key);
    const sealed = await seal.photo(page.key, bytes, key);
    const hash = await seal.hash(sealed);
    const view = await seal.lock(here.lock, bytes, context(here.who, hash));
    await store.put("photos", { hash, key, who: here.who, type, sealed, view });
    const row = await store.change("records", key, (now) => ({ ...now, photos: [...(now.photos || []), { hash, state: "waiting" }] }));
    if (!row) {
      await store.remove("photos", hash);
      throw trouble("no-record");
    }
    await resealed(key);
    return hash;
  }

  async function removePhoto(key, hash) {
    await store.remove("photos", hash);
    await store.change("records", key, (now) => ({ ...now, photos: now.photos.filter((photo) => photo.hash !== hash) }));
    await resealed(key);
  }

  // A draft says which photos belong to it.
  async function resealed(key) {
    const record = await read(key);
    if (record && (await store.get("records", key)).state === "draft") await keep(record, "draft");
    tell("change");
  }

  async function photos(key) {
    const rows = (await store.photosOf(key)).filter((photo) => photo.view && photo.who === here?.who);
    return rows.map((photo) => {
      const bytes = () => seal.unlock(here.lock, photo.view, context(here.who, photo.hash));
      const url = async () => URL.createObjectURL(new Blob([await bytes()], { type: photo.type }));
      return { hash: photo.hash, type: photo.type, refused: photo.refused || null, bytes, url };
    });
  }

  // Text that another app gave while this person was here; taken out once.
  async function shared() {
    const given = await store.get("facts", "shared");
    if (!given || !here?.lock || given.who !== here.who) return null;
    await store.remove("facts", "shared");
    const found = await seal.unlockObject(here.lock, given.box, context(here.who, "shared")).catch(() => null);
    return found?.text || null;
  }

  async function waiting({ everybody = false, but = null } = {}) {
    const rows = (await store.all("records")).filter((r) => UNSENT.includes(r.state) && r.key !== but);
    const own = rows.filter((record) => everybody || record.who === here?.who);
    const photo = (await store.all("photos")).reduce((sum, each) => sum + each.sealed.byteLength + (each.view ? each.view.ct.byteLength : 0), 0);
    const oldest = own.map((record) => record.made_at).sort()[0];
    return {
      count: own.length,
      others: rows.length - own.length,
      oldest: oldest ? new Date(oldest) : null,
      bytes: photo + rows.reduce((sum, record) => sum + bytesOf(record), 0),
    };
  }

  function send() {
    return queue.flush().then(rekeyed);
  }

  function sendNow() {
    return queue.flush({ now: true }).then(rekeyed);
  }

  // The server has a new key and lost the old one: what can still be read here is sealed anew.
  async function rekeyed() {
    for (const record of await mine()) {
      if (record.state !== "refused" || record.why !== "unknown-key" || record.envelope?.kid === page.key.id) continue;
      const whole = await read(record.key);
      if (whole) await keep(whole, "ready").then(send);
    }
  }

  // When nothing else helps: everything unsent, sealed as it is, in one file for the server to bring in.
  async function exportFile() {
    const records = (await mine()).filter((record) => record.envelope);
    const keys = new Set((await mine()).map((record) => record.key));
    const pictures = (await store.all("photos")).filter((photo) => keys.has(photo.key));
    const whole = {
      signalen: 1,
      made_at: new Date().toISOString(),
      records: records.map((record) => record.envelope),
      photos: pictures.map(({ key, hash, sealed }) => ({ key, hash, sealed: seal.toText(sealed) })),
    };
    return new Blob([JSON.stringify(whole)], { type: "application/json" });
  }

  Object.defineProperty(outbox, "person", {
    get: () =>
      here && {
        who: here.who,
        name: here.name,
        organisations: here.organisations || [],
        recent: me?.recent || [],
        language: me?.language || null,
        signed: Boolean(me),
      },
  });
  Object.assign(outbox, {
    reachable: null,
    start,
    waiting,
    list,
    read,
    keepDraft: (record) => keep(record, "draft"),
    ready,
    edit,
    discard,
    addPhoto,
    removePhoto,
    photos,
    settle,
    kept,
    shared,
    sendNow,
    exportFile,
    leave,
  });
  scope.Signalen.outbox = outbox;
})(self);
