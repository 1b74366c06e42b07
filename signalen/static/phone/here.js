// Who is here: the person who is signed in, or whom this phone knows while the server cannot be asked.
(function (scope) {
  "use strict";
  const { seal, store, queue } = scope.Signalen;
  const { context } = store;
  const TIMEOUT = 20_000; // milliseconds
  const BATCH = 1024 * 1024; // characters of sealed records that are opened with one question
  const here = new EventTarget(); // dispatches `person` and `reached`
  const NOT_IN = ["sign-in", "not-found"]; // signed out, or signed in as somebody who records no signals; both in the server's words
  let asking = null;

  Object.assign(here, {
    person: null, // {who, lock, name, organisations, recent, language}
    signed: false,
    reachable: null,
    csrf: null,
    key: null, // the server's public key
  });
  const tell = (what) => here.dispatchEvent(new Event(what));

  function reached(now) {
    if (here.reachable === now) return;
    here.reachable = now;
    tell("reached");
  }

  // Whom this phone knows, from before. After a sign-in that may have been somebody else's only the server can tell.
  async function known() {
    if (store.marked("asked")) return;
    const row = (await store.all("people")).find((person) => person.here && person.lock && person.about);
    const about = row && (await seal.unlockObject(row.lock, row.about, context(row.who, "about")).catch(() => null));
    if (about && !here.person) here.person = { who: row.who, lock: row.lock, ...about };
  }

  // Asks the server who is signed in; two at once are one question.
  function ask() {
    asking ??= asked().finally(() => {
      asking = null;
    });
    return asking;
  }

  async function asked() {
    const answer = scope.navigator.onLine === false ? null : await call("/me");
    const said = answer && (await answer.json().catch(() => null));
    const ours = answer?.ok ? Boolean(said?.who && said.key) : NOT_IN.includes(said?.error);
    if (!ours) {
      here.signed = false;
      return reached(false);
    }
    store.drop("asked");
    reached(true);
    if (answer.ok) await welcome(said);
    else if (said.error === "not-found") await leave();
    else {
      here.signed = false; // the sign-in has run out: what is here stays readable for whom this phone knows
      if (!here.person) await known();
      tell("person");
    }
  }

  // Somebody else than last time: what this phone could open of the last one is closed before anything is shown.
  async function welcome({ who, name, organisations, recent, language, key, csrf }) {
    const before = (await store.all("people")).find((person) => person.here)?.who;
    await store.close({ but: who });
    Object.assign(here, { key, csrf });
    await store.put("facts", key, "key");
    const held = here.person?.who === who ? here.person.lock : null;
    const made = held || (await seal.newLock());
    // A browser that cannot keep a lock has it while this page is open; after that the server opens what is sealed.
    const row = await store.arrive(who, made).catch(() => store.arrive(who, null));
    const lock = row.lock || made;
    const about = { name, organisations, recent, language };
    const box = await seal.lock(lock, about, context(who, "about"));
    await store.change("people", who, (now) => (now.here && now.lock ? { ...now, about: box } : null));
    Object.assign(here, { person: { who, lock, ...about }, signed: true });
    tell("person");
    if (before !== who) store.changed("person");
    await token();
    await reopen();
  }

  // With this token the phone may send for this person, also when the sign-in has run out, and do nothing else. One window
  // asks for it at a time: a phone that nobody uses would stand in the list of the desk for ever.
  function token() {
    const { locks } = scope.navigator;
    return locks ? locks.request("signalen-token", given) : given();
  }

  async function given() {
    const who = here.person?.who;
    if (!who || !here.signed || (await store.get("people", who))?.token) return;
    const answer = await call("/device", {});
    const said = answer?.status === 201 ? await answer.json().catch(() => null) : null;
    if (said?.token && said.who === who) await store.change("people", who, (row) => ({ ...row, token: said.token }));
  }

  // What was closed comes back to its own writer, through the server that alone can open it. What it could not open is asked
  // again the next time: a key that was taken away too early may be back.
  async function reopen() {
    const { who, lock } = here.person;
    const shut = (await store.all("records")).filter((row) => row.who === who && row.envelope && !row.copy);
    while (shut.length) {
      const envelopes = [shut.shift().envelope];
      let size = envelopes[0].ct?.length || 0;
      while (shut.length && envelopes.length < 50 && (size += shut[0].envelope.ct?.length || 0) < BATCH) envelopes.push(shut.shift().envelope);
      const answer = await call("/open", { envelopes });
      const said = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!said?.opened || here.person?.who !== who) return;
      for (const { key, record, error } of said.opened) {
        const copy = record ? await seal.lock(lock, record, context(who, key)) : null;
        const shut = copy ? null : error;
        const next = (now) => (now.envelope && !now.copy && (copy || now.shut !== shut) ? { ...now, copy, shut } : null);
        if (await store.change("records", key, next)) store.changed();
      }
    }
  }

  async function close() {
    store.mark("leaving");
    await store.close();
    store.drop("leaving");
  }

  // Before a sign-out: what waits stays, sealed; nothing here can be opened by this phone any more.
  async function leave() {
    await close();
    gone();
    store.changed("left");
  }

  function gone() {
    const was = here.person;
    Object.assign(here, { person: null, signed: false, csrf: null });
    if (was) tell("person");
  }

  // In another tab somebody else came.
  async function other() {
    const row = here.person && (await store.get("people", here.person.who));
    if (here.person && !row?.here) gone();
    await ask();
  }

  // Asks as the person who is signed in; null when no answer came.
  async function call(address, body) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), TIMEOUT);
    const headers = { Accept: "application/json" };
    const how = { headers, cache: "no-store", redirect: "error", signal: stop.signal };
    if (body) {
      Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": here.csrf });
      Object.assign(how, { method: "POST", body: JSON.stringify(body) });
    }
    try {
      return await fetch(queue.BASE + address, how);
    } catch {
      return null;
    } finally {
      clearTimeout(clock);
    }
  }

  store.events.addEventListener("person", other);
  store.events.addEventListener("left", gone);
  scope.Signalen.here = Object.assign(here, { ask, known, token, close, leave, call, reached });
})(self);
