// Sends what is ready, in the page or in the worker. The key of a record makes sending it twice the same as once, so it is
// sent until the server says its number, and a record leaves this phone only then.
(function (scope) {
  "use strict";
  const { seal, store } = scope.Signalen;
  const LOCK = "signalen-send";
  const TIMEOUT = 20_000; // milliseconds
  const PIECE = 64 * 1024; // bytes
  const WAITS = [5, 15, 60, 300, 900, 3600]; // seconds between tries, growing
  const LONGEST = 3600; // seconds
  const WEEK = 7 * 24 * 3600 * 1000;
  const SILENT = 2; // tries without any answer, one after another, until the network counts as gone
  const GONE = [502, 503, 504];
  // Everything of the phone stands below one address: of this page, or of the worker.
  const BASE = /^(.*?\/capture)(?:\/|$)/.exec(scope.location.pathname)?.[1] || "/capture";
  let running = null;
  let next = null;

  // Sends what is due; `now`: also what would wait longer. Resolves to {due, reached}: the time of the next try (or null),
  // and whether the server answered (null: it was not asked). One sender at a time across pages and the worker.
  function flush({ now = false } = {}) {
    if (running) {
      // What was just made ready may have come too late for the round that is under way.
      next ??= { now: false, turn: running.then(() => again(), () => again()) };
      next.now ||= now;
      return next.turn;
    }
    running = inTurn(() => round(now)).finally(() => {
      running = null;
    });
    return running;
  }

  function again() {
    const { now } = next;
    next = null;
    return flush({ now });
  }

  function inTurn(work) {
    return scope.navigator.locks ? scope.navigator.locks.request(LOCK, work) : work();
  }

  async function round(now) {
    await recover(now);
    let silent = 0;
    let reached = null;
    while (silent < SILENT && (now || scope.navigator.onLine !== false)) {
      const turn = await nextTurn();
      if (!turn) break;
      const outcome = turn.photo ? await sendPhoto(turn) : await sendRecord(turn);
      if (outcome === "gone") continue;
      silent = outcome === "silence" ? silent + 1 : 0;
      reached = outcome !== "silence";
    }
    return { due: await soonest(), reached };
  }

  // Nobody else is sending while this page has the turn: what stands at "sending" was left by a page that is gone.
  async function recover(now) {
    const people = await everybody();
    for (const row of await store.all("records")) {
      const token = people.get(row.who)?.token;
      let state = row.state === "sending" ? "ready" : row.state;
      if (state === "ready" && !token) state = "needs-sign-in";
      else if (state === "needs-sign-in" && token) state = "ready";
      const hurry = now && (state === "ready" || waitsForPhotos(row));
      if (state === row.state && !hurry) continue;
      await say(row.key, (at) => (at.state === row.state ? { ...at, state, ...(hurry && hurried(at)) } : null));
    }
    if (!now) return;
    for (const { who, quiet } of people.values()) {
      if (quiet) await store.change("people", who, (person) => ({ ...person, quiet: 0 }));
    }
  }

  function waitsForPhotos(row) {
    return row.state === "received" && (row.photos || []).some((photo) => photo.state === "waiting");
  }

  function hurried(row) {
    return { tries: 0, next: 0, photos: (row.photos || []).map((photo) => ({ ...photo, tries: 0, next: 0 })) };
  }

  async function everybody() {
    return new Map((await store.all("people")).map((person) => [person.who, person]));
  }

  // All words go before any photo; what was tried least goes first, so that a bad one never holds up the others.
  async function turns() {
    const people = await everybody();
    const found = [];
    for (const row of await store.all("records")) {
      const person = people.get(row.who);
      if (!person?.token) continue;
      const turn = { key: row.key, person, made_at: row.made_at };
      const quiet = believed(person.quiet);
      if (row.state === "ready" && row.envelope) {
        found.push({ ...turn, rank: 0, tries: row.tries || 0, at: Math.max(quiet, believed(row.next)) });
      } else if (row.state === "received") {
        for (const photo of row.photos || []) {
          if (photo.state !== "waiting") continue;
          found.push({ ...turn, rank: 1, photo: photo.hash, tries: photo.tries || 0, at: Math.max(quiet, believed(photo.next)) });
        }
      }
    }
    return found;
  }

  // No wait is longer than this: what says so was written while the clock of the phone was wrong.
  function believed(time = 0) {
    return time > Date.now() + 2 * LONGEST * 1000 ? 0 : time;
  }

  async function nextTurn() {
    const due = (await turns()).filter((turn) => turn.at <= Date.now());
    due.sort((a, b) => a.rank - b.rank || a.tries - b.tries || a.made_at.localeCompare(b.made_at));
    return due[0] || null;
  }

  async function soonest() {
    return (await turns()).reduce((first, { at }) => (first === null || at < first ? at : first), null);
  }

  async function say(key, facts) {
    const row = await store.change("records", key, (now) => (typeof facts === "function" ? facts(now) : { ...now, ...facts }));
    if (row) store.changed();
    return row;
  }

  async function sendRecord({ key, person }) {
    const row = await say(key, (now) => (now.state === "ready" ? { ...now, state: "sending" } : null));
    if (!row) return "gone";
    const body = JSON.stringify(row.envelope);
    const said = await ask("/send", person.token, { method: "POST", body, type: "application/json" });
    if (!said) return later(row, null, "silence");
    const { status, json } = said;
    if ([200, 201].includes(status) && json.key === key && json.reference && json.at) await received(row, json);
    else if (status === 401 && json.error === "sign-in") await tokenRefused(person);
    else if (status === 409 && json.error === "conflict") await say(key, { state: "conflict", tries: 0, next: 0 });
    else if (status === 422 && json.why === "unknown-key") await otherKey(row, person);
    else if (never(said)) await refused(row, json.why || (status === 413 ? "too-large" : "refused"));
    else return later(row, said, GONE.includes(status) ? "silence" : "later");
    return "answered";
  }

  // It can never be taken, says the server; what somebody else's network answers in its place decides nothing.
  function never({ status, json }) {
    return [400, 413, 422].includes(status) && Boolean(json.error);
  }

  // The words are with the server now: here stays the number, for a week.
  function received(row, { reference, id, at, card, todos }) {
    return say(row.key, (now) => ({
      ...now,
      state: "received",
      receipt: { reference, id, at, card: Boolean(card), todos: todos || 0 },
      envelope: null,
      copy: null,
      why: null,
      until: Date.now() + WEEK,
      tries: 0,
      next: 0,
    }));
  }

  function refused(row, why) {
    return say(row.key, { state: "refused", why, tries: 0, next: 0 });
  }

  // Everything of this person waits for a sign-in, which brings another token; nothing is lost.
  async function tokenRefused(person) {
    await store.change("people", person.who, (now) => (now.token === person.token ? { ...now, token: null } : null));
    await recover(false);
  }

  // The server gave up the key this was sealed to: what can still be opened here is sealed anew and goes at once.
  async function otherKey(row, person) {
    const key = await store.get("facts", "key");
    const fresh = key && key.id !== row.envelope.kid ? await anew(row, person, key).catch(() => null) : null;
    if (!fresh) return refused(row, "unknown-key");
    const put = { row: { ...fresh.row, state: "ready" }, photos: fresh.photos };
    if (await store.replace(row.key, put, (now) => now.state === "sending")) store.changed();
    return null;
  }

  // Seals a record and its photos again: to another key of the server, or under another key of its own. Null when this
  // phone cannot open its copy. Resolves to what `store.replace` wants, and `record`, the plain words. A photo that was closed
  // at a sign-out stays as it is, with the record it was made for; `stays`: for another record it cannot come along.
  async function anew(row, person, serverKey, key = row.key) {
    if (!person?.lock || !row.copy) return null;
    const old = await seal.unlockObject(person.lock, row.copy, store.context(row.who, row.key));
    const photos = [];
    let stays = false;
    for (const photo of await store.photosOf(row.key)) {
      const view = photo.view && (await seal.unlock(person.lock, photo.view, store.context(row.who, photo.hash)));
      if (view) photos.push(await sealedPhoto(serverKey, person, key, view, photo.type));
      else if (key === row.key) photos.push(photo);
      else stays = true;
    }
    const record = { ...old, key, photos: photos.map((photo) => photo.hash) };
    const envelope = await seal.envelope(serverKey, record);
    const copy = await seal.lock(person.lock, record, store.context(row.who, key));
    const waiting = photos.map(({ hash }) => ({ hash, state: "waiting" }));
    const facts = { key, envelope, copy, photos: waiting, tries: 0, next: 0, why: null, receipt: null };
    return { row: { ...row, ...facts }, photos, record, stays };
  }

  async function sealedPhoto(serverKey, { who, lock }, key, bytes, type) {
    const sealed = await seal.photo(serverKey, bytes, key);
    const hash = await seal.hash(sealed);
    return { hash, key, who, type, sealed, view: lock ? await seal.lock(lock, bytes, store.context(who, hash)) : null };
  }

  // Not this time. The wait grows, with a little chance in it so that phones do not come all at once.
  function waited(row, asked) {
    const tries = (row.tries || 0) + 1;
    const wait = WAITS[Math.min(tries, WAITS.length) - 1] * (0.8 + 0.4 * Math.random());
    return { tries, next: Date.now() + Math.min(LONGEST, Math.max(wait, asked)) * 1000 };
  }

  async function later(row, said, outcome) {
    const asked = said?.retryAfter || 0;
    await say(row.key, (now) => (now.state === "sending" ? { ...now, state: "ready", ...waited(now, asked) } : null));
    if (said?.status === 429) {
      // It is this person's phones that send too much, not this record.
      const quiet = Date.now() + Math.min(LONGEST, asked || WAITS[2]) * 1000;
      await store.change("people", row.who, (now) => ({ ...now, quiet }));
    }
    return outcome;
  }

  // After the words, a photo: in pieces, from where the server has it.
  async function sendPhoto({ key, photo: hash, person }) {
    const photo = await store.get("photos", hash);
    const outcome = photo ? await pieces(key, photo, person) : { why: "lost" };
    if (outcome.sign) {
      await tokenRefused(person);
      return "answered";
    }
    await say(key, (now) => ({ ...now, photos: now.photos.map((each) => (each.hash === hash ? moved(each, outcome) : each)) }));
    // A refused one stays for its week, so that the person can still see which one it was.
    if (outcome.done) await store.remove("photos", hash);
    return outcome.silence ? "silence" : "answered";
  }

  function moved(photo, outcome) {
    if (outcome.done) return { hash: photo.hash, state: "sent" };
    if (outcome.why) return { hash: photo.hash, state: "refused", why: outcome.why };
    return { ...photo, ...waited(photo, outcome.asked || 0) };
  }

  // {done} · {why: it can never be taken} · {sign: the token is refused} · {asked, silence: another time}
  async function pieces(key, photo, { token }) {
    const address = `/send/${key}/photos/${photo.hash}`;
    const total = photo.sealed.byteLength;
    let said = await ask(address, token, { method: "GET" });
    // Each answer says where to go on; a server that keeps saying the same is asked again another time.
    for (let left = 2 * Math.ceil(total / PIECE) + 2; left > 0; left -= 1) {
      const { status, json, retryAfter } = said || { status: 0 };
      if (status === 401 && json.error === "sign-in") return { sign: true };
      if (status === 404 && json.error === "not-found") return { why: "no-signal" };
      if (never({ status, json })) return { why: json.why || (status === 413 ? "too-large" : "refused") };
      if (![200, 201, 202, 409].includes(status)) return { asked: retryAfter, silence: !said || GONE.includes(status) };
      if (json.done) return { done: true };
      const at = json.have;
      if (!Number.isInteger(at) || at < 0 || at > total) return {};
      const body = photo.sealed.slice(at, at + PIECE);
      const type = "application/octet-stream";
      said = await ask(`${address}?at=${at}&size=${total}`, token, { method: "PUT", body, type });
    }
    return {};
  }

  // {status, json, retryAfter in seconds}, or null when no whole answer came. The token alone says who sends: no cookie
  // goes along, and a page to sign in, which is a redirect, never counts as an answer.
  async function ask(address, token, { method, body, type }) {
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    if (type) headers["Content-Type"] = type;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const how = { method, body, headers, credentials: "omit", redirect: "error", cache: "no-store", signal: stop.signal };
      const answer = await fetch(BASE + address, how);
      const text = await answer.text();
      return { status: answer.status, json: parsed(text), retryAfter: seconds(answer.headers.get("Retry-After")) };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  function parsed(text) {
    try {
      return JSON.parse(text) ?? {};
    } catch {
      return {}; // not an answer of ours
    }
  }

  function seconds(text) {
    if (!text) return 0;
    const wait = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
    return Number.isFinite(wait) ? Math.max(0, wait) : 0;
  }

  // What the server has had for a week is no longer listed here; photos that still wait are waited for.
  async function sweep() {
    const old = (row) => row.state === "received" && row.until < Date.now() && !waitsForPhotos(row);
    for (const row of await store.all("records")) {
      if (old(row) && (await store.forget(row.key, old))) store.changed();
    }
  }

  scope.Signalen.queue = { BASE, flush, anew, sealedPhoto, sweep };
})(self);
