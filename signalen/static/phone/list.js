// What lies on this phone: each record with its state in words and a sign, and what can be done with it.
(function (scope) {
  "use strict";
  const ACTIONS = {
    draft: ["open", "discard"],
    ready: ["change", "discard"],
    sending: [],
    received: [],
    "needs-sign-in": ["sign-in", "change", "discard"],
    refused: ["copy", "discard"],
    conflict: ["first", "second"],
  };
  const WITHOUT_WORDS = ["sign-in", "discard", "first", "card"];
  const SHOWN = 12; // received ones; the others are on the page of the organisation
  const LONGEST = 160; // characters of the words that are shown

  function mount({ data, outbox, say, open }) {
    const section = document.getElementById("kept");
    const list = section.querySelector("[data-records]");
    const others = section.querySelector("[data-others]");
    const blank = document.getElementById("t-record").content;
    const states = document.getElementById("t-states").content;
    const actions = document.getElementById("t-actions").content;
    const words = document.getElementById("t-words").dataset;
    const text = document.getElementById("f-text");
    const plural = new Intl.PluralRules(data.lang);
    const tongue = `${data.lang}-u-nu-latn`;
    const hour = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
    const day = new Intl.DateTimeFormat(tongue, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    const known = new Map();
    let drawing = Promise.resolve();
    let first = true;
    let who = null;

    // A number or a time inside a sentence that may run the other way.
    const apart = (value) => `\u2068${value}\u2069`;

    function counted(sentence, n) {
      const forms = data.counts[sentence];
      return (forms[plural.select(n)] || forms.other).replace("{n}", n);
    }

    function time(moment) {
      const today = moment.toDateString() === new Date().toDateString();
      return apart((today ? hour : day).format(moment));
    }

    // One drawing after another: two changes at once would each add the same line.
    function draw() {
      drawing = drawing.then(drawn, drawn);
      return drawing;
    }

    async function drawn() {
      const now = outbox.person?.who || null;
      if (now !== who) {
        who = now;
        first = true;
        known.clear();
        list.replaceChildren();
      }
      const records = (await outbox.list()).filter((record) => !(record.state === "draft" && record.key === open.key()));
      const received = records.filter((record) => record.state === "received").slice(0, SHOWN);
      const shown = records.filter((record) => record.state !== "received" || received.includes(record));
      for (const row of [...list.children]) {
        if (!shown.some((record) => record.key === row.dataset.key)) row.remove();
      }
      let before = null;
      for (const record of shown) {
        const row = list.querySelector(`[data-key="${CSS.escape(record.key)}"]`) || made(record);
        await filled(row, record);
        if ((before ? before.nextElementSibling : list.firstElementChild) !== row) before ? before.after(row) : list.prepend(row);
        before = row;
      }
      const waiting = await outbox.waiting();
      if (now !== (outbox.person?.who || null)) return list.replaceChildren(); // somebody else came while this was drawn
      others.hidden = !now || !waiting.others;
      if (waiting.others) others.textContent = counted("others", waiting.others);
      section.hidden = !now || (!shown.length && !waiting.others);
      announce(records);
    }

    function made(record) {
      const row = blank.cloneNode(true).firstElementChild;
      row.dataset.key = record.key;
      part(row, "about").id = `about-${record.key}`;
      row.addEventListener("click", (event) => act(row, event));
      return row;
    }

    const part = (row, name) => row.querySelector(`[data-${name}]`);

    async function filled(row, record) {
      const look = JSON.stringify([record.state, record.why, record.readable, record.photos, record.receipt, outbox.reachable, Boolean(outbox.person?.signed)]);
      if (row.dataset.look === look) return;
      const state = states.querySelector(`[data-state="${record.state}"]`);
      part(row, "icon").replaceChildren(state.querySelector("svg").cloneNode(true));
      part(row, "state").textContent = state.querySelector("b").textContent;
      number(row, record);
      part(row, "detail").textContent = record.receipt ? time(new Date(record.receipt.at)) : time(new Date(record.made_at));
      part(row, "why").hidden = record.state !== "refused";
      part(row, "why").textContent = words[camel(record.why)] || words.refused;
      part(row, "words").textContent = await summary(record);
      part(row, "words").hidden = !part(row, "words").textContent;
      pictures(part(row, "photos"), record.photos);
      part(row, "both").hidden = record.state !== "conflict";
      if (record.state === "conflict") await both(row, record);
      row.dataset.is = record.state;
      row.dataset.look = look;
      buttons(row, record);
    }

    function number(row, { receipt }) {
      part(row, "number").hidden = !receipt;
      part(row, "number").textContent = receipt?.reference || "";
    }

    const camel = (code) => String(code || "refused").replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

    async function summary(record) {
      if (record.state === "received" || record.state === "conflict") return "";
      const whole = record.readable ? await outbox.read(record.key) : null;
      if (!whole) return words.sealed;
      // Somebody looks over a shoulder, or finds the phone open.
      if (whole.fields.sensitive) return words.sensitive;
      const said = (whole.fields.text || "").trim();
      if (said) return said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said;
      return whole.again_of ? words.again : words.noWords;
    }

    function pictures(place, { total, sent, refused }) {
      place.hidden = !total;
      const line = words.photos.replace("{sent}", apart(sent)).replace("{total}", apart(total));
      place.textContent = refused ? `${line} ${words.photoRefused}` : line;
    }

    async function both(row, record) {
      const there = await outbox.kept(record.key);
      const mine = record.readable ? await outbox.read(record.key) : null;
      part(row, "first-reference").textContent = there?.reference || "";
      part(row, "first-words").textContent = there ? there.words || words.noWords : words.notShown;
      part(row, "own-words").textContent = mine?.fields.text || words.sealed;
    }

    function buttons(row, record) {
      let wanted = ACTIONS[record.state];
      if (record.state === "received" && record.receipt.card) wanted = ["card"];
      if (!record.readable) wanted = wanted.filter((name) => WITHOUT_WORDS.includes(name));
      const had = document.activeElement?.dataset?.action;
      const inside = row.contains(document.activeElement);
      show(row, wanted);
      if (record.receipt?.card) row.querySelector("[data-action=card]").href = `${data.home}/${record.receipt.id}`;
      // The focus stays where the person was; when its button went, on the record.
      if (inside) (row.querySelector(`[data-action="${had}"]`) || row).focus();
    }

    function show(row, names) {
      const made = names.map((name) => actions.querySelector(`[data-action="${name}"]`).cloneNode(true));
      for (const each of made) each.setAttribute("aria-describedby", part(row, "about").id);
      part(row, "do").replaceChildren(...made);
      part(row, "ask").hidden = !names.includes("sure");
    }

    // What became of the records since the last time, in one go: a sentence per kind, not one per record.
    function announce(records) {
      const news = new Map();
      for (const record of records) {
        const before = known.get(record.key);
        known.set(record.key, record.state);
        const waited = record.state === "ready" && before !== "draft" && before !== "needs-sign-in";
        if (first || before === record.state || waited) continue;
        if (before === undefined && ["draft", "ready", "sending"].includes(record.state)) continue;
        news.set(record.state, [...(news.get(record.state) || []), record]);
      }
      first = false;
      const sentences = [...news].map(([state, those]) => sentence(state, those)).filter(Boolean);
      if (sentences.length) say(sentences.join(" "));
      for (const key of known.keys()) if (!records.some((record) => record.key === key) && known.get(key) !== "draft") known.delete(key);
    }

    function sentence(state, records) {
      if (state === "received" && records.length > 1) return counted("received", records.length);
      const said = states.querySelector(`[data-state="${state}"]`).dataset.said;
      const receipt = records[0].receipt;
      return receipt ? said.replace("{reference}", apart(receipt.reference)).replace("{time}", time(new Date(receipt.at))) : said;
    }

    async function act(row, event) {
      const name = event.target.closest("[data-action]")?.dataset.action;
      const key = row.dataset.key;
      if (!name || name === "card" || name === "sign-in") return;
      if (name === "open" || name === "change" || name === "copy") {
        const whole = await outbox.edit(key, { copy: name === "copy" });
        if (!whole) say(words.gone);
        else if (!(await open.record(whole))) say(words.elsewhere);
      } else if (name === "discard") {
        show(row, ["no", "sure"]);
        row.querySelector("[data-action=no]").focus();
      } else if (name === "no") {
        delete row.dataset.look;
        await draw();
        (row.querySelector("[data-action=discard]") || row).focus();
      } else if (name === "sure") {
        const next = row.nextElementSibling || row.previousElementSibling;
        await outbox.discard(key);
        await draw();
        say(words.discarded);
        focus(next);
      } else if (name === "first" || name === "second") {
        const record = await outbox.settle(key, name);
        if (record) expect(record.key);
        await draw();
        focus();
      }
    }

    // A record that was just made is announced from its first state on.
    function expect(key) {
      known.set(key, "draft");
    }

    function focus(row) {
      if (row?.isConnected) row.focus();
      else if (!section.hidden) section.focus();
      else {
        say(words.nothing);
        text.focus();
      }
    }

    return { draw, counted, time, expect, focus };
  }

  scope.Signalen = scope.Signalen || {};
  scope.Signalen.list = { mount };
})(self);
