// The box of one person on this phone: what was written, where each record stands, and who is here.
(function (scope) {
  "use strict";
  const { seal, store, queue, here } = scope.Signalen;
  const { context } = store;
  const MOST = 50; // records that wait
  const MOST_BYTES = 50 * 1024 * 1024;
  const MINUTE = 60_000;
  const SOON = 1_000;
  const PATIENCE = 4_000; // milliseconds until the screen opens for whom this phone knows
  const UNSENT = ["ready", "sending", "needs-sign-in", "refused", "conflict"];
  const CHANGEABLE = ["draft", "ready", "needs-sign-in", "refused"];
  const NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
  const outbox = new EventTarget();
  const gone = new Map(); // what this page made ready, to know a second tap from other words under the same key
  let form = 0; // version of the form
  let sending = 0;
  let timer = null;
  let started = null;
  let line = Promise.resolve();

  const tell = (what) => outbox.dispatchEvent(new Event(what));
  const trouble = (code) => Object.assign(new Error(code), { code });

  // ---- start ----
  function start(data) {
    started ??= begin(data || JSON.parse(document.getElementById("phone-data").textContent));
    return started;
  }

  async function begin(data) {
    form = data.form;
    await store.open();
    if (store.marked("leaving")) await here.close(); // the page of the sign-out was gone before it was done
    here.key ??= (await store.get("facts", "key")) || data.key;
    store.events.addEventListener("change", () => tell("change"));
    store.events.addEventListener("outdated", () => tell("outdated"));
    here.addEventListener("person", person);
    here.addEventListener("reached", () => tell("line"));
    scope.addEventListener("online", () => here.ask().then(sendNow));
    scope.addEventListener("offline", () => here.reached(false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && here.ask().then(send));
    setInterval(() => (here.reachable ? send() : here.ask().then(send)), MINUTE);
    await queue.sweep();
    // Somebody else may have come: nothing is shown before the server said who is here, or cannot be asked.
    await Promise.race([here.ask(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    if (here.reachable !== true) await here.known();
    person();
    send();
  }

  function person() {
    if (!here.person) gone.clear();
    tell("person");
    tell("change");
  }

  // ---- what is in the box ----
  async function kept(key) {
    const answer = await here.call(`/kept/${key}`);
    return answer?.ok ? answer.json().catch(() => null) : null;
  }

  async function mine() {
    const who = here.person?.who;
    return who ? (await store.all("records")).filter((row) => row.who === who) : [];
  }

  async function list() {
    const rows = (await mine()).sort((a, b) => b.made_at.localeCompare(a.made_at));
    return rows.map((row) => ({
      key: row.key,
      state: row.state,
      made_at: row.made_at,
      receipt: row.receipt || null,
      why: row.why || row.shut || null,
      photos: counted(row.photos || []),
      mine: true,
      readable: Boolean(row.copy && here.person?.lock),
      tries: row.tries || 0,
      next: row.next ? new Date(row.next) : null,
    }));
  }

  function counted(photos) {
    const of = (state) => photos.filter((photo) => photo.state === state).length;
    return { total: photos.length, sent: of("sent"), refused: of("refused") };
  }

  async function read(key) {
    const row = await store.get("records", key);
    if (!here.person?.lock || row?.who !== here.person.who || !row.copy) return null;
    return seal.unlockObject(here.person.lock, row.copy, context(here.person.who, key)).catch(() => null);
  }

  async function waiting({ but = null } = {}) {
    const all = await store.all("records");
    const rows = all.filter((row) => UNSENT.includes(row.state) && row.key !== but);
    const own = rows.filter((row) => row.who === here.person?.who);
    const oldest = own.map((row) => row.ready_at || Date.parse(row.made_at)).sort((a, b) => a - b)[0];
    const photos = await store.all("photos");
    const bytes = photos.reduce((sum, each) => sum + each.sealed.byteLength + (each.view?.ct.byteLength || 0), 0);
    return {
      count: own.length,
      others: rows.length - own.length,
      oldest: oldest ? new Date(oldest) : null,
      bytes: all.reduce((sum, row) => sum + sizeOf(row), bytes),
    };
  }

  function sizeOf({ envelope, copy }) {
    return (envelope?.ct?.length || 0) + (copy?.ct.byteLength || 0);
  }

  // ---- writing ----
  // One change after another: what was typed later must not be overtaken by what was typed before.
  function inLine(work) {
    const turn = line.then(work, work);
    line = turn.catch(() => {});
    return turn;
  }

  // Seals and locks first, writes after: a transaction does not wait for cryptography. False when it is no draft any more.
  // `add`: a photo; `drop`: the hash of one that goes; `by`: who wrote it, when that was known.
  async function keep(record, state, { add = null, drop = null, by = null } = {}) {
    await started;
    const me = here.person;
    const others = by && by !== me?.who; // while it stood in line somebody else came: these words are not theirs
    if (others && state === "draft") return false;
    if (!me || others) throw trouble("nobody");
    const { key } = record;
    const may = state === "draft" ? ["draft"] : CHANGEABLE;
    const before = await store.get("records", key);
    if (before && (before.who !== me.who || !may.includes(before.state))) return false;
    if (state === "ready") await room(key);
    const photos = (before?.photos || []).filter((photo) => photo.hash !== drop);
    if (add) photos.push({ hash: add.hash, state: "waiting" });
    const made_at = record.made_at || before?.made_at || new Date().toISOString();
    const whole = { ...record, form, who: me.who, made_at, photos: photos.map((photo) => photo.hash) };
    const envelope = await seal.envelope(here.key, whole);
    const copy = await seal.lock(me.lock, whole, context(me.who, key));
    const row = { key, who: me.who, form, state, made_at, envelope, copy, photos, tries: 0, next: 0, why: null, receipt: null };
    if (state === "ready") row.ready_at = Date.now();
    const still = (now) => !now || (now.who === me.who && may.includes(now.state));
    const done = await kindly(store.place(row, still, { add, drop }));
    if (done) store.changed();
    return done;
  }

  function written(record, state) {
    const by = here.person?.who;
    return inLine(() => keep(record, state, { by }));
  }

  async function room(key, bytes = 0) {
    const now = await waiting({ but: key });
    if (now.count + now.others >= MOST || now.bytes + bytes >= MOST_BYTES) throw trouble("full");
  }

  // A disk that is full is the same to the person as a box that is full.
  function kindly(work) {
    return work.catch((error) => {
      throw error.name === "QuotaExceededError" ? trouble("full") : error;
    });
  }

  async function ready(record) {
    const words = JSON.stringify(record);
    if (!(await written(record, "ready"))) {
      if (gone.get(record.key) === words) return; // a second tap
      throw trouble("sent");
    }
    gone.set(record.key, words);
    scope.navigator.storage?.persist?.().catch(() => {});
    // Where the browser knows it, the worker sends also when this page is closed.
    scope.navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("send")).catch(() => {});
    send();
  }

  // Back to a draft, unless it is on its way or with the server. `copy`: as another record under a key of its own, in the
  // place of the old one (beside it, when a photo of it cannot be opened here any more); always so when the server has
  // something else under the old key.
  function edit(key, { copy = false } = {}) {
    return inLine(async () => {
      const row = await store.get("records", key);
      const record = await read(key);
      if (!record) return null;
      if (copy || row.state === "conflict") return moved(row, "draft");
      const done = await store.change("records", key, (now) =>
        CHANGEABLE.includes(now.state) ? { ...now, state: "draft", why: null, tries: 0, next: 0 } : null,
      );
      if (done) store.changed();
      return done ? record : null;
    });
  }

  async function moved(row, state) {
    const may = [...CHANGEABLE, "conflict"];
    const fresh = may.includes(row.state) && (await queue.anew(row, here.person, here.key, crypto.randomUUID()));
    if (!fresh) return null;
    const put = { ...fresh, row: { ...fresh.row, state, ready_at: Date.now() } };
    const done = await kindly(store.replace(row.key, put, (now) => may.includes(now.state)));
    if (done) store.changed();
    return done ? fresh.record : null;
  }

  async function discard(key) {
    const done = await inLine(() => store.forget(key, (now) => now.state !== "sending" && now.who === here.person?.who));
    if (done) store.changed();
    return done;
  }

  // Two records under one key: the first is enough, or mine goes as a second signal.
  async function settle(key, choice) {
    const row = await store.get("records", key);
    if (row?.state !== "conflict" || row.who !== here.person?.who) return null;
    if (choice !== "second") {
      await discard(key);
      return null;
    }
    const record = await inLine(() => moved(row, "ready"));
    send();
    return record;
  }

  // ---- photos ----
  function addPhoto(key, bytes, type) {
    return inLine(async () => {
      await room(key, 2 * bytes.byteLength);
      const record = await read(key);
      const add = record && (await queue.sealedPhoto(here.key, here.person, key, bytes, type));
      if (!add || !(await keep(record, "draft", { add }))) throw trouble("no-draft");
      return add.hash;
    });
  }

  function removePhoto(key, hash) {
    return inLine(async () => {
      const record = await read(key);
      if (!record || !(await keep(record, "draft", { drop: hash }))) throw trouble("no-draft");
    });
  }

  async function photos(key) {
    const rows = (await store.photosOf(key)).filter((photo) => photo.who === here.person?.who);
    const order = ((await store.get("records", key))?.photos || []).map((photo) => photo.hash);
    rows.sort((a, b) => order.indexOf(a.hash) - order.indexOf(b.hash));
    return rows.map(({ hash, type, view }) => {
      const shown = { hash, type, readable: Boolean(view && here.person?.lock), url: async () => NO_PICTURE };
      if (!shown.readable) return shown;
      shown.bytes = () => seal.unlock(here.person.lock, view, context(here.person.who, hash));
      // The content policy takes pictures from here and from data: only.
      shown.url = async () => `data:${type};base64,${seal.toText(await shown.bytes()).replaceAll("-", "+").replaceAll("_", "/")}`;
      return shown;
    });
  }

  // Text that another app gave while this person was here; taken out once.
  async function shared() {
    const given = await store.get("facts", "shared");
    if (!given || !here.person?.lock || given.who !== here.person.who) return null;
    await store.remove("facts", "shared");
    const found = await seal.unlockObject(here.person.lock, given.box, context(here.person.who, "shared")).catch(() => null);
    return found?.text || null;
  }

  // ---- sending ----
  async function send(options) {
    clearTimeout(timer);
    sending += 1;
    tell("line");
    const { due, reached } = await queue.flush(options).catch(() => ({ due: null, reached: null }));
    sending -= 1;
    if (reached !== null) here.reached(reached);
    await queue.sweep().catch(() => {});
    clearTimeout(timer);
    if (due !== null) timer = setTimeout(send, Math.min(MINUTE, Math.max(SOON, due - Date.now())));
    tell("line");
  }

  // A tap: all of it now, with a new token when the old one is refused.
  async function sendNow() {
    await (here.signed && here.reachable ? here.token() : here.ask());
    await again();
    await send({ now: true });
  }

  // What was refused for its key: sealed to the key of now when it can be opened here, and otherwise sent as it is once more,
  // for the server may have the old key back.
  async function again() {
    for (const row of await mine()) {
      if (row.state !== "refused" || row.why !== "unknown-key") continue;
      const other = row.envelope?.kid !== here.key?.id;
      const fresh = other ? await queue.anew(row, here.person, here.key).catch(() => null) : null;
      const refused = (now) => now.state === "refused";
      if (fresh) await store.replace(row.key, { row: { ...fresh.row, state: "ready" }, photos: fresh.photos }, refused);
      else await store.change("records", row.key, (now) => (refused(now) ? { ...now, state: "ready", why: null } : null));
    }
  }

  // When nothing else helps: what waits, sealed as it is, in one file for the server to bring in. Drafts are not in it:
  // a draft becomes a signal only when the person says so.
  async function exportFile() {
    const rows = (await mine()).filter((row) => row.state !== "draft");
    const parts = [`{"signalen":1,"made_at":${JSON.stringify(new Date().toISOString())},"records":`];
    parts.push(JSON.stringify(rows.map((row) => row.envelope).filter(Boolean)), ',"photos":[');
    let comma = "";
    for (const { key } of rows) {
      for (const { hash, sealed } of await store.photosOf(key)) {
        parts.push(comma, JSON.stringify({ key, hash, sealed: seal.toText(sealed) }));
        comma = ",";
      }
    }
    return new Blob([...parts, "]}"], { type: "application/json" });
  }

  function shownPerson() {
    if (!here.person) return null;
    const { who, name, organisations, recent, language } = here.person;
    const { signed } = here;
    return { who, name, organisations: organisations || [], recent: recent || [], language: signed ? language || null : null, signed };
  }

  async function leave() {
    await line; // what is being written is kept first
    await here.leave();
  }

  Object.defineProperties(outbox, {
    person: { get: shownPerson },
    reachable: { get: () => here.reachable },
    line: { get: () => (sending ? "sending" : here.reachable ? "online" : "offline") },
    csrf: { get: () => here.csrf },
  });
  Object.assign(outbox, {
    start,
    waiting: () => waiting(),
    list,
    read,
    keepDraft: (record) => written(record, "draft"),
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
