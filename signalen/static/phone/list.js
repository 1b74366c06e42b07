// What lies on this phone: each record with its state in words, and what can be done with it.
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
  const SHOWN = 12; // received ones; the others are on the page of the organisation

  function mount({ data, outbox, say, open }) {
    const section = document.getElementById("kept");
    const list = section.querySelector("[data-records]");
    const others = section.querySelector("[data-others]");
    const blank = document.getElementById("t-record").content;
    const states = document.getElementById("t-states").content;
    const actions = document.getElementById("t-actions").content;
    const words = document.getElementById("t-words").dataset;
    const plural = new Intl.PluralRules(data.lang);
    const clock = new Intl.DateTimeFormat(`${data.lang}-u-nu-latn`, { weekday: "short", hour: "2-digit", minute: "2-digit" });
    const known = new Map();
    let drawing = Promise.resolve();

    function counted(sentence, n) {
      const forms = data.counts[sentence];
      return (n === 0 ? forms.zero : forms[plural.select(n)] || forms.other).replace("{n}", n);
    }

    // One drawing after another: two changes at once would each add the same line.
    function draw() {
      drawing = drawing.then(drawn, drawn);
      return drawing;
    }

    async function drawn() {
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
        if (before ? before.nextElementSibling !== row : list.firstElementChild !== row) before ? before.after(row) : list.prepend(row);
        before = row;
      }
      const waiting = await outbox.waiting();
      others.hidden = !waiting.others;
      if (waiting.others) others.textContent = counted("others", waiting.others);
      section.hidden = !shown.length && !waiting.others;
      for (const key of known.keys()) if (!records.some((record) => record.key === key)) known.delete(key);
    }

    function made(record) {
      const row = blank.cloneNode(true).firstElementChild;
      row.dataset.key = record.key;
      row.addEventListener("click", (event) => act(row, event));
      return row;
    }

    const part = (row, name) => row.querySelector(`[data-${name}]`);

    async function filled(row, record) {
      const look = JSON.stringify([record.state, record.why, record.readable, record.photos, record.receipt]);
      if (row.dataset.look === look) return;
      const state = states.querySelector(`[data-state="${record.state}"]`);
      part(row, "icon").replaceChildren(state.querySelector("svg").cloneNode(true));
      part(row, "state").textContent = state.textContent.trim();
      part(row, "detail").replaceChildren(...detail(record));
      part(row, "words").textContent = await summary(record);
      part(row, "words").hidden = !part(row, "words").textContent;
      pictures(part(row, "photos"), record.photos);
      part(row, "both").hidden = record.state !== "conflict";
      if (record.state === "conflict") await both(row, record);
      buttons(row, record);
      row.dataset.is = record.state;
      row.dataset.look = look;
      announce(record, state.dataset.said);
    }

    function detail(record) {
      if (record.state === "received") {
        const number = document.createElement("bdi");
        number.dir = "ltr";
        number.className = "ref";
        number.textContent = record.receipt.reference;
        return [number, ` · ${clock.format(new Date(record.receipt.at))}`];
      }
      if (record.state === "refused") return [words[camel(record.why)] || words.refused];
      return [];
    }

    const camel = (code) => String(code || "refused").replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

    async function summary(record) {
      if (record.state === "received") return "";
      if (!record.readable) return words.sealed;
      const whole = await outbox.read(record.key);
      return whole?.fields.text || (whole?.again_of ? words.again : words.noWords);
    }

    function pictures(place, { total, sent, refused }) {
      place.hidden = !total;
      const text = words.photos.replace("{sent}", sent).replace("{total}", total);
      place.textContent = refused ? `${text} ${words.photoRefused}` : text;
    }

    async function both(row, record) {
      const first = await outbox.kept(record.key);
      part(row, "first-reference").textContent = first?.reference || "";
      part(row, "first-words").textContent = first?.words || words.sealed;
      part(row, "own-words").textContent = (await outbox.read(record.key))?.fields.text || words.sealed;
    }

    function buttons(row, record) {
      let wanted = ACTIONS[record.state];
      if (record.state === "received" && record.receipt.card) wanted = ["card"];
      if (!record.readable) wanted = wanted.filter((name) => ["sign-in", "discard", "first"].includes(name));
      const had = document.activeElement?.dataset?.action;
      const inside = row.contains(document.activeElement);
      show(row, wanted);
      if (record.receipt?.card) row.querySelector("[data-action=card]").href = `${data.home}/${record.receipt.id}`;
      // The focus stays where the person was; when its button went, on the record.
      if (inside) (row.querySelector(`[data-action="${had}"]`) || focusable(row)).focus();
    }

    function focusable(row) {
      row.tabIndex = -1;
      return row;
    }

    function show(row, names) {
      const made = names.map((name) => actions.querySelector(`[data-action="${name}"]`).cloneNode(true));
      part(row, "do").replaceChildren(...made);
    }

    function announce(record, sentence) {
      const before = known.get(record.key);
      known.set(record.key, record.state);
      if (before === undefined || before === record.state || !sentence) return;
      say(sentence.replace("{reference}", record.receipt?.reference || ""));
    }

    async function act(row, event) {
      const name = event.target.closest("[data-action]")?.dataset.action;
      const key = row.dataset.key;
      if (!name || name === "card" || name === "sign-in") return;
      if (name === "open" || name === "change") await open.record(await outbox.edit(key));
      else if (name === "copy") {
        const whole = await outbox.edit(key, { copy: true });
        if (whole) {
          await outbox.discard(key);
          await open.record(whole);
        }
      } else if (name === "discard") {
        show(row, ["sure", "no"]);
        row.querySelector("[data-action=no]").focus();
      } else if (name === "no") {
        delete row.dataset.look;
        await draw();
        focusable(row).focus();
      } else if (name === "sure") {
        await outbox.discard(key);
        await draw();
        section.focus();
      } else if (name === "first" || name === "second") {
        await outbox.settle(key, name);
        await draw();
        section.focus();
      }
    }

    // A record that was just made is announced from its first state on.
    function expect(key) {
      known.set(key, "draft");
    }

    return { draw, counted, expect };
  }

  scope.Signalen.list = { mount };
})(self);
