// The screen: words first. Nothing is posted from here; what is saved goes into the box of this phone, and the box sends it.
(function () {
  "use strict";
  const { outbox, draft, list, line, shell, personal, photos, themes } = self.Signalen;
  const by = (id) => document.getElementById(id);
  const data = JSON.parse(by("phone-data").textContent);
  const words = by("t-words").dataset;
  const form = by("capture");
  const text = form.elements.text;
  const question = [...by("title").childNodes];
  const PAUSE = 250; // milliseconds from a keystroke until it lies on the phone, also while typing goes on
  const TWICE = 1500; // milliseconds in which a second tap is the first one
  const RECENT = 3;
  // The page came with somebody signed in: where nothing can be kept it posts as it does without scripts.
  const posts = Boolean(form.elements.csrf_token);
  const able = Boolean(self.indexedDB && self.crypto?.subtle && self.crypto.randomUUID && self.idb);
  let key = null; // of what is being written; made at the first keystroke
  let release = null; // lets go of that key for other tabs
  let kept = false; // a draft of it lies on this phone
  let who = null;
  let started = false;
  let timer = null;
  let saving = false;
  let saved = -TWICE; // when, as events tell the time
  let drawPhotos = null;
  let check = null;
  let shown = null;
  let top = null;
  const tapped = new Map();

  function say(sentence) {
    if (sentence) by("said").textContent = by("said").textContent === sentence ? `${sentence}\u00a0` : sentence;
  }

  function trouble(sentence) {
    by("full").textContent = sentence;
    by("full").hidden = !sentence;
  }

  // ---- who is here ----
  function person() {
    const now = outbox.person?.who || null;
    if (now !== who) {
      // Somebody else, or nobody: nothing of the last one stays on the screen.
      const other = Boolean(who);
      who = now;
      if (other) {
        by("said").textContent = "";
        trouble("");
        empty();
        // The page itself was made for the one before: bar, name and token.
        if (posts && who) return self.location.reload();
      }
      if (who) arrive();
    }
    show();
    again();
  }

  function show() {
    const open = Boolean(who) || (posts && !started);
    form.hidden = !open;
    by("nobody").hidden = open || !started;
    by("nobody").querySelector("[data-off]").hidden = outbox.reachable !== false;
    by("title").replaceChildren(...(open || !started ? question : [words.signInFirst]));
    const rooms = document.querySelector("nav.rooms");
    const here = outbox.person;
    if (posts) rooms.hidden = !open;
    if (posts) return;
    rooms.hidden = !here?.signed || outbox.reachable === false;
    rooms.querySelector("[data-name]").textContent = here?.name || "";
    rooms.querySelector("[data-member]").hidden = !here?.organisations.length;
    rooms.querySelector("[data-staff]").hidden = Boolean(here?.organisations.length);
  }

  async function arrive() {
    organisations();
    if (posts) draft.begin(form, who);
    const typed = text.value.trim() !== "";
    if (typed) touched();
    else draft.clear(form, who, data.lang);
    form.elements.happened_on.max = new Date().toLocaleDateString("sv");
    look();
    await restore(typed);
  }

  function organisations() {
    const box = form.querySelector("[data-organisations]");
    const mine = outbox.person.organisations;
    box.querySelector(".field")?.remove();
    const blank = box.querySelector("template");
    if (mine.length < 2 || !blank) return;
    box.append(blank.content.cloneNode(true));
    box.querySelector("select").append(...mine.map((each) => new Option(each.name, each.id)));
  }

  // What another app gave, or what was being written when the page closed; not what another tab is writing.
  async function restore(typed) {
    const shared = await outbox.shared();
    if (shared) {
      text.value = [text.value, shared].filter(Boolean).join("\n");
      touched();
      look();
      return;
    }
    if (typed) return;
    for (const each of await outbox.list()) {
      if (each.state !== "draft" || !each.readable || text.value) continue;
      if (await open.record(await outbox.read(each.key), { focus: false })) {
        say(words.back);
        return;
      }
    }
  }

  const open = {
    key: () => key,
    async record(whole, { focus = true } = {}) {
      if (!whole) return false;
      const free = await hold(whole.key);
      if (!free) return false;
      await keep();
      release?.();
      release = free;
      key = whole.key;
      kept = true;
      draft.fill(form, whole, who, data.lang);
      check?.clear?.();
      look();
      drawPhotos?.();
      shown.draw();
      trouble("");
      if (focus) text.focus();
      return true;
    },
  };

  // ---- writing ----
  // One tab writes one record: the lock is held until it is saved, or this page is gone.
  function hold(name) {
    if (!navigator.locks) return Promise.resolve(() => {});
    return new Promise((resolve) => {
      navigator.locks.request(`signalen-draft-${name}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((free) => resolve(free));
      });
    });
  }

  function begin() {
    if (key) return;
    key = self.crypto.randomUUID();
    const mine = key;
    hold(key).then((free) => (key === mine ? (release = free) : free?.()));
  }

  function touched() {
    begin();
    timer ??= setTimeout(keep, PAUSE);
  }

  const worth = (record) => Boolean(record.fields.text || record.again_of);

  function rest() {
    clearTimeout(timer);
    timer = null;
  }

  async function keep() {
    rest();
    if (!key || !who || saving) return;
    const record = draft.record(form, key);
    const mine = key;
    try {
      if (worth(record) || (kept && (await outbox.photos(key)).length)) {
        const done = await outbox.keepDraft(record);
        if (key !== mine) return;
        kept = true;
        // It was sent from another tab: what stands here now is something else.
        if (!done) anew();
      } else if (kept) {
        kept = false;
        await outbox.discard(mine); // its words were taken out by hand
      }
    } catch (error) {
      trouble(error.code === "full" ? words.full : words.failed);
    }
  }

  function anew() {
    release?.();
    release = null;
    key = null;
    touched();
  }

  function empty() {
    rest();
    release?.();
    release = null;
    key = null;
    kept = false;
    draft.clear(form, who, data.lang);
    check?.clear?.();
    for (const each of form.querySelectorAll("[aria-invalid]")) draft.right(each);
    look();
    drawPhotos?.();
  }

  // What follows from the words: themes that they point to, or the row of what was recorded before.
  function look() {
    const language = form.elements.language.value;
    const box = by("suggested");
    const chips = box.querySelector(".chips");
    const chosen = [...form.querySelectorAll("[name=theme]:checked")].map((each) => each.value);
    const taken = [...chips.querySelectorAll(":checked")].map((each) => each.value);
    const found = themes.suggest(text.value, language, data.keywords[language]);
    const wanted = [...new Set([...taken, ...found.filter((code) => !chosen.includes(code))])];
    const now = new Map([...chips.querySelectorAll("input")].map((each) => [each.value, each.closest("label")]));
    if (wanted.join() !== [...now.keys()].join()) chips.replaceChildren(...wanted.map((code) => now.get(code) || chip(code)).filter(Boolean));
    box.hidden = !wanted.length;
    by("again-of").hidden = !form.dataset.again;
    by("again").hidden = !by("again").querySelector("button") || Boolean(text.value.trim() || form.dataset.again);
  }

  function chip(code) {
    const label = form.querySelector(`[name=theme][value="${CSS.escape(code)}"]`)?.closest("label").cloneNode(true);
    if (!label) return null;
    const box = label.querySelector("input");
    label.className = "suggest";
    box.name = "suggested";
    box.checked = false;
    label.querySelector("span").append(Object.assign(document.createElement("span"), { className: "q", textContent: "?" }));
    return label;
  }

  // ---- saving ----
  async function save(event) {
    event.preventDefault();
    // A second tap of the same thumb, after the first one emptied the screen.
    if (saving || (!text.value.trim() && event.timeStamp - saved < TWICE)) return;
    trouble("");
    if (!who && !(await known())) return;
    if (!draft.complete(form)) return;
    saving = true;
    try {
      if (check?.settled && !(await check.settled())) return;
      begin();
      rest();
      await ready(draft.record(form, key));
      saved = event.timeStamp;
      empty();
      text.focus({ preventScroll: true });
      self.scrollTo({ top: 0 });
    } catch (error) {
      trouble(error.code === "full" ? words.full : words.failed);
      by("full").focus();
    } finally {
      saving = false;
    }
  }

  async function ready(record) {
    shown.expect(record.key);
    try {
      await outbox.ready(record);
    } catch (error) {
      if (error.code !== "sent") throw error;
      // Sent from another tab under this key: these words go under a key of their own.
      const other = { ...record, key: self.crypto.randomUUID() };
      shown.expect(other.key);
      await outbox.ready(other);
    }
    draft.remember(record, who);
  }

  // The page is there, and the phone does not know yet who it is of.
  async function known() {
    await outbox.sendNow();
    if (who) return true;
    if (posts && navigator.onLine) form.submit();
    else trouble(words.unknown);
    return false;
  }

  // ---- the same worry again ----
  function again() {
    // Without theme and place nobody knows again which one it was.
    const recent = (outbox.person?.recent || []).filter((each) => each.themes.length || each.place).slice(0, RECENT);
    const box = by("again").querySelector("[data-recent]");
    const ids = recent.map((each) => each.id).join();
    if (box.dataset.look !== ids) {
      box.dataset.look = ids;
      box.replaceChildren(
        ...recent.map((each) => {
          const made = by("t-recent").content.cloneNode(true).firstElementChild;
          made.querySelector("[data-what]").textContent = [each.themes[0], each.place, each.day].filter(Boolean).join(" · ");
          made.querySelector("[data-reference]").textContent = each.reference;
          made.addEventListener("click", (event) => repeat(each, event.timeStamp));
          return made;
        }),
      );
    }
    look();
  }

  async function repeat(each, at) {
    if (at - (tapped.get(each.id) ?? -TWICE) < TWICE) return;
    tapped.set(each.id, at);
    const record = { key: self.crypto.randomUUID(), organisation: null, again_of: each.id, overruled: [], fields: {} };
    shown.expect(record.key);
    trouble("");
    await outbox.ready(record).catch((error) => trouble(error.code === "full" ? words.full : words.failed));
  }

  // ---- start ----
  function unable() {
    by("unable").hidden = false;
    by("line").hidden = true;
    if (posts) form.hidden = false;
  }

  function typed(event) {
    if (event.target.type === "file") return;
    draft.right(event.target);
    touched();
    if (event.target === text || ["language", "theme"].includes(event.target.name)) look();
    if (["district", "groups"].includes(event.target.name)) event.target.closest("[data-picks]").querySelector("[data-as-last]").hidden = true;
  }

  function listen() {
    outbox.addEventListener("person", person);
    for (const what of ["change", "line", "person"]) {
      outbox.addEventListener(what, () => {
        shown.draw();
        top.draw();
        show();
      });
    }
    outbox.addEventListener("outdated", () => say(words.outdated));
    form.noValidate = true;
    form.addEventListener("submit", save);
    form.addEventListener("input", typed);
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? keep() : top.draw()));
    self.addEventListener("pagehide", keep);
    // Back from another page: what stood here may be somebody else's by now.
    self.addEventListener("pageshow", (event) => event.persisted && self.location.reload());
    // Saving goes on here: there is always another.
    form.querySelector("[name=another]")?.remove();
  }

  async function looked() {
    try {
      await personal.load(data.personal);
      check = personal.mount(form);
    } catch {
      check = null; // without the list the server still looks
    }
  }

  async function start() {
    if (!able) return unable();
    shown = list.mount({ data, outbox, say, open });
    top = line.mount({ data, outbox, shown, say, keep });
    listen();
    drawPhotos = photos.mount(by("photos"), {
      async add(bytes, type) {
        begin();
        const mine = key;
        await outbox.keepDraft(draft.record(form, mine));
        kept = true;
        return outbox.addPhoto(mine, bytes, type);
      },
      remove: (hash) => outbox.removePhoto(key, hash),
      list: async () => (key && who ? outbox.photos(key) : []),
    });
    looked();
    try {
      await outbox.start(data);
    } catch {
      form.removeEventListener("submit", save);
      form.removeEventListener("input", typed);
      drawPhotos.stop();
      return unable();
    }
    started = true;
    show();
    shell.install(data.worker, data.home, data.lang).catch(() => {});
    if (!new URLSearchParams(self.location.search).has("waiting")) return;
    await shown.draw();
    shown.focus();
  }

  if (!text.value && able) text.focus({ preventScroll: true });
  start();
})();
