// The screen: words first. Nothing is posted from here; what is saved goes into the box of this phone, and the box sends it.
(function () {
  "use strict";
  const { outbox, draft, list, shell, personal, photos, themes } = self.Signalen;
  const data = JSON.parse(document.getElementById("phone-data").textContent);
  const form = document.getElementById("capture");
  const text = form.elements.text;
  const by = (id) => document.getElementById(id);
  const words = by("t-words").dataset;
  const PAUSE = 400; // milliseconds without typing
  const DAY = 24 * 3600 * 1000;
  let key = null; // of what is being written; made at the first keystroke
  let who = null;
  let timer = null;
  let drawPhotos = null;
  let check = null;
  let shown = null;

  const able = self.indexedDB && self.crypto?.subtle && self.crypto.randomUUID && self.idb;

  function unable() {
    drawPhotos?.stop?.(); // the form carries them itself
    by("unable").hidden = false;
    by("line").hidden = true;
  }

  function say(sentence) {
    by("said").textContent = sentence;
  }

  // ---- who is here ----
  function person() {
    const now = outbox.person?.who || null;
    if (now !== who) {
      // Somebody else: nothing of the last one stays on the screen.
      if (who !== null) empty();
      if (who !== null && now !== null) draft.forget();
      who = now;
      if (who) restore();
    }
    // The page of somebody who is signed in stands there before the scripts know who it is.
    const unknown = !who && form.elements.csrf_token && outbox.reachable === null;
    form.hidden = !who && !unknown;
    by("nobody").hidden = !form.hidden;
    organisations();
    again();
  }

  function organisations() {
    const box = form.querySelector("[data-organisations]");
    const mine = outbox.person?.organisations || [];
    const field = box.querySelector("select");
    if (field || mine.length < 2) return;
    box.append(box.querySelector("template").content.cloneNode(true));
    box.querySelector("select").append(...mine.map((each) => new Option(each.name, each.id)));
  }

  // What was being written when the page closed, or was shared from another app.
  async function restore() {
    const shared = await outbox.shared();
    if (shared) {
      text.value = shared;
      begin();
      touched();
      return;
    }
    if (text.value) {
      begin();
      return;
    }
    const last = (await outbox.list()).find((record) => record.state === "draft" && record.readable);
    if (last && !text.value) await open.record(await outbox.read(last.key), { focus: false });
    else draft.clear(form);
  }

  const open = {
    key: () => key,
    async record(whole, { focus = true } = {}) {
      if (!whole) return;
      await keep();
      key = whole.key;
      draft.fill(form, whole);
      suggest();
      await drawPhotos?.();
      shown?.draw();
      if (focus) text.focus();
    },
  };

  // ---- writing ----
  function begin() {
    key ||= self.crypto.randomUUID();
    return key;
  }

  function touched() {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  function worthKeeping(record) {
    return Boolean(record.fields.text || record.again_of);
  }

  let keeping = Promise.resolve();

  // One after another: an older draft must never overwrite a newer one.
  function keep() {
    clearTimeout(timer);
    keeping = keeping.then(async () => {
      if (!key || !who) return;
      const record = draft.record(form, key);
      if (worthKeeping(record)) await outbox.keepDraft(record).catch(() => {});
    });
    return keeping;
  }

  function empty() {
    clearTimeout(timer);
    key = null;
    draft.clear(form);
    check?.clear?.();
    suggest();
    drawPhotos?.();
  }

  function suggest() {
    const box = by("suggested");
    const chosen = new Set([...form.querySelectorAll("[name=suggested]:checked, [name=theme]:checked")].map((each) => each.value));
    const found = themes.suggest(text.value, form.elements.language.value, data.keywords[form.elements.language.value] || {});
    const taken = [...box.querySelectorAll("[name=suggested]:checked")].map((each) => each.value);
    const wanted = [...taken, ...found.filter((code) => !chosen.has(code))];
    const chips = box.querySelector(".chips");
    const now = [...chips.querySelectorAll("input")].map((each) => each.value);
    if (wanted.join() !== now.join()) {
      const labels = wanted.map((code) => {
        const old = chips.querySelector(`input[value="${CSS.escape(code)}"]`);
        return (old || by("t-themes").content.querySelector(`input[value="${CSS.escape(code)}"]`))?.closest("label");
      });
      chips.replaceChildren(...labels.filter(Boolean).map((label) => (label.isConnected ? label : label.cloneNode(true))));
    }
    box.querySelector("fieldset").hidden = !wanted.length;
  }

  async function save(event) {
    if (!who) return; // not known yet: the page posts as it does without scripts
    event.preventDefault();
    by("full").hidden = true;
    if (check && !(await check.settled())) return;
    begin();
    await keep();
    const record = draft.record(form, key);
    shown.expect(record.key);
    try {
      await outbox.ready(record);
    } catch (error) {
      failed(error);
      return;
    }
    draft.remember(record);
    empty();
    text.focus({ preventScroll: false });
    self.scrollTo({ top: 0 });
  }

  // ---- the same worry again ----
  function again() {
    const recent = (outbox.person?.recent || []).slice(0, 4);
    const box = by("again").querySelector("[data-recent]");
    by("again").hidden = !recent.length;
    box.replaceChildren(
      ...recent.map((each) => {
        const chip = by("t-recent").content.cloneNode(true).firstElementChild;
        chip.querySelector("[data-what]").textContent = [each.themes[0], each.place, each.day].filter(Boolean).join(" · ");
        chip.querySelector("[data-reference]").textContent = each.reference;
        chip.addEventListener("click", () => repeat(each.id));
        return chip;
      }),
    );
  }

  async function repeat(id) {
    const record = { key: self.crypto.randomUUID(), again_of: id, organisation: null, overruled: [], fields: {} };
    shown.expect(record.key);
    await outbox.ready(record).catch(failed);
  }

  function failed(error) {
    by("full").textContent = error.code === "full" ? words.full : words.failed;
    by("full").hidden = false;
  }

  // ---- the line on top ----
  async function line() {
    const { count, oldest } = await outbox.waiting();
    const off = outbox.reachable === false;
    const box = by("line");
    box.hidden = !(off || count) || !who;
    box.querySelector("[data-icon=off]").hidden = !off;
    box.querySelector("[data-icon=on]").hidden = off;
    box.querySelector("[data-text]").textContent = off ? (count ? shown.counted("waiting", count) : words.noNetwork) : shown.counted("going", count);
    box.querySelector("[data-now]").hidden = !count;
    by("overdue").hidden = !(oldest && Date.now() - oldest.getTime() > DAY) || !who;
  }

  async function saveACopy() {
    const url = URL.createObjectURL(await outbox.exportFile());
    const link = document.createElement("a");
    link.href = url;
    link.download = words.file;
    link.click();
    URL.revokeObjectURL(url);
  }

  // The person chose another language elsewhere: this screen opens in it, once.
  async function speak() {
    const wish = outbox.person?.language;
    if (!wish || wish === data.lang || self.sessionStorage.getItem("signalen.language") === wish) return;
    self.sessionStorage.setItem("signalen.language", wish);
    await keep();
    await shell.speak(wish);
    self.location.reload();
  }

  // ---- start ----
  async function start() {
    if (!able) return unable();
    shown = list.mount({ data, outbox, say, open });
    outbox.addEventListener("person", person);
    outbox.addEventListener("person", () => outbox.person?.language === data.lang ? self.sessionStorage.removeItem("signalen.language") : speak());
    for (const what of ["change", "line", "person"]) {
      outbox.addEventListener(what, () => {
        shown.draw();
        line();
      });
    }
    outbox.addEventListener("outdated", () => say(words.outdated));
    form.addEventListener("submit", save);
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      begin();
      touched();
      if (event.target === text || event.target.name === "language") suggest();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
    self.addEventListener("pagehide", keep);
    for (const button of document.querySelectorAll("[data-now]")) button.addEventListener("click", () => outbox.sendNow());
    document.querySelector("[data-export]").addEventListener("click", saveACopy);
    form.querySelector("[name=another]")?.remove();
    drawPhotos = photos.mount(by("photos"), {
      async add(bytes, type) {
        begin();
        await outbox.keepDraft(draft.record(form, key));
        return outbox.addPhoto(key, bytes, type);
      },
      remove: (hash) => outbox.removePhoto(key, hash),
      list: () => (key ? outbox.photos(key) : []),
    });
    await personal.load(data.personal).then(() => (check = personal.mount(form))).catch(() => {});
    try {
      await outbox.start(data);
    } catch {
      unable();
      form.removeEventListener("submit", save);
      return;
    }
    shell.install(data.worker, data.home, data.lang).catch(() => {});
    if (new URLSearchParams(self.location.search).has("waiting")) by("kept").focus();
  }

  if (!text.value && able) text.focus({ preventScroll: true });
  start();
})();
