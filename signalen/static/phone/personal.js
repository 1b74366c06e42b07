// Looks for what points at a person while somebody types, with the list that the server reads too (signalen/signals/privacy.py):
// both find the same, and tests/browser/test_phone_personal.py keeps it so. Without this script the server still looks.
(() => {
  "use strict";

  const LONGEST_WORD = 40;
  const LONGEST_ELISION = 2;
  const CONTEXT = 60;
  const PAUSE = 500;
  const FIELDS = ["text", "neighbourhood", "agreed_how"]; // where the server looks too
  let known = null;

  // ---- the list

  function fold(word) {
    const plain = { ı: "i", ø: "o", ł: "l", đ: "d", ß: "ss", æ: "ae", œ: "oe" };
    const bare = word.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    return bare.replace(/[ıøłđßæœ]/g, (letter) => plain[letter]);
  }

  function read(data) {
    const lists = {};
    for (const [name, lines] of Object.entries(data.lists)) lists[name] = lines.join(" ").split(" ");
    const compiled = (pattern) => new RegExp(pattern.replaceAll("{{letter}}", data.letter).replaceAll("{{s}}", data.s), "gu");
    const signs = new Map();
    for (const zero of data.zeros) for (let n = 0; n < 10; n++) signs.set(zero + n, String(n));
    for (const [name, plain] of [["spaces", " "], ["dashes", "-"], ["quotes", "'"], ["dots", "."]])
      for (const code of data[name]) signs.set(code, plain);
    const titles = Object.entries(data.titles).flatMap(([neutral, words]) => words.split(" ").map((word) => [word, neutral]));
    return {
      ...data,
      signs,
      titles: new Map(titles),
      gaps: new Set(data.gaps),
      word: compiled("[{{letter}}0-9](?:['-]?[{{letter}}0-9])*"),
      numbers: data.numbers.map((number) => ({ ...number, pattern: compiled(number.pattern) })),
      grammars: data.grammars.map((grammar) => readGrammar(grammar, lists)),
    };
  }

  function readGrammar(data, lists) {
    const phrases = new Map();
    const tags = [];
    for (const [letter, shapes, name, look] of data.tags) {
      if (shapes) tags.push({ letter, shapes, words: name ? new Set(lists[name]) : null, look: look ? new RegExp(look, "u") : null });
      for (const phrase of shapes ? [] : lists[name]) {
        const words = phrase.split("_");
        const last = words[words.length - 1];
        phrases.set(last, [...(phrases.get(last) || []), { words, letter }]);
      }
    }
    const rules = data.rules.map((rule) => ({
      instead: rule.instead,
      pattern: new RegExp(`${rule.context || ""}(${rule.before || ""})(${rule.name})(${rule.after || ""})${rule.then || ""}`, "gu"),
    }));
    return { kind: data.kind, phrases, tags, rules };
  }

  async function load(url) {
    known = read(await (await fetch(url)).json());
  }

  // ---- numbers

  const isDigit = (char) => /[0-9]/.test(char);
  const isLetterOrDigit = (char) => /[A-Za-z0-9]/.test(char);
  const digitsOf = (text) => text.replace(/[^0-9]/g, "");

  // Of a number that is too long for a number here, piece by piece.
  function modulo97(digits) {
    return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
  }

  // Where the first `length` characters that count end; 0 when there are fewer.
  function endOf(text, length, counts) {
    let left = length;
    for (let place = 0; place < text.length; place++) {
      if (!counts(text[place])) continue;
      left -= 1;
      if (left === 0) return place + 1;
    }
    return 0;
  }

  function isIban(account) {
    const upper = account.toUpperCase();
    if (known.iban[upper.slice(0, 2)] !== upper.length) return false;
    const turned = upper.slice(4) + upper.slice(0, 4);
    return modulo97([...turned].map((char) => parseInt(char, 36)).join("")) === 1;
  }

  function isNationalNumber(digits) {
    const [raised, day, check] = [digits.slice(2, 4), digits.slice(4, 6), digits.slice(9)].map(Number);
    if (raised > 52 || raised % 20 > 12 || day > 31) return false;
    const first = digits.slice(0, 9);
    return check === 97 - modulo97(first) || check === 97 - modulo97(`2${first}`);
  }

  // Each says how much of the match it is: 0 for nothing.
  const CHECKS = {
    iban(match) {
      const length = known.iban[match.slice(0, 2).toUpperCase()] || 0;
      const end = endOf(match, length, isLetterOrDigit);
      return end && isIban([...match.slice(0, end)].filter(isLetterOrDigit).join("")) ? end : 0;
    },
    account: (match) =>
      (modulo97(digitsOf(match).slice(0, 10)) || 97) === Number(digitsOf(match).slice(10)) ? match.length : 0,
    national: (match) => (isNationalNumber(digitsOf(match)) ? match.length : 0),
    "no-firm"(match) {
      const [digits, dotted] = [digitsOf(match), /^[0-9]{4}\.[0-9]{3}\.[0-9]{3}$/.test(match)];
      return dotted && 97 - modulo97(digits.slice(0, 8)) === Number(digits.slice(8)) ? 0 : match.length;
    },
    abroad(match) {
      const code = digitsOf(match).replace(/^00/, "");
      const skipped = digitsOf(match).length - code.length;
      const lands = [1, 2, 3].map((n) => known.abroad[code.slice(0, n)]).filter(Boolean);
      const [least, most] = lands[0] || [9, 13];
      for (let length = Math.min(most, code.length); length >= least && length > 0; length--) {
        const end = endOf(match, length + skipped, isDigit);
        if (end && !isDigit(match[end] || " ")) return end;
      }
      return 0;
    },
    "no-word": (match) => (known.no_plates.includes(match.replace(/[^A-Z]/gi, "")) ? 0 : match.length),
  };

  function numbersIn(text, { kind, pattern, check }, neutral) {
    const found = [];
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const start = match.index;
      const end = start + (check ? CHECKS[check](match[0]) : match[0].length);
      if (end > start) found.push({ kind, start, end, first: start, last: end, instead: neutral[kind] });
      pattern.lastIndex = Math.max(end, start + 1);
    }
    return found;
  }

  // ---- names and addresses: a letter for each word, and patterns over the row of letters

  function shapeOf(word) {
    const first = word[0];
    if (isDigit(first)) return "0";
    if (word.length > LONGEST_WORD) return "o";
    if (first === first.toLowerCase()) return first === first.toUpperCase() ? "o" : "l";
    if (word.length === 1) return "I";
    return word === word.toUpperCase() ? "A" : "C";
  }

  function gapOf(between) {
    if (/[\n\r]/.test(between)) return "|";
    if (between === "." || between === ",") return "~";
    if (/^ +$/.test(between)) return "";
    return [...between].find((sign) => known.gaps.has(sign)) || "_";
  }

  // How a word may stand in a list: as it is, without what is glued to its front or back, its first half.
  function waysOf(small) {
    const glued = small.indexOf("'");
    const elided = glued > 0 && glued <= LONGEST_ELISION;
    const bare = elided ? small.slice(glued + 1) : small.endsWith("'s") ? small.slice(0, -2) : small;
    return [small, bare, ...(bare.includes("-") ? [bare.slice(0, bare.indexOf("-"))] : [])];
  }

  function wordsOf(text) {
    const words = [];
    let last = 0;
    known.word.lastIndex = 0;
    for (let match = known.word.exec(text); match; match = known.word.exec(text)) {
      const word = match[0];
      const glued = word.indexOf("'");
      const offset = glued > 0 && glued <= LONGEST_ELISION ? glued + 1 : 0;
      const shape = shapeOf(word.slice(offset) || word);
      const small = word[0] === word[0].toLowerCase();
      words.push({
        small: fold(word.slice(0, LONGEST_WORD)),
        begin: match.index + (small ? offset : 0),
        end: match.index + word.length,
        shape,
        gap: gapOf(text.slice(last, match.index)),
      });
      last = match.index + word.length;
    }
    for (const word of words) word.ways = waysOf(word.small);
    return words;
  }

  function letterOf(word, grammar) {
    for (const { letter, shapes, words, look } of grammar.tags) {
      if (!shapes.includes(word.shape)) continue;
      if (words && !word.ways.some((way) => words.has(way))) continue;
      if (look && !look.test(word.small)) continue;
      return letter;
    }
    return "z";
  }

  function markPhrases(words, grammar, letters) {
    words.forEach((word, n) => {
      for (const { words: phrase, letter } of grammar.phrases.get(word.small) || []) {
        const first = n + 1 - phrase.length;
        if (first < 0 || phrase.some((small, k) => words[first + k].small !== small)) continue;
        if (words.slice(first + 1, n + 1).some((each) => each.gap)) continue;
        if (letter === "x") letters.fill("x", first, n + 1);
        else if (!letters[n]) letters[n] = letter;
      }
    });
  }

  function rowOf(words, grammar) {
    const letters = words.map(() => "");
    markPhrases(words, grammar, letters);
    const places = [-1];
    let row = "|";
    words.forEach((word, n) => {
      const gap = n ? word.gap : "";
      row += gap + (letters[n] || letterOf(word, grammar));
      places.push(...(gap ? [-1, n] : [n]));
    });
    return { row, places };
  }

  function identityOf(text, words, named, whole, rule, neutral) {
    const start = words[named[0]].begin;
    const end = words[named[named.length - 1]].end;
    let [first, last, instead] = [start, end, neutral[rule.instead] || neutral.name];
    if (rule.instead === "title") {
      [first, last] = [words[whole[0]].begin, words[whole[whole.length - 1]].end];
      const around = whole.filter((n) => !named.includes(n)).flatMap((n) => words[n].ways);
      instead = known.titles.get(around.find((way) => known.titles.has(way))) || neutral.name;
    } else if (rule.instead === "keep") {
      first = words[whole[0]].begin;
      instead = text.slice(first, words[whole[whole.indexOf(named[0]) - 1]].end);
    }
    const starts = whole[0] === 0 || "|.!?".includes(words[whole[0]].gap || "-");
    const capital = starts && text[first] !== text[first].toLowerCase();
    if (capital && ["title", "name"].includes(rule.instead)) instead = instead[0].toUpperCase() + instead.slice(1);
    return { start, end, first, last, instead };
  }

  function identitiesIn(text, words, grammar, neutral) {
    const { row, places } = rowOf(words, grammar);
    const taken = new Set();
    const found = [];
    for (const rule of grammar.rules) {
      for (const match of row.matchAll(rule.pattern)) {
        const from = match.index + match[1].length;
        const named = places.slice(from, from + match[2].length).filter((n) => n >= 0);
        const whole = places.slice(match.index, match.index + match[0].length).filter((n) => n >= 0);
        if (!named.length || named.some((n) => taken.has(n))) continue;
        for (const n of named) taken.add(n);
        found.push({ kind: grammar.kind, ...identityOf(text, words, named, whole, rule, neutral) });
      }
    }
    return found;
  }

  // ---- together

  const inOrder = (one, other) => one.start - other.start;

  function withoutOverlaps(spans, taken) {
    const fresh = [];
    let place = 0;
    let last = -1;
    for (const each of spans) {
      while (place < taken.length && taken[place].end <= each.start) place += 1;
      if (each.start < last || (place < taken.length && each.end > taken[place].start)) continue;
      last = each.end;
      fresh.push(each);
    }
    return fresh;
  }

  // text, language → [{kind, start, end, quote, instead, first, last}] in the order of the text; nothing before `load`.
  // The neutral words `instead` take the place of text.slice(first, last), which is the quote or more.
  function find(text, language) {
    if (!known) return [];
    const neutral = known.instead[language] || known.instead.en;
    let plain = "";
    for (let n = 0; n < text.length; n++) plain += known.signs.get(text.charCodeAt(n)) ?? text[n];
    let taken = [];
    const take = (spans) => {
      taken = taken.concat(withoutOverlaps(spans.sort(inOrder), taken)).sort(inOrder);
    };
    for (const number of known.numbers) take(numbersIn(plain, number, neutral));
    const words = wordsOf(plain);
    for (const grammar of known.grammars) take(identitiesIn(plain, words, grammar, neutral));
    return taken.map((each) => ({ ...each, quote: text.slice(each.start, each.end) }));
  }

  // ---- the panel of templates/signals/_personal.html

  function around(text, { start, end }) {
    const before = text.slice(Math.max(0, start - CONTEXT), start).split(/[.!?…]\s|\n/);
    const after = text.slice(end, end + CONTEXT);
    const stop = after.search(/[.!?…]\s|\n/);
    return [before[before.length - 1], stop < 0 ? after : after.slice(0, stop + 1).trimEnd()];
  }

  const nameOf = ({ kind, quote }) => `${kind}\n${quote}`;

  // Gives the panel in the form its life: what was found stands in it, in its sentence, with a neutral writing and one way to keep
  // it all. Answers with `settled()`: whether all of it is decided (when not, it is shown and read out), and `clear()` for other words.
  function mount(form) {
    const box = form.querySelector("[data-personal]");
    const [panel, list, said, one, decided] = ["panel", "list", "said", "one", "decided"].map((name) => box.querySelector(`[data-${name}]`));
    const kept = new Set();
    let shown = [];
    let waiting = 0;

    const kindOf = ({ kind }) => box.getAttribute(`data-kind-${kind}`) || kind;
    const language = () => form.elements.language?.value || document.documentElement.lang;
    const fields = FIELDS.map((name) => form.elements[name]).filter(Boolean);
    const found = () => fields.flatMap((field) => find(field.value, language()).map((each) => ({ ...each, field })));

    function row(each) {
      const made = one.content.cloneNode(true).firstElementChild;
      const [before, after] = around(each.field.value, each);
      const mark = Object.assign(document.createElement("mark"), { textContent: each.quote });
      made.querySelector("[data-kind]").textContent = kindOf(each);
      made.querySelector("[data-line]").append(before, mark, after);
      const button = made.querySelector("[data-replace]");
      const taken = each.field.value.slice(each.first, each.last);
      button.textContent = button.textContent.replace("{found}", () => taken).replace("{words}", () => each.instead);
      button.addEventListener("click", () => replace(each, taken));
      return made;
    }

    // What the worker decided goes with the record: that it stays, and which kinds, never the words.
    function note(all) {
      const kinds = [...new Set(all.filter((each) => kept.has(nameOf(each))).map((each) => each.kind))];
      const field = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
      decided.replaceChildren();
      if (kinds.length && !shown.length) decided.append(field("as_it_is", "true"));
      decided.append(...kinds.map((kind) => field("overruled", kind)));
    }

    function look() {
      clearTimeout(waiting);
      const all = found();
      const open = all.filter((each) => !kept.has(nameOf(each)));
      const before = new Set(shown.map(nameOf));
      const fresh = open.filter((each) => !before.has(nameOf(each)));
      shown = open;
      list.replaceChildren(...open.map(row));
      panel.hidden = !open.length;
      note(all);
      if (fresh.length) say([box.querySelector("h2").textContent, ...fresh.map((each) => `${kindOf(each)}: ${each.quote}`)].join(" "));
    }

    const say = (words) => (said.textContent = words);

    function replace({ field, first, last, instead }, taken) {
      // Typed in between: what was found moved.
      if (field.value.slice(first, last) !== taken) return look();
      field.setRangeText(instead, first, last, "preserve");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      look();
      say(box.dataset.replaced.replace("{words}", () => instead));
      (list.querySelector("[data-replace]") || field).focus();
    }

    function keep() {
      for (const each of shown) kept.add(nameOf(each));
      look();
      say(box.dataset.kept);
      (form.querySelector("[type=submit], button:not([type])") || fields[0]).focus();
    }

    // Half a word of an input method is nobody's name yet.
    const later = ({ target, isComposing }) => {
      if (!FIELDS.includes(target.name)) return;
      clearTimeout(waiting);
      if (!isComposing) waiting = setTimeout(look, PAUSE);
    };
    for (const what of ["input", "compositionend"]) form.addEventListener(what, later);
    form.addEventListener("change", ({ target }) => target.name === "language" && look());
    box.querySelector("[data-keep]").addEventListener("click", keep);
    // What the server found without this script stands here now.
    form.querySelector("#found")?.remove();
    look();

    return {
      settled() {
        look();
        if (shown.length) panel.querySelector("h2").focus();
        return !shown.length;
      },
      clear() {
        kept.clear();
        say("");
        look();
      },
    };
  }

  self.Signalen = Object.assign(self.Signalen || {}, { personal: { load, find, mount } });
})();
