// Sends what is ready, once, in the page or in the worker: the key of a record makes sending it twice the same as once.
(function (scope) {
  "use strict";
  const { store } = scope.Signalen;
  const SEND = "/capture/send";
  const TIMEOUT = 20_000; // milliseconds
  const PIECE = 64 * 1024;
  const WAITS = [5, 15, 60, 300, 900, 3600]; // seconds between tries, growing
  const WEEK = 7 * 24 * 3600 * 1000;
  let running = null;
  let again = false;

  // Sends everything whose time has come; `now`: also what would wait longer. One sender across pages and the worker.
  function flush({ now = false } = {}) {
    if (running) {
      again ||= now ? "now" : "due";
      return running;
    }
    running = inTurn(() => round(now)).finally(() => {
      running = null;
      const next = again;
      again = false;
      if (next) flush({ now: next === "now" });
    });
    return running;
  }

  function inTurn(work) {
    return scope.navigator.locks ? scope.navigator.locks.request("signalen-send", work) : work();
  }

  async function round(now) {
    const people = new Map((await store.all("people")).map((person) => [person.who, person]));
    const records = (await store.all("records")).sort((a, b) => a.made_at.localeCompare(b.made_at));
    for (const record of records) {
      const token = people.get(record.who)?.token;
      if (record.state === "sending" || record.state === "ready") {
        if (!token) await say(record.key, { state: "needs-sign-in" });
        else if (now || (record.next || 0) <= Date.now()) await sendRecord(record.key, token);
        // Who held the lock before is gone, and so is its request.
        else if (record.state === "sending") await say(record.key, { state: "ready" });
      } else if (record.state === "received") {
        if (token && (now || (record.next || 0) <= Date.now())) await sendPhotos(record.key, token);
      }
    }
  }

  async function say(key, facts) {
    const row = await store.change("records", key, (now) => ({ ...now, ...facts }));
    store.changed();
    return row;
  }

  async function sendRecord(key, token) {
    const record = await store.change("records", key, (now) =>
      now.state === "ready" || now.state === "sending" ? { ...now, state: "sending" } : null,
    );
    if (!record) return;
    store.changed();
    let answer;
    let body = {};
    try {
      answer = await ask(SEND, token, { method: "POST", body: JSON.stringify(record.envelope), type: "application/json" });
      body = await answer.json().catch(() => ({}));
    } catch {
      await later(key, null);
      return;
    }
    if ((answer.status === 201 || answer.status === 200) && body.key === key && body.reference) {
      const photos = record.photos || [];
      await say(key, {
        state: "received",
        receipt: { reference: body.reference, id: body.id, at: body.at, card: Boolean(body.card) },
        // The words are with the server now: here stays the number, for a week.
        envelope: null,
        copy: null,
        until: Date.now() + WEEK,
        tries: 0,
        next: 0,
        photos,
      });
      await sendPhotos(key, token);
    } else if (answer.status === 401) {
      await tokenRefused(record.who, token);
    } else if (answer.status === 409) {
      await say(key, { state: "conflict", tries: 0, next: 0 });
    } else if ([400, 413, 422].includes(answer.status)) {
      await say(key, { state: "refused", why: body.why || (answer.status === 413 ? "too-large" : "refused") });
    } else {
      await later(key, answer.headers.get("Retry-After"));
    }
  }

  // Everything of this person waits for a sign-in; nothing is lost.
  async function tokenRefused(who, token) {
    await store.change("people", who, (person) => (person.token === token ? { ...person, token: null } : null));
    for (const record of await store.all("records")) {
      if (record.who === who && (record.state === "sending" || record.state === "ready")) {
        await say(record.key, { state: "needs-sign-in" });
      }
    }
    store.changed("person");
  }

  // Not this time: it waits longer after each try, and a little by chance, so that phones do not come all at once.
  async function later(key, retryAfter) {
    await store.change("records", key, (now) => {
      const tries = (now.tries || 0) + 1;
      const asked = Number(retryAfter) || 0;
      const wait = Math.max(asked, WAITS[Math.min(tries, WAITS.length) - 1]) * (0.8 + 0.4 * Math.random());
      return { ...now, state: now.state === "sending" ? "ready" : now.state, tries, next: Date.now() + wait * 1000 };
    });
    store.changed();
  }

  // After the words: each photo in pieces, from where the server has it.
  async function sendPhotos(key, token) {
    for (const photo of await store.photosOf(key)) {
      if (photo.done || photo.refused) continue;
      const outcome = await sendPhoto(key, photo, token).catch(() => "later");
      if (outcome === "later") {
        await later(key, null);
        return;
      }
      if (outcome === "sign-in") return;
      await store.change("records", key, (now) => ({
        ...now,
        photos: (now.photos || []).map((each) =>
          each.hash === photo.hash ? { ...each, state: outcome === "done" ? "sent" : "refused", why: outcome } : each,
        ),
      }));
      // A refused one stays, so that the person can still save it elsewhere.
      if (outcome === "done") await store.remove("photos", photo.hash);
      else await store.change("photos", photo.hash, (now) => ({ ...now, refused: outcome }));
      store.changed();
    }
  }

  async function sendPhoto(key, photo, token) {
    const address = `${SEND}/${key}/photos/${photo.hash}`;
    const asked = await ask(address, token, { method: "GET" });
    if (asked.status === 401) return "sign-in";
    if (asked.status === 404) return "no-signal";
    if (!asked.ok) return "later";
    let { have, done } = await asked.json();
    const total = photo.sealed.byteLength;
    // Each answer says where to go on; a server that keeps saying the same is asked again another time.
    for (let tries = 0; !done && tries < 2 * Math.ceil(total / PIECE) + 2; tries += 1) {
      const piece = photo.sealed.slice(have, have + PIECE);
      const query = `?at=${have}&size=${total}`;
      const answer = await ask(address + query, token, { method: "PUT", body: piece, type: "application/octet-stream" });
      const said = await answer.json().catch(() => ({}));
      if (answer.status === 401) return "sign-in";
      if (answer.status === 404) return "no-signal";
      if (answer.status === 422 || answer.status === 413) return said.why || "refused";
      if (![201, 202, 409].includes(answer.status)) return "later";
      have = said.have;
      done = Boolean(said.done);
    }
    return done ? "done" : "later";
  }

  // The token alone says who sends: no cookie goes along, and a page to sign in never counts as an answer.
  function ask(address, token, { method, body, type }) {
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    if (type) headers["Content-Type"] = type;
    return fetch(address, {
      method,
      body,
      headers,
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }

  scope.Signalen.queue = { flush, inTurn };
})(self);
